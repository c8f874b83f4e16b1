"""Columns of the fact files, and the files: Parquet with real types, or CSV as the contract spells it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from headway.demo.workdays import Ints, Workdays

FileFormat = Literal["parquet", "csv"]


def ids(pattern: str, n: int, first: int) -> pa.Array:
    return pa.array([pattern.format(i) for i in range(first, first + n)], type=pa.string())


def picked(words: Sequence[str | None], at: Ints) -> pa.Array:
    """`words[at]` as text; a negative position is unknown."""
    return text_at(pa.array(list(words), type=pa.string()), at)


def text_at(values: pa.Array, at: Ints) -> pa.Array:
    at = np.asarray(at, dtype=np.int64)
    return values.take(pa.array(np.maximum(at, 0), mask=at < 0))


def stamps(local_s: Ints, workdays: Workdays) -> pa.Array:
    """Local seconds as UTC instants; NEVER becomes null."""
    return pa.array(workdays.to_utc(local_s)).cast(pa.timestamp("us", "UTC"))


def write_table(table: pa.Table, name: str, folder: Path, *, file_format: FileFormat) -> Path:
    """Writes one canonical table; the same table gives the same bytes."""
    path = folder / f"{name}.{file_format}"
    if file_format == "parquet":
        pq.write_table(table, path, compression="snappy")
    else:
        pacsv.write_csv(_spelled(table), path, pacsv.WriteOptions(quoting_style="needed"))
    return path


def _spelled(table: pa.Table) -> pa.Table:
    """Instants as `2026-05-17T09:30:00Z`; everything else Arrow spells as the contract asks."""
    for position, field in enumerate(table.schema):
        if not pa.types.is_timestamp(field.type):
            continue
        plain = table[field.name].cast(pa.timestamp("us"))
        known = np.asarray(plain.is_valid())
        text = np.datetime_as_string(plain.to_numpy(), unit="s", timezone="naive").astype(object) + "Z"
        table = table.set_column(position, field.name, pa.array(text, mask=~known, type=pa.string()))
    return table
