"""Data that no method can do anything with: a reason, never a number that is not one, never a warning."""

import json
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from bench.simulation.memory_facts import memory_facts
from headway.detection.early import early_warnings
from headway.detection.engine import signals
from headway.detection.sentences import below_sentence
from headway.detection.serialise import contract
from headway.detection.signal import NotEvaluable, Signal, SignalReport, Tier

AS_OF = date(2026, 6, 30)


def _people(n: int, **more: object) -> pa.Table:
    return pa.table({"person_id": [f"P{i}" for i in range(n)], "name": [f"Ann{i} B" for i in range(n)], **more})


def _deals(owner: list[str], outcome: list[str], ago: list[int], lasts: int = 5, **more: object) -> pa.Table:
    created = [AS_OF - timedelta(days=int(d)) for d in ago]
    return pa.table(
        {
            "opportunity_id": [f"O{i}" for i in range(len(owner))],
            "owner_id": owner,
            "outcome": outcome,
            "created_at": created,
            "closed_at": [c + timedelta(days=lasts) for c in created],
            **more,
        }
    )


def _some(n_people: int = 8, n: int = 480, seed: int = 1, **more: object) -> dict[str, pa.Table]:
    rng = np.random.default_rng(seed)
    owner = [f"P{i % n_people}" for i in range(n)]
    outcome = rng.choice(["won", "lost"], n, p=[0.3, 0.7]).tolist()
    return {
        "people": _people(n_people),
        "opportunities": _deals(owner, outcome, rng.integers(10, 600, n).tolist(), **more),  # type: ignore[arg-type]
    }


def _sound(report: SignalReport, people: int) -> None:
    """Everybody has an entry, every number is one, every refusal has a reason."""
    assert len(report.people) == people
    json.dumps(contract(report), allow_nan=False)
    for entry in report.people:
        if isinstance(entry, NotEvaluable):
            assert entry.sentence
            assert entry.what_would_help
        else:
            assert 0.0 < entry.index.low <= entry.index.estimate <= entry.index.high
    early_warnings(report)


@pytest.mark.parametrize("person", ["won", "lost"])
def test_separation_one_person_wins_or_loses_everything(person: str):
    tables = _some()
    rows = tables["opportunities"].to_pylist()
    changed = [{**r, "outcome": person} if r["owner_id"] == "P3" else r for r in rows]
    report = signals(memory_facts({**tables, "opportunities": pa.Table.from_pylist(changed)}, AS_OF), history_weeks=2)
    _sound(report, 8)
    mine = report.of("P3")
    assert isinstance(mine, Signal)
    assert (mine.index.estimate > 1.1) == (person == "won")


def test_only_what_the_data_hold_is_named_as_an_explanation():
    """Deals alone: nobody can say that leads or a territory don't explain it."""
    rng = np.random.default_rng(6)
    owner = [f"P{i % 8}" for i in range(800)]
    outcome = ["won" if rng.random() < (0.1 if o == "P3" else 0.45) else "lost" for o in owner]
    tables = {"people": _people(8), "opportunities": _deals(owner, outcome, rng.integers(10, 600, 800).tolist())}
    report = signals(memory_facts(tables, AS_OF), history_weeks=0)
    weak = report.of("P3")
    assert isinstance(weak, Signal)
    assert weak.tier in (Tier.SUPPORT, Tier.FORMAL)
    first = weak.sentences[0]
    assert first.startswith("Results lie below those of comparable colleagues")
    assert not {word for word in ("lead", "territory", "time in role", "product") if word in first}
    assert "the kinds of leads or the territory can" in below_sentence(("segment", "score", "territory", "season"))


def test_closed_before_created_counts_as_decided_at_once():
    report = signals(memory_facts(_some(lasts=-30), AS_OF))
    _sound(report, 8)
    assert {type(e) for e in report.people} == {Signal}


def test_amounts_without_variance_leave_deal_size_out():
    report = signals(memory_facts(_some(amount=[100.0] * 480), AS_OF))
    _sound(report, 8)
    assert "deal_size" in {m.key for m in report.not_evaluable_metrics}


def test_quotas_of_zero_and_below_are_no_quota():
    quotas = pa.table(
        {
            "person_id": ["P0", "P1", "P2"],
            "period_start": [date(2026, 4, 1)] * 3,
            "period_end": [date(2026, 6, 30)] * 3,
            "target": [0.0, -5.0, 1000.0],
        }
    )
    report = signals(memory_facts({**_some(amount=list(range(100, 580))), "quotas": quotas}, AS_OF))
    _sound(report, 8)
    assert [report.of(p).quota_attainment is None for p in ("P0", "P1", "P2")] == [True, True, False]  # type: ignore[union-attr]


def test_one_segment_each_is_a_comparison_over_all():
    tables = _some()
    tables["people"] = _people(8, segment=[f"s{i}" for i in range(8)])
    report = signals(memory_facts(tables, AS_OF))
    _sound(report, 8)


def test_contradictory_dates_of_people():
    tables = _some()
    tables["people"] = _people(
        8,
        hired_on=[date(2027, 1, 1)] + [date(2025, 1, 1)] * 7,
        left_on=[None, date(2024, 1, 1)] + [None] * 6,
    )
    tables["absences"] = pa.table(
        {"person_id": ["P2"], "start_on": [date(2026, 6, 1)], "end_on": [date(2025, 6, 1)], "kind": ["leave"]}
    )
    report = signals(memory_facts(tables, AS_OF))
    # not there yet, already gone
    _sound(report, 6)


def test_a_week_of_data_and_a_day_of_data():
    for days in (1, 6):
        owner = [f"P{i % 6}" for i in range(60)]
        outcome = ["won", "lost"] * 30
        tables = {"people": _people(6), "opportunities": _deals(owner, outcome, [i % days for i in range(60)], lasts=0)}
        _sound(signals(memory_facts(tables, AS_OF), history_weeks=4), 6)


@pytest.mark.slow
def test_thirty_agents_who_differ_no_more_than_chance_are_not_named(maven):
    report = signals(maven, history_weeks=0)
    assert [e.person_id for e in report.people if e.tier in (Tier.SUPPORT, Tier.FORMAL)] == []


@pytest.fixture(scope="module")
def maven():
    """The public export as canonical tables (as its mapping loads it)."""
    from tests.paths import shared

    folder = shared("data", "maven-crm")
    from pyarrow import csv

    deals = csv.read_csv(folder / "sales_pipeline.csv").to_pylist()
    agents = sorted({row["sales_agent"] for row in deals})
    outcome = {"Won": "won", "Lost": "lost"}
    kept = [row for row in deals if row["engage_date"]]
    tables = {
        "people": pa.table({"person_id": agents, "name": agents}),
        "opportunities": pa.table(
            {
                "opportunity_id": [r["opportunity_id"] for r in kept],
                "owner_id": [r["sales_agent"] for r in kept],
                "created_at": [r["engage_date"] for r in kept],
                "closed_at": [r["close_date"] for r in kept],
                "outcome": [outcome.get(r["deal_stage"], "open") for r in kept],
                "amount": [float(r["close_value"]) if r["close_value"] else None for r in kept],
                "product": [r["product"] for r in kept],
            }
        ),
    }
    return memory_facts(tables, date(2017, 12, 31))
