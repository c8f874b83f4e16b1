"""Odoo's CRM over its external API (JSON-RPC at `/jsonrpc`).

Published description: odoo.com/documentation, "External API" (`common.authenticate`, `object.execute_kw`; an API key
may stand for the password), and the models `crm.lead`, `crm.stage`, `mail.tracking.value` and `mail.message` of the
Community sources. Deleted records are found by comparing ids. Odoo gives times in UTC without saying so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from headway.facts.connectors.book import Body, Book, Page, Record
from headway.facts.connectors.canonical import Canonical, Worker
from headway.facts.connectors.kinds.base import Reading, Stream
from headway.facts.connectors.kinds.by_id import id_pages, row_pages, touched_pages
from headway.facts.connectors.web import NotThere, SourceTrouble, Web

PAGE, HISTORY_PAGE, ID_PAGE = 500, 100, 5000
LEAD = "crm.lead"
_FIELDS = [
    "type", "user_id", "stage_id", "partner_id", "expected_revenue", "probability", "active", "create_date",
    "date_closed", "date_conversion", "date_deadline", "lost_reason_id", "source_id", "company_currency",
]  # fmt: skip


def make(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], **how: Any) -> Odoo:
    """The connector of one source."""
    return Odoo(name, settings, secrets, **how)


class Odoo:
    """Reads one Odoo database."""

    gives: Mapping[str, tuple[str, ...]] = {
        "accounts": ("account_id", "name"),
        "leads": ("lead_id", "owner_id", "created_at", "source", "qualified_at", "disqualified_at",
                  "disqualified_reason", "opportunity_id"),
        "opportunities": (
            "opportunity_id", "owner_id", "account_id", "lead_id", "created_at", "stage", "outcome", "closed_at",
            "amount", "currency", "source", "expected_close_on", "lost_reason",
        ),
        "stage_changes": ("opportunity_id", "stage", "entered_at"),
        "activities": ("activity_id", "person_id", "kind", "occurred_at", "opportunity_id"),
    }  # fmt: skip
    stages: Mapping[str, str] = {}

    def __init__(
        self,
        name: str,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = Web(name, sleep=sleep)
        self._url = f"{settings['address'].rstrip('/')}/jsonrpc"
        self._database, self._user, self._key = settings["database"], settings["user"], secrets["secret"]
        self._id = 0

    def open(self) -> str:
        """Sign in: Odoo answers with the user's id, or with false."""
        self._id = self._rpc("common", "authenticate", [self._database, self._user, self._key, {}])
        if not self._id:
            raise self._web.expired()
        return self._web.server_time

    def _rpc(self, service: str, method: str, arguments: list[Any]) -> Any:
        params = {"service": service, "method": method, "args": arguments}
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        response = self._web.ask("POST", self._url, json=body)
        if response.status_code >= 400:
            raise self._web.refused(response)
        answer = self._web.json(response)
        if answer.get("error"):
            kind = str((answer["error"].get("data") or {}).get("name", ""))[:80]
            if kind.endswith("AccessDenied"):
                raise self._web.expired()
            raise _Refused(kind, self._web.refused(response, kind))
        return answer.get("result")

    def _call(self, model: str, method: str, *arguments: Any, **named: Any) -> Any:
        named["context"] = {"active_test": False, "tz": "UTC", **named.get("context", {})}
        try:
            given = [self._database, self._id, self._key, model, method, list(arguments), named]
            return self._rpc("object", "execute_kw", given)
        except _Refused as refused:
            if refused.kind.endswith("AccessError") and model not in (LEAD, "res.users"):
                raise NotThere(_("This user may not read a part of Odoo: %s.") % model) from refused
            raise refused.trouble from refused

    # Streams

    def streams(self) -> tuple[Stream, ...]:
        """Who, which teams, stages and currencies, then leads and deals, their history, and what was done."""
        return (
            Stream(
                "users",
                self._all("res.users", ["name", "email", "active", "partner_id", "create_date"]),
                True,
                "",
                True,
            ),
            Stream("teams", self._all("crm.team", ["name", "user_id", "member_ids"]), True, "", True),
            Stream("stages", self._all("crm.stage", ["name", "is_won"]), True, "", True),
            Stream("activity types", self._all("mail.activity.type", ["name", "category"]), True, "", True),
            Stream("leads", self._leads),
            Stream("lead ids", self._ids, True, "leads"),
            Stream("history", self._history),
            Stream("activities", self._activities),
        )

    def _rows(
        self, reading: Reading, model: str, domain: list[Any], fields: list[str], record: Callable[[Body], Record]
    ) -> Iterator[Page]:
        def after(last: int) -> list[Body]:
            where = [["id", ">", last], *domain]
            return list(self._call(model, "search_read", where, fields=fields, limit=PAGE, order="id"))

        return row_pages(reading, after, record, most=PAGE)

    def _all(self, model: str, fields: list[str]) -> Callable[[Reading], Iterator[Page]]:
        return lambda reading: self._rows(reading, model, [], fields, _record)

    def _leads(self, reading: Reading) -> Iterator[Page]:
        return self._rows(
            reading, LEAD, _since(reading), _FIELDS, lambda r: Record(str(r["id"]), r, owner=_id(r["user_id"]))
        )

    def _ids(self, reading: Reading) -> Iterator[Page]:
        def after(last: int) -> list[int]:
            return list(self._call(LEAD, "search", [["id", ">", last]], limit=ID_PAGE, order="id"))

        return id_pages(reading, after, most=ID_PAGE)

    def _history(self, reading: Reading) -> Iterator[Page]:
        """The stages of every lead that came in this run, from the notes on it."""
        return touched_pages(reading, "leads", self._tracked, most=HISTORY_PAGE)

    def _tracked(self, ids: list[int]) -> list[Record]:
        wanted = [["model", "=", LEAD], ["res_id", "in", ids], ["tracking_value_ids", "!=", False]]
        notes = {n["id"]: n for n in self._call("mail.message", "search_read", wanted, fields=["res_id", "date"])}
        told = [["mail_message_id", "in", list(notes)], ["field_id.name", "=", "stage_id"]]
        fields = ["mail_message_id", "old_value_integer", "new_value_integer"]
        values = self._call("mail.tracking.value", "search_read", told, fields=fields) if notes else []
        found: dict[int, list[list[Any]]] = {i: [] for i in ids}
        for value in values:
            note = notes[value["mail_message_id"][0]]
            found[note["res_id"]].append([note["date"], value["old_value_integer"], value["new_value_integer"]])
        return [Record(str(i), {"changes": sorted(changes)}) for i, changes in found.items()]

    def _activities(self, reading: Reading) -> Iterator[Page]:
        """What was done: an activity that is marked as done becomes a note with its type."""
        domain = [["model", "=", LEAD], ["mail_activity_type_id", "!=", False], *_since(reading)]
        fields = ["res_id", "date", "author_id", "mail_activity_type_id"]
        return self._rows(reading, "mail.message", domain, fields, _record)

    # Shape

    def shape(self, book: Book, out: Canonical) -> None:
        """A row is a lead, a deal, or a deal that was a lead."""
        teams = [r.body for r in book.pending("teams", everything=True)]
        users = list(book.pending("users", everything=True))
        leaders = {_id(t["user_id"]) for t in teams if t["user_id"]}
        out.people([_worker(r, teams) for r in users], book.owners() | {i for i in leaders if i})
        partners = {_id(r.body["partner_id"]): r.id for r in users}
        stages = {r.id: r.body for r in book.pending("stages", everything=True)}
        types = {r.id: r.body for r in book.pending("activity types", everything=True)}
        known: set[str] = set()
        for record in book.pending("leads", everything=out.everything):
            partner = record.body["partner_id"]
            if partner and str(partner[0]) not in known:
                known.add(str(partner[0]))
                out.add("accounts", account_id=partner[0], name=partner[1])
            _lead(record, stages, (book.get("history", record.id) or {}).get("changes", []), out)
        for record in book.pending("activities", everything=out.everything):
            _activity(record, partners, types, out)
        for identity in book.lost("leads", everything=out.everything):
            for table in ("opportunities", "leads", "stage_changes"):
                out.remove(table, identity)


