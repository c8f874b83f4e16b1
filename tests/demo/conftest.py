"""One demo company for all tests of this folder, read with DuckDB and counted plainly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from headway.demo import company
from headway.demo.company import DemoCompany

SEEDS = (7, 11)


@dataclass(frozen=True)
class Counted:
    """The company and a connection with one view per table; `name` joins people to anything."""

    company: DemoCompany
    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, list(values)).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        (row,) = self.rows(sql, *values)
        return row[0] if len(row) == 1 else row


def open_company(written: DemoCompany) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{written.time_zone}'")
    for table, path in written.files.items():
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{path}'")
    return connection


@pytest.fixture(scope="session", params=SEEDS, ids=lambda s: f"seed{s}")
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    folder: Path = tmp_path_factory.mktemp("alderwick")
    written = company.write(folder, seed=request.param)
    connection = open_company(written)
    yield Counted(written, connection)
    connection.close()
