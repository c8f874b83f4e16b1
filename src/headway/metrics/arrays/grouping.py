"""Keys that are small numbers: groups, joins and orders without hashing or sorting rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.values import Array, Values, codes_like, put


def _whole(key: Values) -> Values:
    """A key that every row has; rows without one are in no group that a join would find."""
    if key.kind != "text":
        raise Unsupported("a key that is no text")
    if key.nulls is not None:
        raise Unsupported("rows without a key")
    return key


def least(key: Values, of: Values) -> tuple[Values, Values]:
    """The groups' keys, and the least value of each."""
    size, key = len(_whole(key).texts), _whole(key)
    codes = key.array.astype(np.intp)
    met = np.zeros(size, np.bool_)
    met[codes] = True
    groups = np.flatnonzero(met)
    column = of.full(len(key.array)) if of.array.ndim == 0 else of
    most = np.iinfo(column.array.dtype).max if column.array.dtype.kind == "i" else np.inf
    found = np.full(size, most, column.array.dtype)
    if column.nulls is None:
        np.minimum.at(found, codes, column.array)
    else:
        known = np.flatnonzero(column.known)
        np.minimum.at(found, codes.take(known), column.array.take(known))
    nulls = None if column.nulls is None else found.take(groups) == most
    keys = Values(groups.astype(np.int32), "text", texts=key.texts)
    return keys, Values(found.take(groups), column.kind, nulls)


def places(left: Values, right: Values) -> Array | None:
    """For each left key its place on the right, -1 for none; None if the right has a key twice."""
    size = len(right.texts)
    at: Array = np.full(size + 1, -1, np.int32)
    codes = right.array if right.nulls is None else right.array[right.known]
    numbers = np.arange(len(right.array), dtype=np.int32)
    numbers = numbers if right.nulls is None else numbers[right.known]
    at[codes] = numbers
    if not np.array_equal(at.take(codes), numbers):
        return None
    found: Array = at.take(codes_like(left, right))  # -1, what the right has not, is the last place
    if left.nulls is not None:
        found = put(left.nulls, np.int32(-1), found)
    return found


def pairs(left: Values, right: Values, *, left_unique: bool) -> tuple[Array | None, Array | None]:
    """Places on the left and on the right of rows with the same key; None for all of a side, in order."""
    if not left_unique:
        found = places(left, right)
        if found is not None:
            return _there(found)
    found = places(right, left)
    if found is None:
        raise Unsupported("a join of many with many")
    at_right, at_left = _there(found)
    return at_left, at_right


def _there(found: Array) -> tuple[Array | None, Array]:
    there = found >= 0
    if there.all():
        return None, found
    which = np.flatnonzero(there)
    return which, found.take(which)


def present(left: Values, right: Values) -> Array:
    """Whether the right has the left key."""
    met = np.zeros(len(right.texts) + 1, np.bool_)
    met[right.array if right.nulls is None else right.array[right.known]] = True
    met[-1] = False
    found: Array = met.take(codes_like(left, right))
    return found if left.nulls is None else found & left.known


def distinct(sides: Sequence[tuple[Values, Values]]) -> tuple[Values, Values]:
    """Distinct pairs of a key and a day, in their order."""
    first = _whole(sides[0][0])
    keys = [codes_like(_whole(key), first) for key, _day in sides]
    if any(day.nulls is not None or day.kind != "date" for _key, day in sides) or any((k < 0).any() for k in keys):
        raise Unsupported("distinct rows of other kinds")
    days = [
        day.full(len(k)).array if day.array.ndim == 0 else day.array for k, (_key, day) in zip(keys, sides, strict=True)
    ]
    low = min((int(day.min()) for day in days if len(day)), default=0)
    span = max((int(day.max()) for day in days if len(day)), default=0) - low + 1
    cells: Array = np.empty(sum(map(len, keys)), np.uint32 if len(first.texts) * span < 2**32 else np.int64)
    at = 0
    for key, day in zip(keys, days, strict=True):
        part = cells[at : at + len(key)]
        np.multiply(key, span, out=part, casting="unsafe", dtype=np.int64)
        part += (day - low).astype(cells.dtype)
        at += len(key)
    cells.sort()
    new = np.ones(len(cells), np.bool_)
    np.not_equal(cells[1:], cells[:-1], out=new[1:])
    cells = cells.take(np.flatnonzero(new))
    codes = cells // cells.dtype.type(span)
    day = (cells - codes * cells.dtype.type(span)).astype(np.int32) + np.int32(low)
    return Values(codes.astype(np.int32), "text", texts=first.texts), Values(day, "date")


def following(column: Values, key: Values, at: Values) -> Values:
    """The value in the next row of the same key, in the order of `at`; none for the last one."""
    if column.nulls is not None or at.nulls is not None or column.array is not at.array:
        raise Unsupported("the next row of another column than the order's")
    codes = _whole(key).array
    same = codes[1:] == codes[:-1]
    if not bool(np.all((codes[1:] > codes[:-1]) | (same & (at.array[1:] > at.array[:-1])))):
        raise Unsupported("the next of rows that are in no order")
    found = np.zeros(len(codes), column.array.dtype)
    found[:-1] = column.array[1:]
    last = np.ones(len(codes), np.bool_)
    np.logical_not(same, out=last[:-1])
    return Values(found, column.kind, last)


def key_values(texts: Any, codes: Array) -> Values:
    """Keys by their places among the texts."""
    return Values(codes, "text", texts=texts)
