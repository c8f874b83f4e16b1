"""HubSpot: its own client reads the stand-in, and so does ours; changes, deletions, merges, limits, expired tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import hubspot
import pytest
from hubspot.crm.deals import ApiException, BatchReadInputSimplePublicObjectId, PublicObjectSearchRequest

from headway.core.actors import SYSTEM
from headway.core.models import AuditEntry
from headway.facts.actions import undo_load
from headway.facts.connectors import syncing
from headway.facts.connectors.syncing import SyncResult
from headway.facts.connectors.web import AccessExpired, SourceTrouble
from headway.facts.models import FactVersion, Source
from tests.facts.connectors.conftest import Ask, Waits, connected
from tests.facts.connectors.hubspot_standin import HubSpotStandin, error
from tests.facts.connectors.standin import Trouble

TOKEN = "pat-na1-not-a-token-of-anybody"


def later(seconds: int) -> str:
    """A change after the sync before, whenever the test runs."""
    return (datetime.now(UTC) + timedelta(minutes=5, seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


LATER = later(0)
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
Run = Callable[[Source], SyncResult]


@pytest.fixture
def crm() -> HubSpotStandin:
    made = HubSpotStandin(TOKEN)
    team = [{"id": "9", "name": "North", "primary": True}]
    made.owners = [
        {"id": "11", "email": "jonas@x.example", "firstName": "Jonas", "lastName": "Weber", "teams": team},
        {"id": "12", "email": "ana@x.example", "firstName": "Ana", "lastName": "Ruiz", "archived": True},
        {"id": "13", "email": "it@x.example", "firstName": "Ivo", "lastName": "Helper"},
    ]
    made.stages = [
        {"id": "s1", "label": "Qualified to buy", "metadata": {"isClosed": "false", "probability": "0.4"}},
        {"id": "s2", "label": "Legal check", "metadata": {"isClosed": "false", "probability": "0.8"}},
        {"id": "s3", "label": "Signed", "metadata": {"isClosed": "true", "probability": "1.0"}},
        {"id": "s4", "label": "Gone", "metadata": {"isClosed": "true", "probability": "0.0"}},
    ]
    made.put("companies", "500", "2026-03-01T08:00:00Z", name="Acme", createdate="2026-01-01T00:00:00Z")
    for i in range(1, 131):
        owner = "12" if i == 130 else "11"
        made.put(
            "deals", str(i), "2026-03-02T08:00:00Z", dealname=f"Deal {i}", dealstage="s1", amount=100 + i,
            deal_currency_code="EUR", createdate="2026-03-01T08:00:00Z", closedate="2026-06-30T00:00:00Z",
            hubspot_owner_id=owner, hs_primary_associated_company="500",
        )  # fmt: skip
    made.put("calls", "1", "2026-03-03T10:00:00Z", hs_timestamp="2026-03-03T09:30:00Z", hubspot_owner_id="11",
             hs_createdate="2026-03-03T10:00:00Z", hs_call_disposition=CONNECTED)  # fmt: skip
    made.put("calls", "2", "2026-03-03T10:00:00Z", hs_timestamp="2026-03-03T09:30:00Z", hubspot_owner_id="13")
    made.put("meetings", "1", "2026-03-04T10:00:00Z", hs_timestamp="2026-03-04T09:30:00Z", hubspot_owner_id="11",
             hs_meeting_outcome="NO_SHOW")  # fmt: skip
    made.put("contacts", "7", "2026-03-02T08:00:00Z", createdate="2026-02-20T08:00:00Z", hubspot_owner_id="11",
             hs_analytics_source="PAID_SEARCH", hs_lifecyclestage_opportunity_date="2026-02-25T08:00:00Z")  # fmt: skip
    made.links[("contacts", "7")] = ["5"]
    made.links[("calls", "1")] = ["5"]
    return made


@pytest.fixture
def address(crm: HubSpotStandin) -> Iterator[str]:
    with crm.serving() as served:
        yield served


@pytest.fixture
def source(address: str) -> Source:
    return connected("hubspot", {"address": address}, {"secret": TOKEN})


def test_hubspots_own_client_reads_the_stand_in(crm: HubSpotStandin, address: str) -> None:
    client = hubspot.Client.create(access_token=TOKEN, host=address)
    deals = client.crm.deals.get_all(properties=["dealname", "amount"])
    assert len(deals) == 130
    assert deals[0].properties["amount"] == "101"
    owners = client.crm.owners.owners_api.get_page(archived=True)
    assert [(o.email, o.archived) for o in owners.results] == [("ana@x.example", True)]
    stages = client.crm.pipelines.pipelines_api.get_all("deals").results[0].stages
    assert [s.metadata["isClosed"] for s in stages] == ["false", "false", "true", "true"]
    read = BatchReadInputSimplePublicObjectId(
        inputs=[{"id": "1"}], properties=["dealstage"], properties_with_history=["dealstage"]
    )
    batch = client.crm.deals.batch_api.read(batch_read_input_simple_public_object_id=read)
    assert batch.results[0].properties_with_history["dealstage"][0].value == "s1"
    wanted = {"filters": [{"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "0"}]}
    beyond = PublicObjectSearchRequest(filter_groups=[wanted], limit=200, after="9900", properties=[], sorts=[])
    with pytest.raises(ApiException) as refused:
        client.crm.deals.search_api.do_search(public_object_search_request=beyond)
    assert refused.value.status == 400


def test_what_hubspot_holds_becomes_facts(crm: HubSpotStandin, source: Source, run: Run, ask: Ask) -> None:
    result = run(source)
    assert result.version == 1
    assert ask("SELECT person_id, name, team, CAST(left_on AS VARCHAR) FROM people ORDER BY 1") == [
        ("11", "Jonas Weber", "North", None),
        ("12", "Ana Ruiz", None, "2026-02-03"),
    ]
    assert ask("SELECT count(*), sum(amount) FROM opportunities") == [(130, 130 * 100 + 130 * 131 / 2)]
    deal = "SELECT stage, outcome, owner_id, account_id, CAST(expected_close_on AS VARCHAR) FROM opportunities "
    assert ask(deal + "WHERE opportunity_id = '5'") == [("qualified", "open", "11", "500", "2026-06-30")]
    assert ask("SELECT lead_id, source, qualified_at IS NOT NULL, opportunity_id FROM leads") == [
        ("7", "PAID_SEARCH", True, "5")
    ]
    # The missed meeting did not happen; the call of somebody who does not sell is left out and counted.
    assert ask("SELECT activity_id, person_id, kind, outcome, opportunity_id FROM activities") == [
        ("call-1", "11", "call", "connected", "5")
    ]
    assert result.left_out == {"activities": 1}


def test_only_what_changed_is_read_again(crm: HubSpotStandin, source: Source, run: Run, ask: Ask) -> None:
    run(source)
    assert run(source).version is None
    crm.log.clear()
    crm.put("deals", "1", LATER, dealstage="s2")
    crm.put("deals", "2", LATER, dealstage="s3", closedate="2026-03-20T00:00:00Z")
    result = run(source)
    assert result.read["deals"] == 2
    assert crm.paths("objects/deals")[0] == "/crm/v3/objects/deals/search"
    # A stage nobody knows keeps its own name; won comes from the stage's flags.
    assert ask(
        "SELECT stage, outcome FROM opportunities WHERE opportunity_id IN ('1', '2') ORDER BY opportunity_id"
    ) == [
        ("Legal check", "open"),
        ("won", "won"),
    ]
    assert ask("SELECT stage FROM stage_changes WHERE opportunity_id = '2' ORDER BY entered_at") == [
        ("qualified",),
        ("won",),
    ]


def test_what_is_deleted_or_merged_away_goes(crm: HubSpotStandin, source: Source, run: Run, ask: Ask) -> None:
    run(source)
    crm.archive("deals", "3")
    crm.merge("deals", "4", "5", LATER)
    crm.archive("calls", "1")
    result = run(source)
    assert result.tables["opportunities"]["removed"] == 2
    assert ask("SELECT count(*) FROM opportunities WHERE opportunity_id IN ('3', '5')") == [(0,)]
    assert ask("SELECT count(*) FROM stage_changes WHERE opportunity_id IN ('3', '5')") == [(0,)]
    assert ask("SELECT count(*) FROM activities") == [(0,)]
    # The version before still has them.
    assert FactVersion.objects.count() == 2


def test_a_search_is_taken_slice_by_slice(
    crm: HubSpotStandin, source: Source, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(source)
    for i in range(1, 101):
        crm.put("deals", str(i), later(i), amount=i)
    crm.search_end = 40
    monkeypatch.setattr("headway.facts.connectors.kinds.hubspot.SEARCH_PAGE", 10)
    monkeypatch.setattr("headway.facts.connectors.kinds.hubspot.SEARCH_END", 40)
    result = run(source)
    # Where slices meet, a record comes twice; it is kept once.
    assert 100 <= result.read["deals"] <= 104
    assert result.tables["opportunities"]["updated"] == 100


def test_limits_are_waited_for(crm: HubSpotStandin, source: Source, run: Run, waits: Waits) -> None:
    told = {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
    crm.troubles = [Trouble("/objects/deals", error(429, "RATE_LIMITS", "You have reached your limit.", **told), 2)]
    assert run(source).version == 1
    assert waits.count(10.0) == 2


def test_a_used_up_day_stops_the_sync_which_goes_on_later(crm: HubSpotStandin, source: Source, run: Run) -> None:
    told = {"errorType": "RATE_LIMIT", "policyName": "DAILY"}
    crm.troubles = [Trouble("/deals/batch", error(429, "RATE_LIMITS", "You have reached your daily limit.", **told))]
    with pytest.raises(SourceTrouble, match="has no more requests left for now"):
        run(source)
    source.refresh_from_db()
    assert "the next sync goes on from there" in source.problem
    crm.log.clear()
    assert run(source).version == 1
    # What had been read was not asked for again.
    assert not crm.paths("/owners/")[1:]
    assert "/crm/v3/objects/deals" not in crm.paths("/objects/deals")


def test_an_expired_token_is_renewed_where_it_can_be(crm: HubSpotStandin, address: str, run: Run) -> None:
    crm.refresh = "refresh-of-nobody"
    source = connected(
        "hubspot",
        {"address": address, "client": "c"},
        {"secret": "old-token-of-nobody", "refresh": "refresh-of-nobody"},
    )
    assert run(source).version == 1


def test_an_expired_token_is_said_plainly_and_stands_nowhere(crm: HubSpotStandin, source: Source, run: Run) -> None:
    crm.token = "another"
    with pytest.raises(AccessExpired, match="Make a new one there"):
        run(source)
    source.refresh_from_db()
    kept = [source.problem, str(source.settings), str(source.secrets), str(list(AuditEntry.objects.values("detail")))]
    assert not any(TOKEN in text for text in kept)
    in_files = [p for p in syncing.folder_of("crm").rglob("*") if p.is_file() and TOKEN.encode() in p.read_bytes()]
    assert in_files == []


def test_what_the_token_may_not_read_is_said_and_the_rest_is_loaded(
    crm: HubSpotStandin, source: Source, run: Run
) -> None:
    crm.forbidden = {"emails"}
    result = run(source)
    assert result.version == 1
    assert result.notes
    assert all("may not read a part of HubSpot" in note for note in result.notes)


def test_after_an_undo_the_next_sync_brings_it_back(source: Source, run: Run, ask: Ask, crm: HubSpotStandin) -> None:
    run(source)
    crm.put("deals", "1", LATER, amount=7)
    run(source)
    undo_load(by=SYSTEM)
    assert ask("SELECT amount FROM opportunities WHERE opportunity_id = '1'") == [(101.0,)]
    run(source)
    assert ask("SELECT amount FROM opportunities WHERE opportunity_id = '1'") == [(7.0,)]
