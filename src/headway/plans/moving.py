"""Every later day of a plan, moved by the days that did not count. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from headway.plans.plan_draft import CheckIn, Goal, PlanDraft, Step

SATURDAY = 5


def moved(draft: PlanDraft, *, days: int, since: date) -> PlanDraft:
    """The plan with every day from `since` on moved by `days`; what lies before stays.

    Meetings that would fall on a weekend go to the Monday after, the last one to the Friday before.
    """
    by = timedelta(days=days)

    def later(day: date) -> date:
        return day + by if day >= since else day

    return replace(
        draft,
        start=later(draft.start),
        end=later(draft.end),
        goals=tuple(_goal(goal, by, since) for goal in draft.goals),
        promises=tuple(replace(p, due=later(p.due), when="" if p.due >= since else p.when) for p in draft.promises),
        check_ins=tuple(_meeting(meeting, later(meeting.on)) for meeting in draft.check_ins),
    )


def _goal(goal: Goal, by: timedelta, since: date) -> Goal:
    path = tuple(_step(step, by, since) for step in goal.path)
    start = goal.start + by if goal.start >= since else goal.start
    return replace(goal, start=start, by=goal.by + by if goal.by >= since else goal.by, path=path)


def _step(step: Step, by: timedelta, since: date) -> Step:
    return replace(step, on=step.on + by) if step.on >= since else step


def _meeting(meeting: CheckIn, on: date) -> CheckIn:
    over = on.weekday() - SATURDAY
    if over >= 0:
        on += timedelta(days=2 - over) if meeting.kind != "final" else timedelta(days=-1 - over)
    return replace(meeting, on=on)
