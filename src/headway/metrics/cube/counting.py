"""Activities by the hundred million: counted in dense arrays as they come from the file, not row by row.

Rows that agree in everything the definitions look at, but for person and day, form a class. The definitions themselves
are asked once what one row of each class contributes; rows are then only counted. That an activity's
day and whether it was logged in time are all that its instants decide is what this knows of `activity_rows`; tests
hold it equal to the definitions run row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.days import days_of
from headway.metrics.arrays.ids import Ids
from headway.metrics.arrays.values import DAY, MICRO
from headway.metrics.canonical import EPOCH, Canonical
from headway.metrics.cube.parts import Daily

Ints = npt.NDArray[Any]
# (kind, outcome, count, logged in time: 0 no, 1 yes, 2 not known)
Class = tuple[str | None, str | None, int, int]
ROWS = 10_000_000
# Beyond these the database does it: too many classes, or too many people and days for an array.
MOST_CLASSES, MOST_CELLS, MOST_LOCAL, MOST_COUNT = 4_000, 120_000_000, 24_000_000, 10_000
COLUMNS = ["person_id", "kind", "occurred_at", "logged_at", "outcome", "count"]


class TooMuch(Exception):
    """This file is not for counting; the database reads it."""


def count_activities(
    path: Path,
    c: Canonical,
    number_of: Callable[[pa.Array], npt.NDArray[np.int32]],
    ask: Callable[[list[Class]], npt.NDArray[Any]],
) -> Daily:
    """Statistics per person and day of an activities file.

    Args:
        path: a Parquet file of canonical activities.
        c: the company's calendar.
        number_of: gives people their numbers.
        ask: what one row of each class contributes: an array of classes by statistics (whole numbers).

    Returns:
        The part with one column per statistic of `ask`, by its position, all under the first measure.

    Raises:
        TooMuch: the file is of a kind that the database is better at.
    """
    with pq.ParquetFile(path, read_dictionary=["person_id", "kind", "outcome"]) as file:
        first, last = _days_of(file, c)
        told, met = _Told(last - first + 1), _Met(c, first)
        for table in _ahead(file):
            met.take(table)
            if met.count >= ROWS:
                _count(told, met, ask)
        _count(told, met, ask)
    return told.as_daily(first, number_of(met.people.texts()))


def _ahead(file: pq.ParquetFile) -> Iterator[pa.Table]:
    """The file's row groups; the next one is read while one is looked at."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(file.read_row_group, 0, columns=COLUMNS)
        for number in range(1, file.num_row_groups):
            table, coming = coming.result(), reader.submit(file.read_row_group, number, columns=COLUMNS)
            yield table
        yield coming.result()


def _count(told: _Told, met: _Met, ask: Callable[[list[Class]], npt.NDArray[Any]]) -> None:
    if met.fresh:
        told.learn(ask(met.fresh))
        met.fresh = []
    told.room_for(len(met.people))
    told.count(*met.rows())


