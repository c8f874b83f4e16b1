"""The four goals of a draft, each bound to a figure, a target and dates; and why one is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from headway.plans import rules, targets
from headway.plans.content import Content, GapContent, fill_in
from headway.plans.durations import fits_revenue
from headway.plans.evidence import Evidence, Figure, Gap, Unit
from headway.plans.freezing import METRIC_OF
from headway.plans.plan_draft import Chance, Goal, GoalKind, Paragraph, Step
from headway.plans.timeline import Window
from headway.plans.wording import day, figure_text, money, number, share

FEEDBACK_KEYS = ("customer_feedback", "customer_satisfaction", "feedback_score")
SIZE_KEYS = ("deal_size", "average_deal_size", "deal_value")


@dataclass(frozen=True)
class GoalSetting:
    """What the goals are made from. cycle_days: typical days of a deal, None if not known."""

    evidence: Evidence
    content: Content
    window: Window
    currency: str
    gap_key: str
    gap: GapContent
    cycle_days: float | None

    @property
    def dates(self) -> dict[str, str]:
        """The plan's days in words."""
        return {"start": day(self.window.start), "last_day": day(self.window.last_day)}

    def text(self, value: float, unit: Unit) -> str:
        """A figure in words."""
        return figure_text(value, unit, self.currency)


def draft_goals(setting: GoalSetting) -> tuple[tuple[Goal, ...], tuple[Paragraph, ...]]:
    """One goal of each kind where the data and the time allow it; for each lacking kind a sentence that says why."""
    revenue, why_not = _revenue(setting)
    found = [goal for goal in (revenue, _activity(setting), _skill(setting), _customer(setting)) if goal]
    weights = rules.rest_of_hundred([setting.content.weight(goal.kind) for goal in found])
    goals = tuple(replace(goal, weight=weight) for goal, weight in zip(found, weights, strict=True))
    return goals, (why_not,) if why_not else ()


# --- revenue ------------------------------------------------------------------------------------------


def _revenue(setting: GoalSetting) -> tuple[Goal | None, Paragraph | None]:
    content, gap, cycle = setting.content, setting.evidence.gap, setting.cycle_days
    size = next((f for f in map(setting.evidence.figure, SIZE_KEYS) if f), None)
    if gap is None or gap.expected <= 0:
        return None, _no_revenue(setting, _("results could not be compared with colleagues."))
    if cycle is None or not fits_revenue(
        setting.window.days, cycle_days=cycle, cycles_needed=content.rule("cycles_needed")
    ):
        return None, _too_short(setting)
    mean_size = (size.peer or size.value) if size else None
    if not mean_size:
        return None, _no_revenue(setting, _("the size of a typical deal is not known."))
    return _revenue_goal(setting, gap, mean_size, cycle), None


def _no_revenue(setting: GoalSetting, reason: str) -> Paragraph:
    text = setting.content.fill("text.missing_revenue_data", reason=reason)
    return Paragraph(text, "template: text.missing_revenue_data")


def _too_short(setting: GoalSetting) -> Paragraph:
    if setting.cycle_days is None:
        return Paragraph(setting.content.fill("text.days_no_cycle"), "template: text.days_no_cycle")
    needed = setting.content.rule("cycles_needed") * setting.cycle_days
    text = setting.content.fill("text.missing_revenue_cycle", days=setting.window.days, needed=number(needed))
    return Paragraph(text, "template: text.missing_revenue_cycle")


def _weekly(gap: Gap, amount: float) -> float:
    return amount / ((gap.end - gap.start).days / 7)


def _revenue_goal(setting: GoalSetting, gap: Gap, mean_size: float, cycle_days: float) -> Goal:
    content = setting.content
    # What recurs: a territory and its leads do, luck and time away do not.
    lasting = [line for line in gap.lines if not line.controllable and line.key not in {"rest", "presence"}]
    given = gap.expected + sum(line.amount for line in lasting)
    spread = content.rule("deal_size_spread")
    fair = targets.revenue_target(
        setting.window,
        baseline_week=_weekly(gap, gap.actual),
        adequate_week=_weekly(gap, max(given, 0.0) * content.rule("adequate")),
        mean_size=mean_size,
        cycle_days=cycle_days,
        size_spread=spread,
        fair_chance=content.rule("fair_chance"),
        fewest_deals=content.rule("fewest_deals"),
    )
    text = content.fill("goal.revenue", target=money(fair.target, setting.currency), **setting.dates)
    like_with_like = content.fill(
        "goal.revenue_today",
        baseline=money(fair.baseline, setting.currency),
        target=money(fair.target, setting.currency),
    )
    why = content.fill(
        "goal.revenue_why",
        baseline_week=money(targets.nice(fair.baseline_week), setting.currency),
        adequate_week=money(targets.nice(fair.adequate_week), setting.currency),
        adequate=share(content.rule("adequate")),
    )
    return Goal(
        key="revenue",
        kind=GoalKind.REVENUE,
        text=text,
        metric_key="revenue",
        metric_name=_name(setting, "revenue", _("Revenue won")),
        metric_version=_version(setting, "revenue"),
        unit=Unit.MONEY,
        baseline=fair.baseline,
        target=fair.target,
        start=setting.window.start,
        by=setting.window.last_day,
        gap_key=setting.gap_key,
        weight=0,
        source="template: goal.revenue",
        why=f"{why} {like_with_like}" if fair.chance_adequate is not None else why,
        path=fair.path,
        chance=_revenue_chance(setting, fair, mean_size),
    )


