"""Arrays with gaps: the values of a column, and what definitions may do with them.

Texts are small numbers with a list of the texts they stand for, so that what is asked of a text is asked once per
distinct text. Days are days since 1970, instants microseconds since then, as they lie in the files.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.ids import Ids, Numbered

Array = npt.NDArray[Any]
DAY, MICRO = 86_400, 1_000_000
DAY_MICROS = DAY * MICRO
FEW = 6


@dataclass(frozen=True)
class Values:
    """A column, or one value that holds for all rows (an array without dimensions).

    array: numbers; of texts their places in `texts`. nulls: where there is no value, None if there is one everywhere.
    kind: bool, number, date, timestamp, interval or text.
    """

    array: Array
    kind: str
    nulls: Array | None = None
    texts: Any = None

    def take(self, rows: Array) -> Values:
        """The values of these rows."""
        if self.array.ndim == 0:
            return self
        nulls = None if self.nulls is None else self.nulls.take(rows)
        return replace(self, array=self.array.take(rows), nulls=nulls if nulls is not None and nulls.any() else None)

    def full(self, rows: int) -> Values:
        """One value for each of so many rows."""
        nulls = None if self.nulls is None else np.broadcast_to(self.nulls, rows)
        return replace(self, array=np.broadcast_to(self.array, rows), nulls=nulls)

    def full_like(self, rows: Array) -> Values:
        """One value for each of these rows, where there is but one."""
        return self.full(len(rows)) if rows.ndim and self.array.ndim == 0 else self

    @property
    def known(self) -> Array:
        """Where there is a value."""
        return np.True_ if self.nulls is None else ~self.nulls  # type: ignore[return-value]


def put(where: Array, what: Any, into: Array) -> Array:
    """The array with something else in some places; several times as quick as choosing row by row."""
    if where.ndim == 0 or into.ndim == 0:
        return np.where(where, what, into)
    places = np.flatnonzero(where)
    found: Array = into.astype(np.result_type(into, what), copy=True)
    found[places] = what.take(places) if np.ndim(what) else what
    return found


def literal(value: Any, kind: str | None = None) -> Values:
    """One value for all rows; None is no value of that kind."""
    if value is None:
        return Values(np.zeros((), np.float64 if kind == "number" else np.int64), kind or "number", np.array(True))
    if isinstance(value, str):
        return Values(np.zeros((), np.int8), "text", texts=pa.array([value]))
    if isinstance(value, bool | np.bool_):
        return Values(np.array(value), "bool")
    if isinstance(value, int | float):
        return Values(np.array(value), kind or "number")
    raise Unsupported(f"a literal of {type(value).__name__}")


def _none(*columns: Values) -> Array | None:
    """Where any of them has no value."""
    found: Array | None = None
    for column in columns:
        if column.nulls is not None:
            found = column.nulls if found is None else found | column.nulls
    return found


def _per_text(column: Values, answer: Callable[[Any], Any]) -> Array:
    """What `answer` says of each text, row by row."""
    told = np.asarray(answer(_listed(column.texts)).to_numpy(zero_copy_only=False))
    found: Array = told.take(column.array)
    return found


def _whether(column: Values, answer: Callable[[Any], Any]) -> Array:
    """Whether `answer` holds of each text; a few places are compared many times as fast as looked up."""
    told = np.asarray(answer(_listed(column.texts)).to_numpy(zero_copy_only=False), np.bool_)
    places = np.flatnonzero(told)
    if len(places) > FEW:
        return told.take(column.array)
    found: Array = np.zeros(column.array.shape, np.bool_)
    for place in places.tolist():
        found |= column.array == place
    return found


def _listed(texts: Any) -> Any:
    """Texts as Arrow has them; ids are listed when they are asked for."""
    if isinstance(texts, Numbered):
        raise Unsupported("the text of an id")
    return texts.texts() if isinstance(texts, Ids) else texts


def _same_text(one: Values, other: Values) -> Array:
    if other.array.ndim == 0:
        return _whether(one, lambda texts: pc.equal(texts, _listed(other.texts)[int(other.array)]))
    if one.array.ndim == 0:
        return _same_text(other, one)
    same: Array = one.array == codes_like(other, one)
    return same


def codes_like(column: Values, known: Values) -> Array:
    """A column's texts as places among those of another; -1 where the other has none such."""
    if column.kind != "text" or known.kind != "text":
        raise Unsupported("keys that are no texts")
    if column.texts is known.texts:
        return column.array
    places = pc.fill_null(pc.index_in(_listed(column.texts), value_set=_listed(known.texts)), -1).to_numpy()
    found: Array = places.take(column.array)
    return found


def compare(one: Values, other: Values, *, how: str) -> Values:
    """`eq`, `ne`, `lt`, `le`, `gt` or `ge`; unknown where either is."""
    if one.kind != other.kind:
        raise Unsupported(f"{one.kind} beside {other.kind}")
    if one.kind != "text":
        return Values(getattr(operator, how)(one.array, other.array), "bool", _none(one, other))
    if how not in ("eq", "ne"):
        raise Unsupported("the order of texts")
    same = _same_text(one, other)
    return Values(same if how == "eq" else ~same, "bool", _none(one, other))


def both(one: Values, other: Values) -> Values:
    """And: false as soon as one is, else unknown if one is."""
    if one.nulls is None and other.nulls is None:
        return Values(one.array & other.array, "bool")
    yes = (one.array & one.known) & (other.array & other.known)
    no = (~one.array & one.known) | (~other.array & other.known)
    return Values(yes, "bool", ~(yes | no))


def either(one: Values, other: Values) -> Values:
    """Or: true as soon as one is, else unknown if one is."""
    if one.nulls is None and other.nulls is None:
        return Values(one.array | other.array, "bool")
    return negated(both(negated(one), negated(other)))


