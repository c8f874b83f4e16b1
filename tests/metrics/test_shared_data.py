"""Real files, next to figures known from elsewhere."""

from __future__ import annotations

from datetime import date
from statistics import fmean

import pytest

from headway.core.period import Grain, Period
from headway.metrics import catalogue
from headway.metrics.canonical import Calendar, Canonical
from headway.metrics.compiled import Statements
from headway.metrics.engine import metric_rows
from headway.metrics.windows import Sums, sums
from tests.metrics.facts_double import FactsDouble, facts_of
from tests.paths import shared

ALWAYS = Period(date(2016, 1, 1), date(2018, 1, 1))


def of_metric(facts: FactsDouble, key: str, period: Period) -> dict[str, Sums]:
    """The sufficient statistics under a metric."""
    measure = catalogue.find(key).numerator
    statements = Statements(Canonical.of(facts, calendar=Calendar()), folder=None)
    return sums(facts, statements, measures=[measure], period=period)[measure]


@pytest.fixture(scope="module")
def maven() -> FactsDouble:
    folder = shared("data", "maven-crm")
    return facts_of(
        {},
        as_of=date(2017, 12, 31),
        selects={
            "people": f"""SELECT sales_agent AS person_id, sales_agent AS name, regional_office AS segment
                FROM read_csv('{folder}/sales_teams.csv')""",
            "opportunities": f"""SELECT opportunity_id, sales_agent AS owner_id, account AS account_id,
                CAST(engage_date AS TIMESTAMP) AS created_at, lower(deal_stage) AS stage,
                CASE WHEN deal_stage IN ('Won', 'Lost') THEN lower(deal_stage) ELSE 'open' END AS outcome,
                CAST(close_date AS TIMESTAMP) AS closed_at, CASE WHEN deal_stage = 'Won' THEN close_value END AS amount
                FROM read_csv('{folder}/sales_pipeline.csv')""",
        },
    )


def test_maven_win_rates_and_revenue_over_all_time(maven: FactsDouble) -> None:
    rates = of_metric(maven, "win_rate", ALWAYS)
    assert len(rates) == 30
    assert fmean(s.x / s.of for s in rates.values()) == pytest.approx(0.635, abs=0.0005)
    revenue = [s.x for s in of_metric(maven, "revenue", ALWAYS).values()]
    assert (min(revenue), max(revenue)) == (123431, 1153214)


def test_maven_people_without_deals_and_quarters(maven: FactsDouble) -> None:
    rows = metric_rows(
        maven, grain=Grain.QUARTER, calendar=Calendar(), metrics=["win_rate", "quota_attainment"], back=3
    )
    newest = [r for r in rows if r.metric == "win_rate" and r.period.start == date(2017, 10, 1)]
    silent = {r.person_id for r in newest if r.not_evaluable and r.not_evaluable.code == "no_rows"}
    assert silent == {"Carl Lin", "Carol Thompson", "Elizabeth Anderson", "Mei-Mei Johns", "Natalya Ivanova"}
    # The first quarter holds one month only, and its 82 % are an artefact: it is not told.
    first = [r for r in rows if r.metric == "win_rate" and r.period.start == date(2017, 1, 1)]
    assert {r.not_evaluable.code for r in first if r.not_evaluable} == {"records_begin"}
    assert {r.not_evaluable.sentence for r in rows if r.metric == "quota_attainment" and r.not_evaluable} == {
        "No quotas were loaded"
    }


def test_olist_wins_alone_give_no_win_rate() -> None:
    folder = shared("data", "olist-funnel")
    deals = f"read_csv('{folder}/olist_closed_deals_dataset.csv')"
    facts = facts_of(
        {},
        as_of=date(2018, 11, 14),
        selects={
            "people": f"SELECT DISTINCT sr_id AS person_id, sr_id AS name, 'rep' AS role FROM {deals}",
            "opportunities": f"""SELECT mql_id AS opportunity_id, sr_id AS owner_id, 'won' AS outcome,
                CAST(won_date AS TIMESTAMP) AS closed_at FROM {deals}""",
        },
    )
    rows = metric_rows(facts, grain=Grain.QUARTER, calendar=Calendar(), metrics=["win_rate", "deals_won"], back=0)
    assert {r.not_evaluable.sentence for r in rows if r.metric == "win_rate" and r.not_evaluable} == {
        "Only won deals were loaded, so lost deals can't be counted"
    }
    assert sum(r.value for r in rows if r.metric == "deals_won" and r.value is not None) == 37 + 33 + 23


def test_revpulse_activities_reach_the_rep_through_the_deal() -> None:
    folder = shared("data", "revpulse-activities")
    facts = facts_of(
        {},
        as_of=date(2026, 3, 31),
        selects={
            "people": f"SELECT rep_id::VARCHAR AS person_id, rep_name AS name FROM read_csv('{folder}/sales_reps.csv')",
            "activities": f"""SELECT CAST(activity_id AS VARCHAR) AS activity_id, CAST(rep_id AS VARCHAR) AS person_id,
                activity_type AS kind, CAST(activity_date AS TIMESTAMP) AS occurred_at
                FROM read_csv('{folder}/activities.csv') JOIN read_csv('{folder}/deals.csv') USING (deal_id)""",
        },
    )
    whole = Period(date(2025, 1, 1), date(2027, 1, 1))
    per_rep = of_metric(facts, "activities", whole)
    assert len(per_rep) == 30
    assert sum(s.x for s in per_rep.values()) == 1063
    assert (min(s.x for s in per_rep.values()), max(s.x for s in per_rep.values())) == (12, 56)
    calls = of_metric(facts, "calls", whole)
    assert sum(s.x for s in calls.values()) == 216
