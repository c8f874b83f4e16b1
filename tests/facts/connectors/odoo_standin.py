"""Odoo's external API as far as Headway reads it (odoo.com/documentation, "External API"; JSON-RPC at `/jsonrpc`)."""

from __future__ import annotations

from typing import Any

from tests.facts.connectors.standin import Answer, Asked, Standin


class OdooStandin(Standin):
    """Rows by model and id; domains of `[field, operator, value]` joined by and."""

    def __init__(self, database: str, user: str, key: str) -> None:
        super().__init__()
        self.database, self.user, self.key = database, user, key
        self.rows: dict[str, dict[int, dict[str, Any]]] = {}
        self.forbidden: set[str] = set()

    def put(self, model: str, identity: int, changed: str, /, **fields: Any) -> None:
        """Make or change a row."""
        held = self.rows.setdefault(model, {}).setdefault(identity, {"id": identity, "active": True})
        held.update(fields, write_date=changed)

    def answer(self, asked: Asked) -> Answer:
        if asked.path != "/jsonrpc" or asked.body.get("jsonrpc") != "2.0":
            return Answer(404, {})
        params = asked.body["params"]
        if (params["service"], params["method"]) == ("common", "authenticate"):
            right = params["args"][:3] == [self.database, self.user, self.key]
            return _result(2 if right else False)
        database, user, key, model, method, given, named = params["args"]
        if (database, user, key) != (self.database, 2, self.key):
            return _error("odoo.exceptions.AccessDenied", "Access Denied")
        if model in self.forbidden:
            return _error("odoo.exceptions.AccessError", "You are not allowed to access this")
        rows = [r for r in self.rows.get(model, {}).values() if self._fits(model, r, given[0])]
        if named["context"].get("active_test", True):
            rows = [r for r in rows if r["active"]]
        rows = sorted(rows, key=lambda r: int(r["id"]))[: named.get("limit")]
        if method == "search":
            return _result([r["id"] for r in rows])
        assert method == "search_read"
        return _result([{"id": r["id"], **{f: r.get(f, False) for f in named["fields"]}} for r in rows])

    def _fits(self, model: str, row: dict[str, Any], domain: list[list[Any]]) -> bool:
        return all(self._holds(row, *condition) for condition in domain)

    def _holds(self, row: dict[str, Any], name: str, operator: str, value: Any) -> bool:
        held = row.get(name, False)
        if isinstance(held, list) and operator == "in":
            held = held[0]
        if operator == "in":
            return held in value
        if operator in (">", ">="):
            return bool(held > value or (operator == ">=" and held == value))
        return bool(held == value) if operator == "=" else bool(held != value)


def _result(value: Any) -> Answer:
    return Answer(200, {"jsonrpc": "2.0", "id": 1, "result": value})


def _error(name: str, message: str) -> Answer:
    data = {"name": name, "debug": "", "message": message, "arguments": [message], "context": {}}
    return Answer(
        200, {"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "Odoo Server Error", "data": data}}
    )
