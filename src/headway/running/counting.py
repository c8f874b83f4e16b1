"""Goals that people count: the same reading as for measured ones, from what both wrote down at check-ins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from headway.metrics.rules import share_interval
from headway.plans.evidence import Unit
from headway.plans.plan_draft import Goal
from headway.running.measuring import Reading, Row
from headway.running.models import GoalCount, ScoredPractice

ROLE_PLAY = "role_play"
LAST_PLAYS = 2


def reading_of_counts(
    goal: Goal, counts: Iterable[GoalCount], practices: Iterable[ScoredPractice], *, on: date
) -> Reading:
    """How a goal counted by people stands on a day."""
    if goal.metric_key == ROLE_PLAY:
        return _plays([p for p in practices if goal.start <= p.held_on <= on])
    mine = [c for c in counts if c.goal_key == goal.key and c.counted_on <= on]
    if not mine:
        return Reading(None, reason="not_counted")
    rows = tuple(Row(c.counted_on, c.note, c.value, "count", "" if c.of is None else f"{c.of:g}") for c in mine)
    return _counted(goal, mine, rows)


def _counted(goal: Goal, mine: Sequence[GoalCount], rows: tuple[Row, ...]) -> Reading:
    if goal.unit in {Unit.SHARE, Unit.RATIO}:
        hits, of = sum(c.value for c in mine if c.of), sum(c.of or 0.0 for c in mine)
        if not of:
            return Reading(None, reason="not_counted", rows=rows)
        return Reading(hits / of, *share_interval(hits, of), n=round(of), rows=rows)
    if goal.unit is Unit.COUNT:
        return Reading(sum(c.value for c in mine), n=len(mine), rows=rows)
    return Reading(sum(c.value for c in mine) / len(mine), n=len(mine), rows=rows)


def _plays(played: Sequence[ScoredPractice]) -> Reading:
    """The mean of the last two, as the goal says; one alone says too little."""
    rows = tuple(Row(p.held_on, p.get_kind_display(), p.score, p.kind) for p in played)
    if not played:
        return Reading(None, reason="not_played")
    last = played[-LAST_PLAYS:]
    return Reading(sum(p.score for p in last) / len(last), n=len(played), rows=rows)
