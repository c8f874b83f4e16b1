"""The files are whole: the contract's columns, references that exist, times in order, the same bytes again."""

from __future__ import annotations

import csv
import time
from datetime import date
from pathlib import Path

import pytest

from headway.demo import company
from tests.demo.conftest import Counted

COLUMNS = {
    "people": "person_id name email role manager_id team segment territory_id hired_on left_on",
    "assignments": "person_id valid_from valid_to manager_id team segment territory_id",
    "territories": "territory_id name potential valid_from valid_to",
    "quotas": "person_id metric period_start period_end target currency",
    "activities": "activity_id person_id kind occurred_at logged_at outcome count lead_id opportunity_id account_id",
    "leads": "lead_id owner_id created_at source score qualified_at disqualified_at disqualified_reason opportunity_id",
    "opportunities": "opportunity_id owner_id account_id lead_id created_at stage outcome closed_at amount currency "
    "source product list_price expected_close_on next_step lost_reason",
    "stage_changes": "opportunity_id stage entered_at",
    "accounts": "account_id name owner_id segment started_on churned_on annual_value currency",
    "trainings": "person_id module completed_on score",
    "feedback": "feedback_id person_id from_role given_on kind score text",
    "absences": "person_id start_on end_on kind",
    "groups": "person_id attribute value",
}
KEYS = {
    "people": "person_id", "territories": "territory_id", "activities": "activity_id", "leads": "lead_id",
    "opportunities": "opportunity_id", "accounts": "account_id", "feedback": "feedback_id",
    "quotas": "person_id, metric, period_start", "assignments": "person_id, valid_from",
    "stage_changes": "opportunity_id, stage", "absences": "person_id, start_on", "groups": "person_id, attribute",
    "trainings": "person_id, module",
}  # fmt: skip
REFERENCES = [
    ("assignments", "person_id", "people", "person_id"),
    ("assignments", "manager_id", "people", "person_id"),
    ("assignments", "territory_id", "territories", "territory_id"),
    ("people", "manager_id", "people", "person_id"),
    ("people", "territory_id", "territories", "territory_id"),
    ("quotas", "person_id", "people", "person_id"),
    ("activities", "person_id", "people", "person_id"),
    ("activities", "lead_id", "leads", "lead_id"),
    ("activities", "opportunity_id", "opportunities", "opportunity_id"),
    ("activities", "account_id", "accounts", "account_id"),
    ("leads", "owner_id", "people", "person_id"),
    ("leads", "opportunity_id", "opportunities", "opportunity_id"),
    ("opportunities", "owner_id", "people", "person_id"),
    ("opportunities", "account_id", "accounts", "account_id"),
    ("opportunities", "lead_id", "leads", "lead_id"),
    ("stage_changes", "opportunity_id", "opportunities", "opportunity_id"),
    ("accounts", "owner_id", "people", "person_id"),
    ("trainings", "person_id", "people", "person_id"),
    ("feedback", "person_id", "people", "person_id"),
    ("absences", "person_id", "people", "person_id"),
    ("groups", "person_id", "people", "person_id"),
]


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_the_contracts(demo: Counted, table: str) -> None:
    described = demo.rows(f"DESCRIBE {table}")
    assert [r[0] for r in described] == COLUMNS[table].split()


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique_and_known(demo: Counted, table: str) -> None:
    rows, different = demo.one(f"SELECT count(*), count(DISTINCT ({KEYS[table]})) FROM {table}")
    assert rows == different > 0


@pytest.mark.parametrize(("table", "column", "target", "key"), REFERENCES)
def test_references_exist(demo: Counted, table: str, column: str, target: str, key: str) -> None:
    sql = f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {key} FROM {target})"
    assert demo.one(sql) == 0


