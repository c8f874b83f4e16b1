"""Salesforce's records as canonical rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from headway.facts.connectors.book import Body, Book, Record
from headway.facts.connectors.canonical import Canonical, Worker

GIVES: Mapping[str, tuple[str, ...]] = {
    "accounts": ("account_id", "name", "owner_id", "segment"),
    "leads": ("lead_id", "owner_id", "created_at", "source", "qualified_at", "opportunity_id"),
    "opportunities": (
        "opportunity_id", "owner_id", "account_id", "created_at", "stage", "outcome", "closed_at", "amount", "currency",
        "source", "expected_close_on", "next_step",
    ),
    "stage_changes": ("opportunity_id", "stage", "entered_at"),
    "activities": (
        "activity_id", "person_id", "kind", "occurred_at", "logged_at", "outcome", "lead_id", "opportunity_id",
        "account_id",
    ),
    "quotas": ("person_id", "metric", "period_start", "period_end", "target", "currency"),
}  # fmt: skip
_KINDS = {"Call": "call", "Email": "email", "ListEmail": "email", "LinkedIn": "social"}
# The first three letters of an id say what it is of.
_ACCOUNT, _OPPORTUNITY, _LEAD = "001", "006", "00Q"


def shape(book: Book, out: Canonical) -> None:
    """Records that are pending become rows; those that went, go."""
    everything = out.everything
    out.people([_worker(r.body) for r in book.pending("User", everything=True)], book.owners())
    stages = {r.body["ApiName"]: r.body for r in book.pending("OpportunityStage", everything=True)}
    for record in book.pending("Account", everything=everything):
        body = record.body
        out.add(
            "accounts", account_id=record.id, name=body["Name"], owner_id=body["OwnerId"], segment=body.get("Industry")
        )
    for record in book.pending("Lead", everything=everything):
        _lead(record, out)
    for record in book.pending("Opportunity", everything=everything):
        _deal(record, stages, book, out)
    for record in book.pending("Task", everything=everything):
        _task(record, out)
    for record in _events(book, everything=everything):
        _event(record, out)
    if everything or book.is_touched("ForecastingQuota") or book.is_touched("Period"):
        _quotas(book, out)
    pairs = [
        ("Account", "accounts"),
        ("Lead", "leads"),
        ("Opportunity", "opportunities"),
        ("Opportunity", "stage_changes"),
    ]
    for stream, table in (*pairs, ("Task", "activities"), ("Event", "activities")):
        for identity in book.lost(stream, everything=everything):
            out.remove(table, identity)


def _worker(body: Body) -> Worker:
    changed = body.get("LastModifiedDate")
    return Worker(
        id=body["Id"],
        name=body["Name"] or "",
        email=body["Email"] or "",
        team=body.get("UserRole.Name") or "",
        segment=body.get("Division") or "",
        manager=body["ManagerId"],
        # Salesforce does not say when somebody left: no later than the last change of the record.
        left_on=date.fromisoformat(changed[:10]) if changed and not body["IsActive"] else None,
    )


def _lead(record: Record, out: Canonical) -> None:
    body = record.body
    # A queue is no person: nobody works the lead yet.
    out.add(
        "leads",
        lead_id=record.id,
        owner_id=body["OwnerId"],
        created_at=body["CreatedDate"],
        source=body["LeadSource"],
        qualified_at=body["ConvertedDate"] if body["IsConverted"] else None,
        opportunity_id=body["ConvertedOpportunityId"],
    )


def _named(stage: str | None, stages: Mapping[str, Body]) -> str | None:
    """Won and lost by the stage's own flags, else its label."""
    known = stages.get(stage or "")
    if known is None:
        return stage
    return "won" if known["IsWon"] else "lost" if known["IsClosed"] else known["MasterLabel"]


def _deal(record: Record, stages: Mapping[str, Body], book: Book, out: Canonical) -> None:
    body = record.body
    outcome = "won" if body["IsWon"] else "lost" if body["IsClosed"] else "open"
    closed = outcome != "open"
    counts = out.add(
        "opportunities",
        opportunity_id=record.id,
        owner_id=body["OwnerId"],
        account_id=body["AccountId"],
        created_at=body["CreatedDate"],
        stage=outcome if closed else _named(body["StageName"], stages),
        outcome=outcome,
        closed_at=body["CloseDate"] if closed else None,
        amount=body.get("Amount"),
        currency=body.get("CurrencyIsoCode"),
        source=body.get("LeadSource"),
        expected_close_on=body["CloseDate"] if not closed else None,
        next_step=body.get("NextStep"),
    )
    out.remove("stage_changes", record.id)
    before = None
    for moment, stage in _entered(record, book) if counts else ():
        now = _named(stage, stages)
        if now and now != before:
            out.add("stage_changes", opportunity_id=record.id, stage=now, entered_at=moment)
        before = now


