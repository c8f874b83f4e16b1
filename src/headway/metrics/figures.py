"""Reading kept figures: one rep's last weeks beside comparable reps, and everybody's figures of a period.

Only the relational database is asked. A figure becomes a `MetricValue` when it is looked at, not before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.utils.translation import gettext as _

from headway.core import company
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.period import Grain, Period
from headway.core.permissions import reachable, require
from headway.metrics import catalogue
from headway.metrics.cube.cells import CELL, CODE
from headway.metrics.cube.packing import Setting, Somebody, cells_from, groups_from, reasons_from, value_of
from headway.metrics.models import FigureColumn, FigurePeriod, FigureSet
from headway.metrics.own.queries import own_specs
from headway.metrics.spec import MetricSpec
from headway.metrics.values import MetricValue

PAGE = 50
_NOTHING = np.zeros((), CELL)
_NOTHING["value"], _NOTHING["status"] = np.nan, CODE["never"]


@lru_cache(maxsize=4)
def _setting(stamp: str) -> Setting:
    """What the figures of an analysis have in common; they never change, so they are read once per process."""
    kept = FigureSet.objects.get(stamp=stamp)
    ladder = tuple(company.current().ladder)
    known = {spec.key: spec for spec in (*catalogue.specs(ladder), *own_specs(ladder))}
    never = {
        (grain, date.fromisoformat(start)): reasons_from(reasons)
        for grain, starts in kept.never.items()
        for start, reasons in starts.items()
    }
    return Setting(
        kept.as_of,
        kept.currency,
        {key: known[key] for key in kept.metrics if key in known},
        tuple(kept.metrics),
        never,
        {grain: max(date.fromisoformat(start) for start in starts) for grain, starts in kept.never.items()},
    )


def _newest_stamp() -> str | None:
    return FigureSet.objects.order_by("-pk").values_list("stamp", flat=True).first()


Record = Mapping[str, Any]


def _records(of: npt.NDArray[np.void]) -> list[Record]:
    """The records one by one: taking fields from an array record by record takes three times as long."""
    names = of.dtype.names or ()
    return [dict(zip(names, row, strict=True)) for row in of.tolist()]


@dataclass(frozen=True)
class WeekOfRep:
    """One week: who, and all figures of it, still packed."""

    period: Period
    who: Somebody
    cells: npt.NDArray[np.void]


@dataclass(frozen=True)
class RepWeeks:
    """A rep's last weeks, the oldest first, with comparable reps of each week.

    Weeks in which the person was not employed are left out. `as_of`: the day up to which the figures know.
    """

    person_id: str
    as_of: date
    weeks: tuple[WeekOfRep, ...]
    setting: Setting
    _peers: Mapping[tuple[date, str], bytes]

    @property
    def specs(self) -> tuple[MetricSpec, ...]:
        """The metrics there are figures of, in the catalogue's order."""
        return tuple(self.setting.specs.values())

    @property
    def periods(self) -> tuple[Period, ...]:
        """The weeks."""
        return tuple(week.period for week in self.weeks)

    def numbers(self, metric: str) -> tuple[float | None, ...]:
        """The metric's number in each week; None where there is none."""
        at = self.setting.keys.index(metric)
        found = (float(week.cells["value"][at]) for week in self.weeks)
        return tuple(None if number != number else number for number in found)

    def parts(self, metric: str) -> tuple[tuple[float, float, int], ...]:
        """Numerator, denominator and n of each week; they mean something only where there is a number."""
        at = self.setting.keys.index(metric)
        rows = (week.cells[at] for week in self.weeks)
        return tuple((float(row["x"]), float(row["y"]), int(row["n"])) for row in rows)

    def series(self, metric: str) -> tuple[MetricValue, ...]:
        """The metric's value in each week, with peers, interval, reason, and the week before as `previous`."""
        found: list[MetricValue] = []
        for week in self.weeks:
            before = found[-1].result if found and found[-1].period.end == week.period.start else None
            found.append(self._value(week, metric, before))
        return tuple(found)

    def newest(self) -> tuple[MetricValue, ...]:
        """Every metric in the newest week."""
        return tuple(self.series(key)[-1] for key in self.setting.specs) if self.weeks else ()

    def _value(self, week: WeekOfRep, metric: str, before: Any) -> MetricValue:
        at = self.setting.keys.index(metric)
        start, of_week = week.period.start, self._groups
        groups = {name: of_week[start, name][at] for name in ("", week.who.segment) if (start, name) in of_week}
        cell, spec = self._cells[start][at], self.setting.specs[metric]
        return value_of(self.setting, spec, Grain.WEEK, week.period, week.who, cell, groups, previous=before)

    @cached_property
    def _cells(self) -> dict[date, list[Record]]:
        return {week.period.start: _records(week.cells) for week in self.weeks}

    @cached_property
    def _groups(self) -> dict[tuple[date, str], list[Record]]:
        return {place: _records(groups_from(kept)) for place, kept in self._peers.items()}


