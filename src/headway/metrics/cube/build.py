"""Facts in, cube out: each definition is asked once for all its rows, whatever the number of periods."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.in_arrays import InArrays
from headway.metrics.arrays.tables import Tables
from headway.metrics.canonical import Canonical, FactsLike, Rows
from headway.metrics.compiled import Statements
from headway.metrics.cube.adding import part_in_arrays
from headway.metrics.cube.classes import Class, TooMuch
from headway.metrics.cube.counting import MOST_CELLS, count_activities
from headway.metrics.cube.parts import OPEN, SPANS, Cube, Daily, Part, Spans, kept_stats, measure_name
from headway.metrics.spec import At, Measure, MetricSpec
from headway.metrics.windows import STATISTICS, name_of_group, summed, together


class People:
    """Numbers for people, in the order in which they are met."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self.known = {who: number for number, who in enumerate(known)}
        self._had: dict[int, tuple[pa.Array, np.ndarray[Any, np.dtype[np.int32]]]] = {}

    def of(self, ids: list[str]) -> list[int]:
        """The numbers of these people."""
        found = list(map(self.known.get, ids))
        if None in found:
            return [self.known.setdefault(who, len(self.known)) for who in ids]
        return [number for number in found if number is not None]

    def of_texts(self, texts: pa.Array) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The numbers of these people; asked again for the same array, they are at hand."""
        known = self._had.get(id(texts))
        if known is None or known[0] is not texts:
            known = (texts, np.array(self.of(texts.to_pylist()), dtype=np.int32))
            self._had = {**self._had, id(texts): known} if len(self._had) < 8 else {id(texts): known}
        return known[1]

    def numbers(self, column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The number of each person of a column of ids."""
        met = column.combine_chunks().dictionary_encode() if len(column) else pa.array([], pa.string())
        if not len(column):
            return np.zeros(0, dtype=np.int32)
        met = met.combine_chunks() if isinstance(met, pa.ChunkedArray) else met
        local = self.of([str(who) for who in met.dictionary.to_pylist()])
        found: np.ndarray[Any, np.dtype[np.int32]] = np.array(local, dtype=np.int32)[met.indices.to_numpy()]
        return found


def measures_of(specs: Sequence[MetricSpec]) -> list[Measure]:
    """Numerators and denominators, each once."""
    return list(dict.fromkeys(m for spec in specs for m in (spec.numerator, spec.denominator) if m is not None))


def groups_of(measures: Collection[Measure]) -> list[list[Measure]]:
    """Measures that are read together; what needs spans stands alone."""
    alone = [[measure] for measure in dict.fromkeys(measures) if measure.at in SPANS]
    return together([measure for measure in measures if measure.at not in SPANS]) + alone


def build(facts: FactsLike, statements: Statements, *, measures: Collection[Measure], onto: Cube | None = None) -> Cube:
    """The cube of these measures.

    Args:
        facts: as known on the day.
        statements: made for `Canonical.of(..., whole=True)`.
        measures: of the catalogue, and the company's own.
        onto: a cube of the same facts that they are added to.
    """
    people = People(onto.persons if onto else ())
    parts: dict[str, tuple[Part, ...]] = dict(onto.parts) if onto else {}
    places: dict[str, tuple[str, int]] = dict(onto.places) if onto else {}
    for group in groups_of(measures):
        name = name_of_group(group)
        parts[name] = (part_of(facts.con, statements, group, people),)
        places |= {measure_name(measure): (name, position) for position, measure in enumerate(group)}
    return Cube(tuple(people.known), parts, places)


def sql_of(statements: Statements, group: Sequence[Measure]) -> str:
    """The query of one part, on canonical tables."""
    at = group[0].at
    rows = _spans if at in SPANS else _in_days if at is At.IN_PERIOD else _from_day_on
    return statements.of(f"whole {name_of_group(group)}", partial(_asked, rows=rows, group=group))


def part_of(con: Any, statements: Statements, group: Sequence[Measure], people: People) -> Part:
    """One part of a cube, as the database gives it."""
    at = group[0].at
    table = con.execute(sql_of(statements, group)).to_arrow_table()
    return _as_spans(table, people) if at in SPANS else _as_daily(table, people, len(group))


def _asked(c: Canonical, *, rows: Callable[[Canonical, Sequence[Measure]], Rows], group: Sequence[Measure]) -> Rows:
    return rows(c, group)


def _in_days(c: Canonical, group: Sequence[Measure]) -> Rows:
    """Per person and day; `turn` is 1."""
    rows = group[0].rows(c)
    return _per_day(c, rows.filter(rows.day.notnull()), group, turn=1)


def _from_day_on(c: Canonical, group: Sequence[Measure]) -> Rows:
    """What begins to hold on a day (`turn` 1) and what ceases to (-1)."""
    rows = group[0].rows(c)
    rows = rows.filter(rows.since.notnull() & (rows.until.isnull() | (rows.until > rows.since)))
    begun = rows.mutate(day=rows.since)
    over = rows.filter(rows.until.notnull())
    over = over.mutate(day=over.until)
    return _per_day(c, begun, group, turn=1).union(_per_day(c, over, group, turn=-1))