class _Refused(Exception):
    def __init__(self, kind: str, trouble: SourceTrouble) -> None:
        self.kind, self.trouble = kind, trouble
        super().__init__(kind)


def _worker(record: Record, teams: list[Body]) -> Worker:
    body = record.body
    team = next((t for t in teams if int(record.id) in (t["member_ids"] or [])), None)
    leader = _id(team["user_id"]) if team else None
    return Worker(
        record.id,
        body["name"] or "",
        body["email"] or "",
        team=team["name"] if team else "",
        manager=leader if leader != record.id else None,
        manages=any(_id(t["user_id"]) == record.id for t in teams),
    )


def _lead(record: Record, stages: Mapping[str, Body], changes: list[list[Any]], out: Canonical) -> None:
    body = record.body
    is_deal, converted = body["type"] == "opportunity", _utc(body["date_conversion"])
    stage = stages.get(_id(body["stage_id"]) or "", {})
    # Odoo's own words: lost is archived with probability 0; won is the stage's flag.
    outcome = "won" if stage.get("is_won") else "lost" if not body["active"] and not body["probability"] else "open"
    ended, reason = _utc(body["date_closed"]), (body["lost_reason_id"] or [0, None])[1]
    source = (body["source_id"] or [0, None])[1]
    if not is_deal or converted:
        out.add(
            "leads",
            lead_id=record.id,
            owner_id=_id(body["user_id"]),
            created_at=_utc(body["create_date"]),
            source=source,
            qualified_at=converted if is_deal else None,
            disqualified_at=ended if outcome == "lost" and not is_deal else None,
            disqualified_reason=reason if outcome == "lost" and not is_deal else None,
            opportunity_id=record.id if is_deal else None,
        )
    out.remove("stage_changes", record.id)
    if not is_deal:
        out.remove("opportunities", record.id)
        return
    began = converted or _utc(body["create_date"])
    counts = out.add(
        "opportunities",
        opportunity_id=record.id,
        owner_id=_id(body["user_id"]),
        account_id=_id(body["partner_id"]),
        lead_id=record.id if converted else None,
        created_at=began,
        stage=outcome if outcome != "open" else stage.get("name"),
        outcome=outcome,
        closed_at=ended if outcome != "open" else None,
        amount=body["expected_revenue"],
        currency=(body["company_currency"] or [0, None])[1],
        source=source,
        expected_close_on=(body["date_deadline"] or "")[:10] if outcome == "open" else None,
        lost_reason=reason if outcome == "lost" else None,
    )
    for moment, name in _entered(began, stage, outcome, ended, stages, changes) if counts else ():
        out.add("stage_changes", opportunity_id=record.id, stage=name, entered_at=moment)