# One question, so that nobody gets the weeks of one analysis with the peers of another. The framework's own way of asking
# the same takes five times as long as the database does.
_WEEKS = """
    SELECT (SELECT stamp FROM metrics_figureset ORDER BY id DESC LIMIT 1),
        w.start, w.first_name, w.segment, w.workdays, w.workdays_whole, w.packed, p.segment, p.packed
    FROM (SELECT * FROM metrics_repweek WHERE person_id = %s ORDER BY start DESC LIMIT %s) w
    LEFT JOIN metrics_peer p ON p.start = w.start AND p.segment IN ('', w.segment)
    ORDER BY w.start"""


def weeks_of(actor: Actor, person_id: str, *, weeks: int = 13) -> RepWeeks | None:
    """One rep's last complete weeks for all metrics, with comparable reps; None while no analysis has been made.

    One query (one more the first time in a process, and for a person without weeks).

    Args:
        actor: who looks.
        person_id: at whom.
        weeks: at most how many, 1 to 53.

    Raises:
        NotFound: the person is outside the actor's reach.
    """
    require(actor, "figures.view", person_id)
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, [person_id, weeks])
        rows = cursor.fetchall()
    stamp = rows[0][0] if rows else _newest_stamp()
    if stamp is None:
        return None
    setting = _setting(stamp)
    first = setting.newest[Grain.WEEK.value] - timedelta(days=7 * (weeks - 1))
    found: dict[date, WeekOfRep] = {}
    peers: dict[tuple[date, str], bytes] = {}
    for _stamp, start, name, segment, workdays, whole, kept, group, kept_peers in rows:
        if start < first:
            continue
        if start not in found:
            who = Somebody(person_id, name, segment, workdays, whole)
            found[start] = WeekOfRep(Period(start, start + timedelta(days=7)), who, cells_from(bytes(kept)))
        if group is not None:
            peers[start, group] = bytes(kept_peers)
    return RepWeeks(person_id, setting.as_of, tuple(found.values()), setting, peers)


@dataclass(frozen=True)
class BoardRow:
    """One person of a board; `values` by metric."""

    person_id: str
    first_name: str
    segment: str
    values: Mapping[str, MetricValue]


@dataclass(frozen=True)
class Board:
    """Everybody's figures of one period, one page of them.

    starts: first days of the periods there are, newest first. total: people on all pages. stamp: of the analysis.
    """

    as_of: date
    grain: Grain
    period: Period
    specs: tuple[MetricSpec, ...]
    rows: tuple[BoardRow, ...]
    page: int
    pages: int
    total: int
    starts: tuple[date, ...]
    stamp: str


@lru_cache(maxsize=16)
def _people_of(stamp: str, grain: str, start: date) -> tuple[int, Period, tuple[Somebody, ...]]:
    row = FigurePeriod.objects.get(figures__stamp=stamp, grain=grain, start=start)
    people = tuple(Somebody(who, name, seg, days, row.workdays_whole) for who, name, seg, days in row.people)
    return row.pk, Period(row.start, row.end), people


