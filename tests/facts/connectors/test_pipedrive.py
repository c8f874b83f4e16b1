"""Pipedrive, from its published descriptions: what changes, what is deleted, limits, a token that ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from headway.facts.connectors.syncing import SyncResult
from headway.facts.connectors.web import AccessExpired, SourceTrouble
from headway.facts.models import Source
from tests.facts.connectors.conftest import Ask, Waits, connected
from tests.facts.connectors.pipedrive_standin import PipedriveStandin
from tests.facts.connectors.standin import Answer, Trouble

TOKEN = "token-of-nobody-at-all"
LATER = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
Run = Callable[[Source], SyncResult]


@pytest.fixture
def crm() -> PipedriveStandin:
    made = PipedriveStandin(TOKEN)
    day = "2026-03-01T08:00:00Z"
    made.put(
        "users", 11, day, name="Jonas Weber", email="jonas@x.example", active_flag=True, modified="2026-01-01 00:00:00"
    )
    made.put(
        "users", 12, day, name="Ana Ruiz", email="ana@x.example", active_flag=False, modified="2026-02-03 04:05:06"
    )
    for number, name in ((1, "Qualified"), (2, "Proposal Made")):
        made.put("stages", number, day, name=name, pipeline_id=1)
    made.put("organizations", 500, day, name="Acme", owner_id=11)
    for number in range(1, 31):
        made.put("deals", number, day, owner_id=12 if number == 30 else 11, org_id=500, stage_id=1, value=100 + number,
                 currency="EUR", add_time=day, expected_close_date="2026-06-30", origin="Import")  # fmt: skip
    made.put("activities", 1, day, owner_id=11, type="call", done=True, marked_as_done_time="2026-03-02T09:00:00Z",
             due_date="2026-03-02", due_time="09:00", add_time=day, deal_id=1, org_id=500)  # fmt: skip
    made.put(
        "activities", 2, day, owner_id=11, type="meeting", done=False, due_date="2026-09-02", due_time="", add_time=day
    )
    return made


@pytest.fixture
def source(crm: PipedriveStandin, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    monkeypatch.setattr("headway.facts.connectors.kinds.pipedrive.PAGE", 12)
    with crm.serving() as address:
        yield connected("pipedrive", {"address": address}, {"secret": TOKEN})


def test_what_pipedrive_holds_becomes_facts(crm: PipedriveStandin, source: Source, run: Run, ask: Ask) -> None:
    assert run(source).version == 1
    assert ask("SELECT person_id, name, CAST(left_on AS VARCHAR) FROM people ORDER BY 1") == [
        ("11", "Jonas Weber", None),
        ("12", "Ana Ruiz", "2026-02-03"),
    ]
    assert ask("SELECT count(*), sum(amount), min(stage) FROM opportunities") == [(30, 3000 + 465, "qualified")]
    assert ask("SELECT activity_id, kind, opportunity_id FROM activities") == [("1", "call", "1")]
    assert run(source).version is None


def test_changes_and_deletions_are_noticed(crm: PipedriveStandin, source: Source, run: Run, ask: Ask) -> None:
    run(source)
    crm.put("deals", 1, LATER, stage_id=2)
    crm.put("deals", 2, LATER, status="won", won_time=datetime.now(UTC).isoformat())
    crm.put("deals", 3, LATER, is_deleted=True)
    crm.put("activities", 2, LATER, done=True, marked_as_done_time=datetime.now(UTC).isoformat())
    result = run(source)
    assert result.read["deals"] == 2
    assert result.tables["opportunities"]["removed"] == 1
    assert ask(
        "SELECT stage, outcome FROM opportunities WHERE opportunity_id IN ('1', '2') ORDER BY opportunity_id"
    ) == [
        ("proposal", "open"),
        ("won", "won"),
    ]
    changes = "SELECT opportunity_id, list(stage ORDER BY entered_at) FROM stage_changes GROUP BY 1 ORDER BY 1 LIMIT 1"
    assert ask(changes) == [("1", ["qualified", "proposal"])]
    assert ask("SELECT count(*) FROM activities") == [(2,)]


def test_a_short_window_is_waited_for_and_a_used_up_day_is_not(
    crm: PipedriveStandin, source: Source, run: Run, waits: Waits
) -> None:
    told = {"success": False, "error": "request over limit", "errorCode": 429}
    crm.troubles = [
        Trouble("/v2/deals", Answer(429, told, {"x-ratelimit-reset": "2"})),
        Trouble("/changelog", Answer(429, told, {"x-daily-requests-left": "0"})),
    ]
    with pytest.raises(SourceTrouble, match="has no more requests left for now"):
        run(source)
    assert 2.0 in waits
    assert run(source).version == 1


def test_a_token_that_ended_is_said_plainly(crm: PipedriveStandin, source: Source, run: Run) -> None:
    crm.token = "another"
    with pytest.raises(AccessExpired):
        run(source)
