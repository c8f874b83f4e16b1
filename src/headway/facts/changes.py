"""What a load changed, kept beside its version: the rows that came and the rows that went.

Figures are brought up to date from these few rows instead of from all facts.
"""

from __future__ import annotations

from pathlib import Path

from headway.facts.folder import TableInfo
from headway.facts.gathering import same_key
from headway.facts.merging import TableCounts
from headway.facts.row_files import write_rows
from headway.facts.tables import BY_NAME, Table
from headway.facts.workspace import Workspace

# A load that changes more of a table than this is not worth describing row by row.
MOST = 0.2


def describable(counts: dict[str, TableCounts], before: dict[str, TableInfo]) -> bool:
    """Whether a load changes little enough of what was there."""
    for name, touched in counts.items():
        there = before[name].rows if name in before else 0
        if touched.loaded + touched.updated + touched.removed > MOST * there:
            return False
    return True


def write_changes(aside: Path, counts: dict[str, TableCounts], workspace: Workspace) -> None:
    """Write the rows that came and went of each table that changes, beside the version's tables."""
    for name, touched in counts.items():
        if touched.changes:
            table = BY_NAME[name]
            _copy(workspace, _came(table), aside / f"{name}.came.parquet")
            _copy(workspace, _went(table), aside / f"{name}.went.parquet")


def _columns(table: Table, alias: str) -> str:
    return ", ".join(f'{alias}."{column}"' for column in (*table.names, "attributes"))


def _came(table: Table) -> str:
    return f"SELECT {_columns(table, 'o')} FROM out_{table.name} o"


def _went(table: Table) -> str:
    return (
        f"SELECT {_columns(table, 'r')} FROM raw_{table.name} r "
        f"WHERE EXISTS (SELECT 1 FROM out_{table.name} o WHERE {same_key(table, 'r', 'o')}) "
        f"OR EXISTS (SELECT 1 FROM gone_{table.name} g WHERE {same_key(table, 'r', 'g')})"
    )


def _copy(workspace: Workspace, select: str, path: Path) -> None:
    write_rows(workspace.con, select, path, compression="zstd")
