"""Who truly gets better, so that a verdict can be held against it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.simulation.truth import World
from bench.simulation.walk import People, Recovery

BEHIND = 0.80


def with_recoveries(
    world: World, people: People, worth: np.ndarray, index: Callable[[np.ndarray, int], np.ndarray]
) -> People:
    """A share of those truly behind gets better around one day, a tenth of that share of the others too.

    worth: (people, effects) log bookings per unit of effect. Drawn from a stream of its own, so that worlds without
    recoveries stay as they are.
    """
    if world.recoveries == 0.0:
        return people
    rng = np.random.default_rng([world.seed, 26])
    n, begins = world.people, world.days - 7 * world.recovery_weeks
    fallen = (people.day >= 0) & (people.day < begins)
    then = people.effects + np.where(fallen[:, None], people.after, 0.0)
    level = np.array([float(index(then[i : i + 1], int(people.segment[i]))[0]) for i in range(n)])
    who = rng.random(n) < np.where(level < BEHIND, world.recoveries, 0.1 * world.recoveries)
    size = world.recovery_size * rng.uniform(0.6, 1.4, n)
    gain = size[:, None] * rng.dirichlet([2.0, 2.0, 2.5, 0.5, 0.8], n) / worth
    day = np.where(who, begins + rng.integers(0, 29, n), -1)
    return replace(people, better=Recovery(day, np.where(who[:, None], gain, 0.0)))
