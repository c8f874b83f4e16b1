"""Facts in, outlooks out: for one person or for everybody, as they sell today or for a colleague in the same seat."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext as _

from headway.detection.analysis import Analysis
from headway.detection.engine import analyse
from headway.detection.facts_port import FactsLike
from headway.detection.own_currency import foreign_sql
from headway.detection.signal import NotEvaluable
from headway.plans.outlook.forecasting import Forecasts, forecast
from headway.plans.outlook.model import PipelineModel, TooLittle, fit_model
from headway.plans.outlook.outlook import Metric, Outlook, Spread
from headway.plans.outlook.pipeline import read_walks
from headway.plans.outlook.seat import colleague
from headway.stats.arrays import Floats, Ints

LONGEST = 366
DOTS, WEEKLY = 100, 20
VERSION = "outlook-1"


@dataclass(frozen=True)
class Desk:
    """A day's facts, read and fitted once, from which any number of outlooks is made."""

    analysis: Analysis
    model: PipelineModel
    as_of: date
    inputs: str


def desk_of(facts: FactsLike, *, analysis: Analysis | None = None, days: int = LONGEST) -> Desk:
    """Read and fit for forecasts up to `days` ahead.

    Raises:
        TooLittle: the past holds too few wins to forecast from.
    """
    found = analysis or analyse(facts)
    model = fit_model(found, read_walks(facts, found.roster), days=days)
    return Desk(found, model, facts.as_of, _inputs(facts, found))


def _inputs(facts: FactsLike, analysis: Analysis) -> str:
    parts = (VERSION, facts.as_of, getattr(facts, "content_hash", ""), analysis.policy.version)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def outlook_for(
    person_id: str,
    facts: FactsLike,
    start: date,
    end: date,
    *,
    metric: Metric = Metric.REVENUE,
    index: float | None = None,
    desk: Desk | None = None,
) -> Outlook | NotEvaluable:
    """Forecast of one person over [start, end); see `Outlook`.

    index: None for the person as they sell today; 0.85 for an adequate colleague with the same open deals and leads.
    desk: `desk_of(facts)` where several are made.
    """
    found = outlooks(facts, start, end, people=(person_id,), metric=metric, index=index, desk=desk)
    return found[person_id]


def outlooks(
    facts: FactsLike,
    start: date,
    end: date,
    *,
    people: tuple[str, ...] | None = None,
    metric: Metric = Metric.REVENUE,
    index: float | None = None,
    desk: Desk | None = None,
) -> dict[str, Outlook | NotEvaluable]:
    """Forecasts of the given people (default: everybody active), by person id."""
    why = _span_problem(facts.as_of, start, end)
    if why is None and desk is None:
        try:
            desk = desk_of(facts)
        except TooLittle:
            why = ("few_wins", _("Too few deals were won so far to forecast from"), _("Twenty won deals would help"))
    if desk is None or why is not None:
        asked = people or ()
        code, sentence, todo = why or ("", "", "")
        return {person: NotEvaluable(person, facts.as_of, code, sentence, todo) for person in asked}
    roster = desk.analysis.roster
    position = roster.position
    asked = (
        people if people is not None else tuple(p for p, here in zip(roster.ids, roster.active, strict=True) if here)
    )
    unknown = _money_unknown(facts, desk) if metric is Metric.REVENUE else {}
    known = [p for p in asked if p in position and p not in unknown]
    rows = np.array([position[p] for p in known], dtype=np.int64)
    made = _made(facts, desk, known, rows, start, end, metric, index) if known else {}
    made.update({p: NotEvaluable(p, facts.as_of, *unknown[p]) for p in asked if p in unknown})
    missing = _("No sales person has this id on that day")
    return {p: made.get(p) or NotEvaluable(p, facts.as_of, "not_active", missing, "") for p in asked}


