"""What is already loaded and what came: the next version, row by row, and how many are new, changed, the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from headway.facts.gathering import Gathered, same_key
from headway.facts.tables import BY_NAME, Table
from headway.facts.workspace import Workspace

# Rows that are compared with those that were there at a time.
MOST_JOINED = 1_500_000


@dataclass(frozen=True)
class TableCounts:
    """What a load does to one table. `read` = loaded + unchanged + updated + rejected.

    Args:
        loaded: rows that are new.
        updated: rows that were there and change.
        dropped: left out because the source marks them as deleted, merged or planned, by reason.
        cells: cells that could not be read; their rows are loaded without them.
        removed: rows that were there and go, because the source no longer has them.
    """

    read: int
    loaded: int
    unchanged: int
    updated: int
    rejected: int
    dropped: dict[str, int]
    cells: int = 0
    removed: int = 0

    @property
    def changes(self) -> bool:
        """Whether the table is different afterwards."""
        return bool(self.loaded or self.updated or self.removed)


def _attributes(new: str, old: str) -> str:
    return (
        f"CASE WHEN {new} IS NULL OR {new} = {old} THEN {old} WHEN {old} IS NULL THEN {new} "
        f"ELSE CAST(json_merge_patch({old}, {new}) AS VARCHAR) END"
    )


def prepare(
    gathered: Gathered, workspace: Workspace, *, replace: bool, removed: Collection[str] = frozenset()
) -> TableCounts:
    """Make `out_<table>`: the rows that are new or change, and `gone_<table>`: those that go; counts what happens.

    Args:
        gathered: the rows that came.
        workspace: has `raw_<table>`, the version before.
        replace: the version before does not count.
        removed: values of the table's first key column; rows of the version before that have one of them go,
            unless a row with the same key came again.
    """
    table = BY_NAME[gathered.table]
    workspace.con.execute(f"DROP VIEW IF EXISTS out_{table.name}")
    came = workspace.count(gathered.relation)
    if replace or not workspace.count(f"raw_{table.name}"):
        columns = ", ".join(f'"{c}"' for c in (*table.names, "attributes", "_source", "_row"))
        workspace.con.execute(f"CREATE VIEW out_{table.name} AS SELECT {columns} FROM {gathered.relation}")
        found = {"new": came}
    else:
        found = _changes(gathered, table, workspace)
    new, updated = found.get("new", 0), found.get("updated", 0)
    gone = 0 if replace else _gone(gathered, table, workspace, removed)
    return TableCounts(
        read=came + gathered.rejected,
        loaded=new,
        unchanged=came - new - updated,
        updated=updated,
        rejected=gathered.rejected,
        dropped=gathered.dropped,
        cells=workspace.count("rejects", f"target = '{table.name}' AND level = 'cell'"),
        removed=gone,
    )


def _gone(gathered: Gathered, table: Table, workspace: Workspace, removed: Collection[str]) -> int:
    """Make `gone_<table>` of the keys that go; returns how many."""
    keys = ", ".join(f'r."{k}"' for k in table.key)
    where = "false"
    if removed:
        asked = workspace.new_name("removed")
        workspace.con.register("ids_that_go", pa.table({"id": pa.array(sorted(removed), pa.string())}))
        workspace.con.execute(f"CREATE TABLE {asked} AS SELECT id FROM ids_that_go")
        workspace.con.unregister("ids_that_go")
        where = (
            f'r."{table.key[0]}" IN (SELECT id FROM {asked}) '
            f"AND NOT EXISTS (SELECT 1 FROM {gathered.relation} n WHERE {same_key(table, 'r', 'n')})"
        )
    workspace.con.execute(
        f"CREATE OR REPLACE TABLE gone_{table.name} AS SELECT {keys} FROM raw_{table.name} r WHERE {where}"
    )
    return workspace.count(f"gone_{table.name}")


def _changes(gathered: Gathered, table: Table, workspace: Workspace) -> dict[str, int]:
    """Make `out_<table>` of the rows that are new or different. Whole rows are only compared where a hash differs."""
    given = [c for c in table.names if c in gathered.columns and c not in table.key]
    keys = ", ".join(f'"{k}"' for k in table.key)
    content = "hash(" + ", ".join(["''", *(f'"{c}"' for c in given)]) + ")"
    suspects = _suspects(gathered, table, workspace, f"{keys}, {content} AS _content, hash(attributes) AS _aside")
    chosen = []
    for name in table.names:
        own = name in table.key or name in given
        chosen.append(f'n."{name}" AS "{name}"' if own else f'coalesce(o."{name}", n."{name}") AS "{name}"')
    attributes = _attributes("n.attributes", "o.attributes")
    changed = [f'n."{c}" IS DISTINCT FROM o."{c}"' for c in given]
    changed.append(f"{attributes} IS DISTINCT FROM o.attributes")
    workspace.keep(
        f"out_{table.name}",
        f"SELECT * FROM (SELECT {', '.join(chosen)}, {attributes} AS attributes, n._source, n._row, "
        f"CASE WHEN o._there IS NULL THEN 'new' WHEN {' OR '.join(changed)} THEN 'updated' END AS _change "
        f"FROM (SELECT * FROM {gathered.relation} SEMI JOIN {suspects} USING (_source, _row)) n "
        f"LEFT JOIN (SELECT *, true AS _there FROM raw_{table.name}) o ON {same_key(table, 'n', 'o')}) "
        "WHERE _change IS NOT NULL",
    )
    return dict(workspace.con.execute(f"SELECT _change, count(*) FROM out_{table.name} GROUP BY 1").fetchall())


def _suspects(gathered: Gathered, table: Table, workspace: Workspace, narrow: str) -> str:
    """A table of the rows that are new or whose hash differs, looked for some keys at a time: memory stays bounded."""
    name = workspace.new_name("suspects")
    rows = max(workspace.count(gathered.relation), workspace.count(f"raw_{table.name}"))
    parts = max(1, -(-rows // MOST_JOINED))
    keys = ", ".join(f'"{k}"' for k in table.key)
    workspace.con.execute(f"CREATE TABLE {name} (_source VARCHAR, _row BIGINT)")
    old = f"raw_{table.name}"
    for part in range(parts):
        some = f"WHERE hash({keys}) % {parts} = {part}" if parts > 1 else ""
        workspace.con.execute(
            f"INSERT INTO {name} SELECT n._source, n._row FROM "
            f"(SELECT _source, _row, {narrow}, attributes IS NULL AS _plain FROM {gathered.relation} {some}) n "
            f"LEFT JOIN (SELECT {narrow}, true AS _there FROM {old} {some}) o ON {same_key(table, 'n', 'o')} "
            "WHERE o._there IS NULL OR n._content <> o._content OR (NOT n._plain AND n._aside <> o._aside)"
        )
    return name


def next_rows_sql(table: Table, *, replace: bool) -> str:
    """All rows of the next version: those that came and those that stay."""
    columns = ", ".join(f'"{c}"' for c in (*table.names, "attributes"))
    came = f"SELECT {columns} FROM out_{table.name}"
    if replace:
        return came
    return (
        f"{came} UNION ALL SELECT {columns} FROM raw_{table.name} r "
        f"WHERE NOT EXISTS (SELECT 1 FROM out_{table.name} o WHERE {same_key(table, 'r', 'o')}) "
        f"AND NOT EXISTS (SELECT 1 FROM gone_{table.name} g WHERE {same_key(table, 'r', 'g')})"
    )