BROKEN = {
    "lead decided before it was made": "SELECT count(*) FROM leads "
    "WHERE coalesce(qualified_at, disqualified_at) <= created_at",
    "lead both qualified and not": "SELECT count(*) FROM leads "
    "WHERE qualified_at IS NOT NULL AND disqualified_at IS NOT NULL",
    "qualified without a deal": "SELECT count(*) FROM leads WHERE (qualified_at IS NULL) <> (opportunity_id IS NULL)",
    "deal and lead disagree": "SELECT count(*) FROM opportunities o JOIN leads l USING (lead_id) "
    "WHERE l.opportunity_id <> o.opportunity_id OR l.qualified_at <> o.created_at OR l.source <> o.source",
    "closed before made": "SELECT count(*) FROM opportunities WHERE closed_at <= created_at",
    "open and closed": "SELECT count(*) FROM opportunities WHERE (outcome = 'open') <> (closed_at IS NULL)",
    "won elsewhere than at won": "SELECT count(*) FROM opportunities WHERE (outcome = 'won') <> (stage = 'won')",
    "deal with no first stage": "SELECT count(*) FROM opportunities o WHERE NOT EXISTS (SELECT 1 FROM stage_changes s "
    "WHERE s.opportunity_id = o.opportunity_id AND s.stage = 'qualified' AND s.entered_at = o.created_at)",
    "last stage is not the deal's": "SELECT count(*) FROM opportunities o JOIN (SELECT opportunity_id, "
    "arg_max(stage, entered_at) AS last FROM stage_changes GROUP BY 1) s USING (opportunity_id) "
    "WHERE s.last <> o.stage",
    "won not when closed": "SELECT count(*) FROM opportunities o JOIN stage_changes s USING (opportunity_id) "
    "WHERE s.stage = 'won' AND s.entered_at <> o.closed_at",
    "proposal after close": "SELECT count(*) FROM opportunities o JOIN stage_changes s USING (opportunity_id) "
    "WHERE s.stage = 'proposal' AND (s.entered_at <= o.created_at OR s.entered_at >= o.closed_at)",
    "logged before it happened": "SELECT count(*) FROM activities WHERE logged_at < occurred_at",
    "nothing done": "SELECT count(*) FROM activities WHERE count < 1",
    "amount at or below zero": "SELECT count(*) FROM opportunities WHERE amount <= 0 OR list_price < amount - 0.01",
    "churned before it began": "SELECT count(*) FROM accounts WHERE churned_on <= started_on OR "
    "(churned_on IS NOT NULL AND started_on IS NULL)",
    "lead of nobody yet": "SELECT count(*) FROM leads l JOIN people p ON p.person_id = l.owner_id "
    "WHERE l.created_at::DATE < p.hired_on OR l.created_at::DATE > p.left_on",
    "activity of nobody": "SELECT count(*) FROM activities a JOIN people p USING (person_id) "
    "WHERE a.occurred_at::DATE < p.hired_on OR a.occurred_at::DATE > p.left_on",
    "deal closed by somebody gone": "SELECT count(*) FROM opportunities o JOIN people p ON p.person_id = o.owner_id "
    "WHERE p.left_on IS NOT NULL AND (o.closed_at::DATE > p.left_on OR o.closed_at IS NULL)",
    "absences that overlap": "SELECT count(*) FROM absences a JOIN absences b USING (person_id) "
    "WHERE a.start_on < b.start_on AND b.start_on < a.end_on",
    "score out of range": "SELECT count(*) FROM feedback WHERE score NOT BETWEEN 1 AND 5",
}  # fmt: skip


@pytest.mark.parametrize("wrong", BROKEN)
def test_nothing_is_out_of_order(demo: Counted, wrong: str) -> None:
    assert demo.one(BROKEN[wrong]) == 0


@pytest.mark.parametrize(
    ("table", "column"),
    [("leads", "created_at"), ("leads", "qualified_at"), ("opportunities", "closed_at"), ("activities", "logged_at"),
     ("stage_changes", "entered_at"), ("feedback", "given_on"), ("trainings", "completed_on")],
)  # fmt: skip
def test_the_window_is_two_years_to_the_last_day(demo: Counted, table: str, column: str) -> None:
    first, last = demo.one(f"SELECT min({column})::DATE, max({column})::DATE FROM {table}")
    assert demo.company.start <= first
    assert last <= demo.company.as_of == date(2026, 5, 17)


def test_the_last_day_is_in_the_data(demo: Counted) -> None:
    assert demo.one("SELECT max(created_at)::DATE FROM leads") >= date(2026, 5, 15)


def test_size(demo: Counted) -> None:
    assert 50_000 < demo.one("SELECT count(*) FROM leads") < 60_000
    assert 22_000 < demo.one("SELECT count(*) FROM opportunities") < 30_000
    assert 140_000 < demo.one("SELECT count(*) FROM activities") < 250_000
    assert demo.one("SELECT count(*) FROM people WHERE role = 'rep' AND left_on IS NULL") == 60


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    started = time.perf_counter()
    first = company.write(tmp_path / "a", seed=3)
    spent_s = time.perf_counter() - started
    second = company.write(tmp_path / "b", seed=3)
    other = company.write(tmp_path / "c", seed=4)
    for table, path in first.files.items():
        assert path.read_bytes() == second.files[table].read_bytes(), table
    assert first.files["leads"].read_bytes() != other.files["leads"].read_bytes()
    assert spent_s < 10  # under 3 s on a free machine; room for a busy one


def test_csv_says_the_same_as_parquet(tmp_path: Path, demo: Counted) -> None:
    seed = 7
    parquet = company.write(tmp_path / "p", seed=seed)
    written = company.write(tmp_path / "c", seed=seed, file_format="csv")
    for table, path in written.files.items():
        theirs, ours = demo.one(
            f"SELECT (SELECT count(*) FROM read_csv('{path}')), (SELECT count(*) FROM '{parquet.files[table]}')"
        )
        assert theirs == ours
    with written.files["activities"].open(encoding="utf-8", newline="") as text:
        row = next(csv.DictReader(text))
    assert row["occurred_at"].endswith("Z")
    assert len(row["occurred_at"]) == len("2024-05-21T05:36:00Z")


def test_sign_ins(demo: Counted) -> None:
    roles = {s.role for s in demo.company.sign_ins}
    assert roles == {"rep", "manager", "leader", "hr", "revops", "admin"}
    emails = [s.email for s in demo.company.sign_ins]
    assert len(set(emails)) == len(emails)
    assert demo.company.sign_in("manager").email == "marta.lindqvist@alderwick.example"
    assert "clara.nystrom@alderwick.example" in emails
    assert {s.person_id for s in demo.company.sign_ins} - {None} <= {
        r[0] for r in demo.rows("SELECT person_id FROM people")
    }
