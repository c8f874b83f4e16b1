"""Facts in memory, from rows written in a test: what the fact store gives, without a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from headway.facts.tables import BY_NAME, EVENT_COLUMNS

Row = Mapping[str, Any]
LADDER = ("lead", "qualified", "proposal", "won")


@dataclass(frozen=True)
class FactsDouble:
    """Same face as `headway.facts.store.Facts`; the rows are taken as known on `as_of`."""

    con: duckdb.DuckDBPyConnection
    as_of: date
    currency: str = "EUR"
    ladder: tuple[str, ...] = LADDER

    def _one(self, sql: str) -> Any:
        found = self.con.execute(sql).fetchone()
        return found[0] if found else None

    def has(self, table: str) -> bool:
        return bool(self._one(f"SELECT count(*) FROM {table}"))

    def has_column(self, table: str, column: str) -> bool:
        return bool(self._one(f'SELECT count("{column}") FROM {table}'))

    def _day(self, function: str) -> date | None:
        days = [self._one(f"SELECT {function}(CAST({c} AS DATE)) FROM {t}") for t, c in EVENT_COLUMNS]
        known = [day for day in days if day is not None]
        return (min(known) if function == "min" else max(known)) if known else None

    @property
    def first_day(self) -> date | None:
        return self._day("min")

    @property
    def last_day(self) -> date | None:
        return self._day("max")


def facts_of(
    tables: Mapping[str, Sequence[Row]],
    *,
    as_of: date,
    ladder: tuple[str, ...] = LADDER,
    selects: Mapping[str, str] | None = None,
) -> FactsDouble:
    """Facts from rows (missing columns are NULL), or from a SELECT per table (`selects`)."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    for name, table in BY_NAME.items():
        columns = ", ".join(f'"{c.name}" {c.kind.sql}' for c in table.columns)
        con.execute(f"CREATE TABLE {name} ({columns})")
        if selects and name in selects:
            con.execute(f"INSERT INTO {name} BY NAME {selects[name]}")
        rows = tables.get(name, ())
        if rows:
            marks = ", ".join("?" for _c in table.columns)
            con.executemany(
                f"INSERT INTO {name} VALUES ({marks})", [[row.get(c.name) for c in table.columns] for row in rows]
            )
    return FactsDouble(con, as_of, ladder=ladder)
