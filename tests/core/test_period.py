"""Weeks, months, quarters and thirteen weeks on end: which is complete, and which came before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.core.fiscal import FiscalYears, Pattern
from headway.core.period import Grain, Period, back_from, last_complete, period_of

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("as_of", "wanted"),
    [
        (date(2026, 3, 29), Period(date(2025, 12, 29), date(2026, 3, 30))),  # a Sunday ends its week
        (date(2026, 3, 31), Period(date(2025, 12, 29), date(2026, 3, 30))),
        (date(2026, 4, 4), Period(date(2025, 12, 29), date(2026, 3, 30))),
        (date(2026, 4, 5), Period(date(2026, 1, 5), date(2026, 4, 6))),
    ],
)
def test_thirteen_weeks_end_with_the_last_complete_one(as_of: date, wanted: Period) -> None:
    assert last_complete(as_of, grain=Grain.TRAILING) == wanted


def test_quarters_follow_the_fiscal_year() -> None:
    assert last_complete(date(2026, 3, 31), grain=Grain.QUARTER, years=FiscalYears(first_month=2)) == Period(
        date(2025, 11, 1), date(2026, 2, 1)
    )


@given(DAYS, st.sampled_from(Grain), st.integers(1, 12), st.sampled_from([0, 5, 6]), st.sampled_from(Pattern))
def test_periods_follow_each_other_without_gap(
    day: date, grain: Grain, month: int, week_start: int, pattern: Pattern
) -> None:
    years = FiscalYears(pattern, month, week_start)
    newest = last_complete(day, grain=grain, years=years)
    # The longest quarter of all: the last four of thirteen periods with a 53rd week.
    assert newest.last_day <= day < newest.last_day + timedelta(weeks=17)
    three = list(back_from(newest, grain=grain, count=3, years=years))
    assert three[0] == newest
    assert [p.end for p in three[1:]] == [p.start for p in three[:2]]
    for period in three:
        assert period_of(period.last_day, grain=grain, years=years) == period
    if grain in (Grain.WEEK, Grain.TRAILING):
        assert {p.days for p in three} == {7 if grain is Grain.WEEK else 91}
        assert {p.start.weekday() for p in three} == {week_start}
