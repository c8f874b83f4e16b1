"""Fiscal years: of calendar months, or of whole weeks, in periods of 4-4-5, 4-5-4, 5-4-4 or thirteen times four weeks.

A year of whole weeks always begins on the same weekday, near the first day of the company's first month: either the
weekday nearest to that day, or the last one on or before it (the two 52-53-week years of US tax law, IRS Publication
538). It has 52 weeks, and 53 where 52 would drift away. The 53rd week belongs to the last period, and so to the last
quarter. Checked against the 4-5-4 calendar of the National Retail Federation and published fiscal years (tests).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Protocol


class Pattern(StrEnum):
    """How a year is parted: calendar months, or weeks per period, the same in each quarter."""

    MONTHS = "months"
    P445 = "4-4-5"
    P454 = "4-5-4"
    P544 = "5-4-4"
    THIRTEEN = "13x4"


class YearEnd(StrEnum):
    """Which week ends the year: the one ending nearest to the last day before the first month, or the last in it."""

    NEAREST = "nearest"
    LAST = "last"


# Periods of each quarter. Of thirteen the last quarter has four.
_QUARTERS = {Pattern.THIRTEEN: (3, 3, 3, 4)}


@dataclass(frozen=True)
class Part:
    """A period or quarter of a fiscal year: which one (from 1), its first day, the day after its last."""

    number: int
    start: date
    end: date

    @property
    def weeks(self) -> int:
        """Length in weeks."""
        return (self.end - self.start).days // 7


class FiscalSettings(Protocol):
    """A company's calendar, as its settings (`core.models.Company`) give it."""

    @property
    def fiscal_year_start_month(self) -> int: ...
    @property
    def week_start(self) -> int: ...
    @property
    def fiscal_pattern(self) -> str: ...
    @property
    def fiscal_year_end(self) -> str: ...


@dataclass(frozen=True)
class FiscalYears:
    """A company's years. Their parts are told here where they are of whole weeks; `period.period_of` knows months too.

    first_month: 1 to 12; week_start: 0 = Monday to 6 = Sunday; year_end: which week ends a year of whole weeks.
    """

    pattern: Pattern = Pattern.MONTHS
    first_month: int = 1
    week_start: int = 0
    year_end: YearEnd = YearEnd.NEAREST

    @classmethod
    def of(cls, settings: FiscalSettings) -> FiscalYears:
        """The years of these settings."""
        pattern, year_end = Pattern(settings.fiscal_pattern), YearEnd(settings.fiscal_year_end)
        return cls(pattern, settings.fiscal_year_start_month, settings.week_start, year_end)

    @property
    def of_months(self) -> bool:
        """Whether they are of calendar months."""
        return self.pattern is Pattern.MONTHS

    def year_start(self, year: int) -> date:
        """First day of the year that begins about the first day of the first month of `year`."""
        anchor = date(year, self.first_month, 1)
        since = (anchor.weekday() - self.week_start) % 7
        late = 7 if self.year_end is YearEnd.NEAREST and since > 3 else 0
        return anchor + timedelta(days=late - since)

    def weeks_in(self, year: int) -> int:
        """52 or 53."""
        return (self.year_start(year + 1) - self.year_start(year)).days // 7

    def periods(self, year: int) -> tuple[Part, ...]:
        """The twelve or thirteen periods of a year."""
        weeks = [4] * 13 if self.pattern is Pattern.THIRTEEN else [int(n) for n in self.pattern.value.split("-")] * 4
        weeks[-1] += self.weeks_in(year) - 52
        first = self.year_start(year)
        edges = [first, *(first + timedelta(weeks=n) for n in accumulate(weeks))]
        return tuple(Part(i + 1, edges[i], edges[i + 1]) for i in range(len(weeks)))

    def quarters(self, year: int) -> tuple[Part, ...]:
        """The four quarters of a year."""
        periods, found, at = self.periods(year), [], 0
        for number, count in enumerate(_QUARTERS.get(self.pattern, (3, 3, 3, 3)), 1):
            found.append(Part(number, periods[at].start, periods[at + count - 1].end))
            at += count
        return tuple(found)

    def period_of(self, day: date) -> Part:
        """The period that a day lies in."""
        return _holding(self.periods(self._year_of(day)), day)

    def quarter_of(self, day: date) -> Part:
        """The quarter that a day lies in."""
        return _holding(self.quarters(self._year_of(day)), day)

    def _year_of(self, day: date) -> int:
        """The year whose days hold `day`; a year may begin some days before its month, and so before its number."""
        year = day.year + 1
        while self.year_start(year) > day:
            year -= 1
        return year


def _holding(parts: tuple[Part, ...], day: date) -> Part:
    return next(part for part in parts if part.start <= day < part.end)
