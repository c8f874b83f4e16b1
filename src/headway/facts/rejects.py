"""The file of what could not be read: every row and cell with its reason, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from headway.facts.workspace import Workspace

HEADER = ("file", "row", "table", "what", "column", "value", "reason", "what to do")
# A spreadsheet runs a cell that starts with one of these; a quote before it makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


@dataclass(frozen=True)
class RejectGroup:
    """Rows or cells that could not be read for the same reason.

    Args:
        level: `row` = the row is not loaded, `cell` = loaded without this cell.
    """

    level: str
    table: str
    reason: str
    todo: str
    rows: int
    example_value: str
    example_source: str
    example_row: int
    example_column: str


def safe(text: object) -> str:
    """A cell that a spreadsheet shows and does not run."""
    shown = "" if text is None else str(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def groups(workspace: Workspace) -> tuple[RejectGroup, ...]:
    """The reasons, most rows first; lost rows before emptied cells."""
    found = workspace.con.execute(
        "SELECT level, target, reason, todo, count(*), arg_min(value, row_number), arg_min(source, row_number), "
        "min(row_number), arg_min(column_name, row_number) FROM rejects GROUP BY level, target, reason, todo "
        "ORDER BY level DESC, count(*) DESC, target, reason"
    ).fetchall()
    return tuple(
        RejectGroup(
            level, target or "", reason, todo or "", int(n), value or "", source or "", int(row or 0), column or ""
        )
        for level, target, reason, todo, n, value, source, row, column in found
    )


def write_rejects(workspace: Workspace, path: Path) -> int:
    """Write the rejects as CSV (UTF-8 with mark, so that spreadsheets read it rightly). Returns how many lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cursor = workspace.con.execute(
        "SELECT source, row_number, target, level, column_name, value, reason, todo FROM rejects "
        "ORDER BY source, row_number, column_name"
    )
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                writer.writerow([safe(cell) for cell in row])
                written += 1
    return written
