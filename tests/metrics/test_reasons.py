"""Where no number can be told, a sentence says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from headway.core.errors import WrongUsage
from headway.core.period import Grain
from headway.metrics.canonical import Calendar
from headway.metrics.engine import metric_rows
from headway.metrics.values import MetricValue
from tests.metrics.facts_double import facts_of

AS_OF = date(2026, 3, 31)
PEOPLE = [{"person_id": f"p{i}", "name": f"Person{i} X", "role": "rep", "segment": "mid"} for i in range(8)]


LAST = {"opportunity_id": "last", "owner_id": "p7", "outcome": "open", "created_at": "2026-03-30"}


def deal(number: int, who: str | None, outcome: str, closed: str, **more: Any) -> dict[str, Any]:
    return {
        "opportunity_id": f"D{number}", "owner_id": who, "outcome": outcome, "closed_at": closed,
        "created_at": "2025-12-01", "amount": 100.0, **more,
    }  # fmt: skip


def value(tables: dict[str, Sequence[dict[str, Any]]], metric: str, person: str = "p0", **how: Any) -> MetricValue:
    """`fresh`: somebody else opened a deal on the last day, so the records reach to the period's end."""
    tables = {"people": PEOPLE, **tables}
    if "opportunities" in tables and how.pop("fresh", True):
        tables["opportunities"] = [*tables["opportunities"], LAST]
    facts = facts_of(tables, as_of=how.pop("as_of", AS_OF))
    rows = metric_rows(facts, grain=how.pop("grain", Grain.QUARTER), calendar=Calendar(), metrics=[metric], back=0)
    return next(row for row in rows if row.person_id == person)


def why(found: MetricValue) -> str:
    assert found.value is None
    assert found.not_evaluable is not None
    return found.not_evaluable.sentence


QUOTA = {"period_start": "2026-01-01", "period_end": "2026-04-01", "target": 1200.0}
WINS = [deal(i, f"p{i % 8}", "won", "2026-01-05") for i in range(48)]
LOSSES = [deal(100 + i, f"p{i % 8}", "lost", "2026-02-05") for i in range(48)]


def test_what_was_not_loaded() -> None:
    assert why(value({"opportunities": WINS}, "quota_attainment")) == "No quotas were loaded"
    assert why(value({"opportunities": WINS}, "calls")) == "Nobody logged activities"
    no_amounts = [{**row, "amount": None} for row in WINS]
    assert why(value({"opportunities": no_amounts}, "revenue")) == "No deal carries an amount"


def test_only_wins_carry_a_rep() -> None:
    losses = [{**row, "owner_id": None} for row in LOSSES]
    assert why(value({"opportunities": [*WINS, *losses]}, "win_rate")) == (
        "Only wins carry a rep, so lost deals can't be counted"
    )
    assert (
        why(value({"opportunities": WINS}, "win_rate")) == "Only won deals were loaded, so lost deals can't be counted"
    )
    some = [*LOSSES[:5], *losses[5:]]
    assert "Only 5 of 48 lost deals carry a rep" in why(value({"opportunities": [*WINS, *some]}, "win_rate"))


def test_too_few() -> None:
    few = [*(deal(i, "p0", "won", "2026-01-05") for i in range(2)), deal(9, "p1", "lost", "2026-01-06")]
    assert why(value({"opportunities": few}, "win_rate")) == "Only 2 of the 5 closed deals needed"


def test_somebody_without_any_deal_is_unknown_not_at_zero() -> None:
    deals = [row for row in WINS if row["owner_id"] != "p0"]
    assert why(value({"opportunities": deals}, "revenue")) == "Person0 has no deals in the records"
    lost_only = [*deals, deal(500, "p0", "lost", "2026-01-07")]
    assert value({"opportunities": lost_only}, "revenue").value == 0.0


def test_a_period_that_the_records_do_not_cover() -> None:
    late = [{**row, "closed_at": "2026-03-05"} for row in WINS]
    assert why(value({"opportunities": late}, "revenue")).startswith("Records begin on 5 March 2026")
    assert why(value({"opportunities": WINS}, "revenue", as_of=date(2026, 12, 31), fresh=False)).startswith(
        "Records end on 5 January"
    )


