"""What is already loaded and what came: the next version, row by row, and how many are new, changed, the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa

from headway.facts.gathering import Gathered, same_key
from headway.facts.tables import BY_NAME, Table
from headway.facts.workspace import Workspace

# Rows that are compared with those that were there at a time.
MOST_JOINED = 2_500_000


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
        workspace.note_whole(f"out_{table.name}", of=gathered.relation)
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
    suspects = _suspects(gathered, table, workspace, given)
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


def _suspects(gathered: Gathered, table: Table, workspace: Workspace, given: Sequence[str]) -> str:
    """A table of the rows that are new or whose hash differs, looked for some keys at a time: memory stays bounded."""
    new, old, name = (workspace.new_name(what) for what in ("came", "there", "suspects"))
    keys = ", ".join(f'"{k}"' for k in table.key)
    content = ", ".join(["''", *(f'"{c}"' for c in given)])
    hashes = (
        f"hash({keys}) AS key, hash({content}) AS content, CASE WHEN attributes IS NOT NULL THEN hash(attributes) END"
    )
    workspace.keep(new, f"SELECT _source, _row, {hashes} AS aside FROM {gathered.relation}", repeating=["_source"])
    workspace.keep(old, f"SELECT {hashes} AS aside FROM raw_{table.name}")
    parts = max(1, -(-max(workspace.count(new), workspace.count(old)) // MOST_JOINED))
    workspace.con.execute(f"CREATE TABLE {name} (_source VARCHAR, _row BIGINT)")
    for part in range(parts):
        # Two keys may have the same hash: the row is then compared with both, and looked at more closely.
        workspace.con.execute(
            f"INSERT INTO {name} SELECT n._source, n._row FROM (SELECT * FROM {new} WHERE key % {parts} = {part}) n "
            f"LEFT JOIN (SELECT * FROM {old} WHERE key % {parts} = {part}) o ON n.key = o.key "
            "WHERE o.key IS NULL OR n.content <> o.content "
            "OR (n.aside IS NOT NULL AND n.aside IS DISTINCT FROM o.aside)"
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
