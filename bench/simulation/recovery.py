"""Who truly gets better, so that a verdict can be held against it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.simulation.truth import Truth, World
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
    gain = gains(rng, n, world.recovery_size) / worth
    day = np.where(who, begins + rng.integers(0, 29, n), -1)
    return replace(people, better=Recovery(day, np.where(who[:, None], gain, 0.0)))


def gains(rng: np.random.Generator, n: int, size: float) -> np.ndarray:
    """(n, effects) gains in log bookings, by effect."""
    return np.asarray(size * rng.uniform(0.6, 1.4, n)[:, None] * rng.dirichlet([2.0, 2.0, 2.5, 0.5, 0.8], n))


def gain_score(truth: Truth, world: World, *, draws: int = 400) -> np.ndarray:
    """(people,) log odds that somebody got better, of a judge who knows how hard every chance was, exactly how
    everybody was before, and what kinds of gains there are: no verdict can tell more from the same half year."""
    drawn = gains(np.random.default_rng([world.seed, 27]), draws, world.recovery_size)
    first = truth.ideal.information.shape[1] - world.recovery_weeks
    scores = []
    for begins in range(first, first + 4):
        b, p = (a[:, begins:].sum(axis=1) for a in (truth.ideal.information, truth.ideal.precision))
        for gain in drawn:
            after = truth.before + gain / truth.worth
            scores.append((b * (after - truth.before) - 0.5 * p * (after**2 - truth.before**2)).sum(axis=1))
    found = np.array(scores)
    most = found.max(axis=0)
    return np.asarray(most + np.log(np.exp(found - most).mean(axis=0)))
