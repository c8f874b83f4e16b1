"""Any small or lopsided data give figures or reasons: no exception, no warning, no NaN."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from bench.simulation.memory_facts import MemoryFacts, folder_facts, memory_facts
from headway.detection.early import early_warnings
from headway.detection.engine import analyse, report
from headway.detection.serialise import contract as signals_contract
from headway.detection.signal import NotEvaluable, SignalReport
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.engine import diagnose_all
from headway.diagnosis.printing import document
from headway.diagnosis.serialise import contract

AS_OF = date(2026, 5, 17)
TINY = Path(__file__).parents[2] / "examples" / "tiny"
OUTCOMES = {
    "any": ("won", "lost", "open"),
    "no_wins": ("lost", "open"),
    "no_losses": ("won", "open"),
    "all_won": ("won",),
}


def _judge(facts: MemoryFacts) -> SignalReport:
    """Everything that reads the facts, through to JSON; returns the report."""
    analysis = analyse(facts)
    found = report(facts, analysis, history_weeks=3)
    json.dumps(signals_contract(found), allow_nan=False)
    early_warnings(found)
    for entry in found.people:
        assert entry.sentence if isinstance(entry, NotEvaluable) else entry.sentences
    for diagnosis in diagnose_all(facts, found, analysis=analysis).values():
        json.dumps(document(diagnosis, currency="EUR"), allow_nan=False)
        if isinstance(diagnosis, Diagnosis):
            json.dumps(contract(diagnosis), allow_nan=False)
            assert sum(round(100 * p.amount) for p in diagnosis.parts) == round(100 * diagnosis.gap)
    return found


def _day(rng: np.random.Generator, span: int, dates: str) -> datetime | None:
    if dates == "none" or (dates == "some" and rng.random() < 0.3):
        return None
    return datetime.combine(AS_OF, datetime.min.time()) - timedelta(days=int(rng.integers(0, span + 1)))


def _later(rng: np.random.Generator, day: datetime | None) -> datetime | None:
    if day is None:
        return None
    return min(day + timedelta(days=int(rng.integers(0, 60))), datetime.combine(AS_OF, datetime.min.time()))


def _tables(seed: int) -> dict[str, pa.Table]:
    """A random company of 0 to 10 people, with tables, columns, dates and outcomes missing at random."""
    rng = np.random.default_rng(seed)
    count = int(rng.choice([0, 1, 2, 6, 7, 8, 10]))
    span = int(rng.choice([0, 3, 40, 200, 800]))
    dates = str(rng.choice(["all", "all", "all", "some", "none"]))
    outcomes = OUTCOMES[str(rng.choice(list(OUTCOMES)))]
    people = [f"P{i}" for i in range(count)]
    owners = people[: max(1, int(rng.integers(1, count + 1)))] if people else ["gone"]
    segments = ["one"] if rng.random() < 0.4 else ["one", "two", None]
    items = int(rng.choice([0, 1, 5, 25, 60, 150]))
    made = [_day(rng, span, dates) for _ in range(items)]
    ends = [str(rng.choice(outcomes)) for _ in range(items)]
    same = rng.random() < 0.2
    owner = [str(rng.choice(owners)) for _ in range(items)]
    tables = {
        "people": pa.table(
            {
                "person_id": pa.array(people, pa.string()),
                "name": pa.array([f"Ann{i} B" for i in range(count)], pa.string()),
                "segment": pa.array([segments[int(rng.integers(len(segments)))] for _ in people], pa.string()),
                "hired_on": pa.array(
                    [AS_OF - timedelta(days=int(rng.integers(0, 900))) if rng.random() < 0.6 else None for _ in people],
                    pa.date32(),
                ),
            }
        ),
        "opportunities": pa.table(
            {
                "opportunity_id": pa.array([f"O{i}" for i in range(items)], pa.string()),
                "owner_id": pa.array(owner, pa.string()),
                "lead_id": pa.array([f"L{i}" for i in range(items)], pa.string()),
                "created_at": pa.array(made, pa.timestamp("us")),
                "outcome": pa.array(ends, pa.string()),
                "closed_at": pa.array(
                    [_later(rng, d) if e != "open" else None for d, e in zip(made, ends, strict=True)],
                    pa.timestamp("us"),
                ),
                "amount": pa.array(
                    [None if rng.random() < 0.2 else 100.0 if same else float(rng.integers(1, 9000)) for _ in made],
                    pa.float64(),
                ),
                "source": pa.array([str(rng.choice(["self", "web", "event"])) for _ in made], pa.string()),
            }
        ),
        "leads": pa.table(
            {
                "lead_id": pa.array([f"L{i}" for i in range(items)], pa.string()),
                "owner_id": pa.array(owner, pa.string()),
                "created_at": pa.array(made, pa.timestamp("us")),
                "score": pa.array([float(rng.normal()) for _ in made], pa.float64()),
                "source": pa.array([str(rng.choice(["self", "web", "event"])) for _ in made], pa.string()),
                "qualified_at": pa.array(
                    [_later(rng, d) if rng.random() < 0.5 else None for d in made], pa.timestamp("us")
                ),
                "disqualified_at": pa.array(
                    [_later(rng, d) if rng.random() < 0.2 else None for d in made], pa.timestamp("us")
                ),
            }
        ),
        "stage_changes": pa.table(
            {
                "opportunity_id": pa.array([f"O{i}" for i in range(0, items, 2)], pa.string()),
                "stage": pa.array(["proposal" for _ in range(0, items, 2)], pa.string()),
                "entered_at": pa.array([_later(rng, d) for d in made[::2]], pa.timestamp("us")),
            }
        ),
        "activities": pa.table(
            {
                "activity_id": pa.array([f"A{i}" for i in range(items)], pa.string()),
                "person_id": pa.array(owner, pa.string()),
                "kind": pa.array(["meeting" for _ in made], pa.string()),
                "occurred_at": pa.array(made, pa.timestamp("us")),
            }
        ),
        "quotas": pa.table(
            {
                "person_id": pa.array(people, pa.string()),
                "metric": pa.array(["revenue" for _ in people], pa.string()),
                "period_start": pa.array([date(2026, 1, 1) for _ in people], pa.date32()),
                "period_end": pa.array([date(2026, 4, 1) for _ in people], pa.date32()),
                "target": pa.array([float(rng.choice([0.0, 1000.0])) for _ in people], pa.float64()),
            }
        ),
    }
    for name in list(tables):
        if rng.random() < 0.2:
            del tables[name]
    return tables


@pytest.mark.parametrize("block", range(8))
def test_random_small_companies(block):
    for seed in range(15 * block, 15 * block + 15):
        try:
            _judge(memory_facts(_tables(seed), AS_OF))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def test_the_tiny_example_gives_reasons():
    found = _judge(folder_facts(TINY, date(2026, 3, 31)))
    assert found.people
    assert all(isinstance(e, NotEvaluable) for e in found.people)
    size = next(m for m in found.not_evaluable_metrics if m.key == "deal_size")
    assert "Too few" in size.reason


def test_no_data_at_all():
    assert _judge(memory_facts({}, AS_OF)).people == ()


def test_deals_that_all_bring_the_same_have_a_gap_in_money():
    """A flat price: nobody differs in deal size, but what was won can be counted and the quota be asked about."""
    rng = np.random.default_rng(5)
    tables = _flat_price(rng.random(480) < np.where(np.arange(480) % 8 == 0, 0.15, 0.5))
    facts = memory_facts(tables, AS_OF)
    analysis = analyse(facts)
    found = diagnose_all(facts, report(facts, analysis, history_weeks=0), analysis=analysis)
    weak = found["P0"]
    assert isinstance(weak, Diagnosis)
    assert weak.gap > 0
    assert {p.key for p in weak.parts} >= {"qualified_to_won", "rest"}
    assert "deal_size" not in {p.key for p in weak.parts}
    assert weak.swap is not None
    assert 0.5 < weak.swap.expected / weak.expected < 2.0


def _flat_price(won: np.ndarray) -> dict[str, pa.Table]:
    people = [f"P{i}" for i in range(8)]
    start = datetime.combine(AS_OF, datetime.min.time()) - timedelta(days=500)
    made = [start + timedelta(days=i) for i in range(480)]
    return {
        "people": pa.table({"person_id": people, "name": [f"Ann{i} B" for i in range(8)]}),
        "opportunities": pa.table(
            {
                "opportunity_id": [f"O{i}" for i in range(480)],
                "owner_id": [people[i % 8] for i in range(480)],
                "created_at": made,
                "closed_at": [day + timedelta(days=20) for day in made],
                "outcome": ["won" if w else "lost" for w in won],
                "amount": [1000.0] * 480,
            }
        ),
        "quotas": pa.table(
            {
                "person_id": people,
                "metric": ["revenue"] * 8,
                "period_start": [AS_OF - timedelta(days=181)] * 8,
                "period_end": [AS_OF] * 8,
                "target": [10_000.0] * 8,
            }
        ),
    }


def test_new_ids_change_nobodys_figures_or_ranges():
    """Ids are names: whoever stands first or last in the list has the same parts and the same ranges."""
    rng = np.random.default_rng(9)
    tables = _flat_price(rng.random(480) < np.where(np.arange(480) % 8 == 0, 0.15, 0.5))
    new = {f"P{i}": f"Q{9 - i}" for i in range(8)}
    renamed = {
        name: pa.table(
            {
                column: [new.get(v, v) for v in table[column].to_pylist()]
                if column.endswith(("person_id", "owner_id"))
                else table[column]
                for column in table.column_names
            }
        )
        for name, table in tables.items()
    }
    found = []
    for given in (tables, renamed):
        facts = memory_facts(given, AS_OF)
        analysis = analyse(facts)
        found.append(diagnose_all(facts, report(facts, analysis, history_weeks=0), analysis=analysis))
    for old, fresh in new.items():
        before, after = found[0][old], found[1][fresh]
        assert isinstance(before, Diagnosis)
        assert isinstance(after, Diagnosis)
        assert [(p.key, p.amount, p.low, p.high) for p in after.parts] == [
            (p.key, p.amount, p.low, p.high) for p in before.parts
        ]
        assert after.swap is not None
        assert after.swap == before.swap
