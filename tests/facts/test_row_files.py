"""Rows of a query in a file: their order, no rows at all, and what goes wrong on the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from headway.facts.checks import checks_for
from headway.facts.row_files import ROWS, write_rows
from headway.facts.tables import TABLES, Table


def test_rows_keep_their_order_and_are_looked_at(tmp_path: Path) -> None:
    con = duckdb.connect(config={"threads": 2})
    select = f"SELECT i, 'x' || i % 3 AS x FROM range({3 * ROWS}) t(i)"
    written = write_rows(
        con,
        select,
        tmp_path / "a.parquet",
        compression="zstd",
        dictionary=["x"],
        look=lambda batch: batch.filter(pc.not_equal(batch.column("i"), 7)),
    )
    assert written == 3 * ROWS - 1
    assert pq.read_table(tmp_path / "a.parquet")["i"].to_pylist() == [i for i in range(3 * ROWS) if i != 7]


def test_no_rows_are_a_file_with_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert write_rows(duckdb.connect(), "SELECT 1 AS a, 'b' AS b WHERE false", path, compression="lz4") == 0
    assert pq.read_table(path).column_names == ["a", "b"]


def test_what_goes_wrong_in_the_database_keeps_its_name(tmp_path: Path) -> None:
    """Also in the middle: too little memory is told as such, not as a file that could not be written."""
    path = tmp_path / "a.parquet"
    wrong = "SELECT CAST(CASE WHEN i = 900000 THEN 'x' ELSE '1' END AS INT) AS i FROM range(1000000) t(i)"
    with pytest.raises(duckdb.Error, match="Conversion Error"):
        write_rows(duckdb.connect(), wrong, path, compression="lz4")
    small = duckdb.connect(config={"memory_limit": "30MB", "temp_directory": ""})
    with pytest.raises(duckdb.OutOfMemoryException):
        write_rows(small, "SELECT i || 'x' AS i FROM range(5000000) t(i) ORDER BY hash(i)", path, compression="lz4")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_check_of_a_table_has_a_bit(table: Table) -> None:
    """The checks a row fails are told in one number of 63 bits."""
    assert len(checks_for(table, frozenset(table.names), date(2026, 1, 1))) <= 62
