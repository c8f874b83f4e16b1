"""A goal's course and standing as charts."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from headway.charts import forecast, funnel
from headway.charts.marks import Kind
from headway.charts.table import Table
from headway.running.progress import GoalProgress
from headway.running.rules import Standing
from headway.running.sentences import beside_path, rests_on, said
from headway.web.text import day, in_hundred, money, times_in_hundred

KINDS = {
    Standing.REACHED: Kind.GOOD,
    Standing.ON_TRACK: Kind.GOOD,
    Standing.AT_RISK: Kind.SIGNAL,
    Standing.OUT_OF_REACH: Kind.SIGNAL,
    Standing.CANNOT_TELL: Kind.SUPPORT,
    Standing.NOT_STARTED: Kind.UNKNOWN,
}


def course_of(found: GoalProgress, *, currency: str) -> forecast.Forecast:
    """Money won against the agreed path, with what may still come."""
    goal, end = found.goal, found.goal.by
    short = _short(currency)
    happened = (
        forecast.Step(goal.start, 0.0),
        *(forecast.Step(on, total, day(on), short(total)) for on, total in found.course),
        forecast.Step(found.as_of, found.value or 0.0, day(found.as_of), short(found.value or 0.0)),
    )
    fan = tuple(
        forecast.Ahead(
            f.on, f.q50, f.q25, f.q75, f.q05, f.q95, day(f.on),
            _("likely %(low)s to %(high)s") % {"low": short(f.q05), "high": short(f.q95)},
        )
        for f in found.fan
    )  # fmt: skip
    top = max([goal.target, found.value or 0.0, *(f.q95 for f in found.fan)])
    return forecast.Forecast(
        title=_("Won against the agreed path until %s") % day(end),
        description=_describe(found, currency),
        start=goal.start,
        end=end,
        path=tuple(forecast.Step(step.on, step.value, day(step.on), short(step.value)) for step in goal.path),
        happened=happened if found.value is not None else (),
        fan=fan,
        target=goal.target,
        target_text=_("Target %s") % short(goal.target),
        now_text=_("%s won") % short(found.value or 0.0),
        ticks=_ticks(top, currency),
        days=_days(goal.start, found.as_of, end),
        empty=_("Nothing measured yet."),
    )


def _short(currency: str):  # type: ignore[no-untyped-def]
    return lambda value: money(value, currency=currency, short=True)


def _describe(found: GoalProgress, currency: str) -> str:
    words = {
        "value": said(found.goal, found.value, currency),
        "on": day(found.as_of),
        "path": said(found.goal, found.path_value, currency),
        "target": said(found.goal, found.goal.target, currency),
    }
    text = _("%(value)s won by %(on)s, %(path)s were on the path. Target %(target)s.") % words
    if found.chance is not None:
        text += " " + _("It is reached %s.") % times_in_hundred(in_hundred(found.chance))
    return text


def _ticks(top: float, currency: str) -> tuple[tuple[float, str], ...]:
    """Four or five round amounts."""
    if top <= 0:
        return ()
    rough = top / 4
    unit = 10.0 ** (len(str(int(rough))) - 1)
    step = next(unit * n for n in (1, 2, 2.5, 5, 10) if unit * n >= rough)
    found, value = [], step
    while value <= top * 1.02:
        found.append((value, money(value, currency=currency, short=True)))
        value += step
    return tuple(found)


def _days(start: date, now: date, end: date) -> tuple[tuple[date, str], ...]:
    room = (end - start) * 0.14
    middle = now if start + room < now < end - room else start + (end - start) / 2
    return ((start, day(start, short=True)), (middle, day(middle, short=True)), (end, day(end, short=True)))


def forecast_words(found: GoalProgress, *, currency: str) -> str:
    """The forecast in a sentence, with its range."""
    if not found.fan:
        return ""
    last = found.fan[-1]
    text = _("Forecast for %(on)s: %(middle)s, likely %(low)s to %(high)s.") % {
        "on": day(last.on),
        "middle": said(found.goal, last.q50, currency),
        "low": said(found.goal, last.q05, currency),
        "high": said(found.goal, last.q95, currency),
    }
    if found.standing is Standing.CANNOT_TELL:
        text += " " + _("Still compatible with both outcomes.")
    return text


def course_table(picture: forecast.Forecast) -> Table:
    """The course as figures."""
    return forecast.table(
        picture, header=(_("Day"), _("What"), _("Amount")), kinds=(_("won"), _("agreed path"), _("forecast"))
    )


def goal_row(found: GoalProgress, *, currency: str) -> funnel.Step:
    """One goal with where it began, where it is and where it should be."""
    goal, value = found.goal, found.value
    began = goal.baseline if goal.baseline is not None and goal.metric_key != "customer_replies" else None
    scores = str(goal.unit) == "score"
    return funnel.Step(
        label=goal.metric_name,
        title=_("%(name)s: %(value)s, goal %(goal)s")
        % {"name": goal.metric_name, "value": said(goal, value, currency), "goal": said(goal, goal.target, currency)},
        description=_describe_range(found, currency),
        kind=KINDS[found.standing],
        value=value,
        value_text="" if value is not None else _("no figure yet"),
        low=found.low,
        high=found.high,
        goal=goal.target,
        goal_text=said(goal, goal.target, currency),
        began=began,
        began_text=said(goal, began, currency) if began is not None else "",
        scale_low=1.0 if scores else None,
        scale_high=5.0 if scores else None,
        counts=rests_on(found) if value is not None else "",
        say=said(goal, value, currency) if value is not None else "–",
        fine=beside_path(found),
    )


def _describe_range(found: GoalProgress, currency: str) -> str:
    if found.low is None or found.high is None:
        return beside_path(found)
    return _("Likely %(low)s to %(high)s, %(words)s.") % {
        "low": said(found.goal, found.low, currency),
        "high": said(found.goal, found.high, currency),
        "words": beside_path(found),
    }


def weeks_between(start: date, end: date) -> int:
    """Whole weeks, a started one counted."""
    return -(-((end - start) // timedelta(days=1) + 1) // 7)
