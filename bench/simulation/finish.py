"""What every generator does at the end: tables, facts, truth."""

from collections.abc import Callable

import numpy as np

from bench.simulation.memory_facts import MemoryFacts, memory_facts
from bench.simulation.notes import Notes
from bench.simulation.tables import Force, Funnel, canonical, quarters
from bench.simulation.truth import AS_OF, EFFORT, Draws, Ideal, Truth, World
from bench.simulation.walk import People, meetings


def shifted_territories(rng: np.random.Generator, world: World, sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Group (1: the one on poorer territories, where groups are unequal) and potential, 1.0 usual."""
    group = rng.integers(0, 2, world.people)
    return group, np.exp(rng.normal(0, sd, world.people) - (0.25 * group if world.unequal_groups else 0.0))


def finished(
    rng: np.random.Generator, world: World, people: People, force: Force, books: Funnel, notes: Notes,
    group: np.ndarray, worth: np.ndarray, draw: Callable[[np.random.Generator, int], Draws],
    index: Callable[[np.ndarray, int], np.ndarray], more: dict[str, object] | None = None,
) -> tuple[MemoryFacts, Truth]:  # fmt: skip
    """Facts of everything known on the last day, and the truth. worth: (people, 5) log bookings per unit of effect."""
    n = world.people
    inflated = rng.random(n) < world.inflated
    logged = meetings(rng, people, world.days // 7, inflated, notes)
    tables = canonical(force, books, meetings=logged) | (more or {})
    now, was = np.zeros(n), np.zeros(n)
    for code in np.unique(people.segment):
        here = people.segment == code
        now[here], was[here] = index(people.now[here], int(code)), index(people.effects[here], int(code))
    bookings, quota = quarters(force, books)
    facts = memory_facts(tables, AS_OF)
    changed = people.day >= 0
    effort = changed & (people.after[:, EFFORT] < -0.3)
    recovered = people.better.day if people.better is not None else np.full(n, -1)
    early = changed & (people.day < world.days - 7 * world.recovery_weeks)
    before = people.effects + np.where(early[:, None], people.after, 0.0)
    truth = Truth(
        now, people.day, world.days - people.hired, force.potential, bookings, quota, group, people.now, before, worth,
        effort, changed & (now < 0.9 * was), inflated, recovered,
        Ideal(notes.information, notes.precision, draw, index, people.segment),
        notes.trail,
    )  # fmt: skip
    return facts, truth