def _entered(
    began: str | None,
    stage: Body,
    outcome: str,
    ended: str | None,
    stages: Mapping[str, Body],
    changes: list[list[Any]],
) -> list[tuple[str | None, str | None]]:
    def named(identity: Any) -> str | None:
        found = stages.get(str(identity), {})
        return "won" if found.get("is_won") else found.get("name")

    first = named(changes[0][1]) if changes else ("won" if stage.get("is_won") else stage.get("name"))
    entered = [(began, first), *((_utc(moment), named(new)) for moment, _old, new in changes)]
    if outcome == "lost":
        entered.append((ended, "lost"))
    return [(moment, name) for moment, name in entered if moment and name]


def _activity(record: Record, partners: Mapping[str | None, str], types: Mapping[str, Body], out: Canonical) -> None:
    body = record.body
    kind = types.get(_id(body["mail_activity_type_id"]) or "", {})
    category, name = str(kind.get("category") or ""), str(kind.get("name") or "").lower()
    out.add(
        "activities",
        activity_id=record.id,
        person_id=partners.get(_id(body["author_id"])),
        kind={"phonecall": "call", "meeting": "meeting"}.get(category) or ("email" if "mail" in name else "other"),
        occurred_at=_utc(body["date"]),
        opportunity_id=body["res_id"],
    )


def _since(reading: Reading) -> list[Any]:
    if not reading.since:
        return []
    moment = datetime.fromisoformat(reading.since).astimezone(UTC)
    return [["write_date", ">=", moment.strftime("%Y-%m-%d %H:%M:%S")]]


def _record(row: Body) -> Record:
    return Record(str(row["id"]), row)


def _id(value: Any) -> str | None:
    """Odoo gives a reference as id and name, and nothing as false."""
    if isinstance(value, list):
        value = value[0]
    return str(value) if value else None


def _utc(text: Any) -> str | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).isoformat() if text else None
