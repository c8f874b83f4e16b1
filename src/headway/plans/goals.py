"""The four goals of a draft, each bound to a figure, a target and dates; and why one is missing."""

from __future__ import annotations

import math
from dataclasses import replace

from headway.plans import rules, targets
from headway.plans.content import fill_in
from headway.plans.evidence import Figure, Unit
from headway.plans.freezing import METRIC_OF
from headway.plans.goal_setting import GoalSetting
from headway.plans.outlook.reach import Level
from headway.plans.plan_draft import Chance, Goal, GoalKind, Paragraph, Step
from headway.plans.revenue import revenue_goal
from headway.plans.wording import day, number, share

FEEDBACK_KEYS = ("customer_feedback", "customer_satisfaction", "feedback_score")


def draft_goals(setting: GoalSetting) -> tuple[tuple[Goal, ...], tuple[Paragraph, ...]]:
    """One goal of each kind where the data and the time allow it; for each lacking kind a sentence that says why."""
    revenue, why_not = revenue_goal(setting)
    found = [goal for goal in (revenue, _activity(setting), _skill(setting), _customer(setting)) if goal]
    weights = rules.rest_of_hundred([setting.content.weight(goal.kind) for goal in found])
    goals = tuple(replace(goal, weight=weight) for goal, weight in zip(found, weights, strict=True))
    return goals, (why_not,) if why_not else ()


# --- activity -----------------------------------------------------------------------------------------


def _activity(setting: GoalSetting) -> Goal:
    gap, content = setting.gap, setting.content
    measure = content.measure(gap.activity)
    target = gap.activity_target if gap.activity_target is not None else content.rule("adequate_share")
    unit = Unit(measure.unit)
    return Goal(
        key="activity",
        kind=GoalKind.ACTIVITY,
        text=_fill_own(setting, gap.activity_text, target=setting.text(target, unit)),
        metric_key=measure.key,
        metric_name=measure.name,
        metric_version=content.version,
        unit=unit,
        baseline=None,
        target=target,
        start=setting.window.start,
        by=setting.window.last_day,
        gap_key=setting.gap_key,
        weight=0,
        source=f"template: gap.{gap.key}.activity_text",
        why=measure.how,
        chance=Chance(None, None, content.fill("text.chance_hand")),
    )


def _fill_own(setting: GoalSetting, template: str, **values: str) -> str:
    entry = f"gap.{setting.gap.key}.activity_text"
    return fill_in(template, entry=entry, values={**values, **setting.dates})


# --- skill --------------------------------------------------------------------------------------------


def _skill(setting: GoalSetting) -> Goal:
    figure = setting.evidence.figure(setting.gap_key)
    if figure and figure.peer:
        if figure.key == "own_leads":
            return _own_leads(setting, figure) or _role_play(setting, why="goal.role_play_why_luck")
        if figure.unit is Unit.SHARE and _expected_chances(setting, figure) >= setting.content.rule("fewest_chances"):
            return _conversion(setting, figure) or _role_play(setting, why="goal.role_play_why_luck")
    return _role_play(setting) if figure else _role_play(setting, why="goal.role_play_why_none")


def _expected_chances(setting: GoalSetting, figure: Figure) -> int:
    if not figure.n or figure.start is None or figure.end is None:
        return 0
    return round(figure.n * (setting.window.end - setting.window.start).days / (figure.end - figure.start).days)


# An adequate colleague reaches .85 of the result over about four steps, so this root of it at each one.
STEPS_OF_A_DEAL = 4


def _conversion(setting: GoalSetting, figure: Figure) -> Goal | None:
    """A step up in a share that an adequate colleague reaches often enough; None where there is none."""
    content, peer = setting.content, figure.peer or 0.0
    since = _level_since(setting, figure)
    if since is not None:
        figure = replace(figure, value=since.rate, low=since.low, high=since.high)
    baseline = figure.value or 0.0
    n = _expected_chances(setting, figure)
    rate = peer * content.rule("adequate") ** (1 / STEPS_OF_A_DEAL)
    wanted = targets.share_target(baseline=baseline, peer=peer, adequate=1.0)
    target = targets.fair_share(rate=rate, n=n, most=wanted, fair_chance=content.rule("fair_chance"))
    if target <= baseline + 0.005:
        return None
    text = content.fill(
        "goal.conversion",
        name=figure.name[:1].lower() + figure.name[1:],
        baseline=share(baseline),
        target=share(target),
        **setting.dates,
    )
    chance = Chance(
        targets.chance_of_share(rate=rate, n=n, target=target),
        targets.chance_of_share(rate=baseline, n=n, target=target),
        content.fill("text.chance_share", n=n),
        method="share",
        n=n,
        rate_adequate=rate,
        rate_today=baseline,
        fair_target=target,
    )
    why = content.fill("goal.conversion_why", target=share(target), peer=share(peer))
    if since is not None and setting.evidence.since is not None:
        why += " " + content.fill("goal.conversion_since", since=day(setting.evidence.since), baseline=share(baseline))
    return _bound(setting, figure, text=text, why=why, target=target, template="goal.conversion", chance=chance)


def _level_since(setting: GoalSetting, figure: Figure) -> Level | None:
    """After a change the half-year's share mixes before and after: the level of today then is where the goal starts."""
    if setting.evidence.since is None or setting.reach is None:
        return None
    level = setting.reach.level(figure.key)
    return level if level is not None and figure.value is not None and level.rate < figure.value else None


