"""`headway metrics` on loaded facts: shape, options, errors and their exit codes."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError
from headway.core.models import AuditEntry
from headway.facts.actions import undo_load
from headway.facts.load import commit_load, plan_load
from headway.metrics.commands import register

pytestmark = pytest.mark.django_db


def app() -> typer.Typer:
    made = typer.Typer()
    made.callback()(lambda: None)
    register(made)
    return made


def run(*words: str) -> str:
    found = CliRunner().invoke(app(), ["metrics", *words], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


def rows(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("--json", *words))["rows"]
    return found


def _write(path: Path, table: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(table)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))


@pytest.fixture
def company(tmp_path: Path, empty: None) -> None:
    """Eight reps; rep n wins one deal of n + 2 on every fourth day from October to March."""
    folder = tmp_path / "export"
    folder.mkdir()
    people = [[f"P{n}", f"Rep{n} Weber", "rep", "North", "2023-01-01"] for n in range(8)]
    _write(folder / "people.csv", [["person_id", "name", "role", "team", "hired_on"], *people])
    deals = [["opportunity_id", "owner_id", "created_at", "stage", "outcome", "closed_at", "amount", "currency"]]
    for n in range(8):
        for k in range(46):
            closed = date(2025, 10, 1) + timedelta(days=4 * k)
            how = "lost" if k % (n + 2) else "won"
            deals.append([f"D{n}-{k}", f"P{n}", f"{closed - timedelta(20)}", how, how, f"{closed}", "1000", "EUR"])
    _write(folder / "opportunities.csv", deals)
    commit_load(plan_load([folder]), by=SYSTEM)


def test_the_document_has_the_shape_of_the_contract(company: None) -> None:
    said = json.loads(run("--json", "--as-of", "2026-03-31", "--period", "quarter"))
    assert (said["as_of"], said["period"]) == ("2026-03-31", "quarter")
    assert len({(row["person_id"], row["metric"]) for row in said["rows"]}) == len(said["rows"])
    assert {row["person_id"] for row in said["rows"]} == {f"P{n}" for n in range(8)}
    for row in said["rows"]:
        assert {"person_id", "metric", "period_start", "period_end", "value", "unit", "n", "peers"} <= row.keys()
        assert (row["value"] is None) == bool(row["not_evaluable"])
    rate = next(r for r in said["rows"] if r["metric"] == "win_rate" and r["person_id"] == "P0")
    assert (rate["period_start"], rate["period_end"]) == ("2026-01-01", "2026-04-01")
    assert (rate["value"], rate["n"]) == (11 / 23, 23)
    assert rate["peers"].keys() >= {"median", "low", "high"}
    calls = next(r for r in said["rows"] if r["metric"] == "calls")
    assert calls["not_evaluable"] == "Nobody logged activities"


def test_nothing_later_counts(company: None) -> None:
    before = rows("--as-of", "2025-12-31", "--metric", "deals_won", "--person", "P0")
    assert [(r["period_start"], r["value"]) for r in before] == [("2025-10-01", 12.0)]


def _one_deal_more(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    deal = [name, "P0", "2026-01-02", "won", "won", "2026-03-02", "500", "EUR"]
    columns = ["opportunity_id", "owner_id", "created_at", "stage", "outcome", "closed_at", "amount", "currency"]
    _write(folder / "opportunities.csv", [columns, deal])
    commit_load(plan_load([folder]), by=SYSTEM)


def day(number: int) -> datetime:
    return datetime(2099, 4, number, 9, tzinfo=UTC)


def test_as_known_then_is_before_the_corrections_and_the_undoing_since(company: None, tmp_path: Path) -> None:
    AuditEntry.objects.filter(event="facts.loaded").update(at=day(2))
    with clock.at(day(4)):
        _one_deal_more(tmp_path / "late", "late")
    with clock.at(day(6)):
        undo_load(by=SYSTEM)
    with clock.at(day(8)):
        _one_deal_more(tmp_path / "late", "later")
        _one_deal_more(tmp_path / "late", "last")

    def won(*more: str) -> float:
        return float(rows("--as-of", "2026-03-31", "--metric", "deals_won", "--person", "P0", *more)[0]["value"])

    first = won("--known-on", "2099-04-02")
    known = {n: won("--known-on", f"2099-04-{n:02}") - first for n in range(2, 10)}
    assert known == {2: 0, 3: 0, 4: 1, 5: 1, 6: 0, 7: 0, 8: 2, 9: 2}
    assert won() == first + 2
    with pytest.raises(HeadwayError, match="No facts were loaded then: 2099-04-01"):
        won("--known-on", "2099-04-01")


def test_after_the_first_load_was_undone_nothing_is_known(company: None) -> None:
    AuditEntry.objects.filter(event="facts.loaded").update(at=day(2))
    with clock.at(day(3)):
        undo_load(by=SYSTEM)
    assert rows("--as-of", "2026-03-31", "--known-on", "2099-04-02")
    with pytest.raises(HeadwayError, match="No facts were loaded then: 2099-04-03"):
        rows("--as-of", "2026-03-31", "--known-on", "2099-04-03")


@pytest.mark.parametrize(
    ("length", "start"), [("month", "2026-03-01"), ("week", "2026-03-23"), ("quarter", "2026-01-01")]
)
def test_periods(company: None, length: str, start: str) -> None:
    found = rows("--as-of", "2026-03-31", "--period", length, "--metric", "deals_won")
    assert {row["period_start"] for row in found} == {start}


@pytest.mark.parametrize("who", ["P3", "Rep3 Weber", "rep3 weber"])
def test_one_person_by_id_or_name(company: None, who: str) -> None:
    assert {row["person_id"] for row in rows("--person", who)} == {"P3"}


def test_for_people_the_table_names_figures_and_reasons(company: None) -> None:
    said = run("--as-of", "2026-03-31", "--metric", "win_rate")
    assert "Win rate" in said
    assert "23 closed deals" in said


@pytest.mark.parametrize(
    ("words", "nearest"),
    [(["--metric", "winrate"], "Did you mean win_rate"), (["--person", "Rep33 Weber"], "Did you mean Rep3 Weber")],
)
def test_a_misspelt_name_is_wrong_usage_and_names_the_nearest(company: None, words: list[str], nearest: str) -> None:
    with pytest.raises(HeadwayError, match=nearest) as stopped:
        run(*words)
    assert stopped.value.exit_code == 2


def test_an_unknown_period_is_wrong_usage(company: None) -> None:
    assert CliRunner().invoke(app(), ["metrics", "--period", "year"]).exit_code == 2


def test_without_facts_one_sentence_and_exit_1(empty: None) -> None:
    with pytest.raises(HeadwayError, match="No facts are loaded yet") as stopped:
        run()
    assert stopped.value.exit_code == 1
    assert "\n" not in stopped.value.sentence
