"""Half-open periods of days: `[start, end)`. Weeks, months, quarters of the fiscal year, and thirteen weeks on end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from headway.core.fiscal import FiscalYears


class Grain(StrEnum):
    """The lengths of a period that the command line and the pages offer.

    Where the company's fiscal year is of whole weeks (4-4-5 and the like), month means a period of it.
    """

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    TRAILING = "13weeks"


# As long as a quarter, but always the same length, and it ends with the newest week instead of last quarter.
TRAILING_WEEKS = 13
CALENDAR_YEARS = FiscalYears()


def _add_months(day: date, months: int) -> date:
    month0 = day.year * 12 + day.month - 1 + months
    return date(month0 // 12, month0 % 12 + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` up to but not including `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"A period ends after it starts: {self.start} to {self.end}")

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def whole_months(self) -> bool:
        """It begins with a calendar month and ends with one."""
        return self.start.day == 1 and self.end.day == 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def period_of(day: date, *, grain: Grain, years: FiscalYears = CALENDAR_YEARS) -> Period:
    """The week, month or quarter that `day` lies in; the thirteen weeks that end with the week it lies in.

    Args:
        day: any day of the period, of the last week of thirteen.
        grain: which length.
        years: the company's. Where they are of calendar months, their first month moves quarters only.
    """
    if grain in (Grain.WEEK, Grain.TRAILING):
        end = day - timedelta(days=(day.weekday() - years.week_start) % 7 - 7)
        return Period(end - timedelta(days=7 * (TRAILING_WEEKS if grain is Grain.TRAILING else 1)), end)
    if not years.of_months:
        part = years.period_of(day) if grain is Grain.MONTH else years.quarter_of(day)
        return Period(part.start, part.end)
    first = day.replace(day=1)
    if grain is Grain.MONTH:
        return Period(first, _add_months(first, 1))
    start = _add_months(first, -((day.month - years.first_month) % 3))
    return Period(start, _add_months(start, 3))


def last_complete(as_of: date, *, grain: Grain, years: FiscalYears = CALENDAR_YEARS) -> Period:
    """The newest period that is over at the end of `as_of`."""
    here = period_of(as_of, grain=grain, years=years)
    if here.last_day <= as_of:
        return here
    before = here.end - timedelta(days=8) if grain is Grain.TRAILING else here.start - timedelta(days=1)
    return period_of(before, grain=grain, years=years)


def back_from(period: Period, *, grain: Grain, count: int, years: FiscalYears = CALENDAR_YEARS) -> Iterator[Period]:
    """`count` periods ending with `period`, newest first, none overlapping another."""
    here = period
    for _ in range(count):
        yield here
        here = period_of(here.start - timedelta(days=1), grain=grain, years=years)


def trailing_weeks(as_of: date, *, weeks: int = 13) -> Period:
    """The `weeks` x 7 days that end with `as_of`."""
    end = as_of + timedelta(days=1)
    return Period(end - timedelta(days=7 * weeks), end)
