"""From rows of definitions, read as arrays, to the parts of a cube: dense counters per day and person."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.in_arrays import InArrays
from headway.metrics.arrays.relations import Relation
from headway.metrics.arrays.tables import Tables
from headway.metrics.arrays.values import Values, put
from headway.metrics.canonical import Canonical
from headway.metrics.cube.parts import OPEN, SPANS, Column, Daily, Days, Numbers, Part, Spans, narrow
from headway.metrics.spec import At, Measure
from headway.metrics.windows import STATISTICS, name_of_group

Ints = npt.NDArray[Any]
NumberOf = Callable[[pa.Array], npt.NDArray[np.int32]]
# Beyond so many counters the database groups.
MOST_CELLS = 60_000_000
# Rows for fewer than one in so many counters are sorted sooner than all counters are looked at.
SPARSE = 16


DEALS = frozenset({"opportunities", "stage_changes"})
# Tables that are brought up to date together, and the key by which their rows belong together.
KEYED = {DEALS: "opportunity_id", frozenset({"leads", "activities"}): "lead_id"}


def parts_in_arrays(
    c: Canonical,
    tables: Tables,
    groups: Sequence[Sequence[Measure]],
    number_of: NumberOf,
    *,
    each: Callable[[Tables], None] = lambda _some: None,
) -> dict[str, tuple[Part, ...]]:
    """The parts of a cube, by name, that arrays can give; the others are left out.

    Args:
        c: the company's calendar, currency and ladder.
        tables: of a version, or of what it changed.
        groups: of measures, as `build.groups_of` has them.
        number_of: gives people their numbers.
        each: is given some deals at a time, when what definitions need of them was read.
    """
    found: dict[str, list[Part] | None] = {}
    asked = [(group, tables_of(c, group)) for group in groups]
    of_deals = [group for group, names in asked if names and names <= DEALS]
    for some in tables.by_deals() if of_deals else ():
        _add(found, InArrays.over(c, some), of_deals, number_of)
        each(some)
        some.forget()
    _add(found, InArrays.over(c, tables), [g for g, names in asked if names and not names <= DEALS], number_of)
    return {name: together(parts) for name, parts in found.items() if parts is not None}


def tables_of(c: Canonical, group: Sequence[Measure]) -> frozenset[str]:
    """The tables that a definition looks at; none if arrays cannot tell."""
    # Whatever the days are: what is known of a version, a process knows of the next.
    return _tables_of(replace(c, first_day=None, last_day=None), tuple(group))


@lru_cache(256)
def _tables_of(c: Canonical, group: tuple[Measure, ...]) -> frozenset[str]:
    nothing = Tables({})
    with contextlib.suppress(Unsupported):
        part_in_arrays(InArrays.over(c, nothing), group, lambda who: np.zeros(len(who), np.int32))
        return frozenset(nothing.asked)
    return frozenset()


def _add(
    found: dict[str, list[Part] | None], c: InArrays, groups: Sequence[Sequence[Measure]], number_of: NumberOf
) -> None:
    for group in groups:
        parts = found.setdefault(name_of_group(group), [])
        if parts is None:
            continue
        try:
            parts.append(part_in_arrays(c, group, number_of))
        except Unsupported:
            found[name_of_group(group)] = None


def together(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Spans as one part, as they are looked at one by one; sums as they are."""
    if len(parts) < 2 or not isinstance(parts[0], Spans):
        return tuple(part for part in parts if len(part.person)) or tuple(parts[:1])
    return (Spans(*(_after_another([getattr(part, f.name) for part in parts]) for f in fields(Spans))),)


def _after_another(columns: Sequence[Ints]) -> Any:
    """Columns as one; what is the same for all rows stays one value."""
    some = [column for column in columns if len(column)]
    if some and all(column.strides == (0,) and column[0] == some[0][0] for column in some):
        return np.broadcast_to(some[0][0], sum(map(len, columns)))
    return np.concatenate(columns)


