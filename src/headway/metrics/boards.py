"""Reading kept figures: everybody's of one period, a page of them. Only the relational database is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.kept import Kept
from headway.core.period import Grain, Period
from headway.core.permissions import reachable
from headway.metrics.cube.cells import CELL, CODE
from headway.metrics.cube.packing import Somebody, cells_from, groups_from, value_of
from headway.metrics.figures import Record, newest_stamp, records_of, setting_of
from headway.metrics.models import FigureColumn, FigurePeriod
from headway.metrics.spec import MetricSpec
from headway.metrics.values import MetricValue, NotEvaluable

PAGE = 50
_FIELDS = CELL.names or ()
_NOTHING = records_of(np.zeros(1, CELL))[0] | {"value": float("nan"), "status": CODE["never"]}


@dataclass(frozen=True)
class BoardRow:
    """One person of a board."""

    person_id: str
    first_name: str
    segment: str
    _read: Callable[[], Mapping[str, MetricValue]] = field(repr=False, compare=False)

    @cached_property
    def values(self) -> Mapping[str, MetricValue]:
        """The figures by metric, unpacked when they are looked at."""
        return self._read()


@dataclass(frozen=True)
class Board:
    """Everybody's figures of one period, one page of them.

    starts: first days of the periods there are, newest first. total: people on all pages. stamp: of the analysis.
    never: by metric, why nobody can be measured by it in this period.
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
    never: Mapping[str, NotEvaluable]


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
    nearest: bool = False,
) -> Board | None:
    """One value per person and metric for a period; None while no analysis has been made.

    At most three queries beside those of the actor's reach, whatever the number of people: which analysis, who was
    employed (kept in the process), one row per metric.

    Args:
        actor: who looks; people outside the reach are left out.
        people: ids, in the order wanted; everybody within reach if None, in the order of their ids.
        metric_keys: the columns; of the catalogue or the company's own.
        grain: which length of period.
        start: first day of the period; the newest complete one if None.
        page: from 1; one beyond the last gives the last.
        size: people on a page.
        order_by: key of the metric to sort by; those without a number come last.
        descending: the largest first.
        kept_only: leave out metrics of which no figures are kept, as of one defined since the last analysis.
        nearest: if no period begins on `start`, the one that began last before it: who changes from months to
            quarters means the same time of the year.

    Raises:
        NotFound: no such period or metric is kept.
    """
    stamp = newest_stamp()
    if stamp is None:
        return None
    setting = setting_of(stamp)
    starts = sorted((day for of_grain, day in setting.never if of_grain == grain.value), reverse=True)
    day = _start_of(starts, start, grain, nearest=nearest)
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
    columns = _columns(stamp, number, {*metric_keys, *([order_by] if order_by else [])})
    chosen = _ordered(_chosen(actor, people, stamp, grain, day), columns, order_by, descending)
    pages = max(1, -(-len(chosen) // size))
    page = min(max(page, 1), pages)
    places = chosen[(page - 1) * size : page * size]
    shown = [everybody[i] for i in places]
    packed = _Page(columns, places)

    def read(n: int) -> Mapping[str, MetricValue]:
        return {
            key: value_of(setting, setting.specs[key], grain, period, shown[n], *packed.of(key, n))
            for key in metric_keys
        }

    rows = tuple(BoardRow(who.person_id, who.first_name, who.segment, partial(read, n)) for n, who in enumerate(shown))
    specs = tuple(setting.specs[key] for key in metric_keys)
    never = setting.never.get((grain.value, day), {})
    return Board(setting.as_of, grain, period, specs, rows, page, pages, len(chosen), tuple(starts), stamp, never)


def _start_of(starts: Sequence[date], wanted: date | None, grain: Grain, *, nearest: bool) -> date:
    """The first day meant; `starts` newest first."""
    if not starts:
        raise NotFound(
            _("No figures are kept of this length yet"), value=grain.value, todo=_("They come with the next analysis.")
        )
    found = [day for day in starts if wanted is None or day == wanted or (nearest and day < wanted)]
    if not found:
        raise NotFound(
            _("No figures are kept for this period"), value=wanted, todo=_("Choose one of the periods offered.")
        )
    return found[0]


@dataclass(frozen=True)
class _Column:
    """One metric of everybody in a period; `groups` by segment."""

    cells: npt.NDArray[np.void]
    groups: Mapping[str, Record]


class _Page:
    """The columns of the people shown, each unpacked at once when the first of them is looked at."""

    def __init__(self, columns: Mapping[str, _Column], places: Sequence[int]) -> None:
        self._columns, self._places = columns, list(places)
        self._cells: dict[str, list[tuple[Any, ...]]] = {}

    def of(self, key: str, n: int) -> tuple[Record, Mapping[str, Record]]:
        """The cell of the n-th of them, and the groups that are compared with."""
        column = self._columns.get(key)
        if column is None:
            return _NOTHING, {}
        if key not in self._cells:
            self._cells[key] = column.cells[self._places].tolist()
        return dict(zip(_FIELDS, self._cells[key][n], strict=True)), column.groups


# What nobody has a figure of has no column: that is kept too, so that it isn't asked for again.
_NO_COLUMN = _Column(np.zeros(0, CELL), {})
# A column of ten thousand people takes 380 kB. By analysis, period and metric.
_COLUMNS: Kept[tuple[str, int, str], _Column] = Kept(64)


def _columns(stamp: str, period: int, keys: set[str]) -> dict[str, _Column]:
    """The columns there are."""
    found = {key: column for key in keys if (column := _COLUMNS.get((stamp, period, key)))}
    missing = keys - found.keys()
    rows = FigureColumn.objects.filter(period=period, metric__in=missing) if missing else FigureColumn.objects.none()
    for metric, kept, names, peers in rows.values_list("metric", "packed", "groups", "peers"):
        groups = dict(zip(names, records_of(groups_from(bytes(peers))), strict=True))
        found[metric] = _COLUMNS.put((stamp, period, metric), _Column(cells_from(bytes(kept)), groups))
    for metric in missing - found.keys():
        _COLUMNS.put((stamp, period, metric), _NO_COLUMN)
    return {key: column for key, column in found.items() if column is not _NO_COLUMN}


def _chosen(actor: Actor, people: Sequence[str] | None, stamp: str, grain: Grain, day: date) -> Sequence[int]:
    """Positions of those asked for who are within reach and were employed."""
    reach = reachable(actor, "figures.view")
    if people is None:
        return _within(stamp, grain.value, day, reach)
    place = _places(stamp, grain.value, day)
    return [place[who] for who in dict.fromkeys(people) if who in place and (reach is None or who in reach)]


@lru_cache(maxsize=16)
def _places(stamp: str, grain: str, start: date) -> dict[str, int]:
    return {who.person_id: i for i, who in enumerate(_people_of(stamp, grain, start)[2])}


@lru_cache(maxsize=64)
def _within(stamp: str, grain: str, start: date, reach: frozenset[str] | None) -> tuple[int, ...]:
    everybody = _people_of(stamp, grain, start)[2]
    return tuple(i for i, who in enumerate(everybody) if reach is None or who.person_id in reach)


def _ordered(
    chosen: Sequence[int], columns: Mapping[str, _Column], order_by: str | None, descending: bool
) -> list[int]:
    if order_by is None or order_by not in columns or not chosen:
        return list(chosen)
    values = columns[order_by].cells["value"][list(chosen)]
    order = np.argsort(-values if descending else values, kind="stable")  # NaN is sorted to the end
    return [chosen[i] for i in order.tolist()]