def _revenue_chance(setting: GoalSetting, fair: targets.FairTarget, mean_size: float) -> Chance:
    if fair.chance_adequate is None:
        return Chance(None, None, setting.content.fill("text.chance_few"))
    basis = setting.content.fill(
        "text.chance_deals",
        deals=number(fair.deals_adequate, decimals=0 if fair.deals_adequate >= 10 else 1),
        size=money(targets.nice(mean_size), setting.currency),
    )
    deals_today = fair.baseline_week * setting.window.weeks / mean_size
    return Chance(
        fair.chance_adequate,
        fair.chance_today,
        basis,
        method="deals",
        deals_adequate=fair.deals_adequate,
        deals_today=deals_today if fair.chance_today is not None else 0.0,
        mean_size=mean_size,
        spread=setting.content.rule("deal_size_spread"),
        fair_target=fair.target,
    )


def _name(setting: GoalSetting, key: str, otherwise: str) -> str:
    figure = next((f for f in setting.evidence.figures if f.key == key), None)
    return figure.name if figure else otherwise


def _version(setting: GoalSetting, key: str) -> str:
    figure = next((f for f in setting.evidence.figures if f.key == key), None)
    return figure.version if figure and figure.version else setting.evidence.policy_version


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
            return _own_leads(setting, figure)
        if figure.unit is Unit.SHARE and _expected_chances(setting, figure) >= setting.content.rule("fewest_chances"):
            return _conversion(setting, figure) or _role_play(setting, why="goal.role_play_why_luck")
    return _role_play(setting)


def _expected_chances(setting: GoalSetting, figure: Figure) -> int:
    if not figure.n or figure.start is None or figure.end is None:
        return 0
    return round(figure.n * (setting.window.end - setting.window.start).days / (figure.end - figure.start).days)


# An adequate colleague reaches .85 of the result over about four steps, so this root of it at each one.
STEPS_OF_A_DEAL = 4


def _conversion(setting: GoalSetting, figure: Figure) -> Goal | None:
    """A step up in a share that an adequate colleague reaches often enough; None where there is none."""
    content, baseline, peer = setting.content, figure.value or 0.0, figure.peer or 0.0
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
    return _bound(setting, figure, text=text, why=why, target=target, template="goal.conversion", chance=chance)


def _own_leads(setting: GoalSetting, figure: Figure) -> Goal:
    content, baseline, peer = setting.content, figure.value or 0.0, figure.peer or 0.0
    adequate = content.rule("adequate")
    target = round(max(adequate * peer, baseline) * 2 + 0.499) / 2
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


def _role_play(setting: GoalSetting, *, why: str = "goal.role_play_why") -> Goal:
    content, measure = setting.content, setting.content.measure("role_play")
    target = content.rule("role_play_target")
    text = content.fill(
        "goal.role_play", target=number(target, decimals=1), skill=setting.gap.skill, **setting.dates
    )
    return Goal(
        key="skill",
        kind=GoalKind.SKILL,
        text=text,
        metric_key=measure.key,
        metric_name=measure.name,
        metric_version=content.version,
        unit=Unit.SCORE,
        baseline=None,
        target=target,
        start=setting.window.start,
        by=setting.window.last_day,
        gap_key=setting.gap_key,
        weight=0,
        source="template: goal.role_play",
        why=content.fill(why, fewest=number(content.rule("fewest_chances"))),
        chance=Chance(None, None, content.fill("text.chance_hand")),
    )


# --- customers ----------------------------------------------------------------------------------------


def _customer(setting: GoalSetting) -> Goal:
    figure = next((f for f in map(setting.evidence.figure, FEEDBACK_KEYS) if f and f.peer), None)
    return _feedback(setting, figure) if figure else _replies(setting)


def _feedback(setting: GoalSetting, figure: Figure) -> Goal:
    content, baseline, peer = setting.content, figure.value or 0.0, figure.peer or 0.0
    target = max(round(peer, 1), round(baseline, 1))
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
