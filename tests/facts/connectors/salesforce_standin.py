"""Salesforce's REST API as far as Headway reads it.

From developer.salesforce.com, REST API Developer Guide ("Query", "QueryAll", "Query More Results", "Query Options
Header", "SObject Get Deleted", "Status Codes and Error Responses"): pages of at most 2,000 records, 200 at least, a
`nextRecordsUrl` with a locator that expires, deleted records only in `queryAll`, the list of deleted ids 30 days back,
errors as a list of `message` and `errorCode`. The Python client simple-salesforce reads it in the tests.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.facts.connectors.standin import Answer, Asked, Standin

_SOQL = re.compile(
    r"SELECT (?P<fields>[\w., ]+) FROM (?P<object>\w+)"
    r"(?: WHERE (?P<stamp>\w+) >= (?P<from>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ))?(?: ORDER BY (?P<order>[\w, ]+))?"
)


def error(status: int, code: str, message: str) -> Answer:
    """An error as Salesforce writes it."""
    return Answer(status, [{"message": message, "errorCode": code}])


def instant(text: str) -> str:
    """An instant as Salesforce writes it."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class SalesforceStandin(Standin):
    """Objects by name and id; each row has all its object's fields."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token, self.client, self.client_secret = token, "", ""
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.unknown_fields: set[str] = set()
        self.locators: dict[str, tuple[str, list[dict[str, Any]]]] = {}
        self.purged: dict[str, list[tuple[str, str]]] = {}
        self.batch = 2000

    # What it holds

    def put(self, name: str, identity: str, changed: str, **fields: Any) -> None:
        """Make or change a record."""
        held = self.rows.setdefault(name, {}).setdefault(identity, {"Id": identity, "IsDeleted": False})
        held.update(fields)
        held["SystemModstamp"] = held["LastModifiedDate"] = instant(changed)
        held.setdefault("CreatedDate", instant(changed))

    def delete(self, name: str, identity: str, changed: str, *, into: str | None = None) -> None:
        """Put a record into the recycle bin; `into` is the record it was merged with."""
        self.put(name, identity, changed, IsDeleted=True, **({"MasterRecordId": into} if into else {}))
        self.purged.setdefault(name, []).append((identity, changed))

    def purge(self, name: str, identity: str, changed: str) -> None:
        """Delete a record for good."""
        self.rows[name].pop(identity)
        self.purged.setdefault(name, []).append((identity, changed))

    # Answers

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/services/oauth2/token":
            return self._sign_in(asked)
        if asked.headers.get("Authorization") != f"Bearer {self.token}":
            return error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        path = re.sub(r"^/services/data/v\d+\.\d/", "", asked.path).rstrip("/")
        if path == "limits":
            return Answer(200, {"DailyApiRequests": {"Max": 15000, "Remaining": 14998}})
        if path in ("query", "queryAll"):
            return self._query(asked, deleted=path == "queryAll")
        if path.startswith(("query/", "queryAll/")):
            return self._more(path.split("/")[1])
        found = re.fullmatch(r"sobjects/(\w+)/deleted", path)
        if found:
            return self._deleted(found[1], asked)
        return error(404, "NOT_FOUND", "The requested resource does not exist")

    def _sign_in(self, asked: Asked) -> Answer:
        given = asked.body
        if given.get("grant_type") not in ("client_credentials", "refresh_token"):
            return Answer(400, {"error": "unsupported_grant_type", "error_description": "grant type not supported"})
        if (given.get("client_id"), given.get("client_secret")) != (self.client, self.client_secret):
            return Answer(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
        return Answer(200, {"access_token": self.token, "token_type": "Bearer", "instance_url": "https://x.example"})

    def _query(self, asked: Asked, *, deleted: bool) -> Answer:
        said = _SOQL.fullmatch(asked.params["q"])
        if said is None:
            return error(400, "MALFORMED_QUERY", "unexpected token")
        name = said["object"]
        if name not in self.rows:
            return error(400, "INVALID_TYPE", f"sObject type '{name}' is not supported.")
        fields = [f.strip() for f in said["fields"].split(",")]
        known = {f for row in self.rows[name].values() for f in row}
        for wanted in fields:
            if wanted in self.unknown_fields or (known and wanted.split(".")[0] not in known):
                return error(400, "INVALID_FIELD", f"No such column '{wanted}' on entity '{name}'.")
        rows = [r for r in self.rows[name].values() if deleted or not r["IsDeleted"]]
        if said["from"]:
            since = datetime.fromisoformat(said["from"].replace("Z", "+00:00"))
            rows = [r for r in rows if datetime.fromisoformat(r[said["stamp"]]) >= since]
        for order in reversed([o.strip() for o in (said["order"] or "Id").split(",")]):
            rows = sorted(rows, key=lambda r: str(r[order]))
        shown = [_shown(name, row, fields) for row in rows]
        size = max(200, min(2000, int(_option(asked) or self.batch))) if self.batch >= 200 else self.batch
        return self._pages(shown, size)

    def _pages(self, rows: list[dict[str, Any]], size: int) -> Answer:
        made: dict[str, Any] = {"totalSize": len(rows), "done": len(rows) <= size, "records": rows[:size]}
        if len(rows) > size:
            locator = f"01g{len(self.locators):012d}-{size}"
            self.locators[locator] = (str(size), rows[size:])
            made["nextRecordsUrl"] = f"/services/data/v60.0/query/{locator}"
        return Answer(200, made)

    def _more(self, locator: str) -> Answer:
        if locator not in self.locators:
            return error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        size, rows = self.locators[locator]
        return self._pages(rows, int(size))

    def _deleted(self, name: str, asked: Asked) -> Answer:
        start, end = (datetime.fromisoformat(asked.params[k].replace("Z", "+00:00")) for k in ("start", "end"))
        if start < datetime.now(UTC) - timedelta(days=30):
            return error(400, "INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
        if start >= end:
            return error(400, "INVALID_REPLICATION_DATE", "The end date must be at least one minute after the start")
        found = [(i, d) for i, d in self.purged.get(name, []) if start <= datetime.fromisoformat(d) <= end]
        records = [{"id": i, "deletedDate": instant(d)} for i, d in found]
        covered = {"earliestDateAvailable": instant(start.isoformat()), "latestDateCovered": instant(end.isoformat())}
        return Answer(200, {"deletedRecords": records, **covered})


def _option(asked: Asked) -> str | None:
    found = re.search(r"batchSize=(\d+)", asked.headers.get("Sforce-Query-Options", ""))
    return found[1] if found else None


def _shown(name: str, row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"attributes": {"type": name, "url": f"/services/data/v60.0/sobjects/{name}/{row['Id']}"}}
    for wanted in fields:
        outer, _dot, inner = wanted.partition(".")
        value = row.get(outer)
        made[outer] = {"attributes": {"type": outer}, inner: value[inner]} if inner and value else value
    return made
