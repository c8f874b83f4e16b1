"""Calls around the night when clocks change count on the day that it was where the company is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from headway.core.period import Grain
from headway.metrics.canonical import Calendar
from headway.metrics.cube.book import figure_book
from headway.metrics.engine import metric_rows
from tests.metrics.facts_double import facts_of
from tests.metrics.test_cube import book_values

# In Berlin Monday 30 March 2026 begins at 22:00 UTC (summer time since that Sunday), 26 October 2026 at 23:00.
SPRING = (datetime(2026, 3, 29, 21, 30, tzinfo=UTC), datetime(2026, 3, 29, 22, 30, tzinfo=UTC))
AUTUMN = (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("zone", "moments", "as_of", "wanted"),
    [
        ("Europe/Berlin", SPRING, date(2026, 4, 5), {date(2026, 3, 23): 1, date(2026, 3, 30): 1}),
        ("Europe/Berlin", AUTUMN, date(2026, 11, 1), {date(2026, 10, 19): 1, date(2026, 10, 26): 1}),
        # Without summer time both are still Sunday, and in Auckland both are Monday already.
        ("UTC", SPRING, date(2026, 4, 5), {date(2026, 3, 23): 2, date(2026, 3, 30): 0}),
        ("Pacific/Auckland", SPRING, date(2026, 4, 5), {date(2026, 3, 23): 0, date(2026, 3, 30): 2}),
    ],
)
def test_a_call_counts_in_its_week_there(
    zone: str, moments: tuple[datetime, ...], as_of: date, wanted: dict[date, int]
) -> None:
    early, late = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(as_of.year, as_of.month, as_of.day, 8, tzinfo=UTC)
    of_another = [{"activity_id": f"o{at}", "person_id": "o", "occurred_at": at} for at in (early, late)]
    facts = facts_of(
        {
            "people": [{"person_id": who, "name": who, "role": "rep"} for who in ("p", "o")],
            "activities": [
                {"kind": "call", **one}
                for one in [
                    *of_another,
                    *({"activity_id": f"p{at}", "person_id": "p", "occurred_at": at} for at in moments),
                ]
            ],
        },
        as_of=as_of,
    )
    calendar = Calendar(zone)
    rows = metric_rows(facts, grain=Grain.WEEK, calendar=calendar, metrics=["calls"], persons=["p"], back=1)
    assert {row.period.start: row.n for row in rows} == wanted
    book = book_values(figure_book(facts, calendar=calendar, kept={Grain.WEEK: 2}))
    assert {start: of.n for (_g, start, who, key), of in book.items() if (who, key) == ("p", "calls")} == wanted
    facts.con.close()
