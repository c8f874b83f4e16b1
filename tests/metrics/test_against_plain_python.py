"""The engine next to slow, plain Python on invented facts."""

# ruff: noqa: E501 (rows of the frame stand on one line)

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.core.period import Grain
from headway.metrics.canonical import Calendar
from headway.metrics.engine import metric_rows
from headway.metrics.values import MetricValue
from tests.metrics.facts_double import facts_of

AS_OF = date(2026, 3, 31)
START, END = date(2026, 1, 1), date(2026, 4, 1)
KEYS = ["revenue", "deals_won", "average_deal_size", "win_rate", "pipeline_value", "stagnant_share", "calls",
        "lead_to_qualified", "sales_cycle"]  # fmt: skip
days = st.dates(date(2025, 9, 1), AS_OF)
maybe_day = st.none() | days
owners = st.sampled_from(["a", "b", None])
deals = st.fixed_dictionaries(
    {
        "owner_id": owners,
        "created_at": days,
        "length": st.integers(0, 90),
        "outcome": st.sampled_from(["won", "lost", "open"]),
        "amount": st.none() | st.integers(0, 1000),
        "moves": st.lists(days, max_size=3),
    }
)
leads = st.fixed_dictionaries({"owner_id": owners, "created_at": days, "qualified_at": maybe_day})
calls = st.fixed_dictionaries(
    {
        "person_id": owners,
        "occurred_at": days,
        "count": st.none() | st.integers(0, 9),
        "kind": st.sampled_from(["call", "email"]),
    }
)
# They make the records reach over the whole period, and every kind of thing exist; they belong to nobody asked for.
FRAME: dict[str, list[dict[str, Any]]] = {
    "people": [{"person_id": p, "name": p, "role": "rep"} for p in ("a", "b")],
    "opportunities": [
        {"opportunity_id": "f1", "owner_id": "z", "created_at": date(2025, 1, 1), "outcome": o, "closed_at": date(2025, 9, 1),
         "amount": 1.0} for o in ("won",)
    ] + [
        {"opportunity_id": "f2", "owner_id": "z", "created_at": date(2025, 1, 1), "outcome": "lost", "closed_at": AS_OF},
        {"opportunity_id": "f3", "owner_id": "z", "created_at": AS_OF, "outcome": "open", "amount": 1.0},
    ],
    "stage_changes": [{"opportunity_id": "f1", "stage": "qualified", "entered_at": date(2025, 1, 1)}],
    "activities": [
        {"activity_id": f"f{i}", "person_id": "z", "kind": "call", "occurred_at": d}
        for i, d in enumerate([date(2025, 9, 1), AS_OF])
    ],
    "leads": [
        {"lead_id": f"f{i}", "owner_id": "z", "created_at": d, "qualified_at": d} for i, d in enumerate([date(2025, 9, 1), AS_OF])
    ],
}  # fmt: skip


def _deal(number: int, drawn: dict[str, Any]) -> dict[str, Any]:
    closed = drawn["created_at"] + timedelta(days=drawn["length"])
    is_open = drawn["outcome"] == "open" or closed > AS_OF
    return {
        **drawn,
        "opportunity_id": f"o{number}",
        "outcome": "open" if is_open else drawn["outcome"],
        "closed_at": None if is_open else closed,
    }


def engine(
    deals: list[dict[str, Any]], leads: list[dict[str, Any]], calls: list[dict[str, Any]]
) -> dict[str, MetricValue]:
    changes = [
        {"opportunity_id": d["opportunity_id"], "stage": "proposal", "entered_at": m} for d in deals for m in d["moves"]
    ]
    tables = {
        "people": FRAME["people"],
        "opportunities": [*FRAME["opportunities"], *deals],
        "stage_changes": [*FRAME["stage_changes"], *changes],
        "leads": [*FRAME["leads"], *({**row, "lead_id": f"l{i}"} for i, row in enumerate(leads))],
        "activities": [*FRAME["activities"], *({**row, "activity_id": f"k{i}"} for i, row in enumerate(calls))],
    }
    facts = facts_of(tables, as_of=AS_OF)
    rows = metric_rows(facts, grain=Grain.QUARTER, calendar=Calendar(), metrics=KEYS, persons=["a"], back=0)
    facts.con.close()
    return {row.metric: row for row in rows}


