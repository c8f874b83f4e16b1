"""Snowflake, BigQuery and Databricks cannot be tried here; at least every statement is made in words they can parse."""

from __future__ import annotations

from datetime import date

import pytest
import sqlglot

from headway.facts.tables import TABLES
from headway.facts.warehouse.engine import Columns, Type
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
