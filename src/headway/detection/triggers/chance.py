"""How many identical people a trigger would name by chance alone, under the same quotas, time and territory.

Identical: everybody of a segment wins deals at the same rate for the days at work and the potential of the territory
(Poisson), of the size deals have there (gamma with the same mean and spread); works with the same effort, with ups
and downs as they occur from week to week; converts chances at the same rate (binomial). What a trigger names among
them says nothing about anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway.detection.deal_sizes import Sizes
from headway.detection.triggers.measures import Looked
from headway.detection.triggers.rules import can_be_named, named
from headway.detection.triggers.trigger import Trigger, TriggerKind
from headway.stats.arrays import Floats, Ints

SEED = 20260518
CELLS = 4_000_000
LEAST_RUNS, MOST_RUNS = 50, 1000
Draw = Callable[[np.random.Generator], Floats]


@dataclass(frozen=True)
class ByChance:
    """Named among identical people in the newest period: expected, and nine in ten; share of those who could be
    named at all; ever: expected number named at least once in the periods looked at."""

    expected: float
    low: int
    high: int
    share: float
    ever: float


def by_chance(looked: Looked, trigger: Trigger, segment: Ints, sizes: Sizes | None) -> ByChance | None:
    """Simulated with an explicit seed; None where nobody could be named."""
    open_to = can_be_named(looked.seen.held, in_a_row=trigger.in_a_row, bridge=trigger.bridge)
    if not open_to.any():
        return None
    people, periods = looked.seen.held.shape
    runs = int(np.clip(CELLS // max(1, people * periods), LEAST_RUNS, MOST_RUNS))
    rng = np.random.default_rng(SEED)
    newest, ever = np.zeros(runs), np.zeros(runs)
    draw = _drawer(looked, trigger, segment, sizes)
    for run in range(runs):
        missed = looked.seen.held & (draw(rng) < looked.seen.floor - 1e-9)
        found = named(missed, held=looked.seen.held, in_a_row=trigger.in_a_row, bridge=trigger.bridge)
        newest[run], ever[run] = found[:, -1].sum(), found.any(axis=1).sum()
    could = int(open_to[:, -1].sum())
    low, high = np.quantile(newest, [0.05, 0.95])
    return ByChance(
        float(newest.mean()), int(low), int(high), float(newest.mean() / could) if could else 0.0, float(ever.mean())
    )


def _drawer(looked: Looked, trigger: Trigger, segment: Ints, sizes: Sizes | None) -> Draw:
    if trigger.kind is TriggerKind.QUOTA:
        assert sizes is not None
        return _quota(looked, segment, sizes)
    if trigger.kind is TriggerKind.ACTIVITY:
        return _activity(looked, segment)
    return _conversion(looked, segment)


def _pooled(amount: Floats, weight: Floats, held: np.ndarray, segment: Ints) -> Floats:
    """(people, periods) rate per weight of everybody of the segment in the period."""
    rate = np.zeros_like(amount)
    for group in np.unique(segment):
        here = segment == group
        top = np.where(held[here], amount[here], 0.0).sum(axis=0)
        under = np.where(held[here], weight[here], 0.0).sum(axis=0)
        rate[here] = np.divide(top, under, out=np.zeros_like(top), where=under > 0)[None, :]
    return rate


def _quota(looked: Looked, segment: Ints, sizes: Sizes) -> Draw:
    rate = _pooled(looked.count, looked.weight, looked.seen.held, segment) * looked.weight
    mean, sd = sizes.mean[segment][:, None], np.maximum(sizes.sd[segment][:, None], 1e-9)
    shape, scale = (mean / sd) ** 2, sd**2 / mean

    def draw(rng: np.random.Generator) -> Floats:
        deals = rng.poisson(rate)
        amount = np.where(deals > 0, rng.gamma(np.maximum(deals * shape, 1e-9)) * scale, 0.0)
        return np.divide(amount, looked.target, out=np.zeros_like(amount), where=looked.target > 0)

    return draw


def _activity(looked: Looked, segment: Ints) -> Draw:
    usual = _pooled(looked.count, looked.weight, looked.seen.held, segment) * looked.weight
    held = looked.seen.held
    own = np.divide(
        np.where(held, looked.count, 0.0).sum(axis=1), np.where(held, usual, 0.0).sum(axis=1),
        out=np.zeros(len(held)), where=np.where(held, usual, 0.0).sum(axis=1) > 0,
    )  # fmt: skip
    expected = usual * own[:, None]
    course = np.divide(looked.count, expected, out=np.ones_like(usual), where=expected > 0)
    # a person's whole course is lent to another, so that good and bad weeks stay together as they come
    course = np.where(held, course, 1.0)

    def draw(rng: np.random.Generator) -> Floats:
        return np.asarray(usual * course[rng.integers(0, len(course), len(course))])

    return draw


def _conversion(looked: Looked, segment: Ints) -> Draw:
    rate = np.clip(_pooled(looked.count, looked.target, looked.seen.held, segment), 0.0, 1.0)
    total = looked.target.astype(np.int64)

    def draw(rng: np.random.Generator) -> Floats:
        return np.divide(rng.binomial(total, rate), total, out=np.zeros(rate.shape), where=total > 0)

    return draw
