"""HubSpot's CRM API, version 3, as far as Headway reads it.

From github.com/HubSpot/HubSpot-public-api-spec-collection (`PublicApiSpecs/CRM/Deals`, `Owners`, `Pipelines`,
`Associations`) and developers.hubspot.com: pages of 100 (50 with history), owners 500, searches 200 and never beyond
the 10,000th row, batches of 100 (50 with history), errors with `status`, `category` and `message`. HubSpot's own Python
client reads it in the tests, so that it is not only our reading of our code.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.facts.connectors.standin import Answer, Asked, Standin

OBJECTS = ("deals", "contacts", "companies", "calls", "meetings", "emails")


def error(status: int, category: str, message: str, **more: str) -> Answer:
    """An error as HubSpot writes it."""
    return Answer(status, {"status": "error", "message": message, "correlationId": "0", "category": category, **more})


class HubSpotStandin(Standin):
    """Objects by kind and id: `{"properties": {...}, "archived": False, "history": {...}}`."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token, self.refresh = token, ""
        self.objects: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in OBJECTS}
        self.owners: list[dict[str, Any]] = []
        self.stages: list[dict[str, Any]] = []
        self.links: dict[tuple[str, str], list[str]] = {}
        self.forbidden: set[str] = set()
        self.search_end = 10_000

    # What it holds

    def put(self, kind: str, identity: str, changed: str, **properties: Any) -> None:
        """Make or change an object; `changed` is the day of its last change."""
        held = self.objects[kind].setdefault(identity, {"properties": {}, "archived": False, "history": {}})
        if kind == "deals" and properties.get("dealstage", held["properties"].get("dealstage")) is not None:
            stage = properties.get("dealstage")
            if stage and stage != held["properties"].get("dealstage"):
                held["history"].setdefault("dealstage", []).insert(
                    0, {"value": stage, "timestamp": changed, "sourceType": "CRM_UI"}
                )
        held["properties"].update({k: str(v) for k, v in properties.items()})
        for name in ("hs_lastmodifieddate", "lastmodifieddate"):
            held["properties"][name] = changed

    def archive(self, kind: str, identity: str) -> None:
        """Delete an object: it moves to the archived ones."""
        self.objects[kind][identity]["archived"] = True

    def merge(self, kind: str, stays: str, goes: str, changed: str) -> None:
        """Merge one object into another."""
        del self.objects[kind][goes]
        before = self.objects[kind][stays]["properties"].get("hs_merged_object_ids")
        self.put(kind, stays, changed, hs_merged_object_ids=f"{before};{goes}" if before else goes)

    # Answers

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/oauth/v1/token":
            return self._renew(asked)
        if asked.headers.get("Authorization") != f"Bearer {self.token}":
            return error(401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired.")
        if asked.path == "/crm/v3/owners/":
            return self._owners(asked)
        if asked.path == "/crm/v3/pipelines/deals":
            stages = [{"displayOrder": i, "archived": False, **s, **_STAMPS} for i, s in enumerate(self.stages)]
            pipeline = {"id": "default", "label": "Sales", "displayOrder": 0, "archived": False, "stages": stages}
            return Answer(200, {"results": [{**pipeline, **_STAMPS}]})
        if asked.path.startswith("/crm/v4/associations/"):
            return self._linked(asked)
        parts = asked.path.removeprefix("/crm/v3/objects/").split("/")
        if parts[0] not in OBJECTS:
            return error(404, "OBJECT_NOT_FOUND", "No such object.")
        if parts[0] in self.forbidden:
            return error(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes.")
        if parts[1:] == ["search"]:
            return self._search(parts[0], asked)
        if parts[1:] == ["batch", "read"]:
            return self._batch(parts[0], asked)
        return self._list(parts[0], asked)

    def _renew(self, asked: Asked) -> Answer:
        if asked.body.get("grant_type") != "refresh_token" or asked.body.get("refresh_token") != self.refresh:
            return error(400, "BAD_REFRESH_TOKEN", "missing or unknown refresh token")
        return Answer(200, {"access_token": self.token, "refresh_token": self.refresh, "expires_in": 1800})

    def _owners(self, asked: Asked) -> Answer:
        limit = int(asked.params.get("limit", 100))
        if not 1 <= limit <= 500:
            return error(400, "VALIDATION_ERROR", "limit must be between 1 and 500")
        wanted = asked.params.get("archived", "false").lower() == "true"
        rows = [{**_STAMPS, "type": "PERSON", **o} for o in self.owners if o.get("archived", False) is wanted]
        return _paged([{"archived": False, **r} for r in rows], asked.params.get("after"), limit)

    def _list(self, kind: str, asked: Asked) -> Answer:
        limit = int(asked.params.get("limit", 10))
        most = 50 if asked.params.get("propertiesWithHistory") else 100
        if not 1 <= limit <= most:
            return error(400, "VALIDATION_ERROR", f"limit must be between 1 and {most}")
        wanted = asked.params.get("archived", "false").lower() == "true"
        held = self.objects[kind]
        ids = [i for i in sorted(held, key=int) if held[i]["archived"] is wanted]
        names = asked.params.get("properties", "").split(",")
        return _paged([self._shown(kind, i, names) for i in ids], asked.params.get("after"), limit)

    def _shown(self, kind: str, identity: str, names: list[str], history: tuple[str, ...] = ()) -> dict[str, Any]:
        held = self.objects[kind][identity]
        given = {n: held["properties"].get(n) for n in (*names, "createdate", "hs_lastmodifieddate") if n}
        made = {
            "id": identity,
            "properties": {**given, "hs_object_id": identity},
            "createdAt": held["properties"].get("createdate", "2026-01-01T00:00:00Z"),
            "updatedAt": held["properties"]["hs_lastmodifieddate"],
            "archived": held["archived"],
        }
        if history:
            made["propertiesWithHistory"] = {n: held["history"].get(n, []) for n in history}
        return made

    def _search(self, kind: str, asked: Asked) -> Answer:
        body = asked.body
        limit, after = int(body.get("limit", 10)), int(body.get("after") or 0)
        if limit > 200:
            return error(400, "VALIDATION_ERROR", "limit must be at most 200")
        if after + limit > self.search_end:
            return error(400, "VALIDATION_ERROR", "paging past the 10,000th result is not supported")
        if len(body.get("sorts", [])) > 1:
            return error(400, "VALIDATION_ERROR", "only one sort is allowed")
        condition = body["filterGroups"][0]["filters"][0]
        assert condition["operator"] == "GTE"
        name = condition["propertyName"]
        held = self.objects[kind]
        ids = [
            i
            for i in held
            if not held[i]["archived"] and _millis(held[i]["properties"][name]) >= int(condition["value"])
        ]
        ids.sort(key=lambda i: (_millis(held[i]["properties"][name]), int(i)))
        shown = [self._shown(kind, i, body.get("properties", [])) for i in ids]
        made = _paged(shown, str(after), limit)
        return Answer(200, {"total": len(shown), **made.data})

    def _batch(self, kind: str, asked: Asked) -> Answer:
        history = tuple(asked.body.get("propertiesWithHistory") or ())
        most = 50 if history else 100
        if len(asked.body["inputs"]) > most:
            return error(400, "VALIDATION_ERROR", f"at most {most} inputs")
        found = [i["id"] for i in asked.body["inputs"] if i["id"] in self.objects[kind]]
        shown = [self._shown(kind, i, asked.body.get("properties", []), history) for i in found]
        stamps = {"startedAt": "2026-01-01T00:00:00Z", "completedAt": "2026-01-01T00:00:00Z"}
        return Answer(200, {"status": "COMPLETE", "results": shown, **stamps})

    def _linked(self, asked: Asked) -> Answer:
        kind = asked.path.split("/")[4]
        if kind in self.forbidden:
            return error(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes.")
        results = []
        for given in asked.body["inputs"]:
            to = self.links.get((kind, given["id"]), [])
            types = [{"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None}]
            if to:
                linked = [{"toObjectId": int(t), "associationTypes": types} for t in to]
                results.append({"from": {"id": given["id"]}, "to": linked})
        stamps = {"startedAt": "2026-01-01T00:00:00Z", "completedAt": "2026-01-01T00:00:00Z"}
        return Answer(200, {"status": "COMPLETE", "results": results, **stamps})


_STAMPS = {"createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-02-03T04:05:06Z"}


def _paged(rows: list[dict[str, Any]], after: str | None, limit: int) -> Answer:
    start = int(after or 0)
    made: dict[str, Any] = {"results": rows[start : start + limit]}
    if start + limit < len(rows):
        made["paging"] = {"next": {"after": str(start + limit), "link": "?after="}}
    return Answer(200, made)


def _millis(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
