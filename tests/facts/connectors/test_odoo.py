"""Odoo, from its published descriptions: leads and deals in one model, archived means lost, ids are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from headway.facts.connectors.syncing import SyncResult
from headway.facts.connectors.web import AccessExpired
from headway.facts.models import Source
from tests.facts.connectors.conftest import Ask, connected
from tests.facts.connectors.odoo_standin import OdooStandin

KEY = "key-of-nobody-at-all"
LATER = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S")
Run = Callable[[Source], SyncResult]


@pytest.fixture
def crm() -> OdooStandin:
    made = OdooStandin("acme", "reader@x.example", KEY)
    day = "2026-03-01 08:00:00"
    made.put("res.users", 6, day, name="Mia Boss", email="mia@x.example", partner_id=[60, "Mia Boss"])
    made.put("res.users", 7, day, name="Jonas Weber", email="jonas@x.example", partner_id=[70, "Jonas Weber"])
    made.put("crm.team", 1, day, name="North", user_id=[6, "Mia Boss"], member_ids=[7])
    for number, name, won in ((1, "New", False), (2, "Proposition", False), (3, "Signed", True)):
        made.put("crm.stage", number, day, name=name, is_won=won)
    made.put("mail.activity.type", 2, day, name="Call", category="phonecall")
    usual = {
        "user_id": [7, "Jonas Weber"], "stage_id": [1, "New"], "partner_id": [500, "Acme"], "expected_revenue": 1000.0,
        "probability": 10.0, "create_date": day, "company_currency": [1, "EUR"], "source_id": [3, "Fair"],
    }  # fmt: skip
    for number in range(1, 26):
        made.put("crm.lead", number, day, type="opportunity", date_deadline="2026-06-30", **usual)
    made.put("crm.lead", 26, day, type="lead", **usual)
    made.put("crm.lead", 1, day, date_conversion="2026-03-05 09:00:00")
    made.put("mail.message", 90, day, model="crm.lead", res_id=1, date="2026-03-06 10:00:00", author_id=[70, "Jonas"],
             mail_activity_type_id=[2, "Call"])  # fmt: skip
    return made


@pytest.fixture
def source(crm: OdooStandin, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    monkeypatch.setattr("headway.facts.connectors.kinds.odoo.PAGE", 10)
    with crm.serving() as address:
        given = {"address": address, "database": "acme", "user": "reader@x.example"}
        yield connected("odoo", given, {"secret": KEY})


def test_what_odoo_holds_becomes_facts(source: Source, run: Run, ask: Ask) -> None:
    assert run(source).version == 1
    assert ask("SELECT person_id, name, role, team, manager_id FROM people ORDER BY 1") == [
        ("6", "Mia Boss", "manager", None, None),
        ("7", "Jonas Weber", "rep", "North", "6"),
    ]
    assert ask("SELECT count(*), sum(amount), min(currency) FROM opportunities") == [(25, 25000.0, "EUR")]
    assert ask("SELECT lead_id, qualified_at IS NOT NULL, opportunity_id FROM leads ORDER BY 1") == [
        ("1", True, "1"),
        ("26", False, None),
    ]
    assert ask("SELECT person_id, kind, opportunity_id FROM activities") == [("7", "call", "1")]
    assert run(source).version is None


def test_won_lost_and_deleted_are_noticed(crm: OdooStandin, source: Source, run: Run, ask: Ask) -> None:
    run(source)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    crm.put("crm.lead", 2, LATER, stage_id=[3, "Signed"], date_closed=now, probability=100.0)
    note = {"model": "crm.lead", "res_id": 2, "date": now, "tracking_value_ids": [1]}
    crm.put("mail.message", 91, LATER, **note)
    crm.put("mail.tracking.value", 1, LATER, mail_message_id=[91, ""], old_value_integer=1, new_value_integer=3,
            **{"field_id.name": "stage_id"})  # fmt: skip
    crm.put("crm.lead", 3, LATER, active=False, probability=0.0, date_closed=now, lost_reason_id=[1, "Too expensive"])
    del crm.rows["crm.lead"][4]
    result = run(source)
    assert result.tables["opportunities"]["removed"] == 1
    assert ask("SELECT outcome, lost_reason FROM opportunities WHERE opportunity_id IN ('2', '3') ORDER BY 1 DESC") == [
        ("won", None),
        ("lost", "Too expensive"),
    ]
    changes = "SELECT list(stage ORDER BY entered_at) FROM stage_changes WHERE opportunity_id = '2'"
    assert ask(changes) == [(["lead", "won"],)]


def test_without_the_right_to_the_history_the_rest_is_loaded(crm: OdooStandin, source: Source, run: Run) -> None:
    crm.put("mail.message", 91, "2026-03-01 08:00:00", model="crm.lead", res_id=2, date="2026-03-02 08:00:00",
            tracking_value_ids=[1])  # fmt: skip
    crm.forbidden = {"mail.tracking.value"}
    result = run(source)
    assert result.version == 1
    assert result.notes == ["This user may not read a part of Odoo: mail.tracking.value."]


def test_a_wrong_key_is_said_plainly(crm: OdooStandin, source: Source, run: Run) -> None:
    crm.key = "another"
    with pytest.raises(AccessExpired):
        run(source)
