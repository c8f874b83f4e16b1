"""Settings of a world, and what is true in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

AS_OF = date(2026, 6, 30)
STEPS = 3
# effects of a person: log odds of three steps, log deal size, log effort
EFFECTS = STEPS + 2
SIZE, EFFORT = STEPS, STEPS + 1
KEYS = ("lead_to_qualified", "qualified_to_proposal", "proposal_to_won", "deal_size", "own_leads")


@dataclass(frozen=True)
class World:
    """Settings of one world. same_skill: everybody equal; spread: how far people differ; at_entry: skill works
    when a step begins; inflated: share of people who log far more activity lately without doing more; recoveries:
    share of those truly behind who get better so many weeks before the end, by about so much in log bookings."""

    seed: int
    people: int = 100
    days: int = 730
    same_skill: bool = False
    at_entry: bool = False
    declines: float = 0.10
    decline_size: float = 0.5
    hires: float = 0.15
    volume: float = 1.0
    unequal_groups: bool = False
    spread: float = 1.0
    inflated: float = 0.0
    recoveries: float = 0.0
    recovery_weeks: int = 26
    recovery_size: float = 0.35


@dataclass(frozen=True)
class Draws:
    """Many people as the generator makes them: effects before and change after `day` (-1: no change)."""

    effects: np.ndarray
    after: np.ndarray
    day: np.ndarray


@dataclass(frozen=True)
class Ideal:
    """What somebody would know who knew every chance's true difficulty: information and precision
    (people, weeks, effects) on each person's effects, the generator's own distribution of people, the index of
    effects in a segment."""

    information: np.ndarray
    precision: np.ndarray
    draw: Callable[[np.random.Generator, int], Draws]
    index: Callable[[np.ndarray, int], np.ndarray]
    segment: np.ndarray


@dataclass(frozen=True)
class Trail:
    """One row per event: person, week in which skill or effort worked, week in which all could know, and the log
    likelihood of it after each kind of fall over that of nothing having changed (rows, kinds)."""

    person: np.ndarray
    worked: np.ndarray
    known: np.ndarray
    ratio: np.ndarray


@dataclass(frozen=True)
class Truth:
    """What is true on the last day: index and effects per person, who changed when (day, -1 = never) and whether
    it was effort, who sits on the poorer territories, who inflates activity, who got better when (day, -1 = never);
    before: effects (people, effects) before anybody got better."""

    index: np.ndarray
    decline_day: np.ndarray
    tenure_days: np.ndarray
    potential: np.ndarray
    bookings: np.ndarray
    quota: np.ndarray
    group: np.ndarray
    effects: np.ndarray
    before: np.ndarray
    worth: np.ndarray
    effort_fell: np.ndarray
    index_fell: np.ndarray
    inflated: np.ndarray
    recovery_day: np.ndarray
    ideal: Ideal
    trail: Trail
