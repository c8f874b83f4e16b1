"""How old the newest fact is: by the company's clock, and without a count of days that nobody can picture."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from headway.core import clock
from headway.core.models import Company
from headway.facts.pages.health import age_of
from headway.facts.queries import _stale

TODAY = date(2026, 5, 18)
OLDER = "This is an older export: figures are shown as of its last day, not of today."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "The newest fact is from today."),
        (0, "The newest fact is from today."),
        (1, "The newest fact is 1 day old."),
        (60, "The newest fact is 60 days old."),
        (61, OLDER),
        (2225, OLDER),
    ],
)
def test_an_old_export_is_not_so_many_days_old(days: int, said: str) -> None:
    with clock.at(datetime(2026, 5, 18, 12, tzinfo=UTC)):
        assert age_of(TODAY - timedelta(days=days)) == said
        assert age_of(None) == ""


@pytest.mark.django_db
def test_the_demo_company_has_a_day_of_its_own() -> None:
    Company.objects.create(is_demo=True, demo_today=date(2020, 3, 2))
    assert age_of(date(2020, 3, 1)) == "The newest fact is 1 day old."


def test_status_names_the_day_of_an_old_export() -> None:
    told = [[problem.text for problem in _stale(TODAY - timedelta(days=days), TODAY)] for days in (14, 15, 60, 2225)]
    assert told == [
        [], ["The newest fact is 15 days old."], ["The newest fact is 60 days old."],
        ["The newest fact is of 14 April 2020."],
    ]  # fmt: skip


def test_no_fact_is_not_old() -> None:
    assert _stale(None, TODAY) == []
