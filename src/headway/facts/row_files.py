"""The rows of a query into a Parquet file, some at a time: Arrow writes them in half the database's own time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

# Rows of a group of the file, and so those that are in memory at a time.
ROWS = 122_880
_NAMES = {"Out of Memory": duckdb.OutOfMemoryException, "IO": duckdb.IOException}


def batches(con: duckdb.DuckDBPyConnection, select: str) -> Iterator[pa.RecordBatch]:
    """The rows of a query in its order, some at a time; the first batch is empty and tells the columns.

    Raises:
        duckdb.Error: they could not be worked out.
    """
    reader = con.execute(select).to_arrow_reader(ROWS)
    yield pa.RecordBatch.from_pylist([], reader.schema)
    try:
        yield from reader
    except OSError as error:
        # Arrow keeps only the words of what went wrong in the database.
        raise _NAMES.get(str(error).partition(" Error")[0], duckdb.Error)(str(error)) from error


def write_rows(
    con: duckdb.DuckDBPyConnection,
    select: str,
    path: Path,
    *,
    compression: str,
    dictionary: Sequence[str] = (),
    look: Callable[[pa.RecordBatch], pa.RecordBatch] | None = None,
) -> int:
    """Write the rows of a query, in its order; returns how many were written.

    Args:
        con: the database.
        select: the query.
        path: the file.
        compression: `lz4` for what is soon thrown away, `zstd` for what stays.
        dictionary: columns whose cells repeat each other.
        look: sees every batch of rows before it is written and says what of it is.

    Raises:
        duckdb.Error, OSError: the rows could not be worked out, or not be written.
    """
    options: dict[str, Any] = {"compression": compression, "use_dictionary": list(dictionary) or False}
    if compression == "zstd":
        options["compression_level"] = 1
    writer, written = None, 0
    try:
        for batch in batches(con, select):
            kept = look(batch) if look else batch
            writer = writer or pq.ParquetWriter(path, kept.schema, **options)
            if kept.num_rows:
                writer.write_batch(kept)
            written += kept.num_rows
    finally:
        if writer is not None:
            writer.close()
    return written
