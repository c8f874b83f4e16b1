"""The chances that a shared plan states: one for each goal whose target was held against a forecast of revenue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from headway.plans.plan_draft import Goal


@dataclass(frozen=True)
class Stated:
    """A chance as it was told: that `target` is reached over [start, end) at today's pace. See `ForecastLog`."""

    metric: str
    target: float
    start: date
    end: date
    as_of: date
    p_person: float | None
    p_adequate_peer: float | None
    inputs: str


def stated_in(goals: Sequence[Goal]) -> tuple[Stated, ...]:
    """What the goals of a plan state, pure; a goal without a forecast states nothing that could be held against it."""
    found = []
    for goal in goals:
        chance = goal.chance
        if chance is None or chance.reach is None or chance.person_today is None:
            continue
        reach = chance.reach
        found.append(
            Stated(
                goal.metric_key,
                goal.target,
                reach.start,
                goal.by + timedelta(days=1),
                reach.as_of,
                chance.person_today,
                chance.adequate_colleague,
                reach.inputs,
            )
        )
    return tuple(found)