def _money_unknown(facts: FactsLike, desk: Desk) -> dict[str, tuple[str, str, str]]:
    """Whose revenue cannot be forecast (code, reason, what would help): nobody's amounts are known, or the person
    sells in a currency that cannot be added up."""
    walks = desk.model.walks
    if not (np.isfinite(walks.won) & np.isfinite(walks.amount)).any():
        why = ("no_amounts", _("No won deal carries an amount, so revenue can’t be forecast"), _("Load the amounts."))
        return dict.fromkeys(desk.analysis.roster.ids, why)
    abroad = facts.con.execute(
        f"""SELECT DISTINCT owner_id FROM opportunities o WHERE amount > 0 AND {foreign_sql(facts, "o")}
            AND (outcome = 'open' OR outcome = 'won' AND CAST(closed_at AS DATE) > DATE '{facts.as_of}' - 365)"""
    ).fetchall()
    why = (
        "foreign_currency",
        _("Deals are in another currency than %s and no exchange rate is known, so revenue can’t be forecast")
        % facts.currency,
        _("Export the amounts converted into one currency."),
    )
    return {str(row[0]): why for row in abroad}


def _span_problem(as_of: date, start: date, end: date) -> tuple[str, str, str] | None:
    if end <= start:
        return "no_days", _("The end must come after the start"), _("Choose a later end.")
    if end <= as_of + timedelta(days=1):
        return "past", _("These days are over"), _("Choose an end after the last day of the data.")
    if (end - as_of).days > LONGEST:
        return "too_far", _("A forecast reaches a year ahead at most"), _("Choose an earlier end.")
    return None


def _made(
    facts: FactsLike,
    desk: Desk,
    people: list[str],
    rows: Ints,
    start: date,
    end: date,
    metric: Metric,
    index: float | None,
) -> dict[str, Outlook | NotEvaluable]:
    model = desk.model if index is None else colleague(desk.analysis, desk.model, index=index)
    zero = desk.as_of + timedelta(days=1)
    begin = float(max((start - zero).days, 0))
    ends = [day for day in _week_ends(start, end) if day >= zero]
    found = [
        forecast(model, rows, begin=begin, end=float((day - zero).days + 1), wins_only=metric is Metric.DEALS_WON)
        for day in ends
    ]
    already = _already(desk.model, rows, zero, start, metric)
    quantiles = [
        _quantiles(one, already, DOTS if place == len(found) - 1 else WEEKLY) for place, one in enumerate(found)
    ]
    result: dict[str, Outlook | NotEvaluable] = {}
    for row, person in enumerate(people):
        spreads = tuple(
            Spread(day, tuple(float(v) for v in values[row])) for day, values in zip(ends, quantiles, strict=True)
        )
        last = found[-1]
        result[person] = Outlook(
            person,
            metric,
            desk.as_of,
            start,
            end,
            float(already[row]),
            float(last.totals.mean[row] + already[row]),
            int(last.pending[row]),
            float(last.from_pending[row]),
            float(last.from_new[row]),
            spreads,
            index,
            desk.inputs,
        )
    return result


def _quantiles(one: Forecasts, already: Floats, count: int) -> Floats:
    levels = (np.arange(count) + 0.5) / count
    return np.round(one.totals.quantiles(levels) + already[:, None], 2)


def _already(model: PipelineModel, rows: Ints, zero: date, start: date, metric: Metric) -> Floats:
    """What the span brought before the forecast begins."""
    walks, since = model.walks, float((start - zero).days)
    if since >= 0:
        return np.zeros(rows.size)
    won = np.isfinite(walks.won) & (walks.won >= since)
    value = np.where(won, 1.0 if metric is Metric.DEALS_WON else np.nan_to_num(walks.amount), 0.0)
    return np.asarray(np.bincount(walks.rep, value, len(model.segment))[rows], dtype=np.float64)


def _week_ends(start: date, end: date) -> list[date]:
    """The last day of each week of the span; the last one is the span's last day."""
    last, found = end - timedelta(days=1), []
    day = start + timedelta(days=6)
    while day < last - timedelta(days=2):
        found.append(day)
        day += timedelta(days=7)
    return [*found, last]
