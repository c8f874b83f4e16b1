"""Rows that definitions filter, choose from, join and group, under the names that Ibis has for it.

Columns are worked out when they are asked for, so that what nothing looks at costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from headway.metrics.arrays import Unsupported, grouping
from headway.metrics.arrays.expressions import Expression, Field, Least, Operation
from headway.metrics.arrays.values import Array, Values, compare

Named = Mapping[str, Expression]


class Relation:
    """Rows with named columns; what a definition calls a table.

    count: how many rows. unique: the column that names a row, if it is known that one does.
    """

    def __init__(self, columns: Sequence[str], count: int, *, unique: str | None = None) -> None:
        self.columns, self.count, self.unique = tuple(columns), count, unique
        self._had: dict[Any, Values] = {}

    def get(self, name: str) -> Values:
        """The values of a column."""
        if name not in self.columns:
            raise Unsupported(f"no column {name}")
        return self.once(name, lambda: self._get(name))

    def _get(self, name: str) -> Values:
        raise NotImplementedError

    def once(self, key: Any, make: Callable[[], Values]) -> Values:
        """What `make` gives, remembered for as long as these rows are."""
        if key not in self._had:
            self._had[key] = make()
        return self._had[key]

    @property
    def read(self) -> set[str]:
        """The columns that were asked for so far."""
        return {name for name in self._had if isinstance(name, str)}

    def forget(self, name: str | None = None) -> None:
        """Let go of a column that nothing asks for any more, or of all."""
        if name is None:
            self._had.clear()
        else:
            self._had.pop(name, None)

    def day_of(self, name: str, day: Callable[[Values], Values]) -> Values:
        """The day of a column of instants, worked out once."""
        return self.once((name, "day"), lambda: day(self.get(name)))

    def __getitem__(self, name: str) -> Expression:
        return Field(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self.columns:
            return Field(name)
        raise Unsupported(f"{name} of rows")

    def filter(self, condition: Expression) -> Relation:
        """The rows of which it holds."""
        held = condition.of(self)
        yes = held.array if held.nulls is None else held.array & held.known
        return self if yes.all() else self.rows(np.flatnonzero(np.broadcast_to(yes, self.count)))

    def rows(self, which: Array) -> Relation:
        """Some of the rows, by their places in ascending order."""
        return self if len(which) == self.count else Some(self, which)

    def select(self, *names: str, **named: Expression | str) -> Relation:
        """These columns and no others."""
        given = {name: Field(name) for name in names}
        made = {name: Field(of) if isinstance(of, str) else of for name, of in named.items()}
        return Chosen(self, {**given, **made})

    def mutate(self, **named: Expression) -> Relation:
        """With more columns, or others under the same names."""
        return Chosen(self, {**{name: Field(name) for name in self.columns}, **named})

    def group_by(self, *names: str, **named: str) -> Grouped:
        """Rows by the value of one column."""
        keys = {**{name: name for name in names}, **named}
        if len(keys) != 1:
            raise Unsupported("groups by several columns")
        ((name, of),) = keys.items()
        return Grouped(self, name, of)

    def inner_join(self, other: Relation, on: Any) -> Relation:
        """Pairs of rows with the same key; at most one side may have a key several times."""
        (mine, theirs), more = _keys(self, other, on)
        joined = grouping.pairs(self.get(mine), other.get(theirs), left_unique=self.unique == mine)
        found: Relation = Joined(self, other, *joined, shared=theirs if mine == theirs else None)
        for condition in more:
            found = found.filter(condition)
        return found

    def left_join(self, other: Relation, on: Any) -> Relation:
        """Every row, with the other's of the same key where there is one; the other has each key once."""
        (mine, theirs), more = _keys(self, other, on)
        if more:
            raise Unsupported("an outer join on more than a key")
        places = grouping.places(self.get(mine), other.get(theirs))
        if places is None:
            raise Unsupported("an outer join with many")
        return Joined(self, other, None, places, shared=theirs if mine == theirs else None)

    def semi_join(self, other: Relation, on: Any) -> Relation:
        """The rows whose key the other has."""
        (mine, theirs), more = _keys(self, other, on)
        if more:
            raise Unsupported("a semi-join on more than a key")
        return self.rows(np.flatnonzero(grouping.present(self.get(mine), other.get(theirs))))

    def union(self, other: Relation, *, distinct: bool = False) -> Relation:
        """The rows of both; each once if `distinct`."""
        if not distinct or len(self.columns) != 2 or set(self.columns) != set(other.columns):
            raise Unsupported("a union of this shape")
        key, at = self.columns
        found = grouping.distinct([(side.get(key), side.get(at)) for side in (self, other)])
        return Held(dict(zip((key, at), found, strict=True)), len(found[0].array))


