"""Comparable colleagues: same segment, past the ramp, at work for most of the period, with enough to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headway.core.period import Period
from headway.metrics.members import RAMP_WEEKS, is_ramping
from headway.metrics.rules import band_of_others
from headway.metrics.spec import At, Kind
from headway.metrics.values import Measured, Member, MetricValue, NotEvaluable, Peers

LEAST_PEERS = 5
PRESENT_SHARE = 0.8

Positions = list[int]


def with_peers(values: list[MetricValue], people: Sequence[Member], period: Period) -> list[MetricValue]:
    """Give each value of one metric its comparison, or the reason why there is none.

    Args:
        values: of one metric and period, in the order of `people`.
        people: everybody employed in the period.
        period: the period itself.
    """
    why_not = [_unlike(value, who, period) for value, who in zip(values, people, strict=True)]
    usable = [i for i, v in enumerate(values) if why_not[i] is None and isinstance(v.result, Measured)]
    found = _bands(values, usable, "")
    for segment in {people[i].segment for i in usable} - {""}:
        found |= _bands(values, [i for i in usable if people[i].segment == segment], segment)
    result = []
    for i, value in enumerate(values):
        if not isinstance(value.result, Measured):
            result.append(value)
            continue
        few = NotEvaluable("few_peers", {"needed": LEAST_PEERS})
        peers = found.get(i)
        result.append(replace(value, peers=peers, no_peers=None if peers else why_not[i] or few))
    return result


def _unlike(value: MetricValue, who: Member, period: Period) -> NotEvaluable | None:
    """Why this person is neither compared nor compared with."""
    if is_ramping(who, period):
        return NotEvaluable("ramping", {"name": who.first_name, "weeks": RAMP_WEEKS})
    total = value.spec.kind is Kind.TOTAL and value.spec.at is At.IN_PERIOD
    if total and who.workdays < PRESENT_SHARE * who.workdays_whole:
        about: dict[str, str | int] = {"name": who.first_name, "n": who.workdays, "all": who.workdays_whole}
        return NotEvaluable("partly_away", about)
    return None


def _bands(values: list[MetricValue], group: Positions, segment: str) -> dict[int, Peers]:
    if len(group) <= LEAST_PEERS:
        return {}
    numbers = np.array([value.result.value for i in group if isinstance((value := values[i]).result, Measured)])
    band = band_of_others(numbers)
    return {
        i: Peers(float(band.median[k]), float(band.low[k]), float(band.high[k]), len(group) - 1, segment)
        for k, i in enumerate(group)
    }
