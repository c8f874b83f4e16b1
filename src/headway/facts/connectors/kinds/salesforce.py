"""Salesforce over its REST API.

Published descriptions: developer.salesforce.com, REST API Developer Guide, "Query", "QueryAll" and "Query More Results"
(2,000 records a page, `nextRecordsUrl`), "SObject Get Deleted" (the last 30 days), "Status Codes and Error Responses";
Object Reference (Opportunity, OpportunityHistory, OpportunityFieldHistory, Task, Event, ForecastingQuota); OAuth flows
"refresh token" and "client credentials".

Every stream is read in the order of `SystemModstamp`, deleted records included. A query's place is kept with the last
`SystemModstamp`, so that a place Salesforce no longer knows is found again by time. Records that were purged are found
in the list of deleted ids, or, where that does not reach back, by comparing all ids.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from headway.facts.connectors.book import Body, Book, Cursor, Page, Record
from headway.facts.connectors.canonical import Canonical
from headway.facts.connectors.kinds import salesforce_shape as shapes
from headway.facts.connectors.kinds.base import Reading, Stream
from headway.facts.connectors.web import NotThere, SourceTrouble, Web

_LONG = 86_400.0
_MISSING = re.compile(r"No such column '([^']+)'")
_STAMP = "SystemModstamp"

# Object -> fields that must be there, and fields that may be missing.
FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "User": (
        ("Id", "Name", "Email", "IsActive", "ManagerId", "UserRole.Name", "LastModifiedDate", _STAMP),
        ("Division", "Department"),
    ),
    "OpportunityStage": (("Id", "ApiName", "MasterLabel", "IsClosed", "IsWon", _STAMP), ()),
    "Account": (("Id", "Name", "OwnerId", "IsDeleted", "MasterRecordId", _STAMP), ("Industry",)),
    "Lead": (
        (
            "Id", "OwnerId", "LeadSource", "CreatedDate", "IsConverted", "ConvertedDate", "ConvertedOpportunityId",
            "IsDeleted", "MasterRecordId", _STAMP,
        ),
        ("Rating",),
    ),
    "Opportunity": (
        (
            "Id", "OwnerId", "AccountId", "StageName", "CloseDate", "IsClosed", "IsWon", "CreatedDate", "IsDeleted",
            _STAMP,
        ),
        ("Amount", "CurrencyIsoCode", "LeadSource", "NextStep"),
    ),
    "OpportunityHistory": (("Id", "OpportunityId", "StageName", "CreatedDate", "IsDeleted", _STAMP), ()),
    "OpportunityFieldHistory": (
        ("Id", "OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate", "IsDeleted"),
        (),
    ),
    "Task": (
        ("Id", "OwnerId", "WhatId", "WhoId", "ActivityDate", "IsClosed", "CreatedDate", "IsDeleted", _STAMP),
        ("TaskSubtype", "CallDisposition", "CompletedDateTime", "IsRecurrence"),
    ),
    "Event": (
        ("Id", "OwnerId", "WhatId", "WhoId", "StartDateTime", "IsChild", "CreatedDate", "IsDeleted", _STAMP),
        ("IsRecurrence",),
    ),
    "Period": (("Id", "StartDate", "EndDate", "Type", _STAMP), ()),
    "ForecastingQuota": (
        ("Id", "QuotaOwnerId", "PeriodId", "StartDate", "QuotaAmount", "IsAmount", "ForecastingTypeId", _STAMP),
        ("CurrencyIsoCode", "ProductFamily"),
    ),
}  # fmt: skip
# Purged records of these are looked for; of the others the deleted ones that are still there are enough.
PURGED = ("Opportunity", "Lead", "Task", "Event")


def make(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], **how: Any) -> Salesforce:
    """The connector of one source."""
    return Salesforce(name, settings, secrets, **how)


class Salesforce:
    """Reads one Salesforce org."""

    gives = shapes.GIVES
    stages: Mapping[str, str] = {}

    def __init__(
        self,
        name: str,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = Web(name, refresh=self._renew, sleep=sleep)
        self._base = settings["address"].rstrip("/")
        self._data = f"/services/data/v{settings['version']}"
        self._client, self._secrets = settings.get("client", ""), secrets
        self._web.bearer(secrets.get("secret", ""))

    def open(self) -> str:
        """Sign in where a client id is given, and ask for something small: the answer tells Salesforce's time."""
        self._web.signed_in()
        self._get(f"{self._data}/limits", {})
        return self._web.server_time

    def _renew(self) -> bool:
        """A new access token, by refresh token or by the client's own credentials."""
        if not self._client:
            return False
        form = {"client_id": self._client, "client_secret": self._secrets.get("client_secret", "")}
        if self._secrets.get("refresh"):
            form |= {"grant_type": "refresh_token", "refresh_token": self._secrets["refresh"]}
        else:
            form |= {"grant_type": "client_credentials"}
        response = self._web.alone().ask("POST", f"{self._base}/services/oauth2/token", data=form)
        if response.status_code >= 400:
            return False
        self._web.bearer(str(self._web.json(response)["access_token"]))
        return True

    def _get(self, path: str, params: Mapping[str, Any]) -> Body:
        if not path.startswith("/"):
            raise SourceTrouble(_("Salesforce names a page that is not its own"), value=path[:80])
        response = self._web.ask("GET", self._base + path, params=params, limited=_limited)
        if response.status_code < 400:
            return dict(self._web.json(response))
        code, message = _error(response)
        raise _Refused(code, message, self._web.refused(response, code))

    # Streams

    def streams(self) -> tuple[Stream, ...]:
        """Who and which stages, then the records, their history, what was purged, and quotas."""
        made = [
            self._stream("User", complete=True, reference=True),
            self._stream("OpportunityStage", complete=True, reference=True),
        ]
        for name in ("Account", "Lead", "Opportunity", "OpportunityHistory"):
            made.append(self._stream(name))
        made.append(Stream("OpportunityFieldHistory", self._field_history))
        made += [self._stream("Task"), self._stream("Event")]
        made += [Stream(f"purged {name}", self._purged(name)) for name in PURGED]
        made += [self._stream("Period", complete=True), self._stream("ForecastingQuota", complete=True)]
        return tuple(made)

    def _stream(self, name: str, *, complete: bool = False, reference: bool = False) -> Stream:
        return Stream(name, lambda r: self._rows(name, r, _STAMP), complete=complete, reference=reference)

    def _field_history(self, reading: Reading) -> Iterator[Page]:
        """Only where the history that every org has cannot be read."""
        if reading.book.count("OpportunityHistory"):
            yield Page((), None)
            return
        yield from self._rows("OpportunityFieldHistory", reading, "CreatedDate")

    def _rows(self, name: str, reading: Reading, stamp: str) -> Iterator[Page]:
        place: Cursor = reading.cursor or {"from": reading.since, "next": None}
        while True:
            answer = self._page(name, place, stamp)
            rows = answer["records"]
            following = answer.get("nextRecordsUrl")
            if following:
                reached = _moment(rows[-1][stamp]) if rows else place["from"]
                place = {"from": reached, "next": following, "lost": place.get("lost")}
            yield _kept(name, rows, place if following else None)
            if not following:
                return

    def _page(self, name: str, place: Cursor, stamp: str) -> Body:
        if place["next"]:
            try:
                return self._get(place["next"], {})
            except _Refused as refused:
                # Lost twice without having come further in between: asking on and on would help nobody.
                if refused.code != "INVALID_QUERY_LOCATOR" or place.get("lost") == place["from"]:
                    raise self._plain(refused, name) from refused
                place["lost"] = place["from"]
        required, optional = FIELDS[name]
        fields = [*required, *optional]
        where = f" WHERE {stamp} >= {_literal(place['from'])}" if place["from"] else ""
        while True:
            query = f"SELECT {', '.join(fields)} FROM {name}{where} ORDER BY {stamp}, Id"
            try:
                return self._get(f"{self._data}/queryAll", {"q": query})
            except _Refused as refused:
                missing = _MISSING.search(refused.message)
                if refused.code == "INVALID_FIELD" and missing and missing[1] in optional and missing[1] in fields:
                    # Not in this org, or not for this user: the rest is read without it.
                    fields.remove(missing[1])
                    continue
                raise self._plain(refused, name) from refused

    def _plain(self, refused: _Refused, name: str) -> Exception:
        if refused.code in ("INVALID_TYPE", "INSUFFICIENT_ACCESS", "INVALID_FIELD") and name not in (
            "User",
            "Opportunity",
        ):
            return NotThere(_("This user may not read a part of Salesforce: %s.") % name)
        return refused.trouble

    def _purged(self, name: str) -> Callable[[Reading], Iterator[Page]]:
        def read(reading: Reading) -> Iterator[Page]:
            gone: tuple[str, ...] = ()
            if reading.since:
                gone = self._deleted(name, reading)
            yield Page((), None, gone, name)

        return read

    def _deleted(self, name: str, reading: Reading) -> tuple[str, ...]:
        start = datetime.fromisoformat(reading.since or "").astimezone(UTC)
        end = datetime.fromisoformat(self._web.server_time or datetime.now(UTC).isoformat()).astimezone(UTC)
        window = {"start": start.isoformat(timespec="seconds"), "end": end.isoformat(timespec="seconds")}
        try:
            answer = self._get(f"{self._data}/sobjects/{name}/deleted/", window)
            return tuple(str(r["id"]) for r in answer["deletedRecords"])
        except _Refused as refused:
            if refused.code not in ("INVALID_REPLICATION_DATE", "EXCEEDED_ID_LIMIT"):
                raise self._plain(refused, name) from refused
        there: set[str] = set()
        answer = self._get(f"{self._data}/query", {"q": f"SELECT Id FROM {name}"})
        while True:
            there |= {str(r["Id"]) for r in answer["records"]}
            if not answer.get("nextRecordsUrl"):
                return tuple(i for i in reading.book.ids(name) if i not in there)
            answer = self._get(answer["nextRecordsUrl"], {})

    def shape(self, book: Book, out: Canonical) -> None:
        """See `salesforce_shape.py`."""
        shapes.shape(book, out)