def _per_day(c: Canonical, rows: Rows, group: Sequence[Measure], *, turn: int) -> Rows:
    columns = {
        f"{name}{position}": column
        for position, measure in enumerate(group)
        for name, column in zip(STATISTICS, summed(c, rows, measure), strict=True)
    }
    found = rows.group_by("person_id", "day").agg(**columns)
    return found.mutate(turn=c.ibis.literal(turn, "int64")).select("person_id", "day", "turn", *columns)


def _spans(c: Canonical, group: Sequence[Measure]) -> Rows:
    measure = group[0]
    rows = measure.rows(c)
    if measure.only is not None:
        rows = rows.filter(measure.only(c, rows))
    x = measure.x(c, rows) if measure.x else rows.x
    strange = measure.foreign(c, rows) if measure.foreign else None
    if strange is None:
        strange = rows.foreign if "foreign" in rows.columns else c.ibis.literal(False)
    return rows.filter(rows.since.notnull()).select(
        person_id=rows.person_id, since=rows.since, until=rows.until, x=x.cast("float64"),
        foreign=strange.fill_null(False),
    )  # fmt: skip


def _as_daily(table: pa.Table, people: People, measures: int) -> Daily:
    day = _days(table["day"])
    order = np.argsort(day, kind="stable")
    turn = _floats(table["turn"])[order]
    stats = []
    for position in range(measures):
        stats.append(kept_stats({name: _floats(table[f"{name}{position}"])[order] * turn for name in STATISTICS}))
    return Daily(people.numbers(table["person_id"])[order], day[order], tuple(stats))


def _as_spans(table: pa.Table, people: People) -> Spans:
    return Spans(
        people.numbers(table["person_id"]),
        _days(table["since"]),
        _days(table["until"]),
        _floats(table["x"]),
        table["foreign"].to_numpy().astype(np.bool_),
        np.ones(table.num_rows, dtype=np.int32),
    )


def _days(column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int32]]:
    found: np.ndarray[Any, np.dtype[np.int32]] = pc.fill_null(column.cast(pa.int32()), int(OPEN)).to_numpy()
    return found


def _floats(column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    found: np.ndarray[Any, np.dtype[np.float64]] = column.cast(pa.float64()).to_numpy()
    return found


def counted_part(
    path: Path, c: Canonical, group: Sequence[Measure], people: People, *, most_cells: int = MOST_CELLS
) -> Part:
    """The part of measures of `activity_rows`, counted from the file.

    Args:
        path: a Parquet file of activities.
        c: as for `build`.
        group: the measures.
        people: their numbers.
        most_cells: how many counters are worth it.

    Raises:
        TooMuch: the file is of a kind that the database is better at.
    """
    part = count_activities(path, c, people.of_texts, partial(_worth, c, group), most_cells=most_cells)
    columns = part.stats[0]
    stats = []
    for position in range(len(group)):
        places = {name: str(position * len(STATISTICS) + at) for at, name in enumerate(STATISTICS)}
        stats.append({name: columns[place] for name, place in places.items() if place in columns})
    return Daily(part.person, part.day, tuple(stats))


def _worth(c: Canonical, group: Sequence[Measure], classes: list[Class]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What the definitions say of one activity of each class, each done by a person of its own."""
    tables = Tables({"activities": one_of_each(classes)})
    try:
        part = part_in_arrays(InArrays.over(c, tables), group, lambda who: np.array(who.to_pylist(), dtype=np.int32))
    except Unsupported as error:
        raise TooMuch from error
    assert isinstance(part, Daily)
    found = np.zeros((len(classes), len(group) * len(STATISTICS)))
    for position, of_measure in enumerate(part.stats):
        for name, column in of_measure.items():
            found[part.person, position * len(STATISTICS) + STATISTICS.index(name)] = column
    return found


def one_of_each(classes: Sequence[Class]) -> pa.Table:
    """One activity of each class, done at noon by the person named by the class's position."""
    kinds, outcomes, counts, in_time = zip(*classes, strict=True)
    noon = datetime(2001, 1, 1, 12)  # noqa: DTZ001 (naive UTC, as in the store)
    logged = [None if t == 2 else noon + timedelta(hours=1 if t else 30) for t in in_time]
    return pa.table(
        {
            "activity_id": pa.array([str(i) for i in range(len(classes))]),
            "person_id": pa.array([str(i) for i in range(len(classes))]),
            "kind": pa.array(kinds, pa.string()),
            "occurred_at": pa.array([noon] * len(classes), pa.timestamp("us")),
            "logged_at": pa.array(logged, pa.timestamp("us")),
            "outcome": pa.array(outcomes, pa.string()),
            "count": pa.array(counts, pa.int64()),
        }
    )
