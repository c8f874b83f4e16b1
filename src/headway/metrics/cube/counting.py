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
# Beyond these the database does it: too many classes, or too many people and days for an array.
MOST_CLASSES, MOST_CELLS, MOST_COUNT = 4_000, 120_000_000, 10_000
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
        counts, met = _Counts(last - first + 1, ask), _Met(c, first)
        for table in _ahead(file):
            person, day, row_class, fresh = met.rows(table)
            counts.learn(fresh)
            counts.add(person, day, row_class, people=len(met.people))
    return counts.as_daily(first, number_of(met.people.texts()))


def _ahead(file: pq.ParquetFile) -> Iterator[pa.Table]:
    """The file's row groups; the next one is read while one is looked at."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(file.read_row_group, 0, columns=COLUMNS)
        for number in range(1, file.num_row_groups):
            table, coming = coming.result(), reader.submit(file.read_row_group, number, columns=COLUMNS)
            yield table
        yield coming.result()


@dataclass
class _Met:
    """The people and classes that were met so far, by their numbers."""

    c: Canonical
    first: int
    people: Ids = field(default_factory=Ids)
    known: dict[Class, int] = field(default_factory=dict)
    fresh: list[Class] = field(default_factory=list)

    def rows(self, table: pa.Table) -> tuple[Ints, Ints, Ints, list[Class]]:
        """Person, day and class of each row that has an owner; and the classes that are new."""
        person, people = _codes(table["person_id"])
        try:
            numbers = np.append(self.people.numbers(people.cast(pa.string())), np.int32(-1))
        except Unsupported as error:
            raise TooMuch from error
        instant, without = _micros(table["occurred_at"])
        person, self.fresh = numbers.take(person), []
        day, row_class = days_of(instant, self.c) - np.int32(self.first), self._class(table, instant)
        ours = (person >= 0) & ~without if without is not None else person >= 0
        if not ours.all():
            person, day, row_class = person[ours], day[ours], row_class[ours]
        return person, day, row_class, self.fresh

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
        found: Ints = to_global.take(local)
        return found

    def _number(self, found: Class) -> int:
        if found not in self.known:
            self.known[found] = len(self.known)
            self.fresh.append(found)
        return self.known[found]


class _Counts:
    """How many rows of each worth a person has on each day. Classes that are worth the same are counted together."""

    def __init__(self, days: int, ask: Callable[[list[Class]], npt.NDArray[Any]]) -> None:
        self._ask = ask
        self._counts = np.zeros((0, days, 0), dtype=np.int32)
        self._worth: dict[bytes, int] = {}
        self._worth_of_class = np.zeros(0, dtype=np.int32)
        self._statistics = 0

    def learn(self, fresh: list[Class]) -> None:
        """Classes that were not met before."""
        if fresh:
            asked = self._ask(fresh)
            self._statistics = asked.shape[1]
            numbers = [self._worth.setdefault(worth.tobytes(), len(self._worth)) for worth in asked]
            self._worth_of_class = np.append(self._worth_of_class, np.array(numbers, dtype=np.int32))

    def _room_for(self, people: int) -> None:
        worth, days, had = self._counts.shape
        if people > had or len(self._worth) > worth:
            room = max(people + people // 8, had) if people > had else had
            if len(self._worth) * days * room > MOST_CELLS:
                room = people
            if len(self._worth) * days * room > MOST_CELLS:
                raise TooMuch
            larger = np.zeros((len(self._worth), days, room), dtype=np.int32)
            larger[:worth, :, :had] = self._counts
            self._counts = larger

    def add(self, person: Ints, day: Ints, row_class: Ints, *, people: int) -> None:
        """Count rows. Places are 64 bits wide, as adding at them is several times as fast then."""
        self._room_for(people)
        _worth, days, room = self._counts.shape
        cell = self._worth_of_class.take(row_class) * np.int64(days)
        cell += day
        cell *= room
        cell += person
        np.add.at(self._counts.reshape(-1), cell, np.int32(1))

    def as_daily(self, first: int, numbers: npt.NDArray[np.int32]) -> Daily:
        """The sums where there are any; `first` is the day of the first row, `numbers` those of the people."""
        worth, _days, people = self._counts.shape
        flat = self._counts.reshape(worth, -1)
        where = np.flatnonzero(flat.any(axis=0))
        counts = [of_worth[where] for of_worth in flat]
        worths = np.array([np.frombuffer(key) for key in self._worth]).reshape(worth, self._statistics)
        known: dict[bytes, npt.NDArray[np.int32]] = {}
        stats: dict[str, npt.NDArray[np.int32]] = {}
        for statistic in range(self._statistics):
            weights = worths[:, statistic]
            if weights.any():
                key = weights.tobytes()
                if key not in known:
                    known[key] = _weighted(counts, weights)
                stats[str(statistic)] = known[key]
        width = max(people, 1)
        return Daily(numbers[where % width], (where // width + first).astype(np.int32), (stats,))


def _weighted(counts: list[npt.NDArray[np.int32]], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    found = np.zeros(len(counts[0]), dtype=np.int32)
    for count, weight in zip(counts, weights.tolist(), strict=True):
        if weight:
            found += count * np.int32(weight)
    return found


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
