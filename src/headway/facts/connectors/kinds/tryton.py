"""Tryton, module `sale_opportunity`, over its JSON-RPC (`/<database>/rpc/`).

Protocol: docs.tryton.org, trytond, "topics/rpc" and "topics/user_authorization"; history: "topics/history" (a model
with `_history` keeps every revision; `history_revisions` lists them, and a read with `_datetime` in the context gives a
record as it was). Deleted records are found by comparing ids, since a search does not find them.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.facts.connectors.book import Body, Book, Page, Record
from headway.facts.connectors.canonical import Canonical, Worker
from headway.facts.connectors.kinds.base import Reading, Stream
from headway.facts.connectors.kinds.by_id import id_pages, row_pages, touched_pages
from headway.facts.connectors.web import NotThere, SourceTrouble, Web

PAGE, HISTORY_PAGE, ID_PAGE = 500, 25, 5000
OPPORTUNITY = "model.sale.opportunity"
_FIELDS = [
    "state", "employee", "party", "party.name", "amount", "currency.code", "start_date", "end_date", "create_date",
    "lost_reason", "number", "description",
]  # fmt: skip
_EMPLOYEE = ["party.name", "party.email", "start_date", "end_date", "supervisor"]
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_LOST = ("lost", "cancelled")


def make(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], **how: Any) -> Tryton:
    """The connector of one source."""
    return Tryton(name, settings, secrets, **how)


class Tryton:
    """Reads one Tryton database."""

    gives: Mapping[str, tuple[str, ...]] = {
        "accounts": ("account_id", "name"),
        "leads": (
            "lead_id", "owner_id", "created_at", "qualified_at", "disqualified_at", "disqualified_reason",
            "opportunity_id",
        ),
        "opportunities": (
            "opportunity_id", "owner_id", "account_id", "lead_id", "created_at", "stage", "outcome", "closed_at",
            "amount", "currency", "expected_close_on", "lost_reason",
        ),
        "stage_changes": ("opportunity_id", "stage", "entered_at"),
    }  # fmt: skip
    # `converted` means that a quotation was made; a confirmed sale makes it `won`.
    stages: Mapping[str, str] = {"opportunity": "qualified", "converted": "proposal", "cancelled": "lost"}

    def __init__(
        self,
        name: str,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = Web(name, refresh=self._sign_in, sleep=sleep)
        self._url = f"{settings['address'].rstrip('/')}/{settings['database']}/rpc/"
        self._user, self._password = settings["user"], secrets["secret"]
        self._context: Body = {}

    def open(self) -> str:
        """Sign in and take over the user's company."""
        if not self._sign_in():
            raise self._web.expired()
        self._context = dict(self._call("model.res.user.get_preferences", True))
        self._context.pop("locale", None)
        self._context["active_test"] = False
        return self._web.server_time

    def _sign_in(self) -> bool:
        self._web.headers.pop("Authorization", None)
        body = {"id": 0, "method": "common.db.login", "params": [self._user, {"password": self._password}]}
        response = self._web.alone().ask("POST", self._url, json=body)
        if response.status_code == 404:
            raise BadInput(_("There is no such database on this server"), value=self._url.split("/")[-3])
        if response.status_code >= 400:
            return False
        result = self._web.json(response).get("result")
        if not result:
            return False
        token = base64.b64encode(f"{self._user}:{result[0]}:{result[1]}".encode()).decode()
        self._web.headers["Authorization"] = f"Session {token}"
        return True

    def _call(self, method: str, *params: Any, context: Body | None = None) -> Any:
        body = {"id": 1, "method": method, "params": [*params, {**self._context, **(context or {})}]}
        response = self._web.ask("POST", self._url, json=body)
        if response.status_code >= 400:
            raise self._web.refused(response)
        answer = self._web.json(response)
        error = answer.get("error")
        if error:
            kind = str(error[0])[:40] if isinstance(error, list) and error else ""
            raise self._web.refused(response, f"{method.removeprefix('model.')} {kind}".strip())
        return _plain(answer.get("result"))

    # Streams

    def streams(self) -> tuple[Stream, ...]:
        """People first, then what they work on, then how it went."""
        return (
            Stream("employees", self._employees, complete=True, reference=True),
            Stream("opportunities", self._opportunities),
            Stream("opportunity ids", self._ids, complete=True, sweeps="opportunities"),
            Stream("history", self._history),
        )

    def _rows(
        self, reading: Reading, model: str, domain: list[Any], fields: list[str], record: Callable[[Body], Record]
    ) -> Iterator[Page]:
        def after(last: int) -> list[Body]:
            where = [*domain, ["id", ">", last]]
            return list(self._call(f"{model}.search_read", where, 0, PAGE, [["id", "ASC"]], fields))

        return row_pages(reading, after, record, most=PAGE)

    def _employees(self, reading: Reading) -> Iterator[Page]:
        return self._rows(reading, "model.company.employee", [], _EMPLOYEE, lambda r: Record(str(r["id"]), _slim(r)))

    def _opportunities(self, reading: Reading) -> Iterator[Page]:
        domain: list[Any] = []
        if reading.since:
            moment = _datetime(datetime.fromisoformat(reading.since).astimezone(UTC))
            domain = [["OR", ["write_date", ">=", moment], ["create_date", ">=", moment]]]
        return self._rows(
            reading, OPPORTUNITY, domain, _FIELDS,
            lambda r: Record(str(r["id"]), _slim(r), owner=_id(r.get("employee"))),
        )  # fmt: skip

    def _ids(self, reading: Reading) -> Iterator[Page]:
        def after(last: int) -> list[int]:
            return list(self._call(f"{OPPORTUNITY}.search", [["id", ">", last]], 0, ID_PAGE, [["id", "ASC"]]))

        return id_pages(reading, after, most=ID_PAGE)

    def _history(self, reading: Reading) -> Iterator[Page]:
        """The states of every opportunity that came in this run, oldest first."""
        return touched_pages(reading, "opportunities", self._states, most=HISTORY_PAGE)

    def _states(self, ids: list[int]) -> list[Record]:
        revisions = self._revisions(ids)
        moments: dict[str, list[int]] = {}
        for moment, identity, *_user in revisions:
            moments.setdefault(moment, []).append(identity)
        states: dict[int, list[list[str]]] = {i: [] for i in ids}
        for moment in sorted(moments):
            stamp = _datetime(datetime.fromisoformat(moment))
            rows = self._call(f"{OPPORTUNITY}.read", moments[moment], ["state"], context={"_datetime": stamp})
            for row in rows:
                known = states[row["id"]]
                if not known or known[-1][1] != row["state"]:
                    known.append([moment, row["state"]])
        return [Record(str(i), {"states": found}, parent=str(i)) for i, found in states.items()]

    def _revisions(self, ids: list[int]) -> list[list[Any]]:
        try:
            return list(self._call(f"{OPPORTUNITY}.history_revisions", ids))
        except SourceTrouble as error:
            raise NotThere(
                _("Tryton keeps no history of opportunities, so when they entered a stage is not known.")
            ) from error

    # Shape

    def shape(self, book: Book, out: Canonical) -> None:
        """Every opportunity began as a lead; those that went on are deals too."""
        out.people([_worker(r) for r in book.pending("employees", everything=True)], book.owners())
        parties: set[str] = set()
        for record in book.pending("opportunities", everything=out.everything):
            states = (book.get("history", record.id) or {}).get("states", [])
            party = _id(record.body.get("party"))
            if party and party not in parties:
                parties.add(party)
                out.add("accounts", account_id=party, name=(record.body.get("party.") or {}).get("name"))
            _deal(record, states, out)
        for identity in book.lost("opportunities", everything=out.everything):
            for table in ("opportunities", "leads", "stage_changes"):
                out.remove(table, identity)


