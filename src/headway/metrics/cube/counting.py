"""Activities by the hundred million: counted in dense arrays as they come from the file, not row by row.

Rows that agree in everything the definitions look at, but for person and day, form a class. The definitions themselves
are asked once what one row of each class contributes; rows are then only counted. That an activity's
day and whether it was logged in time are all that its instants decide is what this knows of `activity_rows`; tests
hold it equal to the definitions run row by row.

Rows pass in blocks, and what is worked out of a block stays in the processor's cache, in arrays that the next block
uses again: done for all rows at once, the same steps take four times as long, for memory alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.days import BLOCK, put_days
from headway.metrics.arrays.ids import Ids
from headway.metrics.arrays.values import DAY_MICROS
from headway.metrics.canonical import EPOCH, Canonical
from headway.metrics.cube.classes import Class, Coded, Ints, TooMuch, Worths, codes
from headway.metrics.cube.parts import Daily, narrow

# Beyond so many counters of all activities the database does it.
MOST_CELLS = 120_000_000
# Worths for which there is room before they are met; memory that nothing is written to costs nothing.
SPARE = 8
COLUMNS = ["person_id", "kind", "occurred_at", "logged_at", "outcome", "count"]


def count_activities(
    path: Path,
    c: Canonical,
    number_of: Callable[[pa.Array], npt.NDArray[np.int32]],
    ask: Callable[[list[Class]], npt.NDArray[Any]],
    *,
    most_cells: int = MOST_CELLS,
) -> Daily:
    """Statistics per person and day of an activities file.

    Args:
        path: a Parquet file of canonical activities.
        c: the company's calendar.
        number_of: gives people their numbers.
        ask: what one row of each class contributes: an array of classes by statistics (whole numbers).
        most_cells: how many counters are worth it.

    Returns:
        The part with one column per statistic of `ask`, by its position, all under the first measure.

    Raises:
        TooMuch: the file is of a kind that the database is better at.
    """
    with pq.ParquetFile(path, read_dictionary=["person_id", "kind", "outcome"]) as file:
        first, last = _days_of(file, c)
        people, counts = Ids(), _Counts(c, first, last - first + 1, Worths(ask), most_cells)
        for table, count in _ahead(file):
            counts.add(_Group.of(table, count, people), people=len(people))
    return counts.as_daily(number_of(people.texts()))


def _ahead(file: pq.ParquetFile) -> Iterator[tuple[pa.Table, int | None]]:
    """The file's row groups; the next one is read while one is looked at."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(_read, file, 0)
        for number in range(1, file.num_row_groups):
            read, coming = coming.result(), reader.submit(_read, file, number)
            yield read
        yield coming.result()


def _read(file: pq.ParquetFile, number: int) -> tuple[pa.Table, int | None]:
    """A row group, and the count of all of its rows where the file says that they have the same: it is not read."""
    same = _same_count(file, number)
    return file.read_row_group(number, columns=COLUMNS if same is None else COLUMNS[:-1]), same


def _same_count(file: pq.ParquetFile, number: int) -> int | None:
    found = file.metadata.row_group(number).column(file.schema_arrow.get_field_index("count")).statistics
    if found is None or not found.has_null_count or not found.has_min_max or found.null_count:
        return None
    return int(found.min) if found.min == found.max else None


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


@dataclass(frozen=True)
class _Group:
    """Rows of the file: what decides on their class, whose they are and when.

    person: codes, of which `numbers` tells whose they are (-1: nobody's). without, unlogged: rows without an instant,
    and without one of logging (None: none).
    """

    coded: Coded
    person: Ints
    numbers: npt.NDArray[np.int64]
    instant: npt.NDArray[np.int64]
    logged: npt.NDArray[np.int64]
    without: npt.NDArray[np.bool_] | None
    unlogged: npt.NDArray[np.bool_] | None

    @classmethod
    def of(cls, table: pa.Table, count: int | None, people: Ids) -> _Group:
        person, ids = codes(table["person_id"])
        try:
            numbers = np.append(people.numbers(ids.cast(pa.string())), np.int32(-1)).astype(np.int64)
        except Unsupported as error:
            raise TooMuch from error
        instant, without = _micros(table["occurred_at"])
        logged, unlogged = _micros(table["logged_at"])
        return cls(Coded.of(table, count), person, numbers, instant, logged, without, unlogged)

    def in_time(self, rows: slice, instant: Ints, room: Ints) -> npt.NDArray[np.int8]:
        """Whether each was logged within a day of when it happened: 0 no, 1 yes, 2 not known."""
        found = (np.subtract(self.logged[rows], instant, out=room) <= DAY_MICROS).view(np.int8)
        if self.unlogged is not None:
            found[self.unlogged[rows]] = 2
        return found


def _micros(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_] | None]:
    """Microseconds, and which cells are empty (None: none)."""
    column = column.cast(pa.timestamp("us"))
    # One chunk is taken as it is; `combine_chunks` copies even that.
    whole = (column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()).cast(pa.int64())
    if not whole.null_count:
        return whole.to_numpy(), None
    return whole.fill_null(0).to_numpy(), whole.is_null().to_numpy(zero_copy_only=False)


