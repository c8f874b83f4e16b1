"""Canonical tables held in memory, behind the same face as the fact store."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

COLUMNS: dict[str, dict[str, str]] = {
    "groups": {"person_id": "VARCHAR", "attribute": "VARCHAR", "value": "VARCHAR"},
    "people": {
        "person_id": "VARCHAR",
        "name": "VARCHAR",
        "email": "VARCHAR",
        "role": "VARCHAR",
        "manager_id": "VARCHAR",
        "team": "VARCHAR",
        "segment": "VARCHAR",
        "territory_id": "VARCHAR",
        "hired_on": "DATE",
        "left_on": "DATE",
    },
    "assignments": {
        "person_id": "VARCHAR",
        "valid_from": "DATE",
        "valid_to": "DATE",
        "manager_id": "VARCHAR",
        "team": "VARCHAR",
        "segment": "VARCHAR",
        "territory_id": "VARCHAR",
    },
    "territories": {
        "territory_id": "VARCHAR",
        "name": "VARCHAR",
        "potential": "DOUBLE",
        "valid_from": "DATE",
        "valid_to": "DATE",
    },
    "quotas": {
        "person_id": "VARCHAR",
        "metric": "VARCHAR",
        "period_start": "DATE",
        "period_end": "DATE",
        "target": "DOUBLE",
        "currency": "VARCHAR",
    },
    "activities": {
        "activity_id": "VARCHAR",
        "person_id": "VARCHAR",
        "kind": "VARCHAR",
        "occurred_at": "TIMESTAMP",
        "logged_at": "TIMESTAMP",
        "outcome": "VARCHAR",
        "count": "DOUBLE",
        "lead_id": "VARCHAR",
        "opportunity_id": "VARCHAR",
        "account_id": "VARCHAR",
    },
    "leads": {
        "lead_id": "VARCHAR",
        "owner_id": "VARCHAR",
        "created_at": "TIMESTAMP",
        "source": "VARCHAR",
        "score": "DOUBLE",
        "qualified_at": "TIMESTAMP",
        "disqualified_at": "TIMESTAMP",
        "disqualified_reason": "VARCHAR",
        "opportunity_id": "VARCHAR",
    },
    "opportunities": {
        "opportunity_id": "VARCHAR",
        "owner_id": "VARCHAR",
        "account_id": "VARCHAR",
        "lead_id": "VARCHAR",
        "created_at": "TIMESTAMP",
        "stage": "VARCHAR",
        "outcome": "VARCHAR",
        "closed_at": "TIMESTAMP",
        "amount": "DOUBLE",
        "currency": "VARCHAR",
        "source": "VARCHAR",
        "product": "VARCHAR",
        "list_price": "DOUBLE",
        "expected_close_on": "DATE",
        "next_step": "VARCHAR",
        "lost_reason": "VARCHAR",
    },
    "stage_changes": {"opportunity_id": "VARCHAR", "stage": "VARCHAR", "entered_at": "TIMESTAMP"},
    "accounts": {
        "account_id": "VARCHAR",
        "name": "VARCHAR",
        "owner_id": "VARCHAR",
        "segment": "VARCHAR",
        "started_on": "DATE",
        "churned_on": "DATE",
        "annual_value": "DOUBLE",
        "currency": "VARCHAR",
    },
    "absences": {"person_id": "VARCHAR", "start_on": "DATE", "end_on": "DATE", "kind": "VARCHAR"},
}


@dataclass
class MemoryFacts:
    """Facts as known on as_of, over DuckDB in memory."""

    as_of: date
    con: Any
    currency: str = "EUR"
    ladder: tuple[str, ...] = ("lead", "qualified", "proposal", "won")
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def first_day(self) -> date | None:
        found = self.con.execute(
            """SELECT min(CAST(day AS DATE)) FROM (SELECT created_at AS day FROM leads
               UNION ALL SELECT coalesce(created_at, closed_at) FROM opportunities)"""
        ).fetchone()[0]
        return found if isinstance(found, date) else None

    @property
    def last_day(self) -> date | None:
        return self.as_of if self.first_day else None

    def has(self, table: str) -> bool:
        return self.rows.get(table, 0) > 0

    def has_column(self, table: str, column: str) -> bool:
        return bool(self.con.execute(f'SELECT count("{column}") FROM {table}').fetchone()[0])


def memory_facts(tables: dict[str, pa.Table], as_of: date) -> MemoryFacts:
    """Facts over the given tables; tables and columns that are missing are empty. Rows are taken as known."""
    con = duckdb.connect(config={"threads": 2})
    facts = MemoryFacts(as_of, con)
    for name, columns in COLUMNS.items():
        given = tables.get(name)
        have = set(given.column_names) if given is not None else set()
        picked = ", ".join(
            f'CAST("{column}" AS {kind}) AS "{column}"' if column in have else f'CAST(NULL AS {kind}) AS "{column}"'
            for column, kind in columns.items()
        )
        if given is None:
            con.execute(f"CREATE TABLE {name} AS SELECT {picked} WHERE false")
        else:
            con.register(f"_in_{name}", given)
            con.execute(f"CREATE TABLE {name} AS SELECT {picked} FROM _in_{name}")
            con.unregister(f"_in_{name}")
            facts.rows[name] = given.num_rows
    if not facts.has("assignments"):
        con.execute(
            "INSERT INTO assignments SELECT person_id, NULL, NULL, manager_id, team, segment, territory_id FROM people"
        )
    return facts


def folder_facts(folder: Path, as_of: date) -> MemoryFacts:
    """Facts over a folder of canonical CSV files."""
    con = duckdb.connect()
    tables = {
        name: con.execute(f"SELECT * FROM read_csv('{folder / name}.csv', all_varchar=true)").to_arrow_table()
        for name in COLUMNS
        if (folder / f"{name}.csv").exists()
    }
    return memory_facts(tables, as_of)


def as_known_on(facts: MemoryFacts, day: date) -> MemoryFacts:
    """The same facts as they were known at the end of a day: later rows are gone, later events not yet there."""
    end = f"TIMESTAMP '{day}' + INTERVAL 1 DAY"

    def until(column: str) -> str:
        return f"CASE WHEN {column} < {end} THEN {column} END"

    queries = {
        "leads": f"""SELECT * REPLACE ({until("qualified_at")} AS qualified_at, {until("disqualified_at")} AS
                     disqualified_at) FROM leads WHERE created_at < {end}""",
        "opportunities": f"""SELECT * REPLACE ({until("closed_at")} AS closed_at,
                             CASE WHEN closed_at < {end} THEN outcome ELSE 'open' END AS outcome)
                             FROM opportunities WHERE created_at < {end}""",
        "stage_changes": f"SELECT * FROM stage_changes WHERE entered_at < {end}",
        "activities": f"SELECT * FROM activities WHERE occurred_at < {end}",
        "absences": f"SELECT * FROM absences WHERE start_on <= DATE '{day}'",
        "people": f"SELECT * FROM people WHERE hired_on IS NULL OR hired_on <= DATE '{day}'",
    }
    tables = {
        name: facts.con.execute(queries.get(name, f"SELECT * FROM {name}")).to_arrow_table()
        for name in COLUMNS
        if facts.has(name)
    }
    return memory_facts(tables, day)
