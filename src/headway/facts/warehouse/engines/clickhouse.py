"""ClickHouse: a server over its HTTP interface, or a folder of its own read by chDB without a server.

Source: https://clickhouse.com/docs/interfaces/http (authentication by headers, settings and database as parameters).
"""

from __future__ import annotations

import http.client
import io
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from headway.facts.warehouse.address import Address
from headway.facts.warehouse.engine import Columns, Type, parts_of
from headway.facts.warehouse.trouble import Kind, no_client, trouble

# Unknown stays unknown in a join, and Arrow gets text as text.
SETTINGS = {
    "join_use_nulls": "1",
    "session_timezone": "UTC",
    "output_format_arrow_string_as_string": "1",
    "output_format_parquet_string_as_string": "1",
    "date_time_overflow_behavior": "saturate",
}
_CODE = re.compile(r"Code: (\d+)")
# https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
_KINDS = {
    **dict.fromkeys((10, 16, 47, 60, 81), Kind.CHANGED),
    **dict.fromkeys((159, 160, 394), Kind.TOO_LONG),
    **dict.fromkeys((192, 193, 194, 516), Kind.REFUSED),
    497: Kind.NOT_ALLOWED,
    **dict.fromkeys((209, 210), Kind.AWAY),
}
_NO_TABLE = (60, 81)
_WRAPPED = re.compile(r"^(?:Nullable|LowCardinality)\((.*)\)$")


def type_of(name: str) -> Type:
    """What a type of ClickHouse is to us."""
    while (inside := _WRAPPED.match(name)) is not None:
        name = inside[1]
    if name.startswith(("String", "FixedString", "UUID", "Enum")):
        return Type.TEXT
    if name.startswith("DateTime"):
        return Type.INSTANT
    if name.startswith("Date"):
        return Type.DAY
    if name == "Bool":
        return Type.YES_NO
    return Type.NUMBER if name.startswith(("Int", "UInt", "Float", "Decimal")) else Type.OTHER


class _ClickHouse:
    label = "ClickHouse"
    dialect = "clickhouse"

    def __init__(self, address: Address) -> None:
        self.address = address
        self._schema = address.options.get("schema", "")

    def _bytes(self, sql: str) -> bytes:
        raise NotImplementedError

    def columns(self, table: str) -> Columns | None:
        """As `Engine`."""
        if not self._schema:
            # Without its database a table would be taken for the part of the statement that has its name.
            self._schema = str(self.rows("SELECT currentDatabase() AS here")[0][0])
        name = ".".join(f'"{part}"' for part in parts_of(table, self._schema))
        try:
            found = self._arrow(f"DESCRIBE TABLE {name}")
        except _Said as said:
            if said.code in _NO_TABLE:
                return None
            raise self._trouble(said) from None
        return Columns(name, {str(r["name"]): type_of(str(r["type"])) for r in found.select([0, 1]).to_pylist()})

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """As `Engine`."""
        try:
            found = self._arrow(sql)
        except _Said as said:
            raise self._trouble(said) from None
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def save(self, sql: str, stem: Path) -> Path:
        """As `Engine`: Parquet."""
        file = stem.with_suffix(".parquet")
        try:
            found = pa.ipc.open_stream(io.BytesIO(self._bytes(f"{sql} FORMAT ArrowStream")))
        except _Said as said:
            raise self._trouble(said) from None
        with pq.ParquetWriter(file, found.schema) as out:
            for batch in found:
                out.write_batch(batch)
        return file

    def _arrow(self, sql: str) -> pa.Table:
        answer = self._bytes(f"{sql} FORMAT ArrowStream")
        return pa.ipc.open_stream(io.BytesIO(answer)).read_all() if answer else pa.table({})

    def _trouble(self, said: _Said) -> Exception:
        return trouble(_KINDS.get(said.code, Kind.FAILED), self.address, words=said.words)


class _Said(Exception):
    """What ClickHouse said instead of an answer."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        found = _CODE.search(words)
        self.code = int(found[1]) if found else 0
        self.words = words.partition("DB::Exception: ")[2] or words


class ClickHouseServer(_ClickHouse):
    """`clickhouse://user@host:8123/database`; `clickhouses://` is the same over TLS (port 8443)."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        safe = address.scheme == "clickhouses"
        port = address.port or (8443 if safe else 8123)
        asked = {**SETTINGS, "max_execution_time": str(int(address.seconds)), "readonly": "2"}
        if address.path.strip("/"):
            asked["database"] = address.path.strip("/")
        host = address.place or "127.0.0.1"
        self._url = f"{'https' if safe else 'http'}://{host}:{port}/?{urllib.parse.urlencode(asked)}"
        self.rows("SELECT 1 AS here")

    def _bytes(self, sql: str) -> bytes:
        request = urllib.request.Request(self._url, data=sql.encode(), method="POST")
        request.add_header("X-ClickHouse-User", self.address.user or "default")
        if self.address.password:
            request.add_header("X-ClickHouse-Key", self.address.password)
        try:
            # The server stops by itself; waiting a little longer lets it say so.
            with urllib.request.urlopen(request, timeout=self.address.seconds + 15) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise _Said(error.read().decode("utf-8", "replace")) from None
        except TimeoutError:
            raise trouble(Kind.TOO_LONG, self.address) from None
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            raise trouble(Kind.AWAY, self.address) from None

    def stop(self) -> None:
        """A question cannot be called back over HTTP; the server ends it at its own limit."""

    def close(self) -> None:
        """Nothing is kept open."""


class ClickHouseFolder(_ClickHouse):
    """`chdb:///path/to/folder`: the same engine inside this process. One folder per process."""

    _one = threading.Lock()

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        try:
            from chdb.session import Session
        except ImportError:
            raise no_client(address, extra="clickhouse", package="chdb") from None
        path = Path(address.place + address.path)
        if not path.is_dir():
            raise trouble(Kind.AWAY, address)
        opened: Any = Session
        self._session = opened(str(path))
        settings = {**SETTINGS, "max_execution_time": str(int(address.seconds))}
        self._bytes("SET " + ", ".join(f"{name} = '{value}'" for name, value in settings.items()))

    def _bytes(self, sql: str) -> bytes:
        try:
            with self._one:
                return bytes(self._session.query(sql, "ArrowStream").bytes())
        except RuntimeError as error:
            raise _Said(str(error)) from None

    def stop(self) -> None:
        """A question of this engine ends at its own limit only."""

    def close(self) -> None:
        """As `Engine`."""
        self._session.close()
