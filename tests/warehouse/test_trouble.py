"""What goes wrong with a warehouse: one plain sentence, no secret in it, and what was brought home stays."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import psycopg
import pytest

from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, HeadwayError, WrongUsage
from headway.core.models import AuditEntry
from headway.facts.store import current_version, open_facts
from headway.facts.warehouse.address import configured, parse
from headway.facts.warehouse.at_hand import facts_at_hand
from headway.facts.warehouse.bringing import bring_home, brought
from headway.facts.warehouse.daily import bring_home_daily
from headway.facts.warehouse.engine import connect
from headway.facts.warehouse.telling import warehouse_status
from headway.facts.warehouse.trouble import Kind, WarehouseTrouble
from headway.facts.warehouse.warehouse_facts import open_warehouse
from tests.warehouse.clickhouse_server import PASSWORD, USER, serve
from tests.warehouse.places import in_clickhouse, in_postgres, postgres_address, write
from tests.warehouse.small import small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEADWAY_WAREHOUSE_PASSWORD", raising=False)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A DuckDB file with the small company, configured as the warehouse."""
    place = tmp_path / "crm.duckdb"
    with duckdb.connect(str(place)) as con:
        for name, table in small().items():
            con.register("arrived", table)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM arrived")
            con.unregister("arrived")
    monkeypatch.setenv("HEADWAY_WAREHOUSE", f"duckdb://{place}")
    return place


def change(file: Path, sql: str) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute(sql)


def test_rows_come_home_once_and_deletions_follow(file: Path) -> None:
    _plan, first = bring_home(by=SYSTEM)
    assert first.version is not None
    _plan, again = bring_home(by=SYSTEM)
    assert again.version is None, "the same facts are not a new version"
    change(file, "DELETE FROM opportunities WHERE opportunity_id = 'd1'")
    bring_home(by=SYSTEM)
    with open_facts() as facts:
        assert facts.con.execute("SELECT count(*) FROM opportunities WHERE opportunity_id = 'd1'").fetchone() == (0,)
        assert facts.version == brought().version


def test_a_row_that_cannot_be_used_is_listed_with_its_reason(file: Path) -> None:
    change(file, "UPDATE opportunities SET amount = -3 WHERE opportunity_id = 'd1'")
    plan, result = bring_home(by=SYSTEM)
    assert plan.tables["opportunities"].rejected == 1
    assert result.rejects_file is not None
    assert "Amount below zero" in result.rejects_file.read_text("utf-8")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ALTER TABLE opportunities DROP amount", "opportunities.amount is gone"),
        ("ALTER TABLE opportunities ALTER amount TYPE VARCHAR", "opportunities.amount holds something else"),
        ("DROP TABLE opportunities", "opportunities."),
    ],
)
def test_a_changed_schema_stops_the_load_and_the_last_good_version_stays(file: Path, sql: str, said: str) -> None:
    bring_home(by=SYSTEM)
    good = current_version()
    change(file, sql)
    with pytest.raises(WarehouseTrouble, match=said) as caught:
        bring_home(by=SYSTEM)
    assert caught.value.kind is Kind.CHANGED
    assert current_version() == good
    assert said in brought().trouble
    assert brought().version == good


