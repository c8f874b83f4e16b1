"""What is already loaded and what came: the next version, row by row, and how many are new, changed, the same."""

from __future__ import annotations

from dataclasses import dataclass

from headway.facts.gathering import Gathered, same_key
from headway.facts.masks import empty_select
from headway.facts.tables import BY_NAME, Table
from headway.facts.workspace import Workspace


@dataclass(frozen=True)
class TableCounts:
    """What a load does to one table. `read` = loaded + unchanged + updated + rejected.

    Args:
        loaded: rows that are new.
        updated: rows that were there and change.
        dropped: left out because the source marks them as deleted, merged or planned, by reason.
        cells: cells that could not be read; their rows are loaded without them.
    """

    read: int
    loaded: int
    unchanged: int
    updated: int
    rejected: int
    dropped: dict[str, int]
    cells: int = 0

    @property
    def changes(self) -> bool:
        """Whether the table is different afterwards."""
        return bool(self.loaded or self.updated)


def _attributes(new: str, old: str) -> str:
    return (
        f"CASE WHEN {new} IS NULL OR {new} = {old} THEN {old} WHEN {old} IS NULL THEN {new} "
        f"ELSE CAST(json_merge_patch({old}, {new}) AS VARCHAR) END"
    )


def prepare(gathered: Gathered, workspace: Workspace, *, replace: bool) -> TableCounts:
    """Make `out_<table>`: the rows of the next version; counts what happens.

    Args:
        gathered: the rows that came.
        workspace: has `raw_<table>`, the version before.
        replace: the version before does not count.
    """
    table = BY_NAME[gathered.table]
    old = f"({empty_select(table)})" if replace else f"raw_{table.name}"
    given = [c for c in table.names if c in gathered.columns and c not in table.key]
    chosen = []
    for name in table.names:
        if name in table.key or name in given:
            chosen.append(f'n."{name}" AS "{name}"')
        else:
            chosen.append(f'coalesce(o."{name}", n."{name}") AS "{name}"')
    attributes = _attributes("n.attributes", "o.attributes")
    changed = [f'n."{c}" IS DISTINCT FROM o."{c}"' for c in given]
    changed.append(f"{attributes} IS DISTINCT FROM o.attributes")
    workspace.con.execute(f"DROP TABLE IF EXISTS out_{table.name}")
    workspace.con.execute(
        f"CREATE TABLE out_{table.name} AS SELECT {', '.join(chosen)}, {attributes} AS attributes, "
        f"CASE WHEN o._there IS NULL THEN 'new' WHEN {' OR '.join(changed)} THEN 'updated' ELSE 'same' END AS _change, "
        f"n._source, n._row FROM {gathered.relation} n LEFT JOIN (SELECT *, true AS _there FROM {old}) o "
        f"ON {same_key(table, 'n', 'o')}"
    )
    found = dict(workspace.con.execute(f"SELECT _change, count(*) FROM out_{table.name} GROUP BY 1").fetchall())
    cells = workspace.count("rejects", f"target = '{table.name}' AND level = 'cell'")
    return TableCounts(
        read=sum(found.values()) + gathered.rejected,
        loaded=found.get("new", 0),
        unchanged=found.get("same", 0),
        updated=found.get("updated", 0),
        rejected=gathered.rejected,
        dropped=gathered.dropped,
        cells=cells,
    )


def next_rows_sql(table: Table, *, replace: bool) -> str:
    """All rows of the next version: those that came and those that stay."""
    columns = ", ".join(f'"{c}"' for c in (*table.names, "attributes"))
    came = f"SELECT {columns} FROM out_{table.name}"
    if replace:
        return came
    return (
        f"{came} UNION ALL SELECT {columns} FROM raw_{table.name} r "
        f"WHERE NOT EXISTS (SELECT 1 FROM out_{table.name} o WHERE {same_key(table, 'r', 'o')})"
    )
