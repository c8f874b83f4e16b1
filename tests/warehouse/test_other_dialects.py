"""Snowflake, BigQuery and Databricks cannot be tried here; at least every statement is made in words they can parse."""

from __future__ import annotations

import sys
from datetime import date
from types import ModuleType
from typing import Any

import pytest
import sqlglot

from headway.facts.tables import TABLES
from headway.facts.warehouse.address import parse
from headway.facts.warehouse.engine import Columns, Type
from headway.facts.warehouse.engines.through_ibis import ThroughIbis
from headway.facts.warehouse.reading import Tables, source_of
from headway.metrics import catalogue, windows
from headway.metrics.canonical import Calendar, Canonical
from headway.metrics.compiled import compiled
from headway.metrics.spec import Kind

LADDER = ("lead", "qualified", "proposal", "won")
_HELD = {"number": Type.NUMBER, "count": Type.NUMBER, "date": Type.DAY, "instant": Type.INSTANT}


@pytest.mark.parametrize("dialect", ["snowflake", "bigquery", "databricks"])
def test_every_definition_is_a_statement_of_the_dialect(dialect: str) -> None:
    there = {
        t.name: Columns(
            f"CRM.{t.name.upper()}", {c.name.upper(): _HELD.get(c.kind.value, Type.TEXT) for c in t.columns}
        )
        for t in TABLES
    }
    sources = {name: source_of(name, columns, renamed={}, values={}, repeated=True) for name, columns in there.items()}
    tables = Tables(sources, dialect=dialect, today=date(2026, 3, 31))
    c = Canonical(Calendar("Europe/Berlin"), "EUR", LADDER, date(2025, 1, 1), date(2026, 12, 31))
    specs = catalogue.specs(LADDER)
    waits = [s.numerator for s in specs if s.kind is Kind.MEDIAN]
    summed = [m for s in specs if s.kind is not Kind.MEDIAN for m in (s.numerator, s.denominator) if m is not None]
    made = [compiled(windows._statistics(c, group), dialect=dialect) for group in windows.together(summed)]
    made += [compiled(windows._median(c, measure.rows(c)), dialect=dialect) for measure in waits]
    assert len(made) > 15
    for sql in made:
        statement = tables.on(date(2026, 1, 31), whole=False, statement=sql)
        assert "there_" not in statement
        assert sqlglot.parse_one(statement, read=dialect) is not None


class _Databricks:
    """What Databricks' client would be asked, without a workspace."""

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}
        self.asked: list[str] = []

    def connect(self, **given: Any) -> _Databricks:
        self.given = given
        return self

    def cursor(self) -> _Databricks:
        return self

    def __enter__(self) -> _Databricks:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to close."""

    def close(self) -> None:
        """Nothing to close."""

    def execute(self, sql: str, *_parameters: object) -> _Databricks:
        self.asked.append(sql)
        return self

    def fetchall(self) -> list[tuple[str]]:
        return [("crm",)]


def test_nothing_is_made_in_databricks(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _Databricks()
    there = ModuleType("databricks")
    there.sql = ModuleType("databricks.sql")  # type: ignore[attr-defined]
    there.sql.connect = client.connect
    monkeypatch.setitem(sys.modules, "databricks", there)
    monkeypatch.setitem(sys.modules, "databricks.sql", there.sql)
    monkeypatch.delitem(sys.modules, "ibis.backends.databricks", raising=False)
    address = parse("databricks://w.example/CRM?schema=sales&http_path=/sql/1.0/warehouses/1", password="key")
    ThroughIbis(address)
    monkeypatch.delitem(sys.modules, "ibis.backends.databricks", raising=False)
    asked = {name: client.given[name] for name in ("server_hostname", "http_path", "access_token", "catalog", "schema")}
    assert list(asked.values()) == ["w.example", "/sql/1.0/warehouses/1", "key", "CRM", "sales"]
    assert [sql for sql in client.asked if not sql.upper().startswith("SELECT")] == []