def _entered(record: Record, book: Book) -> list[tuple[str, str | None]]:
    """When which stage was entered. The history grows on other edits too, so a stage may come again and again."""
    rows = book.children("OpportunityHistory", record.id)
    if rows:
        return sorted((r["CreatedDate"], r["StageName"]) for r in rows)
    changes = sorted(book.children("OpportunityFieldHistory", record.id), key=lambda r: str(r["CreatedDate"]))
    staged = [c for c in changes if c["Field"] == "StageName"]
    created = record.body["CreatedDate"]
    first = [(created, staged[0]["OldValue"])] if staged else [(created, record.body["StageName"])]
    return [*first, *((c["CreatedDate"], c["NewValue"]) for c in staged)]


def _about(body: Body) -> dict[str, str | None]:
    what, who = body["WhatId"] or "", body["WhoId"] or ""
    return {
        "lead_id": who if who.startswith(_LEAD) else None,
        "opportunity_id": what if what.startswith(_OPPORTUNITY) else None,
        "account_id": what if what.startswith(_ACCOUNT) else None,
    }


def _task(record: Record, out: Canonical) -> None:
    body = record.body
    happened = body.get("CompletedDateTime") or body["ActivityDate"]
    if not body["IsClosed"] or not happened or body.get("IsRecurrence"):
        out.remove("activities", record.id)
        return
    out.add(
        "activities",
        activity_id=record.id,
        person_id=body["OwnerId"],
        kind=_KINDS.get(body.get("TaskSubtype") or "", "other"),
        occurred_at=happened,
        logged_at=body["CreatedDate"],
        outcome=body.get("CallDisposition"),
        **_about(body),
    )


def _events(book: Book, *, everything: bool) -> Iterator[Record]:
    """Events that came, and those that came earlier and have happened since."""
    until, now = str(book.recall("events_until") or ""), datetime.now(UTC).isoformat()
    came = set()
    for record in book.pending("Event", everything=everything):
        came.add(record.id)
        yield record
    for record in book.between("Event", until, now):
        if record.id not in came:
            yield record
    book.remember("events_until", (datetime.now(UTC) - timedelta(days=2)).isoformat())


def _event(record: Record, out: Canonical) -> None:
    body = record.body
    planned = not body["StartDateTime"] or body["StartDateTime"] > datetime.now(UTC).isoformat()
    # An invitee's copy is no second meeting.
    if planned or body["IsChild"] or body.get("IsRecurrence"):
        out.remove("activities", record.id)
        return
    out.add(
        "activities",
        activity_id=record.id,
        person_id=body["OwnerId"],
        kind="meeting",
        occurred_at=body["StartDateTime"],
        # Written down before it happened: known when it happened.
        logged_at=max(body["CreatedDate"], body["StartDateTime"]),
        outcome=None,
        **_about(body),
    )


def _quotas(book: Book, out: Canonical) -> None:
    """Quotas in money, of the forecast type that has most of them: others count the same deals again."""
    rows = [r.body for r in book.pending("ForecastingQuota", everything=True) if r.body["IsAmount"]]
    kinds = Counter(r["ForecastingTypeId"] for r in rows)
    chosen = max(sorted(kinds), key=lambda k: kinds[k], default=None)
    periods = {r.id: r.body for r in book.pending("Period", everything=True)}
    for row in rows:
        period, person = periods.get(row["PeriodId"]), out.person(row["QuotaOwnerId"])
        if row["ForecastingTypeId"] != chosen or period is None or person is None or row.get("ProductFamily"):
            continue
        out.removed.setdefault("quotas", set()).add(person)
        last = date.fromisoformat(period["EndDate"])
        out.add(
            "quotas",
            person_id=row["QuotaOwnerId"],
            metric="revenue",
            period_start=period["StartDate"],
            period_end=(last + timedelta(days=1)).isoformat(),
            target=row["QuotaAmount"],
            currency=row.get("CurrencyIsoCode"),
        )