def negated(one: Values) -> Values:
    """Not; unknown where it is unknown."""
    return Values(~one.array, "bool", one.nulls)


def isin(one: Values, *, values: tuple[str, ...]) -> Values:
    """Whether a text is one of these."""
    if one.kind != "text":
        raise Unsupported("membership of no texts")
    found = _whether(one, lambda texts: pc.is_in(texts, value_set=pa.array(values, texts.type)))
    return Values(found, "bool", one.nulls)


def isnull(one: Values) -> Values:
    """Whether there is no value."""
    return Values(np.array(False) if one.nulls is None else one.nulls, "bool")


def fill_null(one: Values, other: Values) -> Values:
    """The value, or the other one where there is none."""
    if one.nulls is None:
        return one
    if one.kind == "text":
        texts = pa.concat_arrays([_listed(one.texts).cast(pa.string()), other.texts.cast(pa.string())])
        place = len(one.texts) + other.array.astype(np.int32)
        return Values(put(one.nulls, place, one.array), "text", other.nulls, texts)
    return if_else(isnull(one), other, one)


def if_else(condition: Values, one: Values, other: Values) -> Values:
    """One where the condition holds, the other where it does not or is unknown."""
    if "text" in (one.kind, other.kind):
        raise Unsupported("a choice of texts")
    holds = condition.array if condition.nulls is None else condition.array & condition.known
    if _is_nothing(one):
        return replace(other, nulls=holds if other.nulls is None else holds | other.nulls).full_like(holds)
    if _is_nothing(other):
        return replace(one, nulls=~holds if one.nulls is None else ~holds | one.nulls).full_like(holds)
    nulls: Array | None = None
    if one.nulls is not None or other.nulls is not None:
        nulls = (holds & ~one.known) | (~holds & ~other.known)
    if holds.ndim == 0 or (one.array.ndim == 0 and other.array.ndim == 0):
        return Values(np.stack([other.array, one.array]).take(holds.view(np.int8)), one.kind, nulls)
    return Values(put(holds, one.array, other.full_like(holds).array), one.kind, nulls)


def _is_nothing(one: Values) -> bool:
    """No value, whatever the row."""
    return one.array.ndim == 0 and one.nulls is not None


def pick(one: Values, other: Values, *, how: str) -> Values:
    """`least` or `greatest` of two; where one is unknown, the other."""
    function, last = (np.minimum, _last) if how == "least" else (np.maximum, _first)
    nulls = None if one.nulls is None or other.nulls is None else one.nulls & other.nulls
    return Values(function(last(one), last(other)), one.kind, nulls)


def _last(one: Values) -> Array:
    """The values, with the greatest there is where there is none."""
    if one.nulls is None:
        return one.array
    most = np.iinfo(one.array.dtype).max if one.array.dtype.kind == "i" else np.inf
    return put(one.nulls, one.array.dtype.type(most), one.array)


def _first(one: Values) -> Array:
    if one.nulls is None:
        return one.array
    least = np.iinfo(one.array.dtype).min if one.array.dtype.kind == "i" else -np.inf
    return put(one.nulls, one.array.dtype.type(least), one.array)


_ARITHMETIC: dict[str, Callable[[Array, Array], Array]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide,
}  # fmt: skip


def calculate(one: Values, other: Values, *, how: str) -> Values:
    """`add`, `sub`, `mul` or `truediv`; instants move by intervals."""
    if {one.kind, other.kind} not in ({"number"}, {"timestamp", "interval"}):
        raise Unsupported(f"{how} of {one.kind} and {other.kind}")
    if how == "truediv" and not np.all(other.array):
        raise Unsupported("a division by nothing")
    return Values(_ARITHMETIC[how](one.array, other.array), one.kind, _none(one, other))


def cast(one: Values, *, to: str) -> Values:
    """As numbers (`float64`, `int64`), as an instant (`timestamp`) or a day (`date`)."""
    if to == "float64" and one.kind in ("number", "bool"):
        return Values(one.array.astype(np.float64), "number", one.nulls)
    if to == "timestamp" and one.kind == "date":
        return Values(one.array * np.int64(DAY_MICROS), "timestamp", one.nulls)
    if to == "date" and one.kind == "timestamp":
        return Values((one.array // DAY_MICROS).astype(np.int32), "date", one.nulls)
    raise Unsupported(f"{one.kind} as {to}")


def moved(one: Values, *, days: int) -> Values:
    """A day so many days later."""
    if one.kind != "date":
        raise Unsupported("a step of days from what is no day")
    return Values(one.array + np.int32(days), "date", one.nulls)


def apart(one: Values, other: Values) -> Values:
    """Days from the other day to the one."""
    if (one.kind, other.kind) != ("date", "date"):
        raise Unsupported("days between what are no days")
    return Values(one.array.astype(np.int64) - other.array, "number", _none(one, other))


_BLANK = " \t\n\r\v\f"
_TEXT: dict[str, Callable[[Any], Any]] = {
    "lower": pc.utf8_lower,
    "upper": pc.utf8_upper,
    "strip": lambda texts: pc.utf8_trim(texts, characters=_BLANK),
}


def text(one: Values, *, how: str) -> Values:
    """`lower`, `upper` or `strip`."""
    if one.kind != "text":
        raise Unsupported(f"{how} of no text")
    return replace(one, texts=_TEXT[how](_listed(one.texts)))


def length(one: Values) -> Values:
    """How many characters a text has."""
    if one.kind != "text":
        raise Unsupported("the length of no text")
    return Values(_per_text(one, pc.utf8_length).astype(np.int64), "number", one.nulls)
