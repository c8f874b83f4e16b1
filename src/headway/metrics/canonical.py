"""The canonical tables as Ibis sees them, and the few rules that every definition shares.

Definitions are pure expressions over these unbound tables: any engine that has tables of these names can run them.
Ibis is imported on first use only, because starting the program matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Protocol

from headway.facts.tables import BY_NAME
from headway.facts.tables import Kind as ColumnKind

# Ibis brings no type information; these names say what is meant.
Rows = Any
Column = Any


class FactsLike(Protocol):
    """What this room asks of the facts (`headway.facts.store.Facts`): views as known on `as_of`."""

    @property
    def as_of(self) -> date: ...
    @property
    def con(self) -> Any: ...
    @property
    def first_day(self) -> date | None: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def ladder(self) -> tuple[str, ...]: ...
    def has(self, table: str) -> bool: ...
    def has_column(self, table: str, column: str) -> bool: ...


_TYPES = {
    ColumnKind.NUMBER: "float64",
    ColumnKind.COUNT: "int64",
    ColumnKind.DATE: "date",
    ColumnKind.INSTANT: "timestamp",
}


class CalendarLike(Protocol):
    """The company's time, as its settings (`core.models.Company`) give it."""

    @property
    def time_zone(self) -> str: ...
    @property
    def fiscal_year_start_month(self) -> int: ...
    @property
    def week_start(self) -> int: ...


@dataclass(frozen=True)
class Calendar:
    """The company's time: zone of its days, first month of its year, first day of its week (0 = Monday)."""

    time_zone: str = "UTC"
    fiscal_year_start_month: int = 1
    week_start: int = 0

    @classmethod
    def of(cls, company: CalendarLike) -> Calendar:
        """A frozen copy of the settings."""
        return cls(company.time_zone, company.fiscal_year_start_month, company.week_start)


@cache
def _timezone_function() -> Any:
    import ibis
    import ibis.expr.datatypes as dt

    # Postgres and DuckDB both know timezone(zone, instant) -> local time.
    def timezone(zone, at):  # type: ignore[no-untyped-def]
        ...

    return ibis.udf.scalar.builtin(timezone, signature=((dt.string, dt.Timestamp(timezone="UTC")), dt.timestamp))


@dataclass(frozen=True)
class Canonical:
    """The tables by name, with the company's zone, currency and ladder."""

    calendar: Calendar
    currency: str
    ladder: tuple[str, ...]
    ibis: Any = field(default=None, compare=False)

    @classmethod
    def of(cls, facts: FactsLike, *, calendar: CalendarLike) -> Canonical:
        """For these facts."""
        import ibis

        return cls(Calendar.of(calendar), facts.currency, tuple(facts.ladder), ibis)

    def table(self, name: str) -> Rows:
        """The canonical table `name`, unbound."""
        columns = {c.name: _TYPES.get(c.kind, "string") for c in BY_NAME[name].columns}
        return self.ibis.table(columns, name=name)

    def day(self, instant: Column) -> Column:
        """The company's day of an instant.

        A bare date was read as midnight UTC; moving that into a zone west of Greenwich would put it on the day
        before, so an instant at exactly midnight stays where it is.
        """
        if self.calendar.time_zone == "UTC":
            return instant.date()
        import ibis.expr.datatypes as dt

        local = _timezone_function()(self.calendar.time_zone, instant.cast(dt.Timestamp(timezone="UTC"))).date()
        return self.ibis.ifelse(instant == instant.truncate("D"), instant.date(), local)

    def is_foreign(self, currency: Column) -> Column:
        """True where an amount is not in the currency of the facts; no currency given means that one."""
        return currency.fill_null(self.currency).upper() != self.currency

    def flag(self, condition: Column) -> Column:
        """1.0 where the condition holds, 0.0 where it does not or is unknown."""
        return self.ibis.ifelse(condition.fill_null(False), 1.0, 0.0)

    def after(self, day: Column, days: int) -> Column:
        """The day `days` later."""
        # DuckDB makes an instant of a day plus an interval; .date() makes it a day again in every engine.
        return (day.cast("timestamp") + self.ibis.interval(days=days)).date()