class _Counts:
    """How many rows of each worth a person has on each day. Who is nobody comes before everybody."""

    def __init__(self, c: Canonical, first: int, days: int, worths: Worths, most_cells: int) -> None:
        self._c, self._first, self._worths, self._most_cells = c, first, worths, most_cells
        self._counts = np.zeros((0, days, 0), np.int32)
        self._cell, self._room = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
        self._class = np.empty(BLOCK, np.int32)
        self._worth_of: dict[Any, npt.NDArray[np.int64]] = {}

    def add(self, group: _Group, *, people: int) -> None:
        """Count the rows of a group; `people`: how many have been met so far."""
        coded = group.coded
        if coded.names not in self._worth_of:
            self._worth_of[coded.names] = self._worths.known(coded)
        worth_of = self._worth_of[coded.names]
        for at in range(0, len(group.person), BLOCK):
            rows = slice(at, min(at + BLOCK, len(group.person)))
            self._add_block(group, rows, worth_of, people)

    def _add_block(self, group: _Group, rows: slice, worth_of: npt.NDArray[np.int64], people: int) -> None:
        """Count a block of rows. Places are 64 bits wide, as adding at them is several times as fast then."""
        size = rows.stop - rows.start
        cell, room = self._cell[:size], self._room[:size]
        instant = group.instant[rows]
        row_class = group.coded.number(rows, group.in_time(rows, instant, room), self._class[:size])
        worth = _taken(worth_of, row_class, room)
        if worth.min() < 0:
            new = np.unique(row_class[worth < 0]).tolist()
            worth_of[new] = self._worths.of([group.coded.named(number) for number in new])
            worth = _taken(worth_of, row_class, room)
        self._room_for(people + 1)
        _worth, days, width = self._counts.shape
        put_days(instant, self._c, cell)
        np.multiply(cell, width, out=cell)
        np.add(cell, np.multiply(worth, days * width, out=worth), out=cell)
        np.add(cell, _taken(group.numbers, group.person[rows], room), out=cell)
        np.add(cell, 1 - self._first * width, out=cell)
        if group.without is not None:
            cell[group.without[rows]] = 0
        np.add.at(self._counts.reshape(-1), cell, np.int32(1))

    def _room_for(self, people: int) -> None:
        """Counters for so many people and for each worth; room to spare, as copying them takes time."""
        worths, days, had = self._counts.shape
        if people <= had and len(self._worths) <= worths:
            return
        room = had if people <= had else people + people // 8
        more = worths if len(self._worths) <= worths else len(self._worths) + SPARE
        if more * days * room > self._most_cells:
            room, more = max(people, had), len(self._worths)
        if more * days * room > self._most_cells:
            raise TooMuch
        larger = np.zeros((more, days, room), np.int32)
        larger[:worths, :, :had] = self._counts
        self._counts = larger

    def as_daily(self, numbers: npt.NDArray[np.int32]) -> Daily:
        """The sums where there are any; `numbers`: those of the people."""
        _worths, _days, width = self._counts.shape
        self._counts[:, :, :1] = 0
        flat = self._counts.reshape(len(self._counts), -1)[: len(self._worths)]
        weights = {row.tobytes(): row.tolist() for row in self._worths.contributions().T if row.any()}
        blocks = [_summed(flat[:, at : at + BLOCK], weights) for at in range(0, flat.shape[1], BLOCK)]
        where = np.concatenate([place + number * BLOCK for number, (place, _sums) in enumerate(blocks)])
        sums = {key: narrow(np.concatenate([of[key] for _place, of in blocks])) for key in weights}
        keys = [row.tobytes() for row in self._worths.contributions().T]
        stats = {str(at): sums[key] for at, key in enumerate(keys) if key in sums}
        day, person = np.divmod(where, max(width, 1))
        return Daily(numbers.take(person - 1), (day + self._first).astype(np.int32), (stats,))


def _summed(counts: npt.NDArray[np.int32], weights: dict[bytes, list[float]]) -> tuple[Ints, dict[bytes, Ints]]:
    """Where any of the counts (worths by counters) is not nothing, and the sums with these weights there."""
    where = np.flatnonzero(counts.any(axis=0))
    kept = [of_worth.take(where) for of_worth in counts]
    return where, {key: _weighted(kept, of_worth) for key, of_worth in weights.items()}


def _weighted(counts: list[npt.NDArray[np.int32]], weights: list[float]) -> npt.NDArray[np.int32]:
    found = np.zeros(len(counts[0]), np.int32)
    for count, weight in zip(counts, weights, strict=True):
        if weight:
            found += count if weight == 1 else count * np.int32(weight)
    return found


def _taken(of: npt.NDArray[np.int64], places: Ints, into: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """What lies at these places. Looking whether each is there takes eight times as long; all are."""
    return np.take(of, places, out=into, mode="clip")
