"""Activities by the hundred million: counted in dense arrays as they come from the file, not row by row in a database.

Rows that agree in everything the definitions look at, but for person and day, form a class. The definitions themselves
are asked once, by the database, what one row of each class contributes; rows are then only counted. That an activity's
day and whether it was logged in time are all that its instants decide is what this knows of `activity_rows`; tests
hold it equal to the definitions run row by row.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from headway.metrics.canonical import EPOCH, Canonical, clock_changes
from headway.metrics.cube.parts import Daily

Ints = npt.NDArray[np.int64]
# (kind, outcome, count, logged in time: 0 no, 1 yes, 2 not known)
Class = tuple[str | None, str | None, int, int]
DAY, MICRO = 86_400, 1_000_000
ROWS = 1_500_000
# Beyond these the database does it: too many classes, or too many people and days for an array.
MOST_CLASSES, MOST_CELLS, MOST_LOCAL, MOST_COUNT = 4_000, 120_000_000, 24_000_000, 10_000
COLUMNS = ["person_id", "kind", "occurred_at", "logged_at", "outcome", "count"]


class TooMuch(Exception):
    """This file is not for counting; the database reads it."""


def count_activities(
    path: Path,
    c: Canonical,
    number_of: Callable[[list[str]], list[int]],
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
    file = pq.ParquetFile(path, read_dictionary=["person_id", "kind", "outcome"])
    first, last = _days_of(file, c)
    known: dict[Class, int] = {}
    told = _Told(last - first + 1)
    for groups in _reads(file):
        table = file.read_row_groups(groups, columns=COLUMNS)
        person, day, row_class, fresh = _classified(table, c, number_of, known)
        if fresh:
            told.learn(ask(fresh))
        told.room_for(int(person.max(initial=-1)) + 1)
        told.count(person, day - first, row_class)
    return told.as_daily(first)


class _Told:
    """Sums per day and person. Statistics that agree for all classes so far share one array."""

    def __init__(self, days: int) -> None:
        self.sums = np.zeros((days, 0, 0), dtype=np.int32)
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
        days, people, _columns = self.sums.shape
        self._check(people, len(had))
        sums = np.zeros((days, people, len(had)), dtype=np.int32)
        for now, before in enumerate(had):
            if before >= 0:
                sums[:, :, now] = self.sums[:, :, before]
        self.sums = sums
        of_array = {place: statistic for statistic, place in enumerate(self.place) if place >= 0}
        self.of_array = self.worth[:, [of_array[place] for place in range(len(had))]]

    def room_for(self, people: int) -> None:
        """As many people are met by now."""
        days, had, columns = self.sums.shape
        if people > had:
            room = max(people, had + had // 2)
            self._check(room, columns)
            larger = np.zeros((days, room, columns), dtype=np.int32)
            larger[:, :had] = self.sums
            self.sums = larger

    def _check(self, people: int, columns: int) -> None:
        if self.sums.shape[0] * people * columns > MOST_CELLS:
            raise TooMuch

    def count(self, person: Ints, day: Ints, row_class: Ints) -> None:
        """Add what the rows contribute; a few days at a time where a read spans many."""
        if not len(person) or not self.sums.shape[2]:
            return
        people, classes = self.sums.shape[1], len(self.worth)
        step = max(1, MOST_LOCAL // (people * classes))
        low, high = int(day.min()), int(day.max()) + 1
        for start in range(low, high, step):
            end = min(start + step, high)
            if (start, end) == (low, high):
                cell = ((day - start) * people + person) * classes + row_class
            else:
                here = (day >= start) & (day < end)
                cell = ((day[here] - start) * people + person[here]) * classes + row_class[here]
            counted = np.bincount(cell, minlength=(end - start) * people * classes).reshape(-1, classes)
            added = counted.astype(np.float64) @ self.of_array
            self.sums[start:end] += added.reshape(end - start, people, -1).astype(np.int32)

    def as_daily(self, first: int) -> Daily:
        """The sums where there are any; `first` is the day of the first row."""
        days, people, columns = self.sums.shape
        flat = self.sums.reshape(days * people, columns)
        where = np.flatnonzero(flat.any(axis=1)) if columns else np.zeros(0, dtype=np.int64)
        arrays = [np.ascontiguousarray(flat[where, i]) for i in range(columns)]
        stats = {str(i): arrays[place] for i, place in enumerate(self.place) if place >= 0}
        width = max(people, 1)
        return Daily((where % width).astype(np.int32), (where // width + first).astype(np.int32), (stats,))


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


def _reads(file: pq.ParquetFile) -> list[list[int]]:
    """Row groups, as many at a time as make a good handful."""
    reads: list[list[int]] = []
    rows = ROWS
    for i in range(file.metadata.num_row_groups):
        here = file.metadata.row_group(i).num_rows
        if rows + here > ROWS:
            reads.append([])
            rows = 0
        reads[-1].append(i)
        rows += here
    return reads


def _classified(
    table: pa.Table, c: Canonical, number_of: Callable[[list[str]], list[int]], known: dict[Class, int]
) -> tuple[Ints, Ints, Ints, list[Class]]:
    """Person, day and class of each row that has an owner; and the classes that are new."""
    person, people = _codes(table["person_id"])
    numbers = np.array([*number_of([str(who) for who in people]), -1], dtype=np.int64)
    person = numbers[person]
    instant = _micros(table["occurred_at"])
    logged = table["logged_at"]
    late = _micros(logged) - instant
    in_time = np.where(late <= DAY * MICRO, 1, 0)
    if logged.null_count:
        in_time[np.asarray(logged.is_null().to_numpy())] = 2
    kind, kinds = _codes(table["kind"])
    outcome, outcomes = _codes(table["outcome"])
    count, counts = _counts(table["count"])
    width = (len(kinds) + 1, len(outcomes) + 1, len(counts), 3)
    if int(np.prod(width)) > MOST_CLASSES:
        raise TooMuch
    local = ((kind % width[0]) * width[1] + outcome % width[1]) * width[2] * 3 + count * 3 + in_time
    ours = person >= 0
    if table["occurred_at"].null_count:
        ours &= ~np.asarray(table["occurred_at"].is_null().to_numpy())
    if not ours.all():
        person, local, instant = person[ours], local[ours], instant[ours]
    fresh: list[Class] = []
    to_global = np.zeros(int(np.prod(width)), dtype=np.int64)
    for code in np.flatnonzero(np.bincount(local, minlength=1)).tolist():
        k, o, n, t = np.unravel_index(code, width)
        found = ([*kinds, None][k], [*outcomes, None][o], int(counts[n]), int(t))
        if found not in known:
            known[found] = len(known)
            fresh.append(found)
        to_global[code] = known[found]
    return person, _days(instant, c), to_global[local], fresh


def _codes(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """Codes of a text column and the texts; an empty cell is -1."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    indices = pc.fill_null(whole.indices, -1) if whole.indices.null_count else whole.indices
    return indices.to_numpy().astype(np.int64), whole.dictionary.to_pylist()