def _worker(record: Record) -> Worker:
    party = record.body.get("party.") or {}
    return Worker(
        id=record.id,
        name=party.get("name") or "",
        email=party.get("email") or "",
        manager=_id(record.body.get("supervisor")),
        hired_on=_day(record.body.get("start_date")),
        left_on=_day(record.body.get("end_date")),
    )


def _deal(record: Record, states: list[list[str]], out: Canonical) -> None:
    body, state = record.body, record.body["state"]
    began = _began(body)
    beyond = [moment for moment, s in states if s not in ("lead", *_LOST)]
    went_on = bool(beyond) or state in ("opportunity", "converted", "won")
    ended = states[-1][0] if states and states[-1][1] in ("won", *_LOST) else body.get("end_date")
    out.add(
        "leads",
        lead_id=record.id,
        owner_id=body.get("employee"),
        created_at=began,
        qualified_at=beyond[0] if beyond else None,
        disqualified_at=ended if state in _LOST and not went_on else None,
        disqualified_reason=body.get("lost_reason") if state in _LOST and not went_on else None,
        opportunity_id=record.id if went_on else None,
    )
    if not went_on:
        out.remove("opportunities", record.id)
        out.remove("stage_changes", record.id)
        return
    outcome = "won" if state == "won" else "lost" if state in _LOST else "open"
    counts = out.add(
        "opportunities",
        opportunity_id=record.id,
        owner_id=body.get("employee"),
        account_id=body.get("party"),
        lead_id=record.id,
        created_at=began,
        stage=outcome if outcome != "open" else state,
        outcome=outcome,
        closed_at=ended if outcome != "open" else None,
        amount=body.get("amount"),
        currency=(body.get("currency.") or {}).get("code"),
        expected_close_on=body.get("end_date") if outcome == "open" else None,
        lost_reason=body.get("lost_reason") if outcome == "lost" else None,
    )
    out.remove("stage_changes", record.id)
    for moment, entered in states if counts else ():
        out.add("stage_changes", opportunity_id=record.id, stage=entered, entered_at=moment)


def _began(body: Body) -> str | None:
    """The day it is said to have begun; the moment it was written down where that was the same day."""
    written, said = body.get("create_date"), body.get("start_date")
    return written if not said or (written and str(written).startswith(str(said))) else said


# What JSON-RPC makes of values


def _plain(value: Any) -> Any:
    """Tryton's dates and numbers as JSON can hold them; instants with their zone, which is UTC."""
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("__class__")
    if kind == "datetime":
        year, month, day, hour, minute, second, micro = (int(value[k]) for k in _PARTS)
        return datetime(year, month, day, hour, minute, second, micro, UTC).isoformat()
    if kind == "date":
        return date(value["year"], value["month"], value["day"]).isoformat()
    if kind == "Decimal":
        return value["decimal"]
    return {k: _plain(v) for k, v in value.items()}


def _datetime(moment: datetime) -> Body:
    return {"__class__": "datetime", **{n: getattr(moment, n) for n in _PARTS}}


def _slim(row: Body) -> Body:
    return dict(json.loads(json.dumps(row)))


def _id(value: Any) -> str | None:
    return str(value) if value else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
