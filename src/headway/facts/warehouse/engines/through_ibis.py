"""Snowflake, BigQuery and Databricks, through Ibis and the client of each. Written from their documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headway.facts.warehouse.address import Address
from headway.facts.warehouse.engine import Columns, Type
from headway.facts.warehouse.trouble import Kind, no_client, trouble

_LABELS = {"snowflake": "Snowflake", "bigquery": "BigQuery", "databricks": "Databricks"}
_CLIENTS = {
    "snowflake": "snowflake-connector-python",
    "bigquery": "google-cloud-bigquery",
    "databricks": "databricks-sql-connector",
}


class ThroughIbis:
    """The addresses are Ibis' own: https://ibis-project.org/backends/snowflake, …/bigquery, …/databricks."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.label = _LABELS[address.kind]
        self.dialect = address.kind
        try:
            self._con: Any = _connected(address)
        except ImportError:
            raise no_client(address, extra=address.kind, package=_CLIENTS[address.kind]) from None
        except Exception as error:  # every client has errors of its own
            raise trouble(_kind(error), address, words=str(error)) from None
        self._names: dict[str, str] | None = None

    def columns(self, table: str) -> Columns | None:
        """As `Engine`; names are found whatever their letters, as Snowflake writes them in capitals."""
        *before, last = table.split(".")
        try:
            if self._names is None or before:
                listed = self._con.list_tables(database=tuple(before) or None)
                names = {name.casefold(): name for name in listed}
                self._names = self._names if before else names
            else:
                names = self._names
            actual = names.get(last.casefold())
            if actual is None:
                return None
            found = self._con.table(actual, database=tuple(before) or None).schema()
        except Exception as error:  # every client has errors of its own
            raise trouble(_kind(error), self.address, words=str(error)) from None
        mark = '"' if self.dialect == "snowflake" else "`"
        name = ".".join(f"{mark}{part}{mark}" for part in (*before, actual))
        return Columns(name, {column: _type(kind) for column, kind in found.items()})

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """As `Engine`."""
        found = self._arrow(sql)
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def save(self, sql: str, stem: Path) -> Path:
        """As `Engine`: Parquet."""
        import pyarrow.parquet as pq

        file = stem.with_suffix(".parquet")
        pq.write_table(self._arrow(sql), file)
        return file

    def _arrow(self, sql: str) -> Any:
        try:
            return self._con.sql(sql).to_pyarrow()
        except Exception as error:  # every client has errors of its own
            raise trouble(_kind(error), self.address, words=str(error)) from None

    def stop(self) -> None:
        """Left to the warehouse's own limit."""

    def close(self) -> None:
        """As `Engine`."""
        self._con.disconnect()


def _connected(address: Address) -> Any:
    import ibis

    if address.kind != "databricks":
        return getattr(ibis, address.kind).connect(**_arguments(address))
    from ibis.backends.databricks import Backend

    class Reading(Backend):  # type: ignore[misc, valid-type, unused-ignore]
        """Ibis makes a volume in the schema for every process that connects; here nothing may be made."""

        def _post_connect(self, *, memtable_volume: str) -> None:
            """Nothing."""

    return Reading().connect(**_arguments(address))


def _type(kind: Any) -> Type:
    if kind.is_string():
        return Type.TEXT
    if kind.is_timestamp():
        return Type.INSTANT
    if kind.is_date():
        return Type.DAY
    if kind.is_boolean():
        return Type.YES_NO
    return Type.NUMBER if kind.is_numeric() else Type.OTHER


def _kind(error: Exception) -> Kind:
    """By the words that the three use; what is not known is said as it came."""
    said = str(error).casefold()
    for words, kind in (
        (("permission", "privilege", "not authorized", "access denied", "forbidden"), Kind.NOT_ALLOWED),
        (("incorrect username", "password", "unauthorized", "credentials", "invalid access token"), Kind.REFUSED),
        (("timeout", "timed out", "canceled", "cancelled"), Kind.TOO_LONG),
        (("does not exist", "not found", "unrecognized name", "unresolved"), Kind.CHANGED),
        (("connect", "resolve", "unreachable", "network"), Kind.AWAY),
    ):
        if any(word in said for word in words):
            return kind
    return Kind.FAILED


def _arguments(address: Address) -> dict[str, Any]:
    options = {k: v for k, v in address.options.items() if k not in ("schema", "timeout", "mapping")}
    parts = [part for part in address.path.split("/") if part]
    schema = address.options.get("schema")
    if address.kind == "bigquery":
        dataset = schema or (parts[0] if parts else None)
        return {"project_id": address.place, **({"dataset_id": dataset} if dataset else {}), **options}
    if address.kind == "snowflake":
        database = "/".join([*parts, schema] if schema and len(parts) < 2 else parts)
        limit = {"STATEMENT_TIMEOUT_IN_SECONDS": int(address.seconds), "TIMEZONE": "UTC"}
        return {
            "user": address.user, "password": address.password, "account": address.place, "database": database,
            "session_parameters": limit, "create_object_udfs": False, **options,
        }  # fmt: skip
    catalog = parts[0] if parts else None
    named = {k: v for k, v in (("catalog", catalog), ("schema", schema)) if v}
    return {"server_hostname": address.place, "access_token": address.password, **named, **options}
