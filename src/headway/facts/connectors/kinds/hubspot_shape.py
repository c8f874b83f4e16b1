"""HubSpot's records as canonical rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from headway.facts.connectors.book import Body, Book, Record
from headway.facts.connectors.canonical import Canonical, Worker

GIVES: Mapping[str, tuple[str, ...]] = {
    "accounts": ("account_id", "name", "owner_id"),
    "leads": ("lead_id", "owner_id", "created_at", "source", "score", "qualified_at", "opportunity_id"),
    "opportunities": (
        "opportunity_id", "owner_id", "account_id", "created_at", "stage", "outcome", "closed_at", "amount", "currency",
        "source", "expected_close_on", "next_step", "lost_reason",
    ),
    "stage_changes": ("opportunity_id", "stage", "entered_at"),
    "activities": ("activity_id", "person_id", "kind", "occurred_at", "logged_at", "outcome", "opportunity_id"),
}  # fmt: skip
KINDS = {"calls": "call", "meetings": "meeting", "emails": "email"}
# Ids of calls, mails and meetings are counted apart in HubSpot.
_LETTER = {"calls": "call-", "meetings": "meeting-", "emails": "email-"}
# HubSpot's own ids of how a call went.
_CALLS = {
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "connected",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "left_voicemail",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "left_message",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "no_answer",
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "busy",
    "17b47fee-58de-441e-a44c-c6300d46f273": "wrong_number",
}


def shape(book: Book, out: Canonical) -> None:
    """Records that are pending become rows; those that went, go."""
    everything = out.everything
    out.people([_worker(r) for r in book.pending("owners", everything=True)], book.owners())
    stages = {r.id: r.body for r in book.pending("pipelines", everything=True)}
    for record in book.pending("companies", everything=everything):
        out.add("accounts", account_id=record.id, name=record.body["name"], owner_id=record.body["hubspot_owner_id"])
    for record in book.pending("deals", everything=everything):
        history = (book.get("deal history", record.id) or {}).get("stages", [])
        _deal(record, stages, history, out)
    for record in book.pending("contacts", everything=everything):
        # Without an owner nobody works it yet.
        if record.owner:
            _lead(record, book.get("contacts of deals", record.id) or {}, out)
    for kind in KINDS:
        for record in book.pending(kind, everything=everything):
            _activity(kind, record, book.get(f"{kind} of deals", record.id) or {}, out)
        for identity in book.lost(kind, everything=everything):
            out.remove("activities", _LETTER[kind] + identity)
    for identity in book.lost("deals", everything=everything):
        out.remove("opportunities", identity)
        out.remove("stage_changes", identity)
    for stream, table in (("contacts", "leads"), ("companies", "accounts")):
        for identity in book.lost(stream, everything=everything):
            out.remove(table, identity)


def _worker(record: Record) -> Worker:
    body = record.body
    teams = body.get("teams") or []
    primary = next((t for t in teams if t.get("primary")), teams[0] if teams else {})
    name = " ".join(p for p in (body.get("firstName"), body.get("lastName")) if p)
    return Worker(
        id=record.id,
        name=name or body.get("email") or "",
        email=body.get("email") or "",
        team=primary.get("name") or "",
        # HubSpot does not say when somebody left: no later than the last change of the record.
        left_on=_moment(body.get("updatedAt")) if body.get("archived") else None,
    )


def _closing(stage: Body | None) -> str:
    """Won and lost by the stage's own flags, never by its name."""
    if not stage or str(stage.get("isClosed", "")).lower() != "true":
        return "open"
    return "won" if float(stage.get("probability") or 0) >= 1 else "lost"


def _deal(record: Record, stages: Mapping[str, Body], history: list[Body], out: Canonical) -> None:
    body = record.body
    stage = stages.get(body["dealstage"] or "")
    outcome = _closing(stage)
    closed = outcome != "open"
    counts = out.add(
        "opportunities",
        opportunity_id=record.id,
        owner_id=body["hubspot_owner_id"],
        account_id=body["hs_primary_associated_company"],
        created_at=body["createdate"],
        stage=outcome if closed else (stage or {}).get("label") or body["dealstage"],
        outcome=outcome,
        closed_at=body["closedate"] if closed else None,
        amount=body["amount"],
        currency=body["deal_currency_code"],
        source=body["hs_analytics_source"],
        expected_close_on=(body["closedate"] or "")[:10] if not closed else None,
        next_step=body["hs_next_step"],
        lost_reason=body["closed_lost_reason"] if outcome == "lost" else None,
    )
    out.remove("stage_changes", record.id)
    before = None
    for change in reversed(history) if counts else ():
        known = stages.get(str(change.get("value") or ""))
        now = _closing(known)
        entered = now if now != "open" else (known or {}).get("label") or change.get("value")
        if entered and entered != before:
            out.add("stage_changes", opportunity_id=record.id, stage=entered, entered_at=change["timestamp"])
        before = entered


def _lead(record: Record, links: Body, out: Canonical) -> None:
    body = record.body
    qualified = body["hs_lifecyclestage_salesqualifiedlead_date"] or body["hs_lifecyclestage_opportunity_date"]
    out.add(
        "leads",
        lead_id=record.id,
        owner_id=record.owner,
        created_at=body["createdate"],
        source=body["hs_analytics_source"],
        score=body["hubspotscore"],
        qualified_at=qualified,
        opportunity_id=next(iter(links.get("deals", [])), None),
    )


def _activity(kind: str, record: Record, links: Body, out: Canonical) -> None:
    body = record.body
    if kind == "emails" and body["hs_email_direction"] == "INCOMING_EMAIL":
        return
    if not body["hs_timestamp"] or _not_done(kind, body):
        out.remove("activities", _LETTER[kind] + record.id)
        return
    outcome: Any = body.get("hs_meeting_outcome") or body.get("hs_email_status")
    if kind == "calls":
        outcome = _CALLS.get(body["hs_call_disposition"] or "", body["hs_call_status"])
    out.add(
        "activities",
        activity_id=_LETTER[kind] + record.id,
        person_id=body["hubspot_owner_id"],
        kind=KINDS[kind],
        occurred_at=body["hs_timestamp"],
        logged_at=body["hs_createdate"],
        outcome=str(outcome).lower() if outcome else None,
        opportunity_id=next(iter(links.get("deals", [])), None),
    )


def _not_done(kind: str, body: Body) -> bool:
    """Planned, called off or not answered for: it did not happen."""
    if kind == "meetings":
        return body["hs_meeting_outcome"] in ("SCHEDULED", "CANCELED", "NO_SHOW", "RESCHEDULED")
    if kind == "calls":
        return body["hs_call_status"] in ("CANCELED", "FAILED", "QUEUED")
    return body["hs_email_status"] in ("SCHEDULED", "FAILED", "BOUNCED") if kind == "emails" else False


def _moment(text: str | None) -> date | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).date() if text else None