def test_a_warehouse_that_is_away_leaves_the_facts_and_their_age_is_said(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_home(by=SYSTEM)
    monkeypatch.setattr("headway.facts.warehouse.at_hand.FRESH", brought().age(brought().at))  # type: ignore[arg-type]
    file.rename(file.with_suffix(".moved"))
    with facts_at_hand() as facts:
        assert facts.has("opportunities")
    said = capsys.readouterr().err
    assert "The warehouse cannot be reached" in said
    assert "Used are the facts brought home on" in said
    bring_home_daily()  # the other rounds of the day are made all the same
    assert "cannot be reached" in brought().trouble
    status = warehouse_status(SYSTEM)
    assert status is not None
    assert "cannot be reached" in status.problems[0]


def test_without_anything_brought_home_the_trouble_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_WAREHOUSE", "duckdb:///nowhere/crm.duckdb")
    with pytest.raises(WarehouseTrouble, match="cannot be reached"), facts_at_hand():
        pass


def test_status_names_what_is_missing_unfit_and_repeated(file: Path) -> None:
    change(file, "INSERT INTO opportunities SELECT * FROM opportunities WHERE opportunity_id = 'd1'")
    change(file, "ALTER TABLE opportunities ALTER closed_at TYPE VARCHAR")
    change(file, "ALTER TABLE opportunities DROP next_step")
    status = warehouse_status(SYSTEM)
    assert status is not None
    deals = next(t for t in status.tables if t["table"] == "opportunities")
    assert deals["rows"] == 4
    assert "next_step" in deals["missing"]
    assert any("closed_at holds text" in p for p in status.problems)
    assert any("1 rows of opportunities repeat a opportunity_id" in p for p in status.problems)


def test_a_mapping_file_renames_tables_columns_and_words(file: Path, tmp_path: Path) -> None:
    change(file, "CREATE SCHEMA sales; CREATE TABLE sales.deals AS "
           "SELECT * EXCLUDE (amount, outcome), amount AS value, "
           "CASE WHEN outcome = 'won' THEN 'Gewonnen!' ELSE outcome END AS result FROM opportunities; "
           "DROP TABLE opportunities")  # fmt: skip
    named = {"table": "sales.deals", "columns": {"amount": "VALUE", "outcome": "result"},
             "values": {"outcome": {"gewonnen!": "won"}}}  # fmt: skip
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "warehouse.json").write_text(json.dumps({"tables": {"opportunities": named}}))
    with open_warehouse(date(2026, 3, 31)) as facts:
        won = facts.database.ask("SELECT count(*), sum(amount) FROM opportunities WHERE outcome = 'won'")
    assert [tuple(row) for row in won] == [(2, 300.0)]
    bring_home(by=SYSTEM)
    with open_facts() as here:
        assert here.con.execute("SELECT sum(amount) FROM opportunities WHERE outcome = 'won'").fetchone() == (300.0,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"tables": {"oportunities": {}}}', "Did you mean opportunities"),
        ('{"tables": {"opportunities": {"columns": {"amout": "x"}}}}', "Did you mean amount"),
        ("{", "not JSON"),
        ("[]", "has no tables"),
    ],
)
def test_a_mistake_in_the_mapping_file_is_named(file: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "warehouse.json").write_text(text)
    with pytest.raises(BadInput, match=said):
        bring_home(by=SYSTEM)


def test_an_address_of_nothing_known_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_WAREHOUSE", "oracle://me:topsecret@host/db")
    with pytest.raises(WrongUsage) as caught:
        configured()
    assert "topsecret" not in caught.value.sentence
    assert "postgres" in caught.value.sentence


@pytest.mark.parametrize("kind", ["snowflake", "bigquery", "databricks"])
def test_a_client_that_is_not_installed_is_named(kind: str) -> None:
    with pytest.raises(WarehouseTrouble) as caught:
        connect(parse(f"{kind}://me:topsecret@place/part"))
    assert f"headway[{kind}]" in caught.value.sentence
    assert "topsecret" not in caught.value.sentence


def secret_stays_secret(error: HeadwayError, caplog: pytest.LogCaptureFixture, secret: str) -> None:
    records = " ".join(json.dumps(entry.details, default=str) for entry in AuditEntry.objects.all())
    state = json.dumps(vars(brought()), default=str)
    for text in (error.sentence, repr(error), caplog.text, records, state):
        assert secret not in text
    assert error.__cause__ is None, "a driver's own words could hold the address"


def signed_in(address: str, user: str) -> str:
    """The address as `user` with a password, whoever it named before."""
    parts = urlsplit(address)
    return parts._replace(netloc=f"{user}:topsecret@{parts.netloc.rpartition('@')[2]}").geturl()


