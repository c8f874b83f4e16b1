"""A DuckDB file of the company, such as a nightly job leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from headway.facts.store import READ_MEMORY
from headway.facts.warehouse.address import Address
from headway.facts.warehouse.engine import Columns, Type, parts_of
from headway.facts.warehouse.trouble import Kind, trouble

_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL")


def type_of(name: str) -> Type:
    """What a type of DuckDB is to us."""
    if name.startswith(("VARCHAR", "UUID", "ENUM")):
        return Type.TEXT
    if name.startswith("TIMESTAMP"):
        return Type.INSTANT
    if name == "DATE":
        return Type.DAY
    if name == "BOOLEAN":
        return Type.YES_NO
    return Type.NUMBER if any(n in name for n in _NUMBERS) and "[" not in name else Type.OTHER


class DuckDBFile:
    """`duckdb:///path/to/file.duckdb`, read only."""

    label = "DuckDB"
    dialect = "duckdb"

    def __init__(self, address: Address) -> None:
        self.address = address
        self._schema = address.options.get("schema", "")
        self._late = False
        path = Path(address.place + address.path)
        if not path.is_file():
            raise trouble(Kind.AWAY, address)
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": READ_MEMORY,
        }
        try:
            self._con = duckdb.connect(str(path), read_only=True, config=config)
            self._con.execute("SET TimeZone = 'UTC'")
        except duckdb.Error as error:
            raise trouble(Kind.FAILED, address, words=str(error)) from error

    def columns(self, table: str) -> Columns | None:
        """As `Engine`."""
        name = ".".join(f'"{part}"' for part in parts_of(table, self._schema))
        try:
            with self._asking():
                found = self._con.execute(f"DESCRIBE SELECT * FROM {name}").fetchall()
        except duckdb.CatalogException:
            return None
        return Columns(name, {row[0]: type_of(row[1]) for row in found})

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """As `Engine`."""
        try:
            with self._asking():
                return self._con.execute(sql).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise trouble(Kind.CHANGED, self.address, words=str(error)) from error

    def save(self, sql: str, stem: Path) -> Path:
        """As `Engine`: Parquet."""
        file = stem.with_suffix(".parquet")
        target = str(file).replace("'", "''")
        self.rows(f"COPY ({sql}) TO '{target}' (FORMAT parquet)")
        return file

    def stop(self) -> None:
        """As `Engine`."""
        self._late = True
        self._con.interrupt()

    def close(self) -> None:
        """As `Engine`."""
        self._con.close()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self._late = False
        timer = threading.Timer(self.address.seconds, self.stop)
        timer.start()
        try:
            yield
        except (duckdb.CatalogException, duckdb.BinderException):
            raise
        except duckdb.Error as error:
            kind = Kind.TOO_LONG if self._late else Kind.FAILED
            raise trouble(kind, self.address, words=str(error)) from error
        finally:
            timer.cancel()
