"""Pipedrive over its API, version 2 (users and the log of changes: version 1).

Published descriptions: developers.pipedrive.com/docs/api/v1 (Deals, Activities, Organizations, Stages, Users; pages of
500 with `cursor`, `updated_since`, deals with `status=deleted` for 30 days, "List updates about deal field values") and
pipedrive.readme.io/docs/core-api-concepts-rate-limiting (a daily budget and a short window, both answered with 429).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from headway.facts.connectors.book import Body, Book, Page, Record
from headway.facts.connectors.canonical import Canonical, Worker
from headway.facts.connectors.kinds.base import Reading, Stream
from headway.facts.connectors.web import NotThere, Web

PAGE, LOG_PAGE, CHANGES_PAGE = 500, 100, 25
_LONG = 86_400.0
_KINDS = {"call": "call", "email": "email", "meeting": "meeting", "lunch": "meeting", "demo": "demo"}
# Fields that are kept of each; the rest of an answer is let go.
KEPT: dict[str, tuple[str, ...]] = {
    "users": ("id", "name", "email", "active_flag", "modified"),
    "stages": ("id", "name", "pipeline_id"),
    "organizations": ("id", "name", "owner_id", "is_deleted"),
    "deals": (
        "id", "owner_id", "org_id", "stage_id", "value", "currency", "add_time", "status", "won_time", "lost_time",
        "close_time", "expected_close_date", "lost_reason", "origin", "is_deleted",
    ),
    "activities": (
        "id", "owner_id", "type", "due_date", "due_time", "done", "marked_as_done_time", "add_time", "deal_id",
        "org_id", "is_deleted",
    ),
}  # fmt: skip


def make(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], **how: Any) -> Pipedrive:
    """The connector of one source."""
    return Pipedrive(name, settings, secrets, **how)


class Pipedrive:
    """Reads one company's Pipedrive."""

    gives: Mapping[str, tuple[str, ...]] = {
        "accounts": ("account_id", "name", "owner_id"),
        "opportunities": (
            "opportunity_id", "owner_id", "account_id", "created_at", "stage", "outcome", "closed_at", "amount",
            "currency", "source", "expected_close_on", "lost_reason",
        ),
        "stage_changes": ("opportunity_id", "stage", "entered_at"),
        "activities": (
            "activity_id", "person_id", "kind", "occurred_at", "logged_at", "opportunity_id", "account_id",
        ),
    }  # fmt: skip
    stages: Mapping[str, str] = {}

    def __init__(
        self,
        name: str,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = Web(name, headers={"x-api-token": secrets["secret"]}, sleep=sleep)
        self._base = settings["address"].rstrip("/")

    def open(self) -> str:
        """Ask who we are: the token is good, and the answer tells Pipedrive's time."""
        self._get("/api/v1/users/me", {})
        return self._web.server_time

    def _get(self, path: str, params: Mapping[str, Any]) -> Body:
        response = self._web.ask("GET", self._base + path, params=params, limited=_limited)
        if response.status_code == 403:
            raise NotThere(_("The token may not read a part of Pipedrive: %s.") % path.rpartition("/")[2])
        if response.status_code >= 400:
            raise self._web.refused(response, path)
        return dict(self._web.json(response))

    # Streams

    def streams(self) -> tuple[Stream, ...]:
        """Who and which stages, then the records, what was deleted, and how stages changed."""
        return (
            Stream("users", self._users, complete=True, reference=True),
            Stream("stages", lambda r: self._pages("stages", r, {}, since=False), complete=True, reference=True),
            Stream("organizations", lambda r: self._pages("organizations", r, {})),
            Stream("deals", lambda r: self._pages("deals", r, {})),
            Stream("deleted deals", self._deleted),
            Stream("deal changes", self._changes),
            Stream("activities", lambda r: self._pages("activities", r, {})),
        )

    def _users(self, _reading: Reading) -> Iterator[Page]:
        yield _page("users", self._get("/api/v1/users", {})["data"] or [], None)

    def _pages(self, name: str, reading: Reading, more: Mapping[str, str], *, since: bool = True) -> Iterator[Page]:
        cursor = (reading.cursor or {}).get("cursor")
        params: dict[str, Any] = {"limit": PAGE, **more}
        if since:
            params |= {"sort_by": "id", "sort_direction": "asc"}
            if reading.since:
                params["updated_since"] = _rfc(reading.since)
        while True:
            answer = self._get(f"/api/v2/{name}", {**params, **({"cursor": cursor} if cursor else {})})
            cursor = (answer.get("additional_data") or {}).get("next_cursor")
            yield _page(name, answer["data"] or [], {"cursor": cursor} if cursor else None)
            if not cursor:
                return

    def _deleted(self, reading: Reading) -> Iterator[Page]:
        for page in self._pages("deals", reading, {"status": "deleted"}):
            yield Page((), page.cursor, (*page.gone, *(r.id for r in page.records)), "deals")

    def _changes(self, reading: Reading) -> Iterator[Page]:
        """The stages of every deal that came in this run."""
        after = str((reading.cursor or {}).get("after", ""))
        while True:
            ids = reading.book.touched("deals", run=reading.run, after=after, most=CHANGES_PAGE)
            records = tuple(Record(i, {"changes": self._log(i)}) for i in ids)
            more = len(ids) == CHANGES_PAGE
            yield Page(records, {"after": ids[-1]} if more else None)
            if not more:
                return
            after = ids[-1]

    def _log(self, deal: str) -> list[list[Any]]:
        found, cursor = [], None
        while True:
            params = {"limit": LOG_PAGE, **({"cursor": cursor} if cursor else {})}
            answer = self._get(f"/api/v1/deals/{deal}/changelog", params)
            found += [
                [c["time"], c["old_value"], c["new_value"]]
                for c in answer["data"] or []
                if c["field_key"] == "stage_id"
            ]
            cursor = (answer.get("additional_data") or {}).get("next_cursor")
            if not cursor:
                return sorted(found)

    # Shape

    def shape(self, book: Book, out: Canonical) -> None:
        """Won and lost are the deal's own status."""
        everything = out.everything
        out.people([_worker(r) for r in book.pending("users", everything=True)], book.owners())
        names = {r.id: r.body["name"] for r in book.pending("stages", everything=True)}
        for record in book.pending("organizations", everything=everything):
            body = record.body
            out.add("accounts", account_id=record.id, name=body["name"], owner_id=body["owner_id"])
        for record in book.pending("deals", everything=everything):
            _deal(record, names, (book.get("deal changes", record.id) or {}).get("changes", []), out)
        for record in book.pending("activities", everything=everything):
            _activity(record, out)
        pairs = (("deals", "opportunities"), ("deals", "stage_changes"), ("organizations", "accounts"))
        for stream, table in (*pairs, ("activities", "activities")):
            for identity in book.lost(stream, everything=everything):
                out.remove(table, identity)


def _page(name: str, rows: list[Body], cursor: Body | None) -> Page:
    records, gone = [], []
    for row in rows:
        body = {k: row.get(k) for k in KEPT[name]}
        if body.get("is_deleted"):
            gone.append(str(row["id"]))
            continue
        owner = str(body["owner_id"]) if name == "deals" and body["owner_id"] else None
        records.append(Record(str(row["id"]), body, owner=owner))
    return Page(tuple(records), cursor, tuple(gone), name)


def _worker(record: Record) -> Worker:
    body = record.body
    # Pipedrive does not say when somebody left: no later than the last change of the record.
    left = _utc(body["modified"]) if body["modified"] and not body["active_flag"] else None
    return Worker(
        record.id, body["name"] or "", body["email"] or "", left_on=date.fromisoformat(left[:10]) if left else None
    )


def _deal(record: Record, names: Mapping[str, str], changes: list[list[Any]], out: Canonical) -> None:
    body = record.body
    outcome = body["status"] if body["status"] in ("won", "lost") else "open"
    closed = body["won_time"] if outcome == "won" else body["lost_time"] if outcome == "lost" else None
    stage = names.get(str(body["stage_id"]), str(body["stage_id"]))
    began = _utc(body["add_time"])
    counts = out.add(
        "opportunities",
        opportunity_id=record.id,
        owner_id=body["owner_id"],
        account_id=body["org_id"],
        created_at=began,
        stage=outcome if outcome != "open" else stage,
        outcome=outcome,
        closed_at=_utc(closed or body["close_time"]) if outcome != "open" else None,
        amount=body["value"],
        currency=body["currency"],
        source=body["origin"],
        expected_close_on=body["expected_close_date"],
        lost_reason=body["lost_reason"] if outcome == "lost" else None,
    )
    out.remove("stage_changes", record.id)
    if not counts:
        return
    first = names.get(str(changes[0][1]), str(changes[0][1])) if changes else stage
    entered = [(began, first), *((_utc(t), names.get(str(new), str(new))) for t, _old, new in changes)]
    if outcome != "open":
        entered.append((_utc(closed or body["close_time"]), outcome))
    for moment, name in entered:
        out.add("stage_changes", opportunity_id=record.id, stage=name, entered_at=moment)


def _activity(record: Record, out: Canonical) -> None:
    body = record.body
    due = f"{body['due_date']}T{body['due_time'] or '00:00'}:00+00:00" if body["due_date"] else None
    if not body["done"]:
        out.remove("activities", record.id)
        return
    out.add(
        "activities",
        activity_id=record.id,
        person_id=body["owner_id"],
        kind=_KINDS.get(body["type"] or "", "other"),
        occurred_at=_utc(body["marked_as_done_time"]) or due,
        logged_at=_utc(body["marked_as_done_time"] or body["add_time"]),
        opportunity_id=body["deal_id"],
        account_id=body["org_id"],
    )


def _utc(text: str | None) -> str | None:
    """An instant with its zone: Pipedrive's are UTC, the older ones without saying so."""
    if not text:
        return None
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _rfc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _limited(response: Any) -> float | None:
    """A short window is over soon; the day's budget is not."""
    if response.status_code != 429:
        return None
    if response.headers.get("x-daily-requests-left") == "0":
        return _LONG
    reset = response.headers.get("x-ratelimit-reset", "")
    return float(reset) if reset.isdigit() and float(reset) else None
