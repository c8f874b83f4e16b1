"""From a frozen reach to the pictures of the plan page: a hundred dots, and the fan over the weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.charts import dots, forecast
from headway.charts.marks import Kind
from headway.charts.table import Table
from headway.plans.outlook.reach import Reach
from headway.plans.plan_draft import Goal, GoalKind, PlanDraft
from headway.plans.wording import capital, day, money_short


@dataclass(frozen=True)
class ReachView:
    """Who would reach the target: a heading, two pictures with their captions, the fan, and what it rests on."""

    heading: str
    adequate_caption: str
    adequate: dots.Reach
    today_caption: str
    today: dots.Reach
    note: str
    fan: forecast.Forecast
    fan_table: Table


def view_of(draft: PlanDraft, goal: Goal) -> ReachView | None:
    """The pictures for a goal whose chance was forecast; None for the others."""
    reach = goal.chance.reach if goal.chance else None
    if reach is None or goal.kind is not GoalKind.REVENUE or goal.target <= 0:
        return None
    mine, theirs = reach.by(min(goal.by, reach.today[-1].on))
    name = draft.rep.first_name
    top = max(mine.values[97], theirs.values[97], goal.target * 1.15)
    target = money_short(goal.target, draft.currency)
    first = _dots(_("An adequate colleague"), theirs.values, goal, Kind.SUPPORT, top, draft.currency)
    second = _dots(_("%s at today’s pace") % name, mine.values, goal, Kind.SIGNAL, top, draft.currency)
    return ReachView(
        heading=_("Who would reach %(target)s by %(day)s?") % {"target": target, "day": day(goal.by)},
        adequate_caption=_("An adequate colleague: %d in 100") % first.reached,
        adequate=first,
        today_caption=_("%(name)s at today’s pace: %(n)d in 100") % {"name": name, "n": second.reached},
        today=second,
        note=_("Each dot is one chance in a hundred, from %(name)s’s open deals, new leads and season.")
        % {"name": name},
        fan=_fan(draft, goal, reach),
        fan_table=_fan_table(draft, goal, reach),
    )


def _dots(who: str, values: tuple[float, ...], goal: Goal, kind: Kind, top: float, currency: str) -> dots.Reach:
    reached = sum(value >= goal.target for value in values)
    target = money_short(goal.target, currency)
    said = {"who": who, "n": reached, "target": target, "day": day(goal.by)}
    return dots.Reach(
        title=_("%(who)s: %(n)d in 100 reach %(target)s") % said,
        description=_(
            "Each dot is one chance in a hundred of the result by %(day)s. %(n)d of 100 lie at or beyond %(target)s."
        )
        % said,
        results=values,
        target=goal.target,
        target_text=target,
        kind=kind,
        ticks=_ticks(top, currency),
        top=top,
    )


def _step(top: float) -> float:
    power = 10.0 ** (len(str(int(max(top, 1)))) - 1)
    return next((power * part for part in (0.2, 0.5, 1.0, 2.0) if top / (power * part) <= 4.5), power * 2)


def _ticks(top: float, currency: str) -> tuple[tuple[float, str], ...]:
    step = _step(top)
    return tuple((n * step, money_short(n * step, currency)) for n in range(int(top / step) + 1))


def _fan(draft: PlanDraft, goal: Goal, reach: Reach) -> forecast.Forecast:
    end = goal.by
    ahead = reach.until(end).today
    start = forecast.Ahead(reach.start, 0.0, 0.0, 0.0, 0.0, 0.0)
    path = (forecast.Step(draft.start, 0.0), *(_path_step(step.on, step.value, draft) for step in goal.path))
    top = max(ahead[-1].quantile(0.95), goal.target) * 1.05
    days = [(draft.start, day(draft.start)), (end, day(end))]
    return forecast.Forecast(
        title=_("Path to the target, and what comes at today’s pace"),
        description=_(
            "Dashed: the path. Band: nine in ten of what today’s pace gives, its darker part an even chance."
        ),
        start=draft.start,
        end=end,
        path=path,
        fan=(start, *(_ahead(s.on, s, draft) for s in ahead)),
        target=goal.target,
        target_text=_("Target %s") % money_short(goal.target, draft.currency),
        ticks=_ticks(top, draft.currency)[1:],
        days=tuple(days),
        kind=Kind.SIGNAL,
    )


def _path_step(on: date, value: float, draft: PlanDraft) -> forecast.Step:
    return forecast.Step(on, value, day(on), money_short(value, draft.currency))


def _ahead(on: date, spread: object, draft: PlanDraft) -> forecast.Ahead:
    from headway.plans.outlook.outlook import Spread

    assert isinstance(spread, Spread)
    low, even_low, middle, even_high, high = (spread.quantile(p) for p in (0.05, 0.25, 0.5, 0.75, 0.95))
    words = _("%(middle)s, nine in ten %(low)s to %(high)s") % {
        "middle": money_short(middle, draft.currency),
        "low": money_short(low, draft.currency),
        "high": money_short(high, draft.currency),
    }
    return forecast.Ahead(on, middle, even_low, even_high, low, high, day(on), words)


def _fan_table(draft: PlanDraft, goal: Goal, reach: Reach) -> Table:
    return forecast.table(
        _fan(draft, goal, reach),
        header=(_("Day"), _("What"), _("Amount")),
        kinds=(capital(_("won")), capital(_("path")), capital(_("at today’s pace"))),
    )
