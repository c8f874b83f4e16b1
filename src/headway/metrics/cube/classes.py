"""Classes of activities: rows that agree in everything the definitions look at, but for person and day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[Any]
# (kind, outcome, count, logged in time: 0 no, 1 yes, 2 not known)
Class = tuple[str | None, str | None, int, int]
# Beyond these the database does it: too many classes, or counts of more than one digit too many.
MOST_CLASSES, MOST_COUNT = 4_000, 10_000


class TooMuch(Exception):
    """This file is not for counting; the database reads it."""


class Worths:
    """What a row of each class contributes; classes that contribute the same are worth the same.

    ask: what one row of each class contributes: an array of classes by statistics (whole numbers).
    """

    def __init__(self, ask: Callable[[list[Class]], npt.NDArray[Any]]) -> None:
        self._ask = ask
        self._of_class: dict[Class, int] = {}
        self._numbers: dict[bytes, int] = {}
        self.statistics = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, classes: list[Class]) -> list[int]:
        """The numbers of what these are worth."""
        fresh = [one for one in classes if one not in self._of_class]
        if fresh:
            asked = self._ask(fresh)
            self.statistics = asked.shape[1]
            for one, worth in zip(fresh, asked, strict=True):
                self._of_class[one] = self._numbers.setdefault(worth.tobytes(), len(self._numbers))
        return [self._of_class[one] for one in classes]

    def known(self, coded: Coded) -> npt.NDArray[np.int64]:
        """By the numbers of classes what they are worth, -1 for those that nobody asked for yet."""
        found = np.full(coded.width, -1, np.int64)
        for one, worth in self._of_class.items():
            if (number := coded.number_of(one)) is not None:
                found[number] = worth
        return found

    def contributions(self) -> npt.NDArray[np.float64]:
        """What each is worth: worths by statistics."""
        return np.array([np.frombuffer(key) for key in self._numbers]).reshape(len(self), self.statistics)


@dataclass(frozen=True)
class Coded:
    """Columns of some rows that decide on their class, as codes, and what the codes stand for.

    count: None where all rows have the same. names: kinds, outcomes and counts by their codes.
    """

    kind: Ints
    outcome: Ints
    count: Ints | None
    names: tuple[tuple[str | None, ...], tuple[str | None, ...], tuple[int, ...]]

    @classmethod
    def of(cls, table: pa.Table, count: int | None) -> Coded:
        """Of activities; `count` is that of every row if the table has no such column.

        Raises:
            TooMuch: they are of too many kinds.
        """
        (kind, kinds), (outcome, outcomes) = codes(table["kind"]), codes(table["outcome"])
        number, counts = _counts(table["count"]) if count is None else (None, (count,))
        found = cls(kind, outcome, number, ((*kinds.to_pylist(), None), (*outcomes.to_pylist(), None), counts))
        if found.width > MOST_CLASSES:
            raise TooMuch
        return found

    @property
    def width(self) -> int:
        """How many classes there may be."""
        kinds, outcomes, counts = self.names
        return len(kinds) * len(outcomes) * len(counts) * 3

    def number(self, rows: slice, in_time: npt.NDArray[np.int8], into: Ints) -> Ints:
        """The class of each of these rows as a number below `width`."""
        _kinds, outcomes, counts = self.names
        np.multiply(self.kind[rows], len(outcomes), out=into)
        np.add(into, self.outcome[rows], out=into)
        if self.count is not None:
            np.multiply(into, len(counts), out=into)
            np.add(into, self.count[rows], out=into)
        np.multiply(into, 3, out=into)
        return np.add(into, in_time, out=into)

    def number_of(self, one: Class) -> int | None:
        """The number of a class, if rows of it may be among these."""
        kind, outcome, count, in_time = one
        kinds, outcomes, counts = self.names
        if kind not in kinds or outcome not in outcomes or count not in counts:
            return None
        number = kinds.index(kind) * len(outcomes) + outcomes.index(outcome)
        return (number * len(counts) + counts.index(count)) * 3 + in_time

    def named(self, number: int) -> Class:
        """The class of a number."""
        kinds, outcomes, counts = self.names
        rest, in_time = divmod(number, 3)
        rest, count = divmod(rest, len(counts))
        kind, outcome = divmod(rest, len(outcomes))
        return kinds[kind], outcomes[outcome], counts[count], in_time


def codes(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Codes of a text column and the texts; an empty cell is one beyond them."""
    if column.num_chunks != 1:
        column = column.unify_dictionaries().combine_chunks()
    whole = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    indices = whole.indices.fill_null(len(whole.dictionary)) if whole.indices.null_count else whole.indices
    return indices.to_numpy(), whole.dictionary


def _counts(column: pa.ChunkedArray) -> tuple[Ints | None, tuple[int, ...]]:
    """The place of each row's count among those that there are."""
    found = column.fill_null(1).to_numpy() if column.null_count else column.to_numpy()
    if not len(found) or (found == found[0]).all():
        return None, (int(found[0]) if len(found) else 1,)
    values, inverse = np.unique(found, return_inverse=True)
    if int(np.abs(values).max()) > MOST_COUNT:
        raise TooMuch
    return inverse.astype(np.int16), tuple(values.tolist())