def test_another_currency_is_not_added_up() -> None:
    mixed = [*WINS, deal(600, "p0", "won", "2026-01-09", currency="USD")]
    assert "another currency" in why(value({"opportunities": mixed}, "revenue"))
    assert value({"opportunities": mixed}, "revenue", "p1").value == 600.0


def test_a_quota_for_part_of_the_period_is_not_one_for_all_of_it() -> None:
    quota = {"person_id": "p0", "period_start": "2026-01-01", "period_end": "2026-02-01", "target": 100.0}
    assert why(value({"opportunities": WINS, "quotas": [quota]}, "quota_attainment")) == (
        "The quota covers only 31 of 90 days"
    )
    assert "No quota for Person1" in why(value({"opportunities": WINS, "quotas": [quota]}, "quota_attainment", "p1"))


@pytest.mark.parametrize("last_day", ["2026-04-01", "2026-03-31"])
def test_a_quota_ends_on_or_after_its_last_day(last_day: str) -> None:
    quota = {"person_id": "p0", "period_start": "2026-01-01", "period_end": last_day, "target": 1200.0}
    assert value({"opportunities": WINS, "quotas": [quota]}, "quota_attainment").value == pytest.approx(0.5)


def test_leave_counts_against_nobody() -> None:
    away = [{"person_id": "p0", "start_on": "2026-01-01", "end_on": "2026-03-25"}]
    deals = value({"opportunities": WINS, "absences": away}, "deals_won")
    assert deals.value == 6.0
    assert deals.peers is None
    assert "was at work on 5 of 64 workdays" in deals.sentence
    # a quota holds for all days, so its attainment is held against nobody who was away either
    quotas = [{**QUOTA, "person_id": f"p{i}"} for i in range(8)]
    facts = {"opportunities": WINS, "quotas": quotas, "absences": away}
    attained = value(facts, "quota_attainment")
    assert (attained.value, attained.peers) == (pytest.approx(0.5), None)
    assert "was at work on 5 of 64 workdays" in attained.sentence
    there = value(facts, "quota_attainment", "p1")
    assert there.peers is not None
    # nor is the one who was away among those the others are compared with
    assert there.peers.count == 6
    calls = [
        {"activity_id": f"{who}{i}", "person_id": who, "kind": "call", "occurred_at": day}
        for who in ("p0", "p1") for i, day in enumerate(["2026-01-02", "2026-03-27"])
    ]  # fmt: skip
    rates = [value({"activities": calls, "absences": away}, "calls", who) for who in ("p0", "p1")]
    assert rates[0].value == pytest.approx(2.0)
    assert rates[1].value == pytest.approx(2 / 12.8)
    whole = [{"person_id": "p0", "start_on": "2025-12-01", "end_on": None}]
    assert why(value({"activities": calls, "absences": whole}, "calls")) == "Person0 was not at work in this period"


def test_new_hires_are_not_compared() -> None:
    people = [{**PEOPLE[0], "hired_on": "2025-12-15"}, *PEOPLE[1:]]
    found = value({"people": people, "opportunities": WINS}, "deals_won")
    assert found.peers is None
    assert "first 26 weeks" in found.sentence
    other = value({"people": people, "opportunities": WINS}, "deals_won", "p1")
    assert other.peers is not None
    assert other.peers.count == 6


def test_open_deals_are_not_left_out_of_the_cycle() -> None:
    quick = [deal(i, "p0", "lost", "2026-01-01", created_at="2025-12-22") for i in range(3)]
    waiting = [
        {"opportunity_id": f"O{i}", "owner_id": "p0", "outcome": "open", "created_at": "2025-10-01"} for i in range(7)
    ]
    assert "still open" in why(value({"opportunities": [*quick, *waiting]}, "sales_cycle"))


def test_an_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(WrongUsage, match="Did you mean win_rate"):
        value({}, "winrate")


def test_the_sentence_compares_with_comparable_reps() -> None:
    deals = [
        deal(1000 * i + k, f"p{i}", "won" if k < i + 2 else "lost", "2026-01-05") for i in range(8) for k in range(10)
    ]
    found = value({"opportunities": deals}, "win_rate")
    assert found.sentence == "Win rate was 20% from January to March 2026; comparable reps: 60% (36 to 84%)."