@dataclass
class _Met:
    """Person, day and class of rows as they come, until they are counted.

    fresh: classes that were not met before.
    """

    c: Canonical
    first: int
    people: Ids = field(default_factory=Ids)
    known: dict[Class, int] = field(default_factory=dict)
    fresh: list[Class] = field(default_factory=list)
    count: int = 0
    _rows: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)

    def take(self, table: pa.Table) -> None:
        """The rows of one group."""
        person, people = _codes(table["person_id"])
        try:
            numbers = np.append(self.people.numbers(people.cast(pa.string())), np.int32(-1))
        except Unsupported as error:
            raise TooMuch from error
        instant, without = _micros(table["occurred_at"])
        person, row_class = numbers[person], self._class(table, instant)
        rows = (person, days_of(instant, self.c) - np.int32(self.first), row_class)
        ours = (person >= 0) & ~without if without is not None else person >= 0
        if not ours.all():
            rows = (rows[0][ours], rows[1][ours], rows[2][ours])
        self._rows.append(rows)
        self.count += len(person)

    def rows(self) -> tuple[Ints, Ints, Ints]:
        """Person, day and class of all rows since they were asked for last."""
        nothing = np.zeros(0, np.int32)
        rows = [np.concatenate(column) for column in zip(*self._rows, strict=True)] or [nothing, nothing, nothing]
        self._rows, self.count = [], 0
        return rows[0], rows[1], rows[2]

    def _class(self, table: pa.Table, instant: Ints) -> Ints:
        kind, kinds = _codes(table["kind"])
        outcome, outcomes = _codes(table["outcome"])
        count, counts = _counts(table["count"])
        width = (len(kinds) + 1, len(outcomes) + 1, len(counts), 3)
        if int(np.prod(width)) > MOST_CLASSES:
            raise TooMuch
        local = kind.astype(np.int16) * np.int16(width[1]) + outcome.astype(np.int16)
        if len(counts) > 1:
            local = local * np.int16(width[2]) + count
        local *= np.int16(3)
        local += _in_time(table["logged_at"], instant)
        there = np.zeros(int(np.prod(width)), np.bool_)
        there[local] = True
        named = ([*kinds.to_pylist(), None], [*outcomes.to_pylist(), None], counts.tolist())
        to_global = np.zeros(len(there), np.int16)
        for code in np.flatnonzero(there).tolist():
            rest, t = divmod(code, 3)
            rest, n = divmod(rest, width[2])
            k, o = divmod(rest, width[1])
            to_global[code] = self._number((named[0][k], named[1][o], named[2][n], t))
        found: Ints = to_global[local]
        return found

    def _number(self, found: Class) -> int:
        if found not in self.known:
            self.known[found] = len(self.known)
            self.fresh.append(found)
        return self.known[found]


