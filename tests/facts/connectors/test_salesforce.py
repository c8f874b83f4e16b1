"""Salesforce: simple-salesforce reads the stand-in, and so does ours; changes, deletions, merges, limits, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import simple_salesforce
from requests.adapters import HTTPAdapter

from headway.facts.connectors.book import Book
from headway.facts.connectors.syncing import SyncResult, folder_of
from headway.facts.connectors.web import AccessExpired, SourceTrouble
from headway.facts.models import Source
from tests.facts.connectors.conftest import Ask, connected
from tests.facts.connectors.salesforce_standin import SalesforceStandin, error
from tests.facts.connectors.standin import Asked, Trouble

TOKEN = "00D-not-a-session-of-anybody"
Run = Callable[[Source], SyncResult]


def ago(days: int) -> str:
    """A moment that many days before the test runs."""
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")


def deal(crm: SalesforceStandin, number: int, changed: str, **fields: Any) -> str:
    """A deal of Jonas, and its row of history."""
    identity = f"006{number:012d}AAA"
    usual = {
        "OwnerId": "005J", "AccountId": "001A", "StageName": "Prospecting", "CloseDate": "2030-06-30", "NextStep": None,
        "Amount": 100.0 + number, "IsClosed": False, "IsWon": False, "CurrencyIsoCode": "EUR", "LeadSource": "Web",
    }  # fmt: skip
    known = identity in crm.rows.get("Opportunity", {})
    crm.put("Opportunity", identity, changed, **{**({} if known else usual), **fields})
    rows = crm.rows.setdefault("OpportunityHistory", {})
    stage = crm.rows["Opportunity"][identity]["StageName"]
    crm.put("OpportunityHistory", f"008{len(rows):012d}", changed, OpportunityId=identity, StageName=stage)
    return identity


@pytest.fixture
def crm() -> SalesforceStandin:
    made = SalesforceStandin(TOKEN)
    users = (
        ("005M", "Mia Boss", True, None),
        ("005J", "Jonas Weber", True, "005M"),
        ("005X", "Old Hand", False, "005M"),
        ("005S", "Sys Tem", True, None),
    )
    for identity, name, active, manager in users:
        role = {"Name": "North"} if manager else None
        mail = f"{identity.lower()}@x.example"
        made.put("User", identity, ago(40), Name=name, Email=mail, IsActive=active, ManagerId=manager, UserRole=role)
    for label, closed, won in (("Prospecting", False, False), ("Handshake", False, False), ("Signed", True, True)):
        made.put(
            "OpportunityStage", f"01J{label}", ago(400), ApiName=label, MasterLabel=label, IsClosed=closed, IsWon=won
        )
    made.put("Account", "001A", ago(50), Name="Acme", OwnerId="005J", MasterRecordId=None, Industry="Tools")
    made.put("Lead", "00Q1", ago(45), OwnerId="005J", LeadSource="Web", IsConverted=True, ConvertedDate=ago(30)[:10],
             ConvertedOpportunityId=f"006{1:012d}AAA", MasterRecordId=None)  # fmt: skip
    for number in range(1, 21):
        deal(made, number, ago(35), **({"OwnerId": "005X"} if number == 20 else {}))
    made.put("Task", "00T1", ago(5), OwnerId="005J", WhatId=f"006{1:012d}AAA", WhoId="00Q1", ActivityDate=ago(5)[:10],
             IsClosed=True, TaskSubtype="Call", CallDisposition="Reached", IsRecurrence=False)  # fmt: skip
    made.put("Task", "00T2", ago(5), OwnerId="005J", WhatId=None, WhoId=None, ActivityDate=None, IsClosed=False)
    soon = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    for identity, start, copy in (("00U1", ago(4), False), ("00U2", ago(4), True), ("00U3", soon, False)):
        made.put(
            "Event", identity, ago(6), OwnerId="005J", WhatId="001A", WhoId=None, StartDateTime=start, IsChild=copy
        )
    made.put("Period", "P1", ago(400), StartDate="2026-10-01", EndDate="2026-12-31", Type="Quarter")
    made.put("ForecastingQuota", "Q1", ago(90), QuotaOwnerId="005J", PeriodId="P1", StartDate="2026-10-01",
             QuotaAmount=50000, IsAmount=True, ForecastingTypeId="0Db1")  # fmt: skip
    return made


@pytest.fixture
def address(crm: SalesforceStandin) -> Iterator[str]:
    with crm.serving() as served:
        yield served


@pytest.fixture
def source(address: str) -> Source:
    return connected("salesforce", {"address": address}, {"secret": TOKEN})


class _Plain(HTTPAdapter):
    """The client always speaks TLS; on loopback there is none."""

    def send(self, request: requests.PreparedRequest, *args: Any, **how: Any) -> requests.Response:  # type: ignore[override]
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **how)


def test_simple_salesforce_reads_the_stand_in(crm: SalesforceStandin, address: str) -> None:
    session = requests.Session()
    session.mount("https://", _Plain())
    client = simple_salesforce.Salesforce(
        instance_url=address.replace("http:", "https:"), session_id=TOKEN, session=session, version="60.0"
    )
    crm.delete("Opportunity", f"006{3:012d}AAA", ago(1))
    crm.batch = 8
    assert client.query_all("SELECT Id FROM Opportunity")["totalSize"] == 19
    assert len(list(client.query_all_iter("SELECT Id, Amount FROM Opportunity", include_deleted=True))) == 20
    gone = client.Opportunity.deleted(datetime.now(UTC) - timedelta(days=2), datetime.now(UTC))
    assert [r["id"] for r in gone["deletedRecords"]] == [f"006{3:012d}AAA"]
    with pytest.raises(simple_salesforce.SalesforceMalformedRequest, match="INVALID_FIELD"):
        client.query("SELECT Nothing FROM Opportunity")


def test_what_salesforce_holds_becomes_facts(crm: SalesforceStandin, source: Source, run: Run, ask: Ask) -> None:
    crm.unknown_fields = {"CurrencyIsoCode"}
    result = run(source)
    assert result.version == 1
    assert ask("SELECT person_id, name, role, team, left_on IS NOT NULL FROM people ORDER BY 1") == [
        ("005J", "Jonas Weber", "rep", "North", False),
        ("005M", "Mia Boss", "manager", None, False),
        ("005X", "Old Hand", "rep", "North", True),
    ]
    assert ask("SELECT count(*), sum(amount), min(stage), max(outcome) FROM opportunities") == [
        (20, 20 * 100 + 210, "lead", "open")
    ]
    assert ask("SELECT lead_id, owner_id, qualified_at IS NOT NULL, opportunity_id FROM leads") == [
        ("00Q1", "005J", True, f"006{1:012d}AAA")
    ]
    # An open task, an invitee's copy and a meeting to come did not happen.
    assert ask("SELECT activity_id, kind, lead_id, account_id FROM activities ORDER BY 1") == [
        ("00T1", "call", "00Q1", None),
        ("00U1", "meeting", None, "001A"),
    ]
    assert ask("SELECT person_id, CAST(period_end AS VARCHAR), target FROM quotas") == [("005J", "2027-01-01", 50000.0)]


def test_changes_deletions_merges_and_purges_are_noticed(
    crm: SalesforceStandin, source: Source, run: Run, ask: Ask
) -> None:
    run(source)
    assert run(source).version is None
    now = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    won = deal(crm, 1, now, StageName="Signed", IsClosed=True, IsWon=True, CloseDate=now[:10])
    deal(crm, 2, now, Amount=1.0)
    crm.delete("Opportunity", f"006{3:012d}AAA", now)
    crm.delete("Lead", "00Q1", now, into="00Q2")
    crm.purge("Opportunity", f"006{4:012d}AAA", (datetime.now(UTC) - timedelta(minutes=2)).isoformat())
    result = run(source)
    assert result.tables["opportunities"]["removed"] == 2
    assert result.tables["opportunities"]["updated"] == 2
    assert ask("SELECT count(*) FROM leads") == [(0,)]
    assert ask(f"SELECT stage, outcome, closed_at IS NOT NULL FROM opportunities WHERE opportunity_id = '{won}'") == [
        ("won", "won", True)
    ]
    # The second deal's history grew on an edit of the amount: no stage was entered again.
    changes = "SELECT opportunity_id, list(stage ORDER BY entered_at) FROM stage_changes GROUP BY 1 ORDER BY 1 LIMIT 2"
    assert ask(changes) == [(won, ["lead", "won"]), (f"006{2:012d}AAA", ["lead"])]


def test_a_meeting_counts_once_it_has_happened(crm: SalesforceStandin, source: Source, run: Run, ask: Ask) -> None:
    run(source)
    with Book(folder_of("crm")) as book:
        book._con.execute("UPDATE record SET parent = ?, body = json_set(body, '$.StartDateTime', ?) WHERE id = '00U3'",
                          [ago(0), ago(0)])  # fmt: skip
    run(source)
    assert ask("SELECT count(*) FROM activities WHERE activity_id = '00U3'") == [(1,)]


def test_after_a_long_time_ids_are_compared(crm: SalesforceStandin, source: Source, run: Run, ask: Ask) -> None:
    run(source)
    with Book(folder_of("crm")) as book:
        book._con.execute("UPDATE stream SET watermark = ?", [ago(60)])
    del crm.rows["Opportunity"][f"006{4:012d}AAA"]
    run(source)
    assert ask("SELECT count(*) FROM opportunities") == [(19,)]


def test_a_place_that_expired_is_found_again(crm: SalesforceStandin, source: Source, run: Run, ask: Ask) -> None:
    crm.batch = 6

    def forget(asked: Asked) -> None:
        # The last locator of the deals is forgotten once.
        if "/query/01g" in asked.path and len(crm.paths("/query/01g")) == 2:
            crm.locators.clear()

    for name in ("Opportunity", "OpportunityHistory"):
        for day, row in enumerate(crm.rows[name].values(), start=1):
            row["SystemModstamp"] = f"2026-01-{day:02d}T00:00:00.000+0000"
    crm.before = forget
    assert run(source).version == 1
    assert any(">= 2026-01-" in a.params.get("q", "") for a in crm.log)
    assert ask("SELECT count(*), count(DISTINCT opportunity_id) FROM opportunities") == [(20, 20)]


def test_a_place_that_is_lost_again_and_again_stops_the_sync(crm: SalesforceStandin, source: Source, run: Run) -> None:
    crm.batch = 6
    crm.before = lambda _asked: crm.locators.clear()
    with pytest.raises(SourceTrouble, match="refused a request"):
        run(source)


def test_a_used_up_allowance_stops_the_sync_which_goes_on_later(
    crm: SalesforceStandin, source: Source, run: Run
) -> None:
    crm.batch = 6
    over = error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    crm.troubles = [Trouble("/query/01g", over)]
    with pytest.raises(SourceTrouble, match="has no more requests left for now"):
        run(source)
    crm.log.clear()
    assert run(source).version == 1
    assert not any("FROM User" in a.params.get("q", "") for a in crm.log)


def test_a_client_signs_in_by_itself_and_again_when_the_session_ends(
    crm: SalesforceStandin, address: str, run: Run
) -> None:
    crm.client, crm.client_secret = "3MVG", "secret-of-nobody"
    source = connected("salesforce", {"address": address, "client": "3MVG"}, {"client_secret": "secret-of-nobody"})
    crm.troubles = [Trouble("/queryAll", error(401, "INVALID_SESSION_ID", "Session expired or invalid"))]
    assert run(source).version == 1


def test_a_session_that_ended_is_said_plainly(crm: SalesforceStandin, source: Source, run: Run) -> None:
    crm.token = "another"
    with pytest.raises(AccessExpired, match="no longer accepts the token"):
        run(source)


def test_an_object_that_is_not_there_is_said_and_the_rest_is_loaded(
    crm: SalesforceStandin, source: Source, run: Run, ask: Ask
) -> None:
    del crm.rows["ForecastingQuota"], crm.rows["OpportunityHistory"]
    result = run(source)
    assert sorted(result.notes) == [
        "This user may not read a part of Salesforce: ForecastingQuota.",
        "This user may not read a part of Salesforce: OpportunityFieldHistory.",
        "This user may not read a part of Salesforce: OpportunityHistory.",
    ]
    assert ask("SELECT count(*) FROM opportunities") == [(20,)]
