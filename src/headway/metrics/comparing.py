"""Comparable colleagues: same segment, past the ramp, at work for most of the period, with enough to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.core.period import Period
from headway.metrics.members import RAMP_WEEKS, is_ramping
from headway.metrics.rules import band_of_others
from headway.metrics.spec import MetricSpec
from headway.metrics.values import Measured, Member, NotEvaluable, Peers

LEAST_PEERS = 5
PRESENT_SHARE = 0.8

Positions = list[int]
Comparison = tuple[Peers | None, NotEvaluable | None]


@dataclass(frozen=True)
class Crowd:
    """Everybody employed in a period, and for each of them what keeps them out of comparisons.

    ramping: of every kind. away: of what grows with the days at work.
    """

    people: tuple[Member, ...]
    ramping: tuple[NotEvaluable | None, ...]
    away: tuple[NotEvaluable | None, ...]

    def __len__(self) -> int:
        return len(self.people)


def crowd_of(people: Sequence[Member], period: Period) -> Crowd:
    """The people of a period as they are compared."""
    ramping = tuple(
        NotEvaluable("ramping", {"name": who.first_name, "weeks": RAMP_WEEKS}) if is_ramping(who, period) else None
        for who in people
    )
    return Crowd(tuple(people), ramping, tuple(new or _away(who) for new, who in zip(ramping, people, strict=True)))


def _away(who: Member) -> NotEvaluable | None:
    if who.workdays >= PRESENT_SHARE * who.workdays_whole:
        return None
    return NotEvaluable("partly_away", {"name": who.first_name, "n": who.workdays, "all": who.workdays_whole})


def comparisons(spec: MetricSpec, results: Sequence[Measured | NotEvaluable], crowd: Crowd) -> list[Comparison]:
    """For each person the comparable colleagues, or the reason why there is no comparison.

    Args:
        spec: the metric.
        results: one per person of the crowd, in its order. Without a number there is neither band nor reason.
        crowd: everybody employed in the period.
    """
    why_not = crowd.away if spec.grows_with_days else crowd.ramping
    numbers = {i: of.value for i, of in enumerate(results) if isinstance(of, Measured)}
    usable = [i for i in numbers if why_not[i] is None]
    found = _bands(numbers, usable, "")
    for segment in {crowd.people[i].segment for i in usable} - {""}:
        found |= _bands(numbers, [i for i in usable if crowd.people[i].segment == segment], segment)
    few = NotEvaluable("few_peers", {"needed": LEAST_PEERS})
    return [
        (found.get(i), None if i in found else why_not[i] or few) if i in numbers else (None, None)
        for i in range(len(results))
    ]


def _bands(numbers: Mapping[int, float], group: Positions, segment: str) -> dict[int, Peers]:
    if len(group) <= LEAST_PEERS:
        return {}
    band = band_of_others(np.array([numbers[i] for i in group]))
    edges = zip(group, band.median.tolist(), band.low.tolist(), band.high.tolist(), strict=True)
    return {i: Peers(median, low, high, len(group) - 1, segment) for i, median, low, high in edges}
