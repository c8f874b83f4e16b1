"""What lies in the warehouse: tables, columns, rows, from when to when; looked at once and remembered for a while."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from headway.core.home_folder import home
from headway.facts.tables import EVENT_COLUMNS, TABLES, Table
from headway.facts.warehouse.address import Address
from headway.facts.warehouse.engine import Columns, Engine, Type
from headway.facts.warehouse.names import Names
from headway.facts.warehouse.reading import Source, Tables, source_of

# A figure asked for again within this time does not look through all tables again.
REMEMBERED_SECONDS = 600


@dataclass(frozen=True)
class Found:
    """What one canonical table is like in the warehouse.

    Args:
        name: of the table there, as it is mapped.
        there: the table in the engine's own words, its columns and types; None if it is not there.
        rows: usable rows, once per key and checked.
        filled: canonical columns with any value.
        first_day, last_day: of what happened in it, not later than today.
        repeated: rows more than keys.
    """

    name: str
    there: Columns | None
    rows: int
    filled: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    repeated: int


@dataclass(frozen=True)
class Look:
    """What was found, and when (seconds since 1970)."""

    at: float
    tables: Mapping[str, Found]
    currencies: Mapping[str, int]

    @property
    def first_day(self) -> date | None:
        """The first day with a fact."""
        return min((t.first_day for t in self.tables.values() if t.first_day), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day with a fact."""
        return max((t.last_day for t in self.tables.values() if t.last_day), default=None)


def sources_of(found: Mapping[str, Found], names: Names) -> dict[str, Source]:
    """The tables as they are read."""
    return {
        table.name: source_of(
            table.name,
            found[table.name].there,
            renamed=names.of(table.name).columns,
            values=names.of(table.name).values,
            repeated=found[table.name].repeated > 0,
        )
        for table in TABLES
    }


def look(engine: Engine, address: Address, names: Names, *, today: date, afresh: bool = False) -> Look:
    """Look through the warehouse, unless that was done a short while ago.

    Raises:
        WarehouseTrouble: it does not answer, or does not let us read a table.
    """
    kept = None if afresh else _remembered(address, names, today)
    if kept is not None:
        return kept
    tables: dict[str, Found] = {}
    for table in TABLES:
        there = engine.columns(names.of(table.name).table)
        tables[table.name] = Found(names.of(table.name).table, there, 0, (), None, None, 0)
    for table in TABLES:
        if tables[table.name].there is not None:
            tables[table.name] = _counted(engine, table, tables, names, today)
    found = Look(time.time(), tables, _currencies(engine, tables, names, today))
    _remember(found, address, names, today)
    return found


def _counted(engine: Engine, table: Table, tables: Mapping[str, Found], names: Names, today: date) -> Found:
    found = tables[table.name]
    source = sources_of(tables, names)[table.name]
    reading = Tables({table.name: source}, dialect=engine.dialect, today=today)
    keys = [key for key in table.key if key in source.columns]
    events = [c for t, c in EVENT_COLUMNS if t == table.name and c in source.columns]
    columns = [name for name in table.names if name in source.columns]
    asked = ["count(*)", *(f'count("{c}")' for c in columns)]
    for event in events:
        until = f'CASE WHEN CAST("{event}" AS DATE) <= DATE \'{today.isoformat()}\' THEN "{event}" END'
        asked += [f"min({until})", f"max({until})"]
    row = reading.ask(engine, table.name, ", ".join(asked), keys=", ".join(f'"{k}"' for k in keys))[0]
    row, once = (row[:-1], row[-1] or 0) if keys else (row, row[0])
    days = [_day(value) for value in row[1 + len(columns) :] if value is not None]
    return Found(
        found.name,
        found.there,
        int(once),
        tuple(c for c, n in zip(columns, row[1:], strict=False) if n),
        min(days, default=None),
        max(days, default=None),
        int(row[0]) - int(once),
    )


def _currencies(engine: Engine, tables: Mapping[str, Found], names: Names, today: date) -> dict[str, int]:
    if "currency" not in tables["opportunities"].filled:
        return {}
    source = sources_of(tables, names)["opportunities"]
    reading = Tables({"opportunities": source}, dialect=engine.dialect, today=today)
    rows = reading.ask(engine, "opportunities", '"currency", count(*)', by="currency")
    return {str(code): int(n) for code, n in rows if code is not None}


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _file(address: Address, names: Names, today: date) -> Any:
    digest = hashlib.sha256(f"{address.shown} {names.tables} {today}".encode()).hexdigest()[:32]
    return home() / "warehouse" / f"look-{digest}.json"


def _remember(found: Look, address: Address, names: Names, today: date) -> None:
    folder = home() / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("look-*.json"):
        old.unlink(missing_ok=True)
    file = _file(address, names, today)
    aside = file.with_suffix(f".{os.getpid()}.part")
    aside.write_text(json.dumps(asdict(found), default=str), encoding="utf-8")
    os.replace(aside, file)


def _remembered(address: Address, names: Names, today: date) -> Look | None:
    try:
        raw = json.loads(_file(address, names, today).read_text("utf-8"))
        if not 0 <= time.time() - raw["at"] < REMEMBERED_SECONDS:
            return None
        tables = {name: _found(table) for name, table in raw["tables"].items()}
        return Look(raw["at"], tables, raw["currencies"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _found(raw: Mapping[str, Any]) -> Found:
    there = raw["there"]
    columns = Columns(there["name"], {c: Type(t) for c, t in there["types"].items()}) if there else None
    first, last = (date.fromisoformat(raw[d]) if raw[d] else None for d in ("first_day", "last_day"))
    return Found(raw["name"], columns, raw["rows"], tuple(raw["filled"]), first, last, raw["repeated"])
