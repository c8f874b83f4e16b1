"""Apache Spark: on this machine, on a cluster (`spark://`), or through Spark Connect (`sc://`)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headway.facts.warehouse.address import Address
from headway.facts.warehouse.engine import Columns, Type, parts_of
from headway.facts.warehouse.trouble import Kind, no_client, trouble

_TYPES = {
    "string": Type.TEXT,
    "date": Type.DAY,
    "timestamp": Type.INSTANT,
    "timestamp_ntz": Type.INSTANT,
    "boolean": Type.YES_NO,
}
_NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal")
# What a session of our own is given; an option `conf.NAME` of the address wins.
_CONF = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.log.level": "ERROR",
}
_HERE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
}


def type_of(name: str) -> Type:
    """What a type of Spark is to us."""
    if name.startswith(("char", "varchar")):
        return Type.TEXT
    return _TYPES.get(name, Type.NUMBER if name.startswith(_NUMBERS) else Type.OTHER)


class Spark:
    """`spark://local[2]`, `spark://host:7077`, `sc://host:15002`.

    Options: `schema`, `path` (a folder with one Parquet file or folder per table), `conf.NAME` for Spark's own.
    """

    label = "Spark"
    dialect = "pyspark"

    def __init__(self, address: Address) -> None:
        self.address = address
        self._schema = address.options.get("schema", "")
        self._folder = address.options.get("path", "")
        self._group = f"headway-{id(self)}"
        self._late = False
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError:
            raise no_client(address, extra="spark", package="pyspark") from None
        self._errors = PySparkException
        local = address.scheme != "sc" and address.place.startswith("local")
        conf = {**_CONF, **(_HERE if local else {})}
        conf |= {k.removeprefix("conf."): v for k, v in address.options.items() if k.startswith("conf.")}
        builder = SparkSession.builder.appName("headway")
        for name, value in conf.items():
            builder = builder.config(name, value)
        builder = (
            builder.remote(f"sc://{address.place}") if address.scheme == "sc" else builder.master(_master(address))
        )
        try:
            self._spark = builder.getOrCreate()
            self._spark.conf.set("spark.sql.session.timeZone", "UTC")
        except Exception as error:  # no Java, no cluster: Spark says so in many ways
            raise trouble(Kind.AWAY, address, words=str(error)) from None

    def columns(self, table: str) -> Columns | None:
        """As `Engine`."""
        try:
            with self._asking():
                if self._folder:
                    return self._file(table)
                name = ".".join(f"`{part}`" for part in parts_of(table, self._schema))
                found = self._spark.table(name).dtypes
        except _Missing:
            return None
        return Columns(name, {column: type_of(kind) for column, kind in found})

    def _file(self, table: str) -> Columns:
        place = next(
            (p for p in (f"{self._folder}/{table}.parquet", f"{self._folder}/{table}") if self._is_there(p)), None
        )
        if place is None:
            raise _Missing
        return Columns(f"parquet.`{place}`", {c: type_of(t) for c, t in self._spark.read.parquet(place).dtypes})

    def _is_there(self, place: str) -> bool:
        if "://" not in place:
            return Path(place).exists()
        try:
            self._spark.read.parquet(place)
        except self._errors:
            return False
        return True

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """As `Engine`."""
        try:
            with self._asking():
                return [tuple(row) for row in self._spark.sql(sql).collect()]
        except _Missing as error:
            raise trouble(Kind.CHANGED, self.address, words=str(error)) from None

    def save(self, sql: str, stem: Path) -> Path:
        """As `Engine`: Parquet, through this machine's memory table by table."""
        import pyarrow.parquet as pq

        file = stem.with_suffix(".parquet")
        with self._asking():
            pq.write_table(self._spark.sql(sql).toArrow(), file)
        return file

    def stop(self) -> None:
        """As `Engine`."""
        self._late = True
        if self.address.scheme == "sc":
            self._spark.interruptAll()
        else:
            self._spark.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """A session is shared by the whole process and ends with it."""

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self._late = False
        timer = threading.Timer(self.address.seconds, self.stop)
        timer.start()
        try:
            yield
        except self._errors as error:
            condition = str(error.getCondition() or "")
            if "TABLE_OR_VIEW_NOT_FOUND" in condition or "SCHEMA_NOT_FOUND" in condition:
                raise _Missing(str(error)) from None
            raise trouble(self._kind(condition), self.address, words=str(error)) from None
        except _Missing:
            raise
        except Exception as error:  # errors of Java come as py4j's
            kind = Kind.TOO_LONG if self._late else Kind.FAILED
            raise trouble(kind, self.address, words=str(error)) from None
        finally:
            timer.cancel()

    def _kind(self, condition: str) -> Kind:
        if self._late:
            return Kind.TOO_LONG
        changed = ("UNRESOLVED_COLUMN", "PATH_NOT_FOUND", "CAST_INVALID_INPUT", "FAILED_READ_FILE")
        if condition.startswith(changed):
            return Kind.CHANGED
        return Kind.NOT_ALLOWED if "PERMISSION" in condition else Kind.FAILED


class _Missing(Exception):
    """There is no such table."""


def _master(address: Address) -> str:
    return address.place if address.place.startswith(("local", "yarn", "k8s")) else f"spark://{address.place}"
