"""What every engine can do for us: say which columns a table has, answer a question, save an answer as a file."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from headway.facts.warehouse.address import Address


class Type(StrEnum):
    """What a column of a warehouse holds, as far as it matters to us."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    INSTANT = "instant"
    YES_NO = "yes or no"
    OTHER = "something else"


@dataclass(frozen=True)
class Columns:
    """A table as it is there: its name in the engine's own SQL (dots between quoted parts), columns and types."""

    name: str
    types: Mapping[str, Type]


class Engine(Protocol):
    """An open connection that can only read. Close it."""

    @property
    def label(self) -> str:
        """Its name as people know it."""

    @property
    def dialect(self) -> str:
        """Ibis' name of the SQL that it speaks."""

    def columns(self, table: str) -> Columns | None:
        """The columns of a table; None if there is no such table. Raises WarehouseTrouble."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows that a question in its own SQL gives. Raises WarehouseTrouble."""

    def save(self, sql: str, stem: Path) -> Path:
        """Write what a question gives to a file beside `stem`; returns the file. Raises WarehouseTrouble."""

    def stop(self) -> None:
        """Stop what is being asked, from another thread."""

    def close(self) -> None:
        """Give the connection back."""


# Kind of address -> module and class. Read when one is opened: their libraries are large.
_ENGINES = {
    "duckdb": ("duckdb_file", "DuckDBFile"),
    "postgres": ("postgres", "Postgres"),
    "clickhouse": ("clickhouse", "ClickHouseServer"),
    "chdb": ("clickhouse", "ClickHouseFolder"),
    "spark": ("spark", "Spark"),
    "snowflake": ("through_ibis", "ThroughIbis"),
    "bigquery": ("through_ibis", "ThroughIbis"),
    "databricks": ("through_ibis", "ThroughIbis"),
}


def connect(address: Address) -> Engine:
    """Open a connection.

    Raises:
        WarehouseTrouble: it cannot be reached, refuses, or its client is not installed.
    """
    module, name = _ENGINES[address.kind]
    engine: Engine = getattr(importlib.import_module(f"headway.facts.warehouse.engines.{module}"), name)(address)
    return engine


def parts_of(table: str, schema: str) -> list[str]:
    """The parts of a table's name: `crm.deals`, or the schema of the address and `deals`."""
    parts = table.split(".")
    return parts if len(parts) > 1 or not schema else [*schema.split("."), *parts]