class _Refused(Exception):
    """An answer with an error code, for whoever knows what to do about it."""

    def __init__(self, code: str, message: str, trouble: SourceTrouble) -> None:
        self.code, self.message, self.trouble = code, message, trouble
        super().__init__(code)


def _kept(name: str, rows: list[Body], place: Cursor | None) -> Page:
    records, gone = [], []
    for row in rows:
        body = _flat(row)
        # A record that was merged away is deleted too, and names the one that stays.
        if body.get("IsDeleted"):
            gone.append(body["Id"])
            continue
        owner = body.get("OwnerId") if name in ("Opportunity", "Lead") else body.get("QuotaOwnerId")
        parent = body.get("OpportunityId") or (body.get("StartDateTime") if name == "Event" else None)
        records.append(Record(body["Id"], body, owner=owner, parent=parent))
    return Page(tuple(records), place, tuple(gone), name)


def _flat(row: Body) -> Body:
    made: Body = {}
    for name, value in row.items():
        if name == "attributes":
            continue
        if isinstance(value, dict):
            made |= {f"{name}.{k}": v for k, v in value.items() if k != "attributes"}
        else:
            made[name] = _moment(value) if isinstance(value, str) and _IS_MOMENT.fullmatch(value) else value
    made.pop(_STAMP, None)
    return made


_IS_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d{4})")


def _moment(text: str) -> str:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC).isoformat()


def _literal(moment: str) -> str:
    """An instant as SOQL has it, which is never quoted."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(response: Any) -> tuple[str, str]:
    try:
        said = response.json()
    except ValueError:
        return "", ""
    first = said[0] if isinstance(said, list) and said else said
    if not isinstance(first, dict):
        return "", ""
    return str(first.get("errorCode") or first.get("error") or "")[:60], str(first.get("message") or "")


def _limited(response: Any) -> float | None:
    """The org's requests of 24 hours are used up: nothing that waiting a little would help."""
    if response.status_code in (403, 429) and _error(response)[0] == "REQUEST_LIMIT_EXCEEDED":
        return _LONG
    return None
