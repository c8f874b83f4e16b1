"""What definitions write about columns, kept until rows are known: the part of Ibis' language that arrays speak."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np

from headway.metrics.arrays import Unsupported, values
from headway.metrics.arrays.values import DAY, MICRO, Values

EPOCH = date(1970, 1, 1)


class Columns(Protocol):
    """Rows whose columns can be asked for by name."""

    def get(self, name: str) -> Values: ...


class Expression:
    """Something that has a value for each row. Its methods are named as Ibis names them."""

    def of(self, rows: Columns) -> Values:
        """The values for these rows."""
        raise NotImplementedError

    def __eq__(self, other: object) -> Any:
        return Operation(values.compare, (self, lift(other)), {"how": "eq"})

    def __ne__(self, other: object) -> Any:
        return Operation(values.compare, (self, lift(other)), {"how": "ne"})

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> Expression:
        return Operation(values.compare, (self, lift(other)), {"how": "lt"})

    def __le__(self, other: Any) -> Expression:
        return Operation(values.compare, (self, lift(other)), {"how": "le"})

    def __gt__(self, other: Any) -> Expression:
        return Operation(values.compare, (self, lift(other)), {"how": "gt"})

    def __ge__(self, other: Any) -> Expression:
        return Operation(values.compare, (self, lift(other)), {"how": "ge"})

    def __and__(self, other: Any) -> Expression:
        return Operation(values.both, (self, lift(other)))

    def __or__(self, other: Any) -> Expression:
        return Operation(values.either, (self, lift(other)))

    def __invert__(self) -> Expression:
        return Operation(values.negated, (self,))

    def __add__(self, other: Any) -> Expression:
        return Operation(values.calculate, (self, lift(other)), {"how": "add"})

    def __sub__(self, other: Any) -> Expression:
        return Operation(values.calculate, (self, lift(other)), {"how": "sub"})

    def __mul__(self, other: Any) -> Expression:
        return Operation(values.calculate, (self, lift(other)), {"how": "mul"})

    def __truediv__(self, other: Any) -> Expression:
        return Operation(values.calculate, (self, lift(other)), {"how": "truediv"})

    def __getattr__(self, name: str) -> Any:
        raise Unsupported(f"{name} of a column")

    def isnull(self) -> Expression:
        return Operation(values.isnull, (self,))

    def notnull(self) -> Expression:
        return ~self.isnull()

    def isin(self, among: Sequence[str]) -> Expression:
        return Operation(values.isin, (self,), {"values": tuple(among)})

    def fill_null(self, other: Any) -> Expression:
        return Operation(values.fill_null, (self, lift(other)))

    def cast(self, to: str) -> Expression:
        return Operation(values.cast, (self,), {"to": to})

    def date(self) -> Expression:
        return self.cast("date")

    def delta(self, other: Expression, *, unit: str) -> Expression:
        if unit != "day":
            raise Unsupported(f"a difference in {unit}")
        return Operation(values.apart, (self, other))

    def lower(self) -> Expression:
        return Operation(values.text, (self,), {"how": "lower"})

    def upper(self) -> Expression:
        return Operation(values.text, (self,), {"how": "upper"})

    def strip(self) -> Expression:
        return Operation(values.text, (self,), {"how": "strip"})

    def length(self) -> Expression:
        return Operation(values.length, (self,))

    def min(self) -> Least:
        return Least(self)

    def lead(self) -> Following:
        return Following(self)


class Field(Expression):
    """A column by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, rows: Columns) -> Values:
        return rows.get(self.name)


class Literal(Expression):
    """One value for all rows."""

    def __init__(self, value: Values) -> None:
        self.value = value

    def of(self, rows: Columns) -> Values:
        return self.value


class Operation(Expression):
    """A function of other expressions."""

    def __init__(
        self, function: Callable[..., Values], inputs: tuple[Expression, ...], options: dict[str, Any] | None = None
    ) -> None:
        self.function, self.inputs, self.options = function, inputs, options or {}

    def of(self, rows: Columns) -> Values:
        return self.function(*(one.of(rows) for one in self.inputs), **self.options)


@dataclass(frozen=True)
class Least:
    """The least value of a group."""

    column: Expression


@dataclass(frozen=True)
class Window:
    """Rows of a group in an order."""

    group_by: str
    order_by: str


class Following(Expression):
    """The value in the next row, once a window says which that is."""

    def __init__(self, column: Expression, window: Window | None = None) -> None:
        self.column, self.window = column, window

    def over(self, window: Window) -> Following:
        """In this window."""
        return Following(self.column, window)

    def of(self, rows: Columns) -> Values:
        if self.window is None:
            raise Unsupported("the next row without a window")
        from headway.metrics.arrays.grouping import following

        column, window = self.column.of(rows), self.window
        return following(column, rows.get(window.group_by), rows.get(window.order_by))


def lift(value: Any) -> Expression:
    """A value as an expression."""
    return value if isinstance(value, Expression) else Literal(values.literal(value))


_KINDS = {"timestamp": "timestamp", "date": "date", "float64": "number", "int64": "number"}


class Library:
    """What definitions ask of `Canonical.ibis`."""

    def __getattr__(self, name: str) -> Any:
        raise Unsupported(f"ibis.{name}")

    def literal(self, value: Any, _kind: str | None = None) -> Expression:
        return lift(value)

    def null(self, kind: str) -> Expression:
        if kind == "string":
            return Literal(Values(np.zeros((), np.int8), "text", np.array(True), values.literal("").texts))
        return Literal(values.literal(None, _KINDS[kind]))

    def date(self, year: int, month: int, day: int) -> Expression:
        number = (date(year, month, day) - EPOCH).days
        return Literal(Values(np.array(number, np.int32), "date"))

    def interval(self, *, days: int = 0, hours: int = 0, seconds: int = 0) -> Expression:
        micros = (days * DAY + hours * 3600 + seconds) * MICRO
        return Literal(Values(np.array(micros, np.int64), "interval"))

    def ifelse(self, condition: Expression, one: Any, other: Any) -> Expression:
        return Operation(values.if_else, (condition, lift(one), lift(other)))

    def least(self, one: Expression, other: Expression) -> Expression:
        return Operation(values.pick, (one, other), {"how": "least"})

    def greatest(self, one: Expression, other: Expression) -> Expression:
        return Operation(values.pick, (one, other), {"how": "greatest"})

    def window(self, *, group_by: str, order_by: str) -> Window:
        return Window(group_by, order_by)
