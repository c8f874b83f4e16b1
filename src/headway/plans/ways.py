"""The ways in which a plan's skill goal can be counted, each as it would stand in the plan."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from headway.core import company
from headway.plans.content import Content, load
from headway.plans.draft import within
from headway.plans.goal_setting import GoalSetting
from headway.plans.goals import skill_ways
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.outlook.reaches import reach_of_run
from headway.plans.plan_draft import Goal, GoalKind, PlanDraft
from headway.plans.states import PlanKind
from headway.plans.timeline import Window


def other_ways(plan: Plan, goal: Goal) -> tuple[Goal, ...]:
    """How else this goal could be counted; nothing for a goal that has one way only."""
    if goal.kind is not GoalKind.SKILL:
        return ()
    draft = draft_of(plan)
    content = load(draft.language, kind=PlanKind(plan.kind))
    with translation.override(content.language):
        found = skill_ways(_setting(plan, draft, goal, content))
    return tuple(replace(way, weight=goal.weight) for way in found if way.metric_key != goal.metric_key)


def _setting(plan: Plan, draft: PlanDraft, goal: Goal, content: Content) -> GoalSetting:
    gap_key, window = goal.gap_key or "general", Window(draft.start, draft.end, draft.days)
    reach = reach_of_run(plan.run, plan.person_id) if plan.run is not None else None
    return GoalSetting(
        evidence=draft.evidence,
        content=content,
        window=window,
        currency=draft.currency or company.current().currency,
        gap_key=gap_key,
        gap=content.gap(gap_key),
        cycle_days=draft.cycle_days,
        reach=within(reach, window),
    )