class _Told:
    """Sums per statistic, day and person. Statistics that agree for all classes so far share one array."""

    def __init__(self, days: int) -> None:
        self.sums = np.zeros((0, days, 0), dtype=np.int32)
        self.worth = np.zeros((0, 0))
        self.place: list[int] = []  # of each statistic among the arrays; -1: zero so far
        self.of_array = np.zeros((0, 0))

    def learn(self, fresh: npt.NDArray[np.float64]) -> None:
        """Classes that were not met before; statistics that now differ get arrays of their own, with what they had."""
        if not len(self.worth):
            self.place = [-1] * fresh.shape[1]
            self.worth = np.zeros((0, fresh.shape[1]))
        self.worth = np.vstack([self.worth, fresh])
        arrays: dict[tuple[int, bytes], int] = {}
        for statistic, before in enumerate(self.place):
            if before >= 0 or fresh[:, statistic].any():
                key = (before, fresh[:, statistic].tobytes())
                self.place[statistic] = arrays.setdefault(key, len(arrays))
        had = [before for before, _added in arrays]
        _columns, days, people = self.sums.shape
        self._check(people, len(had))
        sums = np.zeros((len(had), days, people), dtype=np.int32)
        for now, before in enumerate(had):
            if before >= 0:
                sums[now] = self.sums[before]
        self.sums = sums
        of_array = {place: statistic for statistic, place in enumerate(self.place) if place >= 0}
        self.of_array = self.worth[:, [of_array[place] for place in range(len(had))]]

    def room_for(self, people: int) -> None:
        """As many people are met by now."""
        columns, days, had = self.sums.shape
        if people > had:
            room = max(people, had + had // 2)
            self._check(room, columns)
            larger = np.zeros((columns, days, room), dtype=np.int32)
            larger[:, :, :had] = self.sums
            self.sums = larger

    def _check(self, people: int, columns: int) -> None:
        if self.sums.shape[1] * people * columns > MOST_CELLS:
            raise TooMuch

    def count(self, person: Ints, day: Ints, row_class: Ints) -> None:
        """Add what the rows contribute; a few days at a time where they span many."""
        columns, _days, people = self.sums.shape
        if not len(person) or not columns:
            return
        classes = len(self.worth)
        step = max(1, MOST_LOCAL // (people * classes))
        low, high = int(day.min()), int(day.max()) + 1
        for start in range(low, high, step):
            end = min(start + step, high)
            here: Any = slice(None) if (start, end) == (low, high) else (day >= start) & (day < end)
            # int32 is enough: there are at most `MOST_LOCAL` cells, or those of one day.
            cell = row_class[here].astype(np.int32) * np.int32(end - start) + (day[here] - np.int32(start))
            cell *= np.int32(people)
            cell += person[here]
            counted = np.bincount(cell, minlength=classes * (end - start) * people).reshape(classes, -1)
            # Half the room, where sums of whole numbers stay exact in it.
            exact = np.float32 if int(counted.max()) * classes * abs(self.of_array).max() < 2**24 else np.float64
            added = self.of_array.T.astype(exact) @ counted.astype(exact)
            self.sums[:, start:end] += added.reshape(columns, end - start, people).astype(np.int32)

    def as_daily(self, first: int, numbers: npt.NDArray[np.int32]) -> Daily:
        """The sums where there are any; `first` is the day of the first row, `numbers` those of the people."""
        columns, days, people = self.sums.shape
        flat = self.sums.reshape(columns, days * people)
        where = np.flatnonzero(flat.any(axis=0)) if columns else np.zeros(0, dtype=np.int64)
        arrays = [flat[i][where] for i in range(columns)]
        stats = {str(i): arrays[place] for i, place in enumerate(self.place) if place >= 0}
        width = max(people, 1)
        return Daily(numbers[where % width], (where // width + first).astype(np.int32), (stats,))


def _days_of(file: pq.ParquetFile, c: Canonical) -> tuple[int, int]:
    at = file.schema_arrow.get_field_index("occurred_at")
    edges: list[Any] = []
    for i in range(file.metadata.num_row_groups):
        found = file.metadata.row_group(i).column(at).statistics
        if found is None or not found.has_min_max:
            raise TooMuch
        edges += [found.min, found.max]
    if not edges:
        raise TooMuch
    begin = (min(edges).date() - EPOCH).days
    end = (max(edges).date() - EPOCH).days
    return begin - 1, end + 1


def _codes(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Codes of a text column and the texts; an empty cell is one beyond them."""
    if column.num_chunks != 1:
        column = column.unify_dictionaries().combine_chunks()
    whole = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    indices = whole.indices.fill_null(len(whole.dictionary)) if whole.indices.null_count else whole.indices
    return indices.to_numpy(), whole.dictionary


def _micros(column: pa.ChunkedArray) -> tuple[Ints, Ints | None]:
    """Microseconds, and which cells are empty (None: none)."""
    found = column.cast(pa.timestamp("us")).cast(pa.int64()).combine_chunks()
    found = pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
    if not found.null_count:
        return found.to_numpy(), None
    return found.fill_null(0).to_numpy(), found.is_null().to_numpy(zero_copy_only=False)


def _in_time(column: pa.ChunkedArray, instant: Ints) -> npt.NDArray[np.int8]:
    logged, without = _micros(column)
    in_time = (logged - instant <= DAY * MICRO).view(np.int8)
    if without is not None:
        in_time[without] = 2
    return in_time


def _counts(column: pa.ChunkedArray) -> tuple[Ints, Ints]:
    found = column.fill_null(1).to_numpy() if column.null_count else column.to_numpy()
    if not len(found) or (found == found[0]).all():
        return np.zeros(0, dtype=np.int16), found[:1] if len(found) else np.ones(1, dtype=np.int64)
    values, inverse = np.unique(found, return_inverse=True)
    if int(np.abs(values).max()) > MOST_COUNT:
        raise TooMuch
    return inverse.astype(np.int16), values