def km_median(spans: list[tuple[int, bool]]) -> float | None:
    """Survival, step by step over the days."""
    left = 1.0
    for day in sorted({days for days, decided in spans if decided}):
        at_risk = sum(1 for days, _d in spans if days >= day)
        left *= 1 - sum(1 for days, decided in spans if decided and days == day) / at_risk
        if left <= 0.5 + 1e-9:
            return float(day)
    return None


def is_stagnant(deal: dict[str, Any]) -> bool:
    moves = [deal["created_at"], *(m for m in deal["moves"] if m >= deal["created_at"])]
    return bool((AS_OF - max(moves)).days >= 28)


def losses_are_owned(deals: list[dict[str, Any]]) -> bool:
    """Shares of wins are told unless losses lack an owner far more often than wins do."""
    everything = [*FRAME["opportunities"], *deals]

    def owned(outcome: str) -> float:
        of = [d["owner_id"] is not None for d in everything if d["outcome"] == outcome]
        return sum(of) / len(of)

    return owned("lost") >= 0.5 * owned("won")


def plain(
    deals: list[dict[str, Any]], leads: list[dict[str, Any]], calls: list[dict[str, Any]]
) -> dict[str, float | None]:
    mine = [d for d in deals if d["owner_id"] == "a"]
    closed = [d for d in mine if d["closed_at"] and START <= d["closed_at"] < END]
    won = [d for d in closed if d["outcome"] == "won"]
    amounts = [d["amount"] for d in won if d["amount"] is not None]
    still = [d for d in mine if d["outcome"] == "open"]
    worth = [d["amount"] for d in still if d["amount"] is not None]
    known = len(won) - len(amounts) <= 0.2 * len(won)
    due = [row for row in leads if row["owner_id"] == "a" and START <= row["created_at"] + timedelta(days=30) < END]
    passed = [r for r in due if r["qualified_at"] and r["qualified_at"] <= r["created_at"] + timedelta(days=30)]
    mine_called = [c for c in calls if c["person_id"] == "a"]
    called = [c for c in mine_called if c["kind"] == "call" and START <= c["occurred_at"] < END]
    fair = losses_are_owned(deals)
    cohort = [d for d in mine if d["created_at"] >= END - timedelta(days=365)]
    spans = [(((d["closed_at"] or AS_OF) - d["created_at"]).days, d["closed_at"] is not None) for d in cohort]
    return {
        "revenue": float(sum(amounts)) if mine and known else None,
        "deals_won": float(len(won)) if mine else None,
        "average_deal_size": sum(amounts) / len(amounts) if known and len(amounts) >= 3 else None,
        "win_rate": len(won) / len(closed) if fair and len(closed) >= 5 else None,
        "pipeline_value": float(sum(worth)) if mine and len(still) - len(worth) <= 0.2 * len(still) else None,
        "stagnant_share": sum(map(is_stagnant, still)) / len(still) if len(still) >= 5 else None,
        "calls": sum(1 if c["count"] is None else c["count"] for c in called) / 12.8 if mine_called else None,
        "lead_to_qualified": len(passed) / len(due) if len(due) >= 10 else None,
        "sales_cycle": km_median(spans) if fair and len(spans) >= 5 else None,
    }


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(deals, min_size=6, max_size=30),
    st.lists(leads, min_size=10, max_size=40),
    st.lists(calls, max_size=10),
)
def test_the_engine_agrees_with_plain_python(
    deals: list[dict[str, Any]], leads: list[dict[str, Any]], calls: list[dict[str, Any]]
) -> None:
    made = [_deal(number, drawn) for number, drawn in enumerate(deals)]
    found, wanted = engine(made, leads, calls), plain(made, leads, calls)
    for key, value in wanted.items():
        assert found[key].value == (None if value is None else pytest.approx(value, abs=1e-9)), (
            key,
            found[key].sentence,
        )
