"""A week of the demo company's CRM, made from a small set of open leads and deals."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pytest
from django.test import Client
from django_q.models import OrmQ

from headway.core.actors import SYSTEM
from headway.core.errors import Conflict
from headway.core.models import Company
from headway.demo.coming import Week, better, week_of
from headway.demo.weeks import advance
from headway.people.actions import give_access

MONDAY = date(2026, 5, 18)


def facts() -> duckdb.DuckDBPyConnection:
    """Two hundred open leads and as many proposals of one rep, a month old."""
    con = duckdb.connect()
    con.execute(
        """CREATE TABLE leads AS SELECT 'R005' AS owner_id, 'l' || i AS lead_id, TIMESTAMP '2026-04-20' AS created_at,
        'inbound' AS source, NULL::TIMESTAMP AS qualified_at, NULL::TIMESTAMP AS disqualified_at FROM range(200) t(i)"""
    )
    con.execute(
        """CREATE TABLE opportunities AS SELECT 'R005' AS owner_id, 'o' || i AS opportunity_id, 'l' || i AS lead_id,
        'a' AS account_id, 'proposal' AS stage, 'inbound' AS source, 9000.0 AS amount, 'x' AS product,
        TIMESTAMP '2026-04-20' AS created_at, 'open' AS outcome FROM range(200) t(i)"""
    )
    con.execute(
        """CREATE TABLE accounts AS SELECT 'R005' AS owner_id, 'a' || i AS account_id, NULL::DATE AS churned_on
        FROM range(9) t(i)"""
    )
    con.execute("CREATE TABLE stage_changes (opportunity_id VARCHAR, entered_at TIMESTAMP)")
    return con


@pytest.fixture(scope="module")
def week() -> Week:
    return week_of(facts(), MONDAY)


def test_the_same_week_gives_the_same_rows_and_another_does_not(week: Week) -> None:
    assert week_of(facts(), MONDAY) == week
    assert week_of(facts(), date(2026, 5, 25)).activities != week.activities


def test_some_of_what_was_open_is_decided_and_nothing_twice(week: Week) -> None:
    decided = [row for row in week.opportunities if row["opportunity_id"].startswith("o")]
    assert 5 < len(decided) < 120
    assert {row["outcome"] for row in decided} == {"won", "lost"}
    ids = [row["opportunity_id"] for row in week.opportunities]
    assert len(ids) == len(set(ids))


def test_a_new_deal_is_one_with_an_account_of_its_owner(week: Week) -> None:
    new = [row for row in week.opportunities if row["opportunity_id"].startswith("OP") and row["owner_id"] == "R005"]
    assert new
    assert {row["account_id"] for row in new} <= {f"a{n}" for n in range(9)}


def test_everything_happens_in_the_week(week: Week) -> None:
    start, end = datetime(2026, 5, 18), datetime(2026, 5, 25)  # noqa: DTZ001 (compared without zone)
    moments = [row["occurred_at"] for row in week.activities] + [row["entered_at"] for row in week.stage_changes]
    assert moments
    assert all(start <= moment.replace(tzinfo=None) < end for moment in moments)


def test_help_works_step_by_step() -> None:
    assert better("Daniel Okafor", "qualified", MONDAY) == 1.0
    assert (
        1.0
        < better("Daniel Okafor", "qualified", date(2026, 6, 29))
        < better("Daniel Okafor", "qualified", date(2026, 9, 1))
    )
    assert better("Daniel Okafor", "won", date(2026, 9, 1)) == 1.0


@pytest.mark.django_db
def test_only_a_demo_company_has_a_clock() -> None:
    Company.objects.create(name="Real")
    with pytest.raises(Conflict):
        advance()
    client = Client()
    client.force_login(give_access(email="m@x.example", role="manager", by=SYSTEM).user)
    assert client.post("/demo/week/").status_code == 404
    Company.objects.update(is_demo=True, demo_today=MONDAY)
    for _click in range(2):
        client.post("/demo/week/")
    assert OrmQ.objects.count() == 1
