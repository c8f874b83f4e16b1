"""Euros and yen are never added up: what is in another currency is unknown money, not little and not much."""

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from bench.simulation.memory_facts import memory_facts
from headway.detection.engine import analyse, report
from headway.detection.signal import NotEvaluable, Signal
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.engine import diagnose_all
from headway.plans.outlook.engine import outlooks
from headway.plans.outlook.outlook import Metric, Outlook

AS_OF = date(2026, 5, 17)
PEOPLE = [f"P{i}" for i in range(12)]
ABROAD = {"P0", "P1"}


def _tables(abroad: str, factor: float) -> dict[str, pa.Table]:
    """Twelve people who win two deals in five; two of them sell in the currency `abroad`, at prices times `factor`."""
    rng = np.random.default_rng(21)
    n = 960
    owner = [PEOPLE[i % 12] for i in range(n)]
    start = datetime.combine(AS_OF, datetime.min.time()) - timedelta(days=n // 2 + 21)
    made = [start + timedelta(days=i // 2) for i in range(n)]
    amount = np.exp(rng.normal(9, 0.4, n)) * np.where([o in ABROAD for o in owner], factor, 1.0)
    money = [abroad if o in ABROAD else "EUR" for o in owner]
    quarters = [(date(2025, 10, 1), date(2026, 1, 1)), (date(2026, 1, 1), date(2026, 4, 1))]
    return {
        "people": pa.table({"person_id": PEOPLE, "name": [f"Ann{i} B" for i in range(12)]}),
        "opportunities": pa.table(
            {
                "opportunity_id": [f"O{i}" for i in range(n)],
                "owner_id": owner,
                "created_at": made,
                "closed_at": [day + timedelta(days=20) for day in made],
                "outcome": ["won" if w else "lost" for w in rng.random(n) < 0.4],
                "amount": amount,
                "currency": money,
            }
        ),
        "quotas": pa.table(
            {
                "person_id": [p for p in PEOPLE for _ in quarters],
                "metric": ["revenue"] * 24,
                "period_start": [q[0] for _ in PEOPLE for q in quarters],
                "period_end": [q[1] for _ in PEOPLE for q in quarters],
                "target": [100_000.0] * 24,
                "currency": ["EUR"] * 24,
            }
        ),
    }


def _judged(abroad: str, factor: float):
    facts = memory_facts(_tables(abroad, factor), AS_OF)
    analysis = analyse(facts)
    found = report(facts, analysis, history_weeks=0)
    return facts, analysis, found, diagnose_all(facts, found, analysis=analysis)


def test_prices_in_another_currency_judge_nobody():
    """Yen at a hundred times the number, or at a hundredth: the same judgement on everybody."""
    seen = []
    for factor in (100.0, 0.01):
        _, _, found, split = _judged("JPY", factor)
        people = {e.person_id: e for e in found.people}
        assert all(isinstance(e, Signal) for e in people.values())
        assert people["P0"].quota_attainment is None
        assert people["P5"].quota_attainment is not None
        seen.append([(e.index.estimate, e.p_under) for e in people.values() if isinstance(e, Signal)])
        refused = split["P0"]
        assert isinstance(refused, NotEvaluable)
        assert refused.code == "foreign_currency"
        other = split["P5"]
        assert isinstance(other, Diagnosis)
        seen[-1].append((other.expected, other.gap))
    assert seen[0] == pytest.approx(np.array(seen[1]))


def test_only_those_who_sell_abroad_have_no_forecast_of_revenue():
    facts, _, _, _ = _judged("JPY", 100.0)
    start, end = date(2026, 5, 18), date(2026, 8, 16)
    revenue = outlooks(facts, start, end)
    assert {p for p, o in revenue.items() if not isinstance(o, Outlook)} == ABROAD
    deals = outlooks(facts, start, end, metric=Metric.DEALS_WON)
    assert all(isinstance(o, Outlook) for o in deals.values())


def test_without_any_amount_revenue_is_not_nought():
    tables = _tables("EUR", 1.0)
    deals = tables["opportunities"].drop_columns(["amount"])
    facts = memory_facts({**tables, "opportunities": deals}, AS_OF)
    found = outlooks(facts, date(2026, 5, 18), date(2026, 8, 16))["P5"]
    assert isinstance(found, NotEvaluable)
    assert found.code == "no_amounts"