def board_of(
    actor: Actor,
    people: Sequence[str] | None = None,
    *,
    metric_keys: Sequence[str],
    grain: Grain = Grain.WEEK,
    start: date | None = None,
    page: int = 1,
    size: int = PAGE,
    order_by: str | None = None,
    descending: bool = True,
    kept_only: bool = False,
) -> Board | None:
    """One value per person and metric for a period; None while no analysis has been made.

    At most three queries beside those of the actor's reach, whatever the number of people: which analysis, who was
    employed (kept in the process), one row per metric.

    Args:
        actor: who looks; people outside the reach are left out.
        people: ids, in the order wanted; everybody within reach if None, in the order of their ids.
        metric_keys: the columns; of the catalogue or the company's own.
        grain: week, month or quarter.
        start: first day of the period; the newest complete one if None.
        page: from 1; one beyond the last gives the last.
        size: people on a page.
        order_by: key of the metric to sort by; those without a number come last.
        descending: the largest first.
        kept_only: leave out metrics of which no figures are kept, as of one defined since the last analysis.

    Raises:
        NotFound: no such period or metric is kept.
    """
    stamp = _newest_stamp()
    if stamp is None:
        return None
    setting = _setting(stamp)
    starts = sorted((day for of_grain, day in setting.never if of_grain == grain.value), reverse=True)
    day = start or starts[0]
    if day not in starts:
        raise NotFound(
            _("No figures are kept for this period"), value=day, todo=_("Choose one of the periods offered.")
        )
    if kept_only:
        metric_keys = [key for key in metric_keys if key in setting.specs]
    for key in (*metric_keys, *([order_by] if order_by else [])):
        if key not in setting.specs:
            raise NotFound(
                _("There is no such metric"),
                value=key,
                todo=_("See the list; a new one has figures after the next analysis."),
            )
    number, period, everybody = _people_of(stamp, grain.value, day)
    columns = _columns(number, {*metric_keys, *([order_by] if order_by else [])})
    chosen = _ordered(_chosen(actor, people, everybody), columns, order_by, descending)
    pages = max(1, -(-len(chosen) // size))
    page = min(max(page, 1), pages)
    rows = tuple(
        BoardRow(
            everybody[i].person_id, everybody[i].first_name, everybody[i].segment,
            {key: _board_value(setting, key, grain, period, everybody[i], i, columns.get(key)) for key in metric_keys},
        )
        for i in chosen[(page - 1) * size : page * size]
    )  # fmt: skip
    specs = tuple(setting.specs[key] for key in metric_keys)
    return Board(setting.as_of, grain, period, specs, rows, page, pages, len(chosen), tuple(starts), stamp)


_Column = tuple[npt.NDArray[np.void], dict[str, Any]]


def _columns(period: int, keys: set[str]) -> dict[str, _Column]:
    rows = FigureColumn.objects.filter(period=period, metric__in=keys).values_list(
        "metric", "packed", "groups", "peers"
    )
    return {
        metric: (cells_from(bytes(kept)), dict(zip(names, groups_from(bytes(peers)), strict=True)))
        for metric, kept, names, peers in rows
    }


def _chosen(actor: Actor, people: Sequence[str] | None, everybody: Sequence[Somebody]) -> list[int]:
    """Positions of those asked for who are within reach and were employed."""
    reach = reachable(actor, "figures.view")
    if people is None:
        return [i for i, who in enumerate(everybody) if reach is None or who.person_id in reach]
    place = {who.person_id: i for i, who in enumerate(everybody)}
    return [place[who] for who in dict.fromkeys(people) if who in place and (reach is None or who in reach)]


def _ordered(chosen: list[int], columns: Mapping[str, _Column], order_by: str | None, descending: bool) -> list[int]:
    if order_by is None or order_by not in columns or not chosen:
        return chosen
    values = columns[order_by][0]["value"][chosen]
    order = np.argsort(-values if descending else values, kind="stable")  # NaN is sorted to the end
    return [chosen[i] for i in order.tolist()]


def _board_value(
    setting: Setting, key: str, grain: Grain, period: Period, who: Somebody, at: int, column: _Column | None
) -> MetricValue:
    cell, groups = (column[0][at], column[1]) if column else (_NOTHING, {})
    return value_of(setting, setting.specs[key], grain, period, who, cell, groups)
