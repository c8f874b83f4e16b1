"""Typed rows go through the checks once: those that can be used into a file, what is wrong with the others aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from headway.facts.cell_texts import literal
from headway.facts.checks import Check
from headway.facts.row_files import write_rows
from headway.facts.tables import Table
from headway.facts.workspace import Workspace

_FAULTS = pa.schema([("_row", pa.int64()), ("_faults", pa.int64())])


@dataclass(frozen=True)
class Sifted:
    """What became of typed rows.

    Args:
        relation: the rows that can be used: `_source`, `_row`, the table's columns, `attributes`.
        faults: the rows with something wrong, lost or not: `_row`, and in `_faults` one bit for each check that failed.
        read: rows that went in.
        kept: rows that can be used.
    """

    relation: str
    faults: str
    read: int
    kept: int

    def failed(self, checks: Sequence[Check], workspace: Workspace) -> list[tuple[int, Check]]:
        """The checks that failed for any row, each with its bit."""
        found = workspace.con.execute(f"SELECT coalesce(bit_or(_faults), 0) FROM {self.faults}").fetchone() or (0,)
        return [(1 << i, check) for i, check in enumerate(checks) if int(found[0]) >> i & 1]


def sift(
    typed: str, source: str, table: Table, present: frozenset[str], checks: Sequence[Check], workspace: Workspace
) -> Sifted:
    """Put typed rows through the checks.

    Args:
        typed: relation with `_row`, `attributes`, the values `v_<column>` and their texts `t_<column>`.
        source: its name.
        table: the canonical table.
        present: its columns that the source gives.
        checks: at most 62; each costs the row, or empties a cell.
        workspace: where the rows lie.
    """
    name, aside = workspace.new_name("staged"), workspace.new_name("faults")
    costs_row = sum(1 << i for i, check in enumerate(checks) if check.level == "row")
    read = 0
    with pq.ParquetWriter(workspace.file(aside), _FAULTS) as wrong:

        def look(batch: pa.RecordBatch) -> pa.RecordBatch:
            nonlocal read
            read += batch.num_rows
            faults = batch.column("_faults")
            rows = batch.drop_columns(["_faults"])
            if not pc.any(pc.not_equal(faults, 0)).as_py():
                return rows
            some = pa.RecordBatch.from_arrays([batch.column("_row"), faults], schema=_FAULTS)
            wrong.write_batch(some.filter(pc.not_equal(faults, 0)))
            return rows.filter(pc.equal(pc.bit_wise_and(faults, costs_row), 0))

        select = _select(typed, table, present, checks)
        kept = write_rows(
            workspace.con, select, workspace.file(name), compression="zstd", dictionary=table.repeating, look=look
        )
    workspace.see(aside)
    workspace.see(name, f"{literal(source)} AS _source,")
    return Sifted(name, aside, read, kept)


def _select(typed: str, table: Table, present: frozenset[str], checks: Sequence[Check]) -> str:
    bits = [f"CASE WHEN {c.condition} THEN {1 << i} ELSE 0 END" for i, c in enumerate(checks)]
    faults = " + ".join(f"CAST({bit} AS BIGINT)" for bit in bits) or "CAST(0 AS BIGINT)"
    columns = []
    for column in table.columns:
        value = f"v_{column.name}" if column.name in present else "NULL"
        emptied = sum(1 << i for i, c in enumerate(checks) if c.level == "cell" and c.empties == column.name)
        if emptied:
            value = f"CASE WHEN _faults & {emptied} = 0 THEN {value} END"
        if column.default is not None:
            value = f"coalesce({value}, {literal(column.default)})"
        columns.append(f'CAST({value} AS {column.kind.sql}) AS "{column.name}"')
    return f"SELECT _row, {', '.join(columns)}, attributes, _faults FROM (SELECT *, {faults} AS _faults FROM {typed})"