def _micros(column: pa.ChunkedArray) -> Ints:
    found = column.cast(pa.timestamp("us")).cast(pa.int64())
    if found.null_count:
        found = pc.fill_null(found, 0)
    numbers: Ints = found.to_numpy()
    return numbers


def _counts(column: pa.ChunkedArray) -> tuple[Ints, Ints]:
    found = pc.fill_null(column, 1).to_numpy().astype(np.int64)
    if not len(found) or (found == found[0]).all():
        return np.zeros(len(found), dtype=np.int64), found[:1] if len(found) else np.ones(1, dtype=np.int64)
    values, inverse = np.unique(found, return_inverse=True)
    if int(np.abs(values).max()) > MOST_COUNT:
        raise TooMuch
    return inverse.astype(np.int64), values


def _days(instant: Ints, c: Canonical) -> Ints:
    """The company's day of each instant, as `Canonical.day`: midnight stays where it is."""
    plain: Ints = instant // (DAY * MICRO)
    if c.calendar.time_zone == "UTC":
        return plain
    changes = clock_changes(c.calendar.time_zone, c.first_day or EPOCH, c.last_day or EPOCH)
    begins = np.array([np.datetime64(at, "us").astype(np.int64) for at, _seconds in changes[1:]], dtype=np.int64)
    offsets = np.array([seconds for _at, seconds in changes], dtype=np.int64) * MICRO
    moved = (instant + offsets[np.searchsorted(begins, instant, side="right")]) // (DAY * MICRO)
    return np.where(instant % (DAY * MICRO) == 0, plain, moved)
