"""Fiscal years of whole weeks, against calendars that were published, and against the weeks of ISO 8601."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.core.errors import BadInput
from headway.core.fiscal import FiscalYears, Pattern, YearEnd
from headway.core.period import Grain, Period, last_complete, period_of
from headway.people.company import CompanyChange

SUNDAY = 6
WEEKLY = [pattern for pattern in Pattern if pattern is not Pattern.MONTHS]
# The 4-5-4 calendar of the National Retail Federation: its year begins on the Sunday nearest to 1 February.
RETAIL = FiscalYears(Pattern.P454, 2, SUNDAY)


def test_the_retail_calendar_of_2023_with_its_53rd_week() -> None:
    firsts = [
        date(2023, 1, 29), date(2023, 2, 26), date(2023, 4, 2), date(2023, 4, 30), date(2023, 5, 28), date(2023, 7, 2),
        date(2023, 7, 30), date(2023, 8, 27), date(2023, 10, 1), date(2023, 10, 29), date(2023, 11, 26),
        date(2023, 12, 31),
    ]  # fmt: skip
    periods = RETAIL.periods(2023)
    assert [part.start for part in periods] == firsts
    assert [part.weeks for part in periods] == [4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 5]
    assert periods[-1].end == date(2024, 2, 4)
    assert [part.weeks for part in RETAIL.quarters(2023)] == [13, 13, 13, 14]


def test_which_retail_years_have_53_weeks() -> None:
    assert [year for year in range(2005, 2026) if RETAIL.weeks_in(year) == 53] == [2006, 2012, 2017, 2023]


def test_a_year_that_ends_on_the_last_saturday_of_september() -> None:
    """As published in the annual reports of a company with such a year."""
    years = FiscalYears(Pattern.P544, 10, SUNDAY, YearEnd.LAST)
    ends = [years.year_start(year) - timedelta(days=1) for year in range(2016, 2025)]
    assert ends == [
        date(2016, 9, 24), date(2017, 9, 30), date(2018, 9, 29), date(2019, 9, 28), date(2020, 9, 26),
        date(2021, 9, 25), date(2022, 9, 24), date(2023, 9, 30), date(2024, 9, 28),
    ]  # fmt: skip
    assert [year for year in range(2016, 2024) if years.weeks_in(year) == 53] == [2016, 2022]


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_a_year_from_the_monday_nearest_to_new_year_is_that_of_iso_8601(day: date) -> None:
    years = FiscalYears(Pattern.THIRTEEN)
    iso = day.isocalendar()
    assert years.year_start(iso.year) == date.fromisocalendar(iso.year, 1, 1)
    part = years.period_of(day)
    # Weeks 1 to 4 are the first period, and so on; a 53rd belongs to the thirteenth.
    assert part.number == min((iso.week - 1) // 4 + 1, 13)


def test_thirteen_periods_make_quarters_of_three_and_a_last_one_of_four() -> None:
    years = FiscalYears(Pattern.THIRTEEN)
    assert years.weeks_in(2026) == 53
    assert [part.weeks for part in years.periods(2026)] == [4] * 12 + [5]
    assert [part.weeks for part in years.quarters(2026)] == [12, 12, 12, 17]


@given(
    st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(WEEKLY), st.integers(1, 12), st.integers(0, 6),
    st.sampled_from(YearEnd),
)  # fmt: skip
def test_every_day_lies_in_one_period_and_one_quarter(
    day: date, pattern: Pattern, month: int, weekday: int, end: YearEnd
) -> None:
    years = FiscalYears(pattern, month, weekday, end)
    period, quarter = years.period_of(day), years.quarter_of(day)
    assert period.start <= day < period.end
    assert quarter.start <= period.start
    assert period.end <= quarter.end
    assert period.start.weekday() == quarter.start.weekday() == weekday
    first = years.year_start(day.year)
    assert years.weeks_in(day.year) in (52, 53)
    anchor = date(day.year, month, 1)
    assert abs((first - anchor).days) <= 3 if end is YearEnd.NEAREST else 0 <= (anchor - first).days <= 6
    parts = years.periods(day.year)
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert (parts[0].start, parts[-1].end) == (first, years.year_start(day.year + 1))


@pytest.mark.parametrize(
    ("as_of", "month", "quarter"),
    [
        # The last day of the year of 53 weeks, and the day before.
        (date(2024, 2, 3), (date(2023, 12, 31), date(2024, 2, 4)), (date(2023, 10, 29), date(2024, 2, 4))),
        (date(2024, 2, 2), (date(2023, 11, 26), date(2023, 12, 31)), (date(2023, 7, 30), date(2023, 10, 29))),
        # 30 January 2023 is already of the new year, though it began before 1 February.
        (date(2023, 1, 30), (date(2023, 1, 1), date(2023, 1, 29)), (date(2022, 10, 30), date(2023, 1, 29))),
    ],
)
def test_the_last_complete_period_at_the_edges_of_a_year(
    as_of: date, month: tuple[date, date], quarter: tuple[date, date]
) -> None:
    assert last_complete(as_of, grain=Grain.MONTH, years=RETAIL) == Period(*month)
    assert last_complete(as_of, grain=Grain.QUARTER, years=RETAIL) == Period(*quarter)
    assert period_of(as_of, grain=Grain.WEEK, years=RETAIL) == period_of(
        as_of, grain=Grain.WEEK, years=FiscalYears(week_start=SUNDAY)
    )


def test_what_a_person_types_is_checked() -> None:
    change = CompanyChange.from_texts(fiscal_pattern=" 4-4-5 ", fiscal_year_end="Last")
    assert (change.fiscal_pattern, change.fiscal_year_end) == ("4-4-5", "last")
    with pytest.raises(BadInput, match="months, 4-4-5, 4-5-4, 5-4-4, 13x4"):
        CompanyChange.from_texts(fiscal_pattern="4-4-4")
    with pytest.raises(BadInput, match="nearest or last"):
        CompanyChange.from_texts(fiscal_year_end="first")
