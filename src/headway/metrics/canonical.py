"""The canonical tables as Ibis sees them, and the few rules that every definition shares.

Definitions are pure expressions over these unbound tables: any engine that has tables of these names can run them.
Ibis is imported on first use only, because starting the program matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from headway.core.fiscal import FiscalSettings
from headway.facts.tables import BY_NAME
from headway.facts.tables import Kind as ColumnKind

# Ibis brings no type information; these names say what is meant.
Rows = Any
Column = Any
EPOCH = date(1970, 1, 1)


class MeasuredFacts(Protocol):
    """What metrics ask of the facts, wherever they lie (`metrics.databases` says how they are asked)."""

    @property
    def as_of(self) -> date: ...
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


class FactsLike(MeasuredFacts, Protocol):
    """What the rooms after it ask of the facts (`headway.facts.store.Facts`): `con` has one view per canonical table
    as known on `as_of`, empty where nothing was loaded."""

    @property
    def con(self) -> Any: ...


_TYPES = {
    ColumnKind.NUMBER: "float64",
    ColumnKind.COUNT: "int64",
    ColumnKind.DATE: "date",
    ColumnKind.INSTANT: "timestamp",
}


class CalendarLike(FiscalSettings, Protocol):
    """The company's time, as its settings (`core.models.Company`) give it."""

    @property
    def time_zone(self) -> str: ...


@dataclass(frozen=True)
class Calendar:
    """The company's time: the zone of its days, and its fiscal calendar as `core.fiscal.FiscalYears.of` takes it."""

    time_zone: str = "UTC"
    # Sums per day know of no weeks or quarters: what is kept of them stays as it is when the fiscal calendar changes.
    # It is told apart by this object's text.
    fiscal_year_start_month: int = field(default=1, repr=False)
    week_start: int = field(default=0, repr=False)
    fiscal_pattern: str = field(default="months", repr=False)
    fiscal_year_end: str = field(default="nearest", repr=False)

    @classmethod
    def of(cls, company: CalendarLike) -> Calendar:
        """A frozen copy of the settings."""
        return cls(
            company.time_zone, company.fiscal_year_start_month, company.week_start, company.fiscal_pattern,
            company.fiscal_year_end,
        )  # fmt: skip


@cache
def _window(name: str) -> Any:
    """`window_start()` or `window_end()` in SQL: the period is put in when it is asked for, not when compiling."""
    import ibis
    import ibis.expr.datatypes as dt

    def edge():  # type: ignore[no-untyped-def]
        ...

    return ibis.udf.scalar.builtin(edge, name=name, signature=((), dt.date))()


@cache
def clock_changes(time_zone: str, first: date, last: date) -> tuple[tuple[datetime, int], ...]:
    """The zone's offsets from UTC in seconds over a span of days: (instant in UTC from which on it holds, offset)."""
    zone = ZoneInfo(time_zone)
    found: list[tuple[datetime, int]] = []
    day = datetime(first.year, first.month, first.day) - timedelta(days=2)  # noqa: DTZ001 (naive UTC, as in the store)
    while day.date() <= last + timedelta(days=2):
        following = day + timedelta(days=1)
        # Hours are looked at on the few days on which the clock is changed.
        steps = 1 if _offset(zone, day) == _offset(zone, following) and found else 24
        for hour in (day + timedelta(hours=h) for h in range(steps)):
            seconds = _offset(zone, hour)
            if not found or found[-1][1] != seconds:
                found.append((hour, seconds))
        day = following
    return tuple(found)


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    offset = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


@dataclass(frozen=True)
class Canonical:
    """The tables by name, with the company's zone, currency and ladder."""

    calendar: Calendar
    currency: str
    ladder: tuple[str, ...]
    first_day: date | None = None
    last_day: date | None = None
    whole: bool = False

    @classmethod
    def of(cls, facts: MeasuredFacts, *, calendar: CalendarLike, whole: bool = False) -> Canonical:
        """For these facts. The days are widened to whole years, so that a new load need not be compiled for anew.

        Args:
            facts: give currency, ladder and days.
            calendar: the company's.
            whole: the rows of all days are wanted (for the cube), so that nothing is left out as outside a period.
        """
        first, last = facts.first_day or EPOCH, facts.last_day or EPOCH
        years = (date(first.year, 1, 1), date(last.year, 12, 31))
        return cls(Calendar.of(calendar), facts.currency, tuple(facts.ladder), *years, whole)

    @property
    def ibis(self) -> Any:
        """The library, imported when a definition is compiled and not before."""
        import ibis

        return ibis

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
        # Adding the offset that holds at the time is ten times as fast as a database's own zone function, and the
        # same in every engine.
        changes = clock_changes(self.calendar.time_zone, self.first_day or EPOCH, self.last_day or EPOCH)
        local = instant + self.ibis.interval(seconds=changes[0][1])
        for begins, seconds in changes[1:]:
            then = instant + self.ibis.interval(seconds=seconds)
            local = self.ibis.ifelse(instant >= self.ibis.literal(begins), then, local)
        return self.ibis.ifelse(instant == instant.truncate("D"), instant.date(), local.date())

    @property
    def start(self) -> Column:
        """First day of the period that is asked for."""
        return _window("window_start")

    @property
    def end(self) -> Column:
        """The day after its last."""
        return _window("window_end")

    def near(self, instant: Column, *, lag_days: int = 0) -> Column:
        """Whether an instant's day, `lag_days` later, can lie in the period that is asked for at all.

        Said of the stored column itself, so that a database leaves out the rest before any day is worked out.
        """
        if self.whole:
            return instant.notnull()
        first = self.start.cast("timestamp") - self.ibis.interval(days=lag_days + 2)
        last = self.end.cast("timestamp") - self.ibis.interval(days=lag_days - 2)
        return (instant >= first) & (instant < last)

    def reaches_end(self, instant: Column) -> Column:
        """Whether an instant's day can lie on or after the end of the period; as `near`, for what holds then."""
        if self.whole:
            return instant.notnull()
        return instant >= self.end.cast("timestamp") - self.ibis.interval(days=2)

    def is_foreign(self, currency: Column) -> Column:
        """True where an amount is not in the currency of the facts; no currency given means that one."""
        return currency.fill_null(self.currency).upper() != self.currency

    def flag(self, condition: Column) -> Column:
        """1.0 where the condition holds, 0.0 where it does not or is unknown."""
        return self.ibis.ifelse(condition.fill_null(False), 1.0, 0.0)

    def earlier(self, one: Column, other: Column) -> Column:
        """The earlier of two; where one is unknown, the other."""
        # Some engines answer NULL as soon as one of the two is.
        return self.ibis.coalesce(self.ibis.least(one, other), one, other)

    def after(self, day: Column, days: int) -> Column:
        """The day `days` later."""
        # DuckDB makes an instant of a day plus an interval; .date() makes it a day again in every engine.
        return (day.cast("timestamp") + self.ibis.interval(days=days)).date()
