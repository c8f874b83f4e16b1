"""All sources of one table together: `new_<table>`, each key once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.utils.translation import gettext as _

from headway.facts.mapping import Use
from headway.facts.masks import empty_select
from headway.facts.row_files import batches
from headway.facts.staging import Staged
from headway.facts.tables import BY_NAME, Table
from headway.facts.workspace import Workspace

# Hashes that are sorted at once.
MOST_HASHES = 8_000_000
# Of several rows for one key: a customer came with the first contract and left with the last.
_FIRST = 'first("{0}" ORDER BY _row) FILTER ("{0}" IS NOT NULL)'
_PICKED = {"started_on": 'min("{0}")', "churned_on": 'max("{0}")'}


@dataclass(frozen=True)
class Gathered:
    """The rows of one table of this load.

    Args:
        relation: `_source`, `_row`, the columns, `attributes`; each key once.
        columns: columns that some source gives; the others keep what is already loaded.
        rejected: rows rejected on the way, duplicates included.
        dropped: rows left out by the source's own word, by reason.
    """

    table: str
    relation: str
    columns: frozenset[str]
    rejected: int
    dropped: dict[str, int]


def same_key(table: Table, left: str, right: str) -> str:
    """SQL: two rows have the same key."""
    return " AND ".join(f'{left}."{k}" IS NOT DISTINCT FROM {right}."{k}"' for k in table.key)


def gather(table_name: str, staged: Sequence[Staged], workspace: Workspace) -> Gathered:
    """Put the staged rows of one table together; a key that comes twice is kept once and the rest listed."""
    table = BY_NAME[table_name]
    name = f"new_{table_name}"
    rows = [s for s in staged if s.use is Use.ROWS]
    if rows:
        parts = " UNION ALL ".join(f"SELECT {i} AS _seq, * FROM {s.relation}" for i, s in enumerate(rows))
    else:
        parts = f"SELECT 0 AS _seq, '' AS _source, 0::BIGINT AS _row, * FROM ({empty_select(table)})"
    again = _repeated(table, parts, workspace)
    twice = _note_duplicates(table, again, rows, workspace)
    doubled = workspace.count(again)
    where = f" ANTI JOIN {again} USING (_seq, _row)" if doubled else ""
    # Rows that others complete or mend lie in a table; the many others stay where they are.
    kind = "TABLE" if table_name == "people" or any(s.use is not Use.ROWS for s in staged) else "VIEW"
    workspace.con.execute(f"CREATE {kind} {name} AS SELECT * EXCLUDE (_seq) FROM ({parts}){where}")
    if kind == "VIEW" and len(rows) == 1 and not doubled:
        workspace.note_whole(name, of=rows[0].relation)
    if not rows and any(s.use is Use.FILLS for s in staged):
        _seed_from_base(table, staged, name, workspace)
    for more in staged:
        if more.use is not Use.ROWS:
            _fill(table, more, name, workspace)
    columns = frozenset[str]().union(*(s.columns for s in staged))
    if not rows and any(s.use is Use.FILLS for s in staged):
        columns = frozenset(table.names)
    dropped: dict[str, int] = {}
    for s in staged:
        for reason, number in s.dropped.items():
            dropped[reason] = dropped.get(reason, 0) + number
    return Gathered(table_name, name, columns, twice + sum(s.rejected for s in staged), dropped)


def _repeated(table: Table, parts: str, workspace: Workspace) -> str:
    """A table of the rows whose key stood in an earlier row; only suspects, by a hash of the key, are compared."""
    keys = ", ".join(f'"{k}"' for k in table.key)
    name, suspects = workspace.new_name("again"), workspace.new_name("suspects")
    workspace.con.register(suspects, pa.table({"hash": _twice(f"SELECT hash({keys}) AS h FROM ({parts})", workspace)}))
    workspace.con.execute(
        f"CREATE TABLE {name} AS SELECT _source, _seq, _row, {keys}, "
        f"row_number() OVER (PARTITION BY {keys} ORDER BY _seq, _row) AS _nth FROM ({parts}) WHERE hash({keys}) IN "
        f"(SELECT hash FROM {suspects}) QUALIFY _nth > 1"
    )
    workspace.con.unregister(suspects)
    return name


def _twice(hashes: str, workspace: Workspace) -> npt.NDArray[np.uint64]:
    """The hashes that come more than once. To sort them takes eight bytes a row, so many rows are sorted in parts."""
    parts = max(1, -(-workspace.count(f"({hashes})") // MOST_HASHES))
    found = [_twice_in(f"SELECT h FROM ({hashes}) WHERE h % {parts} = {part}", workspace) for part in range(parts)]
    return np.concatenate(found)


def _twice_in(hashes: str, workspace: Workspace) -> npt.NDArray[np.uint64]:
    ordered = np.concatenate([batch.column(0).to_numpy() for batch in batches(workspace.con, hashes)])
    ordered.sort()
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _note_duplicates(table: Table, again: str, rows: Sequence[Staged], workspace: Workspace) -> int:
    loud = [i for i, s in enumerate(rows) if not s.distinct]
    if not loud:
        return 0
    listed = ", ".join(map(str, loud))
    where = f"_seq IN ({listed})"
    number = workspace.count(again, where)
    if number:
        key = " || ' ' || ".join(f"coalesce(CAST(\"{k}\" AS VARCHAR), '')" for k in table.key)
        workspace.con.execute(
            f"INSERT INTO rejects SELECT _source, _row, ?, 'row', ?, {key}, ?, ? FROM {again} WHERE {where} "
            "ORDER BY _seq, _row",
            [
                table.name,
                " + ".join(table.key),
                _("The same key stands in an earlier row"),
                _("The first row is kept; remove the row that is wrong."),
            ],
        )
    return number


def _seed_from_base(table: Table, staged: Sequence[Staged], name: str, workspace: Workspace) -> None:
    for more in staged:
        if more.use is Use.FILLS:
            workspace.con.execute(
                f"INSERT INTO {name} SELECT {_text(more.source)}, 0, b.* FROM raw_{table.name} b "
                f"WHERE EXISTS (SELECT 1 FROM {more.relation} f WHERE {same_key(table, 'b', 'f')}) "
                f"AND NOT EXISTS (SELECT 1 FROM {name} n WHERE {same_key(table, 'b', 'n')})"
            )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _merged(column: str, name: str, *, wins: bool) -> str:
    there, more = f'{name}."{column}"', f'f."{column}"'
    return f"coalesce({more}, {there})" if wins else f"coalesce({there}, {more})"


def _fill(table: Table, more: Staged, name: str, workspace: Workspace) -> None:
    """Fill empty cells from another source, all cells of columns that win; with `adds`, add keys that are not there."""
    keys = ", ".join(f'"{k}"' for k in table.key)
    columns = [c for c in table.names if c in more.columns and c not in table.key]
    picked = ", ".join(f'{_PICKED.get(c, _FIRST).format(c)} AS "{c}"' for c in columns)
    one = f"(SELECT {keys}{', ' + picked if picked else ''} FROM {more.relation} GROUP BY {keys})"
    if more.use is Use.ADDS:
        workspace.con.execute(
            f"INSERT INTO {name} SELECT * FROM (SELECT * FROM {more.relation} QUALIFY row_number() "
            f"OVER (PARTITION BY {keys} ORDER BY _row) = 1) f "
            f"WHERE NOT EXISTS (SELECT 1 FROM {name} n WHERE {same_key(table, 'n', 'f')})"
        )
    if columns:
        sets = ", ".join(f'"{c}" = {_merged(c, name, wins=c in more.wins)}' for c in columns)
        workspace.con.execute(f"UPDATE {name} SET {sets} FROM {one} f WHERE {same_key(table, name, 'f')}")
