"""What holds for every source: secrets, the extra, two sources beside each other, people who are known, kills."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from headway.core.actors import SYSTEM
from headway.core.errors import BadInput
from headway.core.home_folder import home
from headway.facts.connectors import actions, extra, sources, syncing, vault
from headway.facts.connectors.book import Book, Page, Record
from headway.facts.connectors.sources import sync
from headway.facts.connectors.syncing import AlreadySyncing, Paused, SyncResult
from headway.facts.load import commit_load, plan_load
from headway.facts.models import FactVersion, Source
from tests.facts.connectors.conftest import Ask, Waits, connected
from tests.facts.connectors.pipedrive_standin import PipedriveStandin

TOKEN = "token-of-nobody-at-all"
Run = Callable[[Source], SyncResult]
DAY = "2026-03-01T08:00:00Z"


def company(owner: str = "Jonas Weber", email: str = "jonas@x.example") -> PipedriveStandin:
    """One rep with two deals, in a stage of their own name."""
    made = PipedriveStandin(TOKEN)
    made.put("users", 11, DAY, name=owner, email=email, active_flag=True, modified="2026-01-01 00:00:00")
    made.put("stages", 1, DAY, name="Legal check", pipeline_id=1)
    for number in (1, 2):
        made.put("deals", number, DAY, owner_id=11, stage_id=1, value=100, currency=None, add_time=DAY)
    return made


@pytest.fixture
def crm() -> Iterator[tuple[PipedriveStandin, str]]:
    made = company()
    with made.serving() as address:
        yield made, address


def test_nothing_of_the_extra_is_imported_before_a_sync() -> None:
    told = (
        "import sys, django; django.setup(); from headway.cli.main import build; build(); import headway.facts.urls; "
        "print([m for m in ('dlt', 'sqlalchemy', 'cryptography', 'requests') if m in sys.modules])"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "headway.config.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", told], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_extra_one_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(extra.importlib, "import_module", missing)
    with pytest.raises(BadInput, match="Install them with: make connectors"):
        extra.extra("dlt.sources.helpers.requests")


def test_a_secret_is_sealed_with_a_key_that_only_its_owner_reads() -> None:
    kept = vault.keep(TOKEN)
    assert TOKEN not in kept
    assert vault.reveal(kept) == TOKEN
    key = home() / "sync-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.write_bytes(Fernet.generate_key())
    with pytest.raises(BadInput, match="Give the secret to the source again"):
        vault.reveal(kept)


def test_a_secret_may_lie_in_a_variable_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNC_CRM", f"{TOKEN}\n")
    assert vault.reveal(vault.keep("env:SYNC_CRM")) == TOKEN
    monkeypatch.delenv("SYNC_CRM")
    with pytest.raises(BadInput, match="is not set: SYNC_CRM"):
        vault.reveal("env:SYNC_CRM")
    with pytest.raises(BadInput, match="has to begin with SYNC_"):
        vault.keep("env:SECRET_KEY")
    (tmp_path / "token").write_text(TOKEN)
    assert vault.reveal(vault.keep(f"file:{tmp_path / 'token'}")) == TOKEN
    with pytest.raises(BadInput, match="cannot be read"):
        vault.reveal(f"file:{tmp_path / 'nowhere'}")


def test_a_page_is_kept_wholly_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Iterator[Record]:
        yield Record("1", {"a": 1})
        raise KeyboardInterrupt

    with Book(tmp_path) as book:
        run, _began, _again = book.begin("2026-01-01T00:00:00+00:00")
        book.keep("deals", Page((Record("0", {"a": 0}),), {"after": "0"}), run, complete=False)
        with pytest.raises(KeyboardInterrupt):
            book.keep("deals", Page(broken(), {"after": "1"}), run, complete=False)  # type: ignore[arg-type]
    with Book(tmp_path) as book:
        assert book.begin("2026-02-02T00:00:00+00:00") == (run, "2026-01-01T00:00:00+00:00", True)
        assert [r.id for r in book.pending("deals")] == ["0"]
        assert book.place("deals", run) == {"after": "0"}


def test_the_watermark_is_the_start_of_the_run_not_its_end(tmp_path: Path) -> None:
    with Book(tmp_path) as book:
        run, _began, _again = book.begin("2026-01-01T00:00:00+00:00")
        book.keep("deals", Page((), None), run, complete=False)
        assert book.watermark("deals") is None
        book.finish(run, version=1)
        assert book.watermark("deals") == "2026-01-01T00:00:00+00:00"


def test_stages_are_what_a_person_said(crm: tuple[PipedriveStandin, str], run: Run, ask: Ask) -> None:
    source = connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN})
    run(source)
    assert ask("SELECT DISTINCT stage, currency FROM opportunities") == [("Legal check", "EUR")]
    given = {"stages": "Legal Check = proposal", "currency": "chf"}
    source = actions.change_source(source=source, settings=given, secrets={}, schedule="", by=SYSTEM)
    # What was said holds for what is loaded already, not only for what comes.
    run(source)
    assert ask("SELECT DISTINCT stage, currency FROM opportunities") == [("proposal", "CHF")]


def test_two_sources_with_the_same_numbers_stay_apart(crm: tuple[PipedriveStandin, str], run: Run, ask: Ask) -> None:
    run(connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN}))
    with company("Ana Ruiz", "ana@x.example").serving() as other:
        run(connected("pipedrive", {"address": other}, {"secret": TOKEN}, name="second"))
    assert ask("SELECT opportunity_id, owner_id FROM opportunities ORDER BY 1") == [
        ("1", "11"),
        ("2", "11"),
        ("second:1", "second:11"),
        ("second:2", "second:11"),
    ]


def test_somebody_known_by_mail_keeps_id_and_what_the_crm_does_not_say(
    crm: tuple[PipedriveStandin, str], run: Run, ask: Ask, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "person_id,name,email,role,team,hired_on\nE17,Jonas A. Weber,Jonas@x.example,manager,North,2020-01-01\n"
    )
    deals = tmp_path / "opportunities.csv"
    deals.write_text(
        "opportunity_id,owner_id,created_at,stage,outcome,amount,currency\nx,E17,2026-01-01,lead,open,1,EUR\n"
    )
    commit_load(plan_load([people, deals]), by=SYSTEM)
    run(connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN}))
    assert ask("SELECT person_id, name, role, team, CAST(hired_on AS VARCHAR) FROM people") == [
        ("E17", "Jonas Weber", "manager", "North", "2020-01-01")
    ]
    assert ask("SELECT count(*) FROM opportunities WHERE owner_id = 'E17'") == [(3,)]


def test_after_a_fresh_start_everything_is_loaded_again(
    crm: tuple[PipedriveStandin, str], run: Run, ask: Ask, tmp_path: Path
) -> None:
    source = connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN})
    run(source)
    people = tmp_path / "people.csv"
    people.write_text("person_id,name\nz,Zoe Zand\n")
    deals = tmp_path / "opportunities.csv"
    deals.write_text(
        "opportunity_id,owner_id,created_at,stage,outcome,amount,currency\nx,z,2026-01-01,lead,open,1,EUR\n"
    )
    commit_load(plan_load([people, deals], mode="replace"), by=SYSTEM)
    run(source)
    assert ask("SELECT opportunity_id FROM opportunities ORDER BY 1") == [("1",), ("2",), ("x",)]


def test_a_long_sync_makes_room_for_others_and_goes_on(
    crm: tuple[PipedriveStandin, str], waits: Waits, run: Run
) -> None:
    source = connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN})
    with pytest.raises(Paused):
        sync(source, by=SYSTEM, most_seconds=0.0, sleep=waits)
    source.refresh_from_db()
    # Cut off, so it is its turn at once; nothing was loaded by half.
    assert sources.status_of(source).next_at is not None
    assert FactVersion.objects.count() == 0
    assert run(source).version == 1


def test_one_source_is_read_by_one_process_at_a_time(crm: tuple[PipedriveStandin, str], run: Run) -> None:
    source = connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN})
    with syncing._alone("crm"):
        assert syncing.is_running("crm")
        with pytest.raises(AlreadySyncing, match="being synced already"):
            run(source)
    assert not syncing.is_running("crm")
    assert run(source).version == 1


def test_a_source_of_the_same_name_begins_anew(crm: tuple[PipedriveStandin, str], run: Run, ask: Ask) -> None:
    source = connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN})
    run(source)
    actions.remove_source(source=source, by=SYSTEM)
    assert not syncing.folder_of("crm").exists()
    crm[0].put("deals", 1, DAY, value=7)
    assert run(connected("pipedrive", {"address": crm[1]}, {"secret": TOKEN})).version == 2
    assert ask("SELECT amount FROM opportunities ORDER BY opportunity_id") == [(7.0,), (100.0,)]
