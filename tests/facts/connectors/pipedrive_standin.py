"""Pipedrive's API as far as Headway reads it.

From developers.pipedrive.com/docs/api/v1 (version 2 of deals, activities, organizations and stages: pages of 500 with
`cursor`; users and the log of changes in version 1) and its page on rate limiting.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.facts.connectors.standin import Answer, Asked, Standin


class PipedriveStandin(Standin):
    """Rows by kind and id."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.rows: dict[str, dict[int, dict[str, Any]]] = {
            k: {} for k in ("users", "stages", "deals", "activities", "organizations")
        }
        self.changes: dict[int, list[dict[str, Any]]] = {}

    def put(self, kind: str, identity: int, changed: str, **fields: Any) -> None:
        """Make or change a row."""
        held = self.rows[kind].setdefault(identity, {"id": identity, "is_deleted": False, "status": "open"})
        if kind == "deals" and "stage_id" in fields and held.get("stage_id") not in (None, fields["stage_id"]):
            change = {"field_key": "stage_id", "old_value": str(held["stage_id"]), "new_value": str(fields["stage_id"])}
            self.changes.setdefault(identity, []).append({**change, "time": changed.replace("T", " ").replace("Z", "")})
        held.update(fields, update_time=changed)

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("x-api-token") != self.token:
            return Answer(401, {"success": False, "error": "unauthorized access", "errorCode": 401})
        parts = asked.path.strip("/").split("/")
        if parts[:2] == ["api", "v1"] and parts[2] == "users":
            return Answer(200, {"success": True, "data": list(self.rows["users"].values())})
        if parts[:3] == ["api", "v1", "deals"] and parts[4:] == ["changelog"]:
            return _paged(self.changes.get(int(parts[3]), []), asked, most=100)
        if parts[:2] == ["api", "v2"] and len(parts) == 3 and parts[2] in self.rows:
            return self._list(parts[2], asked)
        return Answer(404, {"success": False, "error": "Unknown method ."})

    def _list(self, kind: str, asked: Asked) -> Answer:
        if asked.params.get("sort_by", "id") not in ("id", "update_time", "add_time"):
            return Answer(400, {"success": False, "error": "Validation failed: sort_by"})
        rows = [self.rows[kind][i] for i in sorted(self.rows[kind])]
        if kind == "deals":
            wanted = asked.params.get("status")
            rows = [r for r in rows if r["is_deleted"] is (wanted == "deleted")]
        if asked.params.get("updated_since"):
            since = _moment(asked.params["updated_since"])
            rows = [r for r in rows if _moment(r["update_time"]) >= since]
        return _paged(rows, asked, most=500)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _paged(rows: list[dict[str, Any]], asked: Asked, *, most: int) -> Answer:
    limit, start = int(asked.params.get("limit", 100)), int(asked.params.get("cursor") or 0)
    if limit > most:
        return Answer(400, {"success": False, "error": f"Validation failed: limit: limit must be less than {most}"})
    following = str(start + limit) if start + limit < len(rows) else None
    data = rows[start : start + limit]
    return Answer(200, {"success": True, "data": data, "additional_data": {"next_cursor": following}})