class Held(Relation):
    """Rows whose columns are at hand."""

    def __init__(self, columns: Mapping[str, Values], count: int, *, unique: str | None = None) -> None:
        super().__init__(tuple(columns), count, unique=unique)
        self._held = columns

    def _get(self, name: str) -> Values:
        return self._held[name]


class Some(Relation):
    """Some rows of others."""

    def __init__(self, of: Relation, which: Array) -> None:
        super().__init__(of.columns, len(which), unique=of.unique)
        self._of = of
        self._which = which

    def _get(self, name: str) -> Values:
        return self._of.get(name).take(self._which)

    def day_of(self, name: str, day: Callable[[Values], Values]) -> Values:
        return self.once((name, "day"), lambda: self._of.day_of(name, day).take(self._which))


class Chosen(Relation):
    """Columns worked out from those of others."""

    def __init__(self, of: Relation, named: Named) -> None:
        kept = [name for name, by in named.items() if isinstance(by, Field) and by.name == of.unique]
        super().__init__(tuple(named), of.count, unique=kept[0] if kept else None)
        self._of, self._named = of, named

    def _get(self, name: str) -> Values:
        found = self._named[name].of(self._of)
        return found.full(self.count) if found.array.ndim == 0 and found.kind == "text" else found

    def day_of(self, name: str, day: Callable[[Values], Values]) -> Values:
        by = self._named[name]
        if isinstance(by, Field):
            return self._of.day_of(by.name, day)
        return super().day_of(name, day)


class Joined(Relation):
    """Rows side by side. left, right: places in either, None for all in order; -1: the other has no such row."""

    def __init__(
        self, left: Relation, right: Relation, at_left: Array | None, at_right: Array | None, *, shared: str | None
    ) -> None:
        names = [name for name in right.columns if name != shared]
        if set(names) & set(left.columns):
            raise Unsupported("a join of columns with the same name")
        place = at_left if at_left is not None else at_right
        assert place is not None
        super().__init__((*left.columns, *names), len(place), unique=left.unique if at_left is None else None)
        self._left, self._right, self._at_left, self._at_right = left, right, at_left, at_right

    def _get(self, name: str) -> Values:
        if name in self._left.columns:
            return _at(self._left.get(name), self._at_left)
        return _at(self._right.get(name), self._at_right)

    def day_of(self, name: str, day: Callable[[Values], Values]) -> Values:
        if name in self._left.columns:
            return self.once((name, "day"), lambda: _at(self._left.day_of(name, day), self._at_left))
        return super().day_of(name, day)


def _at(column: Values, places: Array | None) -> Values:
    """The values at these places; none where the place is -1."""
    if places is None:
        return column
    missing = places < 0
    if not missing.any():
        return column.take(places)
    if column.array.ndim == 0:
        column = column.full(max(int(places.max(initial=-1)) + 1, 1))
    if not len(column.array):
        return Values(np.zeros(len(places), column.array.dtype), column.kind, missing, column.texts)
    found = column.take(places)  # -1 takes the last one, which is then left out
    return Values(found.array, found.kind, missing if found.nulls is None else missing | found.nulls, found.texts)


class Grouped:
    """Rows by the value of one column."""

    def __init__(self, of: Relation, name: str, key: str) -> None:
        self._of, self._name, self._key = of, name, key

    def agg(self, **named: Any) -> Relation:
        """One row per group."""
        key = self._of.get(self._key)
        columns: dict[str, Values] = {}
        for name, of in named.items():
            if not isinstance(of, Least):
                raise Unsupported("a group's value that is not its least")
            groups, columns[name] = grouping.least(key, of.column.of(self._of))
            columns[self._name] = groups
        return Held(columns, len(columns[self._name].array), unique=self._name)


def _keys(left: Relation, right: Relation, on: Any) -> tuple[tuple[str, str], list[Expression]]:
    """The key's name on either side, and what else must hold."""
    if isinstance(on, str):
        return (on, on), []
    first, *more = on if isinstance(on, list) else [on]
    if not (isinstance(first, Operation) and first.function is compare and first.options == {"how": "eq"}):
        raise Unsupported("a join by something else than a key")
    one, other = first.inputs
    if not (isinstance(one, Field) and isinstance(other, Field)):
        raise Unsupported("a join by something else than columns")
    if one.name in left.columns and other.name in right.columns:
        return (one.name, other.name), more
    return (other.name, one.name), more
