"""Facts in, cube out: each definition is asked once for all its rows, whatever the number of periods."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from headway.metrics.canonical import Canonical, FactsLike, Rows
from headway.metrics.compiled import Statements
from headway.metrics.cube.counting import Class, count_activities
from headway.metrics.cube.parts import OPEN, SPANS, Cube, Daily, Part, Spans, kept_stats, measure_name
from headway.metrics.spec import At, Measure
from headway.metrics.windows import STATISTICS, name_of_group, summed, together


class People:
    """Numbers for people, in the order in which they are met."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self.known = {who: number for number, who in enumerate(known)}

    def of(self, ids: list[str]) -> list[int]:
        """The numbers of these people."""
        return [self.known.setdefault(who, len(self.known)) for who in ids]

    def numbers(self, column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The number of each person of a column of ids."""
        met = column.combine_chunks().dictionary_encode() if len(column) else pa.array([], pa.string())
        if not len(column):
            return np.zeros(0, dtype=np.int32)
        met = met.combine_chunks() if isinstance(met, pa.ChunkedArray) else met
        local = self.of([str(who) for who in met.dictionary.to_pylist()])
        found: np.ndarray[Any, np.dtype[np.int32]] = np.array(local, dtype=np.int32)[met.indices.to_numpy()]
        return found


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
    path: Path,
    statements: Statements,
    group: Sequence[Measure],
    people: People,
    ask: Callable[[str, list[Class]], pa.Table],
) -> Part:
    """The part of measures of `activity_rows`, counted from the file.

    Args:
        path: a Parquet file of activities.
        statements: as for `build`.
        group: the measures.
        people: their numbers.
        ask: the answer of the part's query for one activity of each class, whose person is the class's position.

    Raises:
        TooMuch: the file is of a kind that the database is better at.
    """
    sql = sql_of(statements, group)
    names = [f"{name}{position}" for position in range(len(group)) for name in STATISTICS]

    def worth(classes: list[Class]) -> np.ndarray[Any, np.dtype[np.float64]]:
        answer = ask(sql, classes)
        found = np.zeros((len(classes), len(names)))
        rows = answer["person_id"].cast(pa.int64()).to_numpy()
        for at, name in enumerate(names):
            found[rows, at] = _floats(answer[name])
        return found

    part = count_activities(path, statements.c, people.of, worth)
    columns = part.stats[0]
    stats = []
    for position in range(len(group)):
        places = {name: str(position * len(STATISTICS) + at) for at, name in enumerate(STATISTICS)}
        stats.append({name: columns[place] for name, place in places.items() if place in columns})
    return Daily(part.person, part.day, tuple(stats))
