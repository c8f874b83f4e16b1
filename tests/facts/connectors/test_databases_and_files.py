"""SQL databases and folders, through dlt: what changed is read, what is gone goes, passwords stand nowhere."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from headway.core.actors import Role, System
from headway.core.errors import BadInput, NotAllowed
from headway.facts.connectors import actions
from headway.facts.connectors.syncing import SyncResult
from headway.facts.connectors.web import SourceTrouble
from headway.facts.models import Source
from tests.facts.connectors.conftest import Ask, connected
from tests.facts.connectors.s3_standin import S3Standin

Run = Callable[[Source], SyncResult]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    con = sqlite3.connect(tmp_path / "crm.sqlite", isolation_level=None)
    con.executescript(
        """
        CREATE TABLE people (person_id TEXT PRIMARY KEY, name TEXT, team TEXT);
        INSERT INTO people VALUES ('r1', 'Jonas Weber', 'North'), ('r2', 'Ana Ruiz', 'North');
        CREATE TABLE deals (id INTEGER PRIMARY KEY, owner TEXT, opened TEXT, stage TEXT, amount REAL, touched TEXT);
        CREATE VIEW opportunities AS SELECT id AS opportunity_id, owner AS owner_id, opened AS created_at, stage,
            'open' AS outcome, amount, 'EUR' AS currency, touched AS updated_at FROM deals;
        CREATE TABLE stage_changes (opportunity_id TEXT, stage TEXT, entered_at TEXT);
        INSERT INTO stage_changes VALUES
            ('1', 'lead', '2026-01-01 00:00:00'), ('1', 'qualified', '2026-01-05 00:00:00');
        """
    )
    con.executemany(
        "INSERT INTO deals VALUES (?, 'r1', '2026-01-01', 'lead', ?, datetime('now', '-9 days'))",
        [(i, 100 + i) for i in range(1, 26)],
    )
    yield con
    con.close()


@pytest.fixture
def source(database: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr("headway.facts.connectors.kinds.databases.PAGE", 10)
    return connected("sql", {"address": f"sqlite:///{tmp_path}/crm.sqlite", "changed": "updated_at"}, {})


def test_a_database_is_read_and_then_only_what_changed(
    database: sqlite3.Connection, source: Source, run: Run, ask: Ask
) -> None:
    first = run(source)
    assert first.read["opportunities"] == 25
    assert ask("SELECT count(*), sum(amount) FROM opportunities") == [(25, 25 * 100 + 325)]
    assert run(source).version is None
    database.execute("UPDATE deals SET amount = 7, touched = datetime('now') WHERE id = 3")
    database.execute("DELETE FROM deals WHERE id IN (4, 5)")
    database.execute("DELETE FROM stage_changes WHERE stage = 'qualified'")
    result = run(source)
    assert result.read["opportunities"] == 1
    assert result.tables["opportunities"]["removed"] == 2
    assert ask("SELECT count(*), min(amount) FROM opportunities") == [(23, 7.0)]
    assert ask("SELECT stage FROM stage_changes") == [("lead",)]


def test_a_database_that_is_away_or_has_other_tables_is_said_plainly(
    database: sqlite3.Connection, source: Source, run: Run
) -> None:
    other = connected("sql", {"address": "sqlite:///nowhere/at/all.sqlite"}, {}, name="other")
    with pytest.raises(SourceTrouble, match="cannot be read"):
        run(other)
    database.executescript("DROP VIEW opportunities; ALTER TABLE people RENAME TO humans; DROP TABLE stage_changes")
    with pytest.raises(BadInput, match="No table or view of the database"):
        run(source)


def test_an_address_with_a_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds a password"):
        connected("sql", {"address": "postgresql://me:secret-of-nobody@db.example/crm"}, {})


def test_files_of_this_machine_are_for_its_operator_alone(tmp_path: Path) -> None:
    revops = System(name="Rae", role=Role.REVOPS)
    with pytest.raises(NotAllowed, match="command line"):
        actions.add_source(
            name="x", kind="files", settings={"address": str(tmp_path)}, secrets={}, schedule="daily", by=revops
        )


DEALS = "opportunity_id,owner_id,created_at,stage,outcome,amount,currency\n"


def test_a_folder_is_loaded_when_a_file_changed(tmp_path: Path, run: Run, ask: Ask) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "people.csv").write_text("person_id,name\nr1,Jonas Weber\n")
    (folder / "opportunities.csv").write_text(DEALS + "1,r1,2026-01-01,lead,open,100,EUR\n")
    (folder / "notes.docx").write_text("not facts")
    source = connected("files", {"address": str(folder)}, {})
    assert run(source).version == 1
    assert run(source).version is None
    (folder / "opportunities.csv").write_text(DEALS + "1,r1,2026-01-01,lead,open,250,EUR\n")
    assert run(source).version == 2
    assert ask("SELECT amount FROM opportunities") == [(250.0,)]


def test_an_object_store_is_loaded(run: Run, ask: Ask) -> None:
    store = S3Standin("AKIANOBODY")
    store.put("exports/people.csv", "person_id,name\nr1,Jonas Weber\n")
    store.put("exports/opportunities.csv", DEALS + "1,r1,2026-01-01,lead,open,100,EUR\n")
    with store.serving() as address:
        source = connected(
            "files",
            {"address": "s3://crm/exports", "user": "AKIANOBODY", "endpoint": address, "region": "eu-central-1"},
            {"secret": "key-of-nobody-at-all"},
        )
        assert run(source).version == 1
        assert ask("SELECT amount FROM opportunities") == [(100.0,)]
        store.put("exports/opportunities.csv", DEALS + "1,r1,2026-01-01,lead,open,250,EUR\n")
        assert run(source).version == 2


def test_postgresql_is_read_through_its_own_schema(run: Run, ask: Ask) -> None:
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        pytest.skip("needs DATABASE_URL of a PostgreSQL")
    schema = f"headway_tests_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as con:
        con.execute(f"CREATE SCHEMA {schema}")
        try:
            con.execute(f"CREATE TABLE {schema}.people AS SELECT 'r1' AS person_id, 'Jonas' AS name")
            con.execute(
                f"CREATE TABLE {schema}.opportunities AS SELECT i AS opportunity_id, 'r1' AS owner_id, "
                "now() - interval '9 days' AS created_at, 'lead' AS stage, 'open' AS outcome, 10.5::numeric AS amount, "
                "'EUR' AS currency, now() - interval '9 days' AS updated_at FROM generate_series(1, 30) i"
            )
            source = connected("sql", {"address": address, "schema": schema, "changed": "updated_at"}, {})
            assert run(source).version == 1
            assert run(source).version is None
            con.execute(f"UPDATE {schema}.opportunities SET amount = 1, updated_at = now() WHERE opportunity_id = 7")
            con.execute(f"DELETE FROM {schema}.opportunities WHERE opportunity_id = 8")
            result = run(source)
            assert (result.read["opportunities"], result.tables["opportunities"]["removed"]) == (1, 1)
            assert ask("SELECT count(*), sum(amount) FROM opportunities") == [(29, 28 * 10.5 + 1)]
        finally:
            con.execute(f"DROP SCHEMA {schema} CASCADE")