class TestPostgres:
    """The kinds of trouble, made on a real server."""

    @pytest.fixture
    def address(self, tmp_path: Path) -> Iterator[str]:
        with in_postgres(write(small(), tmp_path / "crm"), tmp_path / "crm") as found:
            yield found

    def run(self, address: str, sql: str) -> None:
        server = postgres_address().replace("postgres:", "postgresql:", 1)
        with psycopg.connect(server, autocommit=True) as con:
            con.execute(sql.replace("CRM", address.rpartition("=")[2]).encode())

    def test_a_question_that_takes_too_long_is_stopped(self, address: str) -> None:
        engine = connect(parse(f"{address}&timeout=1"))
        with pytest.raises(WarehouseTrouble, match="longer than 1 seconds") as caught:
            engine.rows("SELECT pg_sleep(30)")
        assert caught.value.kind is Kind.TOO_LONG
        engine.close()

    def test_a_right_that_is_missing_is_named(self, address: str) -> None:
        name = address.rpartition("=")[2] + "_reader"
        self.run(address, f"CREATE ROLE {name} LOGIN; GRANT USAGE ON SCHEMA CRM TO {name}")
        try:
            reader = signed_in(address, name)
            with pytest.raises(WarehouseTrouble, match="does not let Headway read this: permission denied") as caught:
                open_warehouse(address=parse(reader)).__enter__()
            assert caught.value.kind is Kind.NOT_ALLOWED
        finally:
            self.run(address, f"DROP OWNED BY {name}; DROP ROLE {name}")

    def test_a_warehouse_that_goes_away_in_the_middle(self, address: str, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        secret = signed_in(address, urlsplit(address).username or "")
        with open_warehouse(address=parse(secret)) as facts:
            assert facts.database.ask("SELECT count(*) FROM people") == [(3,)]
            (pid,) = facts.database.engine.rows("SELECT pg_backend_pid()")[0]
            self.run(address, f"SELECT pg_terminate_backend({pid})")
            with pytest.raises(WarehouseTrouble, match="cannot be reached") as caught:
                facts.database.ask("SELECT count(*) FROM people")
        assert caught.value.kind is Kind.AWAY
        secret_stays_secret(caught.value, caplog, "topsecret")

    def test_nobody_listens_there(self) -> None:
        with pytest.raises(WarehouseTrouble, match=r"cannot be reached: postgres://me@127\.0\.0\.1:9/crm") as caught:
            connect(parse("postgres://me:topsecret@127.0.0.1:9/crm"))
        assert "topsecret" not in caught.value.sentence

    def test_a_column_that_goes_while_it_is_read(self, address: str) -> None:
        with open_warehouse(address=parse(address)) as facts:
            self.run(address, "ALTER TABLE CRM.opportunities RENAME amount TO worth")
            with pytest.raises(WarehouseTrouble, match="is not as it was"):
                facts.database.ask("SELECT sum(amount) FROM opportunities")

    def test_nothing_can_be_written(self, address: str) -> None:
        engine = connect(parse(address))
        with pytest.raises(WarehouseTrouble, match="read-only"):
            engine.rows("CREATE TABLE x (y int)")
        engine.close()

    def test_rows_come_home(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HEADWAY_WAREHOUSE", address)
        bring_home(by=SYSTEM)
        with open_facts() as facts:
            assert facts.con.execute("SELECT count(*), sum(amount) FROM opportunities").fetchone() == (4, 345.5)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clickhouse")
    with in_clickhouse(write(small(), folder), folder) as found, serve(Path(found.partition("://")[2])) as served:
        yield served


class TestClickHouse:
    """The HTTP interface, by a stand-in that answers with ClickHouse' own engine."""

    def test_figures_and_rows_come_through_it(self, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HEADWAY_WAREHOUSE", f"clickhouse://{USER}@{place}/default")
        monkeypatch.setenv("HEADWAY_WAREHOUSE_PASSWORD", PASSWORD)
        with open_warehouse() as facts:
            assert facts.database.ask("SELECT count(*), sum(amount) FROM opportunities") == [(4, 345.5)]
        bring_home(by=SYSTEM)
        with open_facts() as here:
            assert here.con.execute("SELECT count(*), sum(amount) FROM opportunities").fetchone() == (4, 345.5)

    @pytest.mark.parametrize(
        ("sql", "seconds", "kind"),
        [
            ("SELECT nothing FROM people", 60, Kind.CHANGED),
            ("SELECT * FROM nowhere", 60, Kind.CHANGED),
            ("SELECT sleep(3)", 1, Kind.TOO_LONG),
            ("SELECT ) FROM", 60, Kind.FAILED),
        ],
    )
    def test_what_it_says_is_understood(self, place: str, sql: str, seconds: int, kind: Kind) -> None:
        engine = connect(parse(f"clickhouse://{USER}@{place}?timeout={seconds}", password=PASSWORD))
        with pytest.raises(WarehouseTrouble) as caught:
            engine.rows(sql)
        assert caught.value.kind is kind
        assert PASSWORD not in caught.value.sentence

    def test_a_wrong_password(self, place: str, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(WarehouseTrouble, match="user or the password") as caught:
            connect(parse(f"clickhouse://{USER}:topsecret@{place}"))
        secret_stays_secret(caught.value, caplog, "topsecret")