def _own_leads(setting: GoalSetting, figure: Figure) -> Goal | None:
    """A step up in leads found a week; None for somebody who already finds what an adequate colleague does."""
    content, baseline, peer = setting.content, figure.value or 0.0, figure.peer or 0.0
    adequate = content.rule("adequate")
    target = math.ceil(adequate * peer * 2 - 1e-9) / 2
    if target <= baseline * (1 + targets.SMALLEST_STEP):
        return None
    text = content.fill("goal.own_leads", target=setting.text(target, figure.unit), **setting.dates)
    why = content.fill(
        "goal.own_leads_why",
        peer=setting.text(peer, figure.unit),
        target=setting.text(target, figure.unit),
        adequate=share(adequate),
    )
    return _bound(setting, figure, text=text, why=why, target=target, template="goal.own_leads", chance=None)


def _bound(
    setting: GoalSetting,
    figure: Figure,
    *,
    text: str,
    why: str,
    target: float,
    template: str,
    chance: Chance | None,
    kind: GoalKind = GoalKind.SKILL,
) -> Goal:
    """A goal measured by a figure of the data."""
    return Goal(
        key=str(kind),
        kind=kind,
        text=text,
        metric_key=METRIC_OF.get(figure.key, figure.key),
        metric_name=figure.name,
        metric_version=figure.version,
        unit=figure.unit,
        baseline=figure.value,
        target=target,
        start=setting.window.start,
        by=setting.window.last_day,
        gap_key=setting.gap_key,
        weight=0,
        source=f"template: {template}",
        why=why,
        peer=figure.peer,
        peer_low=figure.peer_low,
        peer_high=figure.peer_high,
        path=targets.straight_path(setting.window, baseline=figure.value or 0.0, target=target),
        chance=chance,
    )


# What is counted for a goal that people count, by its template.
_COUNTED = {"role_play": "role_play", "training": "training_score"}


def _role_play(setting: GoalSetting, *, why: str = "goal.role_play_why") -> Goal:
    content = setting.content
    target = content.rule("role_play_target")
    text = content.fill("goal.role_play", target=number(target, decimals=1), skill=setting.gap.skill, **setting.dates)
    reason = content.fill(why, fewest=number(content.rule("fewest_chances")))
    return _skill_together(setting, "role_play", text=text, unit=Unit.SCORE, target=target, why=reason)


def _training(setting: GoalSetting) -> Goal:
    content = setting.content
    target = content.rule("training_target")
    text = content.fill("goal.training", target=setting.text(target, Unit.SHARE), **setting.dates)
    reason = content.fill("goal.training_why")
    return _skill_together(setting, "training", text=text, unit=Unit.SHARE, target=target, why=reason)


def _skill_together(setting: GoalSetting, entry: str, *, text: str, unit: Unit, target: float, why: str) -> Goal:
    """A skill goal that people count, by the measure that belongs to a template (`goal.<entry>`)."""
    content = setting.content
    measure = content.measure(_COUNTED[entry])
    return Goal(
        key="skill",
        kind=GoalKind.SKILL,
        text=text,
        metric_key=measure.key,
        metric_name=measure.name,
        metric_version=content.version,
        unit=unit,
        baseline=None,
        target=target,
        start=setting.window.start,
        by=setting.window.last_day,
        gap_key=setting.gap_key,
        weight=0,
        source=f"template: goal.{entry}",
        why=why,
        chance=Chance(None, None, content.fill("text.chance_hand")),
    )


def skill_ways(setting: GoalSetting) -> tuple[Goal, ...]:
    """Every way in which the skill goal can be counted: the drafted one first, then role-plays and training."""
    ways: dict[str, Goal] = {}
    for goal in (_skill(setting), _role_play(setting, why="goal.role_play_why_chosen"), _training(setting)):
        ways.setdefault(goal.metric_key, goal)
    return tuple(ways.values())


# --- customers ----------------------------------------------------------------------------------------


def _customer(setting: GoalSetting) -> Goal:
    figure = next((f for f in map(setting.evidence.figure, FEEDBACK_KEYS) if f and f.peer), None)
    return (_feedback(setting, figure) if figure else None) or _replies(setting)


def _feedback(setting: GoalSetting, figure: Figure) -> Goal | None:
    """Up to colleagues' level; None for somebody who is there: a goal asks for a step."""
    content, baseline, peer = setting.content, figure.value or 0.0, figure.peer or 0.0
    target = round(peer, 1)
    if target <= round(baseline, 1):
        return None
    scale = 5 if max(target, figure.peer_high or 0) <= 5 else 10 if target <= 10 else 100
    text = content.fill(
        "goal.feedback",
        target=number(target, decimals=1),
        scale=scale,
        replies=number(content.rule("fewest_replies")),
        **setting.dates,
    )
    return _bound(
        setting,
        figure,
        text=text,
        why=content.fill("goal.feedback_why"),
        target=target,
        template="goal.feedback",
        chance=None,
        kind=GoalKind.CUSTOMER,
    )


def _replies(setting: GoalSetting) -> Goal:
    content, measure = setting.content, setting.content.measure("customer_replies")
    target = content.rule("fewest_replies")
    steps: tuple[Step, ...] = targets.straight_path(setting.window, baseline=0, target=target, first_weeks=0)
    return Goal(
        key="customer",
        kind=GoalKind.CUSTOMER,
        text=content.fill("goal.replies", replies=number(target), **setting.dates),
        metric_key=measure.key,
        metric_name=measure.name,
        metric_version=content.version,
        unit=Unit.COUNT,
        baseline=0,
        target=target,
        start=setting.window.start,
        by=setting.window.last_day,
        gap_key=setting.gap_key,
        weight=0,
        source="template: goal.replies",
        why=content.fill("goal.replies_why"),
        path=tuple(replace(step, value=float(round(step.value))) for step in steps),
        chance=Chance(None, None, content.fill("text.chance_hand")),
    )
