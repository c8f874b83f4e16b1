"""PostgreSQL, and what speaks like it, through psycopg."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors

from headway.facts.warehouse.address import Address
from headway.facts.warehouse.engine import Columns, Type, parts_of
from headway.facts.warehouse.trouble import Kind, trouble

# Numbers of types in pg_type, which never change.
_TYPES = {
    **dict.fromkeys((18, 19, 25, 1042, 1043, 2950), Type.TEXT),
    **dict.fromkeys((20, 21, 23, 26, 700, 701, 1700), Type.NUMBER),
    1082: Type.DAY,
    **dict.fromkeys((1114, 1184), Type.INSTANT),
    16: Type.YES_NO,
}
# The first number that a type of the database's own can have: an enumeration reads as text.
_OWN_TYPES = 16384


class Postgres:
    """`postgres://user@host/database?schema=crm`, in one read-only snapshot, so that all tables are of one moment."""

    label = "PostgreSQL"
    dialect = "postgres"

    def __init__(self, address: Address) -> None:
        self.address = address
        self._schema = address.options.get("schema", "")
        options = f"-c TimeZone=UTC -c DateStyle=ISO -c statement_timeout={int(address.seconds * 1000)}"
        more = {k: v for k, v in address.options.items() if k in ("sslmode", "sslrootcert", "sslcert", "sslkey")}
        try:
            self._con = psycopg.connect(
                host=address.place or None,
                port=address.port,
                dbname=address.path.lstrip("/") or None,
                user=address.user or None,
                password=address.password or None,
                connect_timeout=10,
                application_name="headway",
                options=options,
                **more,  # type: ignore[arg-type]  # all of them are text
            )
            self._con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._con.read_only = True
        except psycopg.OperationalError as error:
            refused = any(w in str(error) for w in ("authentication", "password", 'role "', "pg_hba"))
            kind = Kind.REFUSED if refused else Kind.AWAY
            raise trouble(kind, address) from None

    def columns(self, table: str) -> Columns | None:
        """As `Engine`."""
        name = ".".join(f'"{part}"' for part in parts_of(table, self._schema))
        try:
            with self._asking(), self._con.transaction(), self._con.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {name} LIMIT 0".encode())
                described = cursor.description or ()
        except (errors.UndefinedTable, errors.InvalidSchemaName):
            return None
        types = {c.name: _TYPES.get(c.type_code, Type.TEXT if c.type_code >= _OWN_TYPES else Type.OTHER)
                 for c in described}  # fmt: skip
        return Columns(name, types)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """As `Engine`."""
        try:
            with self._asking(), self._con.transaction(), self._con.cursor() as cursor:
                return cursor.execute(sql.encode()).fetchall()
        except (errors.UndefinedTable, errors.InvalidSchemaName) as error:
            raise trouble(Kind.CHANGED, self.address, words=str(error)) from None

    def save(self, sql: str, stem: Path) -> Path:
        """As `Engine`: CSV, which the server writes much faster than rows can be fetched."""
        file = stem.with_suffix(".csv")
        statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)".encode()
        with self._asking(), file.open("wb") as out, self._con.transaction(), self._con.cursor() as cursor:
            out.writelines(self._blocks(cursor, statement))
        return file

    def _blocks(self, cursor: psycopg.Cursor[Any], statement: bytes) -> Iterator[bytes]:
        with cursor.copy(statement) as copy:
            yield from map(bytes, copy)

    def stop(self) -> None:
        """As `Engine`."""
        self._con.cancel_safe(timeout=10)

    def close(self) -> None:
        """As `Engine`."""
        self._con.close()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Say in plain words what went wrong."""
        try:
            yield
        except (errors.UndefinedTable, errors.InvalidSchemaName):
            raise
        except psycopg.Error as error:
            raise trouble(_kind(error), self.address, words=str(error)) from None


def _kind(error: psycopg.Error) -> Kind:
    if isinstance(error, errors.InsufficientPrivilege):
        return Kind.NOT_ALLOWED
    if isinstance(error, errors.QueryCanceled):
        return Kind.TOO_LONG
    if isinstance(error, errors.UndefinedColumn):
        return Kind.CHANGED
    # Without a state nothing came from the server: the line is dead.
    away = error.sqlstate is None or error.sqlstate[:2] in ("08", "57")
    return Kind.AWAY if isinstance(error, psycopg.OperationalError) and away else Kind.FAILED
