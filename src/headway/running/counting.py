"""Goals that people count: the same reading as for measured ones, from what both wrote down at check-ins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from headway.metrics.rules import share_interval
from headway.plans.evidence import Unit
from headway.plans.plan_draft import Goal
from headway.running.measuring import Reading, Row
from headway.running.models import GoalCount, ScoredPractice, TrainingScore

ROLE_PLAY, TRAINING = "role_play", "training_score"
LAST_PLAYS = 2


def reading_of_counts(
    goal: Goal,
    counts: Iterable[GoalCount],
    practices: Iterable[ScoredPractice],
    trainings: Iterable[TrainingScore] = (),
    *,
    on: date,
) -> Reading:
    """How a goal counted by people, or by the results of training modules, stands on a day."""
    if goal.metric_key == TRAINING:
        return _modules([row for row in trainings if goal.start <= row.completed_on <= on])
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
    rows = tuple(Row(p.held_on, p.get_kind_display(), p.mean, p.kind) for p in played)
    if not played:
        return Reading(None, reason="not_played")
    last = played[-LAST_PLAYS:]
    return Reading(sum(p.mean for p in last) / len(last), n=len(played), rows=rows)


def _modules(done: Sequence[TrainingScore]) -> Reading:
    """The mean result of the modules completed since the goal began, as a share; one without a result says nothing."""
    rows = tuple(Row(t.completed_on, t.module, t.score, "training") for t in done)
    scores = [t.score for t in done if t.score is not None]
    if not scores:
        return Reading(None, reason="no_training", rows=rows)
    return Reading(sum(scores) / len(scores) / 100, n=len(scores), rows=rows)