def part_in_arrays(c: InArrays, group: Sequence[Measure], number_of: NumberOf) -> Part:
    """One part of a cube, from tables in arrays.

    Args:
        c: with the tables.
        group: measures with the same rows, or one that needs spans.
        number_of: gives people their numbers.

    Raises:
        Unsupported: a definition says what arrays cannot do.
    """
    rows = group[0].rows(c)
    if group[0].at in SPANS:
        return _spans(c, rows, group[0], number_of)
    if group[0].at is At.IN_PERIOD:
        rows = rows.filter(rows.day.notnull() & rows.person_id.notnull())
        return _daily([(rows, _day(rows, "day"), 1)], c, group, number_of)
    rows = rows.filter(rows.since.notnull() & rows.person_id.notnull())
    rows = rows.filter(rows.until.isnull() | (rows.until > rows.since))
    over = rows.filter(rows.until.notnull())
    return _daily([(rows, _day(rows, "since"), 1), (over, _day(over, "until"), -1)], c, group, number_of)


def _day(rows: Relation, name: str) -> Days:
    found: Days = rows.get(name).full(rows.count).array if rows.get(name).array.ndim == 0 else rows.get(name).array
    return found


def _people(rows: Relation, number_of: NumberOf) -> npt.NDArray[np.int32]:
    if not rows.count:
        return np.zeros(0, np.int32)
    who = rows.get("person_id")
    found: npt.NDArray[np.int32] = number_of(who.texts).take(who.array)
    return found


