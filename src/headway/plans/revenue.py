"""The revenue goal of a draft: fair, on a path, with its chance as far as it can be counted."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.plans import targets
from headway.plans.durations import fits_revenue
from headway.plans.evidence import Gap, Unit
from headway.plans.goal_setting import GoalSetting
from headway.plans.plan_draft import Chance, Goal, GoalKind, Paragraph
from headway.plans.wording import day, money, number, share

SIZE_KEYS = ("deal_size", "average_deal_size")


def revenue_goal(setting: GoalSetting) -> tuple[Goal | None, Paragraph | None]:
    """The revenue goal, or the sentence that says why there is none."""
    content, gap, cycle = setting.content, setting.evidence.gap, setting.cycle_days
    size = next((f for f in map(setting.evidence.figure, SIZE_KEYS) if f), None)
    if gap is None or gap.expected <= 0:
        return None, _no_revenue(setting, _("results could not be compared with colleagues."))
    if cycle is None or not fits_revenue(
        setting.window.days, cycle_days=cycle, cycles_needed=content.rule("cycles_needed")
    ):
        return None, _too_short(setting)
    if setting.reach is not None:
        fair = targets.from_reach(setting.window, setting.reach, chance=content.rule("fair_chance"))
        return (_goal(setting, fair, 0.0), None) if fair.is_step else (None, _no_step(setting, fair))
    mean_size = (size.peer or size.value) if size else None
    if not mean_size:
        return None, _no_revenue(setting, _("the size of a typical deal is not known."))
    fair = _fair(setting, gap, mean_size, cycle)
    return (_goal(setting, fair, mean_size), None) if fair.is_step else (None, _no_step(setting, fair))


def _no_step(setting: GoalSetting, fair: targets.FairTarget) -> Paragraph:
    """Said instead of a goal that would ask for nothing."""
    text = setting.content.fill(
        "text.missing_revenue_step",
        baseline_week=money(targets.nice(fair.baseline_week), setting.currency),
        adequate_week=money(targets.nice(fair.adequate_week), setting.currency),
        **setting.dates,
    )
    return Paragraph(text, "template: text.missing_revenue_step")


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


def _given(gap: Gap) -> float:
    """What a comparable colleague wins with the same territory and leads, over the gap's span. What recurs is
    counted: luck and time away do not."""
    lasting = [line for line in gap.lines if not line.controllable and line.key not in {"rest", "presence"}]
    return max(gap.expected + sum(line.amount for line in lasting), 0.0)


def _today(setting: GoalSetting, gap: Gap) -> float:
    """Money over the gap's span at today's level. Since a change the index tells it; the span's own sum would mix
    the time before with the time after."""
    evidence = setting.evidence
    if evidence.since is not None and evidence.comparison is not None:
        return evidence.comparison.estimate * _given(gap)
    return gap.actual


def _fair(setting: GoalSetting, gap: Gap, mean_size: float, cycle_days: float) -> targets.FairTarget:
    content = setting.content
    return targets.revenue_target(
        setting.window,
        baseline_week=_weekly(gap, _today(setting, gap)),
        adequate_week=_weekly(gap, _given(gap) * content.rule("adequate")),
        mean_size=mean_size,
        cycle_days=cycle_days,
        size_spread=content.rule("deal_size_spread"),
        fair_chance=content.rule("fair_chance"),
        fewest_deals=content.rule("fewest_deals"),
    )


def _goal(setting: GoalSetting, fair: targets.FairTarget, mean_size: float) -> Goal:
    content = setting.content
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
        metric_name=_name(setting, "revenue", setting.content.name("revenue", _("Revenue won"))),
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
    if setting.reach is not None:
        basis = setting.content.fill(
            "text.chance_outlook", pending=number(setting.reach.pending), known=day(setting.reach.as_of)
        )
        return Chance(
            fair.chance_adequate, fair.chance_today, basis, method="outlook", fair_target=fair.target,
            reach=setting.reach,
        )  # fmt: skip
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
