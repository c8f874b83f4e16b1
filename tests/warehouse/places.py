"""Put tables into an engine, as a company's warehouse has them; gives the address."""

from __future__ import annotations

import gc
import os
import shutil
import uuid
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ENGINES = ("duckdb", "postgres", "clickhouse", "spark")
# Thirty reps are not worth compiling for.
SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:%2BUseSerialGC",
}
Tables = Mapping[str, pa.Table]
_POSTGRES = {"VARCHAR": "text", "DOUBLE": "double precision", "TIMESTAMP WITH TIME ZONE": "timestamptz"}


@contextmanager
def warehouse(engine: str, tables: Tables, folder: Path) -> Iterator[str]:
    """A warehouse of that kind with these tables, and its address."""
    write(tables, folder)
    with {"duckdb": in_duckdb, "postgres": in_postgres, "clickhouse": in_clickhouse, "spark": in_spark}[engine](
        tables, folder
    ) as address:
        yield address


def write(tables: Tables, folder: Path) -> Tables:
    """One Parquet file per table; gives the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return tables


@contextmanager
def in_duckdb(tables: Tables, folder: Path) -> Iterator[str]:
    file = folder / "company.duckdb"
    with duckdb.connect(str(file)) as con:
        for name in tables:
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")
    yield f"duckdb://{file}"


def postgres_address() -> str:
    """The server of `DATABASE_URL`, or the one on this machine; skips, saying so, where there is none."""
    address = os.environ.get("DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
    parts = urlsplit(address)
    address = f"postgres://{parts.netloc}/postgres"
    try:
        psycopg.connect(address.replace("postgres:", "postgresql:", 1), connect_timeout=3).close()
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers; give one by DATABASE_URL")
    return address


@contextmanager
def in_postgres(tables: Tables, folder: Path) -> Iterator[str]:
    address = postgres_address()
    schema = f"crm_{uuid.uuid4().hex[:12]}"
    with (
        psycopg.connect(address.replace("postgres:", "postgresql:", 1), autocommit=True) as server,
        duckdb.connect() as con,
    ):
        con.execute("SET TimeZone = 'UTC'")
        server.execute(f"CREATE SCHEMA {schema}".encode())
        try:
            for name in tables:
                source = f"read_parquet('{folder}/{name}.parquet')"
                described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
                columns = ", ".join(f'"{c}" {_POSTGRES.get(t, t)}' for c, t, *_rest in described)
                server.execute(f"CREATE TABLE {schema}.{name} ({columns})".encode())
                con.execute(f"COPY (SELECT * FROM {source}) TO '{folder}/{name}.csv' (HEADER, FORCE_QUOTE *)")
                text = (folder / f"{name}.csv").read_bytes()
                # DuckDB quotes an empty text and not a missing one only when all is quoted.
                with server.cursor().copy(
                    f"COPY {schema}.{name} FROM STDIN (FORMAT csv, HEADER, NULL '')".encode()
                ) as copy:
                    copy.write(text)
            yield f"{address}?schema={schema}"
        finally:
            server.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@contextmanager
def in_clickhouse(tables: Tables, folder: Path) -> Iterator[str]:
    session = pytest.importorskip("chdb.session", reason="chDB is not installed")
    place = folder / "clickhouse"
    place.mkdir()
    opened = session.Session(str(place))
    try:
        for name in tables:
            opened.query(
                f"CREATE TABLE {name} ENGINE = MergeTree ORDER BY tuple() AS "
                f"SELECT * FROM file('{folder}/{name}.parquet', Parquet)"
            )
    finally:
        opened.close()
    yield f"chdb://{place}"


@contextmanager
def in_spark(tables: Tables, folder: Path) -> Iterator[str]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("no Java: Spark is not tried")
    if "DATABASE_URL" in os.environ:
        pytest.skip("Spark is slow to start and knows nothing of the records: tried where they lie in SQLite")
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    options = "&".join(f"conf.{name}={value}" for name, value in SMALL.items())
    try:
        yield f"spark://local[2]?path={folder}&conf.spark.sql.warehouse.dir={folder}/warehouse&{options}"
    finally:
        _end_spark()


def _end_spark() -> None:
    """Stop the session and the Java beside it; py4j leaves its sockets to the collector, which would be heard later."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        if session is not None:
            session.stop()
        gateway = SparkContext._gateway
        if gateway is not None:
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(timeout=60)
            SparkContext._gateway = SparkContext._jvm = None
        del session, gateway
        gc.collect()