class _Cells:
    """Counters for the days that are met and for the people, as many as there are."""

    def __init__(self, person: Sequence[Ints], day: Sequence[Days]) -> None:
        self.first = min((int(d.min()) for d in day if len(d)), default=0)
        met = np.zeros(max((int(d.max()) for d in day if len(d)), default=0) - self.first + 1, np.bool_)
        for d in day:
            met[d - self.first] = True
        self.days = np.flatnonzero(met)
        self.people = max((int(p.max()) for p in person if len(p)), default=0) + 1
        self.count = len(self.days) * self.people
        if self.count > MOST_CELLS:
            raise Unsupported("so many days and people")
        self._place = np.zeros(len(met), np.int32)
        self._place[self.days] = np.arange(len(self.days), dtype=np.int32)

    def of(self, person: Ints, day: Days) -> Ints:
        """The counter of each row."""
        found: Ints = self._place.take(day - self.first) * np.int32(self.people) + person
        return found

    def kept(self, where: Ints) -> tuple[npt.NDArray[np.int32], Days]:
        """Whose and which day's these counters are."""
        return (where % self.people).astype(np.int32), (self.days[where // self.people] + self.first).astype(np.int32)


def _daily(
    turns: Sequence[tuple[Relation, Days, int]], c: InArrays, group: Sequence[Measure], number_of: NumberOf
) -> Daily:
    person = [_people(rows, number_of) for rows, _day, _turn in turns]
    cells = _Cells(person, [day for _rows, day, _turn in turns])
    at = [cells.of(who, day) for who, (_rows, day, _turn) in zip(person, turns, strict=True)]
    where, places = _used(at, cells.count)
    counters = [
        _Counters(rows, place, turn, len(where)) for place, (rows, _day, turn) in zip(places, turns, strict=True)
    ]
    return Daily(*cells.kept(where), tuple(_statistics(c, measure, counters) for measure in group))


def _used(at: Sequence[Ints], count: int) -> tuple[Ints, list[Ints]]:
    """The counters that any row has, in order, and the place of each row's among them."""
    edges = np.cumsum([len(cell) for cell in at])
    if edges[-1] * SPARSE < count:
        where, place = np.unique(np.concatenate(at), return_inverse=True)
        return where, np.split(place, edges[:-1])
    met = np.zeros(count, np.bool_)
    for cell in at:
        met[cell] = True
    where = np.flatnonzero(met)
    place = np.zeros(count, np.int32)
    place[where] = np.arange(len(where), dtype=np.int32)
    return where, [place.take(cell) for cell in at]


class _Counters:
    """Sums per counter of what rows contribute."""

    def __init__(self, rows: Relation, cell: Ints, turn: int, count: int) -> None:
        self.rows, self._cell, self._turn, self._count = rows, cell, turn, count
        self._among: tuple[Ints, Ints] | None = None

    def add(self, worth: Ints | float, among: Ints | None) -> Numbers:
        """The sum of what the rows are worth, of those `among` which count (None: all)."""
        which = None if among is None else self._rows_of(among)
        cell = self._cell if which is None else self._cell.take(which)
        if not isinstance(worth, np.ndarray):
            counted: Numbers = np.bincount(cell, minlength=self._count) * np.float64(worth * self._turn)
            return counted
        found: Numbers = np.bincount(cell, worth if which is None else worth.take(which), self._count) * np.float64(
            self._turn
        )
        return found

    def _rows_of(self, among: Ints) -> Ints:
        if self._among is None or self._among[0] is not among:
            self._among = (among, np.flatnonzero(among))
        return self._among[1]


# What a row adds to a statistic, and which rows add anything (None: all).
Added = tuple["Ints | float", "Ints | None"]


def _statistics(c: InArrays, measure: Measure, counters: Sequence[_Counters]) -> dict[str, Column]:
    """What `windows.summed` says of one measure; statistics that are equal are one array."""
    sides = [_contributions(c, side.rows, measure) for side in counters]
    known: dict[tuple[Any, ...], Column] = {}
    found: dict[str, Column] = {}
    for name in STATISTICS:
        added = [side[name] for side in sides]
        key = tuple((worth if isinstance(worth, float) else id(worth), id(among)) for worth, among in added)
        if key not in known:
            short = narrow(np.sum([side.add(*what) for side, what in zip(counters, added, strict=True)], axis=0))
            known[key] = next((other for other in known.values() if np.array_equal(other, short)), short)
        if known[key].any():
            found[name] = known[key]
    return found


def _contributions(c: InArrays, rows: Relation, measure: Measure) -> dict[str, Added]:
    counts = _holds(measure.only(c, rows).of(rows), rows) if measure.only else None
    x = measure.x(c, rows).of(rows) if measure.x else rows.get("x")
    known = counts if x.nulls is None else _and(counts, x.known)
    worth = _worth(x)
    squares = worth * worth
    same = np.array_equal(squares, worth) if isinstance(worth, np.ndarray) else squares == worth
    of = _worth(rows.get("of"))
    return {
        "n": (1.0, known),
        "x": (worth, known),
        "xx": (worth if same else squares, known),
        "of": (worth if of is worth else of, known),
        **_left_out(c, rows, measure, x, counts),
    }


def _left_out(c: InArrays, rows: Relation, measure: Measure, x: Values, counts: Ints | None) -> dict[str, Added]:
    """Rows whose contribution is unknown, and those in another currency."""
    foreign = measure.foreign(c, rows).of(rows) if measure.foreign else None
    if foreign is None and "foreign" in rows.columns:
        foreign = rows.get("foreign")
    nothing: Added = (0.0, None)
    strange = None if foreign is None else _holds(foreign, rows)
    if x.nulls is None:
        unknown = nothing
    else:
        unknown = (1.0, _and(_and(counts, x.nulls), None if strange is None else ~strange))
    return {"unknown": unknown, "foreign": nothing if strange is None else (1.0, _and(counts, strange))}


def _worth(x: Values) -> Ints | float:
    if x.array.ndim == 0:
        if x.nulls is not None:
            raise Unsupported("a contribution that nobody knows")
        return float(x.array)
    return x.array


def _holds(condition: Values, rows: Relation) -> Ints:
    held: Ints = np.broadcast_to(condition.array & condition.known, rows.count)
    return held


def _and(one: Ints | None, other: Ints | None) -> Ints | None:
    if one is None or other is None:
        return other if one is None else one
    both: Ints = one & other
    return both


def _spans(c: InArrays, rows: Relation, measure: Measure, number_of: NumberOf) -> Spans:
    if measure.only is not None:
        rows = rows.filter(measure.only(c, rows))
    rows = rows.filter(rows.since.notnull() & rows.person_id.notnull())
    x = (measure.x(c, rows).of(rows) if measure.x else rows.get("x")).full(rows.count)
    foreign = measure.foreign(c, rows).of(rows) if measure.foreign else None
    if foreign is None and "foreign" in rows.columns:
        foreign = rows.get("foreign")
    until = rows.get("until")
    return Spans(
        _people(rows, number_of),
        _day(rows, "since"),
        until.full(rows.count).array if until.nulls is None else put(until.nulls, OPEN, until.array),
        x.array if x.nulls is None else put(x.nulls, np.nan, x.array),
        np.broadcast_to(np.False_, rows.count) if foreign is None else _holds(foreign, rows),
        np.broadcast_to(np.int32(1), rows.count),
    )
