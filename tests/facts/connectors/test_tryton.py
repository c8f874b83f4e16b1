"""Tryton, a real one on loopback: synced, changed, deleted, synced again; killed in the middle and taken up again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError
from headway.facts.connectors import actions, syncing
from headway.facts.connectors.sources import sync
from headway.facts.connectors.web import AccessExpired
from headway.facts.models import FactVersion, Source
from headway.facts.store import open_facts
from tests.facts.connectors.tryton_server import PASSWORD, Rpc, found_company, money, open_deals, serving

Server = tuple[str, Rpc, dict[str, int]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("tryton")) as address:
        rpc = Rpc(address)
        yield address, rpc, found_company(rpc)


@pytest.fixture
def source(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    address, rpc, _ids = server
    monkeypatch.setenv("SYNC_TRYTON", PASSWORD)
    yield actions.add_source(
        name="crm",
        kind="tryton",
        settings={"address": address, "database": "crm", "user": "admin"},
        secrets={"secret": "env:SYNC_TRYTON"},
        schedule="daily",
        by=SYSTEM,
    )
    rpc("sale.opportunity.lead", rpc("sale.opportunity.search", [["state", "=", "lost"]]))
    rpc("sale.opportunity.cancel", rpc("sale.opportunity.search", [["state", "in", ["lead", "opportunity"]]]))
    rpc("sale.opportunity.delete", rpc("sale.opportunity.search", [["state", "=", "cancelled"]]))


def asked(sql: str) -> list[tuple[object, ...]]:
    with open_facts() as facts:
        return list(facts.con.execute(sql).fetchall())


def test_what_changes_in_tryton_changes_in_the_facts(server: Server, source: Source) -> None:
    _address, rpc, ids = server
    first, second, third = open_deals(rpc, ids, 3)
    rpc("sale.opportunity.opportunity", [first, second])
    made = sync(source, by=SYSTEM)
    assert made.version == 1
    assert asked("SELECT person_id, name, role, manager_id, CAST(hired_on AS VARCHAR) FROM people ORDER BY name") == [
        (str(ids["rep"]), "Jonas Weber", "rep", str(ids["boss"]), "2023-02-01"),
        (str(ids["boss"]), "Mia Boss", "manager", None, None),
    ]
    deals = (
        "SELECT opportunity_id, owner_id, stage, outcome, amount, currency FROM opportunities ORDER BY created_at, 1"
    )
    rep = str(ids["rep"])
    assert asked(deals) == [(str(i), rep, "qualified", "open", 1200.5, "EUR") for i in (first, second)]
    leads = "SELECT lead_id, qualified_at IS NOT NULL, opportunity_id FROM leads ORDER BY 1"
    assert asked(leads) == [(str(first), True, str(first)), (str(second), True, str(second)), (str(third), False, None)]

    # Nothing was different: no version, whatever the overlap brings again.
    assert sync(source, by=SYSTEM).version is None

    rpc("sale.opportunity.write", [second], {"amount": money("900"), "lost_reason": "price"})
    rpc("sale.opportunity.lost", [second])
    rpc("sale.opportunity.cancel", [first])
    rpc("sale.opportunity.delete", [first])
    again = sync(source, by=SYSTEM)
    assert again.version == 2
    assert again.tables["opportunities"]["removed"] == 1
    assert asked(deals) == [(str(second), rep, "lost", "lost", 900.0, "EUR")]
    history = f"SELECT stage FROM stage_changes WHERE opportunity_id = '{second}' ORDER BY entered_at"
    assert asked(history) == [("lead",), ("qualified",), ("lost",)]
    assert asked(f"SELECT count(*) FROM stage_changes WHERE opportunity_id = '{first}'") == [(0,)]


_CHILD = """
import django, sys
django.setup()
from headway.core.actors import SYSTEM
from headway.facts.connectors.syncing import run_sync
from headway.facts.models import Source
settings = {"address": sys.argv[1], "database": "crm", "user": "admin"}
run_sync(Source(name="crm", kind="tryton", settings=settings, secrets={"secret": "env:SYNC_TRYTON"}), by=SYSTEM)
"""


def _read_until(address: str, enough: int) -> int:
    """Start a sync in another process and kill it without warning when that many histories are kept."""
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, address],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "headway.config.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    book = syncing.folder_of("crm") / "records.sqlite"
    kept = 0
    while child.poll() is None and kept < enough:
        time.sleep(0.02)
        kept = _kept(book)
    child.send_signal(signal.SIGKILL)
    child.wait()
    return _kept(book)


def _kept(book: Path) -> int:
    if not book.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{book}?mode=ro", uri=True) as con:
            found = int(con.execute("SELECT count(*) FROM record WHERE stream = 'history'").fetchone()[0])
        con.close()
        return found
    except sqlite3.OperationalError:
        return 0


def test_killed_in_the_middle_it_goes_on_and_nothing_is_doubled_or_lost(server: Server, source: Source) -> None:
    address, rpc, ids = server
    deals = open_deals(rpc, ids, 400)
    rpc("sale.opportunity.opportunity", deals[:300])
    kept = _read_until(address, 50)
    assert 50 <= kept < 400
    result = sync(source, by=SYSTEM)
    # What had been kept was not read again.
    assert result.read["history"] == 400 - kept
    assert result.read["opportunities"] == 0
    assert asked("SELECT count(*), count(DISTINCT lead_id) FROM leads") == [(400, 400)]
    assert asked("SELECT count(*), count(DISTINCT opportunity_id) FROM opportunities") == [(300, 300)]
    assert FactVersion.objects.count() == 1


def test_killed_between_the_load_and_its_note_it_finds_that_it_is_done(
    server: Server, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    _address, rpc, ids = server
    open_deals(rpc, ids, 2)

    def killed(*_args: object, **_how: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("headway.facts.connectors.book.Book.finish", killed)
        with pytest.raises(KeyboardInterrupt):
            sync(source, by=SYSTEM)
    assert FactVersion.objects.count() == 1
    sync(source, by=SYSTEM)
    assert FactVersion.objects.count() == 1
    assert asked("SELECT count(*) FROM leads") == [(2,)]


def test_a_changed_password_is_said_plainly_and_nowhere_in_clear(server: Server, source: Source) -> None:
    source = actions.change_source(
        source=source, settings={}, secrets={"secret": "wrong-password-of-somebody"}, schedule="", by=SYSTEM
    )
    assert "wrong-password" not in str(source.secrets)
    with pytest.raises(AccessExpired) as stopped:
        sync(source, by=SYSTEM)
    assert "no longer accepts the token or password" in stopped.value.sentence
    source.refresh_from_db()
    assert source.problem == stopped.value.sentence
    assert "wrong-password" not in source.problem


def test_a_server_that_is_away_is_said_plainly(source: Source) -> None:
    gone = actions.change_source(
        source=source, settings={"address": "http://127.0.0.1:9"}, secrets={}, schedule="", by=SYSTEM
    )
    with pytest.raises(HeadwayError, match=r"cannot be reached: 127\.0\.0\.1:9"):
        sync(gone, by=SYSTEM, sleep=lambda _seconds: None)
