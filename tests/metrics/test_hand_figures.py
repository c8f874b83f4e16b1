"""Real exports, loaded as they are, next to figures worked out from the raw files in plain Python."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import fmean

import pytest

from headway.core.actors import SYSTEM
from headway.core.period import Grain
from headway.facts.load import commit_load, plan_load
from headway.facts.store import open_facts
from headway.metrics.canonical import Calendar
from headway.metrics.engine import metric_rows
from tests.paths import shared

pytestmark = pytest.mark.django_db
Values = dict[str, dict[str, float]]


def measured(folder: Path, metrics: list[str], *, as_of: date) -> Values:
    """Per metric the values of everybody who has one, for the last complete quarter."""
    commit_load(plan_load([folder], today=date(2026, 11, 25)), by=SYSTEM)
    with open_facts(as_of) as facts:
        rows = metric_rows(facts, grain=Grain.QUARTER, calendar=Calendar(), metrics=metrics, back=0)
    found: Values = defaultdict(dict)
    for row in rows:
        if row.value is not None:
            found[row.metric][row.person_id] = row.value
    return found


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))


def raw(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_quarter(first: str, end: str) -> Callable[[str], bool]:
    return lambda day: first <= day < end


def test_maven() -> None:
    folder = shared("data", "maven-crm")
    deals, here = raw(folder, "sales_pipeline.csv"), in_quarter("2017-10-01", "2018-01-01")
    won = [d for d in deals if d["deal_stage"] == "Won" and here(d["close_date"])]
    lost = Counter(d["sales_agent"] for d in deals if d["deal_stage"] == "Lost" and here(d["close_date"]))
    wins = Counter(d["sales_agent"] for d in won)
    revenue: dict[str, float] = defaultdict(float)
    for deal in won:
        revenue[deal["sales_agent"]] += float(deal["close_value"])
    opened = Counter(d["sales_agent"] for d in deals if here(d["engage_date"]))
    metrics = ["revenue", "deals_won", "average_deal_size", "win_rate", "new_opportunities"]
    found = measured(folder, metrics, as_of=date(2017, 12, 31))
    assert len(wins) == 30
    assert found["revenue"] == pytest.approx(revenue)
    assert sum(found["revenue"].values()) == 2_802_496
    assert found["deals_won"] == wins
    assert found["average_deal_size"] == pytest.approx({who: revenue[who] / n for who, n in wins.items()})
    assert found["win_rate"] == pytest.approx({who: n / (n + lost[who]) for who, n in wins.items()})
    assert fmean(found["win_rate"].values()) == pytest.approx(0.6038, abs=5e-5)
    # 65 workdays are 13 weeks.
    assert found["new_opportunities"] == pytest.approx({who: n / 13 for who, n in opened.items()})


def test_olist() -> None:
    folder = shared("data", "olist-funnel")
    here = in_quarter("2018-07-01", "2018-10-01")
    wins = Counter(d["sr_id"] for d in raw(folder, "olist_closed_deals_dataset.csv") if here(d["won_date"]))
    found = measured(folder, ["deals_won", "win_rate"], as_of=date(2018, 11, 14))
    assert {who: n for who, n in found["deals_won"].items() if n} == wins
    assert sum(wins.values()) == 93
    assert not found["win_rate"]


def test_revpulse() -> None:
    folder = shared("data", "revpulse-activities")
    here = in_quarter("2026-01-01", "2026-04-01")
    deals = raw(folder, "deals.csv")
    revenue: dict[str, float] = defaultdict(float)
    for deal in deals:
        if deal["status"] == "won" and here(deal["closed_at"]):
            revenue[deal["rep_id"]] += float(deal["deal_value"])
    owner = {deal["deal_id"]: deal["rep_id"] for deal in deals}
    done: dict[str, Counter[str]] = defaultdict(Counter)
    for activity in raw(folder, "activities.csv"):
        if here(activity["activity_date"]):
            done[activity["activity_type"]][owner[activity["deal_id"]]] += 1
    names = {"calls": "call", "emails": "email", "meetings": "meeting", "demos": "demo"}
    found = measured(folder, ["revenue", *names], as_of=date(2026, 5, 8))
    assert {who: x for who, x in found["revenue"].items() if x} == pytest.approx(dict(revenue))
    assert sum(revenue.values()) == 273_740
    for metric, kind in names.items():
        # 64 workdays are 12.8 weeks.
        assert {w: x for w, x in found[metric].items() if x} == pytest.approx(
            {w: n / 12.8 for w, n in done[kind].items()}
        )
    assert [sum(done[kind].values()) for kind in names.values()] == [45, 62, 58, 65]


def test_dirty() -> None:
    folder = shared("data", "dirty-crm")
    # Days of the quarter are all written year first; other spellings fall into other quarters.
    here = in_quarter("2024-10-01", "2025-01-01")
    won = [
        d for d in raw(folder, "opportunities.csv")
        if d["stage"].lower().replace("-", " ") == "closed won" and here(d["actual_close_date"].replace("/", "-"))
    ]  # fmt: skip
    found = measured(folder, ["deals_won", "revenue"], as_of=date(2025, 3, 30))
    assert {who: n for who, n in found["deals_won"].items() if n} == Counter(d["rep_id"] for d in won)
    assert len(won) == 3
    # What was paid stands in a file of its own; the deal holds what was hoped for (19,616.07 for these three).
    paid = {sale["opportunity_id"]: sale["final_value"] for sale in raw(folder, "sales.csv")}
    amounts = [float(paid.get(d["opportunity_id"]) or d["estimated_value"]) for d in won]
    assert sum(found["revenue"].values()) == pytest.approx(sum(amounts))


@pytest.mark.parametrize("name", ["salesforce", "hubspot"])
def test_shapes_whose_rows_do_not_join_give_reasons_and_no_numbers(name: str) -> None:
    """The publisher hashed what joins deals, stages and outcomes: nothing can be told, and nothing is made up."""
    folder = shared("data", "crm-export-shapes", name)
    found = measured(folder, ["revenue", "deals_won", "win_rate", "pipeline_value"], as_of=date(2023, 7, 1))
    assert not any(found.values())
