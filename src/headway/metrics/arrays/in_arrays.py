"""What definitions are given in place of Ibis' tables: the company's calendar and currency, over arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from headway.metrics.arrays import Unsupported, values
from headway.metrics.arrays.days import days_of
from headway.metrics.arrays.expressions import Columns, Expression, Field, Library, Operation
from headway.metrics.arrays.relations import Relation
from headway.metrics.arrays.tables import Tables
from headway.metrics.arrays.values import Values
from headway.metrics.canonical import Canonical


class _Day(Operation):
    """The company's day of an instant; that of a stored column is worked out once."""

    def __init__(self, c: Canonical, instant: Expression) -> None:
        super().__init__(partial(_day, c=c), (instant,))

    def of(self, rows: Columns) -> Values:
        (instant,) = self.inputs
        if isinstance(instant, Field) and isinstance(rows, Relation):
            return rows.day_of(instant.name, self.function)
        return super().of(rows)


def _day(instant: Values, *, c: Canonical) -> Values:
    if instant.kind != "timestamp":
        raise Unsupported("the day of what is no instant")
    return Values(days_of(instant.array, c), "date", instant.nulls)


@dataclass(frozen=True)
class InArrays(Canonical):
    """What definitions are given, so that they speak of arrays. Always whole: rows of all days."""

    tables: Tables = field(default_factory=lambda: Tables({}))

    @classmethod
    def over(cls, c: Canonical, tables: Tables) -> InArrays:
        """The same company's, over these tables."""
        return cls(c.calendar, c.currency, c.ladder, c.first_day, c.last_day, True, tables)

    @property
    def ibis(self) -> Any:
        """The library by the names that Ibis has."""
        return Library()

    def table(self, name: str) -> Relation:
        """The canonical table."""
        return self.tables.table(name)

    def day(self, instant: Expression) -> Expression:
        """As `Canonical.day`."""
        return _Day(self, instant)

    def earlier(self, one: Expression, other: Expression) -> Expression:
        """As `Canonical.earlier`; `least` looks past what is unknown."""
        return self.ibis.least(one, other)  # type: ignore[no-any-return]

    def after(self, day: Expression, days: int) -> Expression:
        """As `Canonical.after`."""
        return Operation(values.moved, (day,), {"days": days})
