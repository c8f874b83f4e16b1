"""Keeping what was measured and what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput
from headway.plans.models import Plan
from headway.running.models import GoalCount, GoalSnapshot, ScoredPractice
from headway.running.rules import score_of
from headway.running.words import check_past, check_running, clean


@action(permission="progress.measure", event="progress.measured")
def keep_snapshots(*, snapshots: Sequence[GoalSnapshot], by: Actor) -> int:
    """Keep snapshots; one of the same goal, day and facts that is there already stays as it is."""
    before = GoalSnapshot.objects.count()
    GoalSnapshot.objects.bulk_create(snapshots, batch_size=200, ignore_conflicts=True)
    new = GoalSnapshot.objects.count() - before
    audit.detail(snapshots=new, plans=len({snapshot.plan_id for snapshot in snapshots}))
    return new


@action(permission="goal.count", event="goal.counted", locks="plan")
def count_goal(
    *, plan: Plan, goal_key: str, value: float, of: float | None, counted_on: date, note: str = "", by: Actor
) -> GoalCount:
    """Write down what was counted for a goal since the last time. Nothing is overwritten: a mistake is counted again.

    Raises:
        BadInput: there is no such goal, the number cannot be, or the day lies ahead.
        Conflict: the plan is not running.
    """
    check_running(plan)
    if not plan.goals.filter(key=goal_key).exists():
        raise BadInput(_("There is no such goal in this plan"), value=goal_key)
    if value < 0 or (of is not None and (of <= 0 or value > of)):
        raise BadInput(
            _("This cannot be counted"),
            value=f"{value:g}" if of is None else f"{value:g} / {of:g}",
            todo=_("Give how many there were, and how many of them went as agreed."),
        )
    check_past(counted_on)
    row = GoalCount(
        plan=plan, goal_key=goal_key, counted_on=counted_on, value=value, of=of, note=clean(note)[:300],
        by_name=by.name, made_at=clock.now(),
    )  # fmt: skip
    row.save()
    audit.detail(goal=goal_key, value=value, of=of, on=counted_on.isoformat())
    return row


@action(permission="practice.score", event="practice.scored", locks="plan")
def score_practice(
    *,
    plan: Plan,
    kind: str,
    competency: str,
    marks: Sequence[tuple[str, float]],
    held_on: date,
    note: str = "",
    by: Actor,
) -> ScoredPractice:
    """Score a role-play or a call by the lines of a rubric, 1 to 5 each; the score is their mean.

    Raises:
        BadInput: a mark is missing or outside 1 to 5, or the day lies ahead.
        Conflict: the plan is not running.
    """
    check_running(plan)
    check_past(held_on)
    if kind not in dict(ScoredPractice.KINDS):
        raise BadInput(_("This is neither a role-play nor a call"), value=kind)
    try:
        score = score_of([mark for _line, mark in marks])
    except ValueError as wrong:
        raise BadInput(_("Each line of the rubric needs a mark from 1 to 5")) from wrong
    row = ScoredPractice(
        plan=plan, kind=kind, held_on=held_on, competency=clean(competency)[:80], marks=[list(m) for m in marks],
        score=score, note=clean(note), by_name=by.name, made_at=clock.now(),
    )  # fmt: skip
    row.save()
    audit.detail(kind=kind, score=round(score, 2), on=held_on.isoformat())
    return row
