"""Open deals with their history, kept beside a cube: what a new day touches is found among them, not among all deals.

They only save work. A load that touches a deal which was closed before, or entries without a deal, is looked up in the
facts instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from headway.metrics.arrays.tables import Tables
from headway.metrics.arrays.values import Values

DEALS, MOVES, KEY = "opportunities", "stage_changes", "opportunity_id"
FILES = {DEALS: "open-deals.arrow", MOVES: "open-deals-history.arrow"}


@dataclass(frozen=True)
class OpenDeals:
    """Rows of the open deals and of their history, with the columns that definitions look at."""

    deals: pa.Table
    moves: pa.Table

    def write(self, folder: Path) -> None:
        """Into a cube's folder."""
        for name, table in ((DEALS, self.deals), (MOVES, self.moves)):
            with pa.OSFile(str(folder / FILES[name]), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)


def read_open_deals(folder: Path) -> OpenDeals | None:
    """The open deals of a cube; None if they were not kept."""
    found = []
    try:
        for name in (DEALS, MOVES):
            with pa.memory_map(str(folder / FILES[name])) as source:
                found.append(pa.ipc.open_file(source).read_all())
    except (OSError, pa.ArrowException):
        return None
    return OpenDeals(*found)


class Collected:
    """Open deals as all deals pass by, some at a time."""

    def __init__(self) -> None:
        self._pieces: list[OpenDeals] = []
        self._whole = True

    def take(self, some: Tables) -> None:
        """Those of some deals, of which the definitions have read what they need."""
        deals, moves = some.table(DEALS), some.table(MOVES)
        self._whole &= {KEY, "outcome"} <= deals.read and KEY in moves.read and not some.moves_without_deals
        if self._whole:
            is_open = np.zeros(deals.count, np.bool_)
            is_open[deals.filter(deals.outcome == "open").get(KEY).array] = True
            of_open = np.flatnonzero(is_open[moves.get(KEY).array])
            ids = pa.chunked_array(list(some.chunks(DEALS, KEY)), pa.string()).combine_chunks()
            which = np.flatnonzero(is_open)
            self._pieces.append(
                OpenDeals(
                    _table(deals, which, ids.take(pa.array(which))),
                    _table(moves, of_open, ids.take(pa.array(moves.get(KEY).array[of_open]))),
                )
            )

    def found(self) -> OpenDeals | None:
        """All of them, or None if not every deal could be told."""
        if not self._whole or not self._pieces:
            return None
        return OpenDeals(_one([p.deals for p in self._pieces]), _one([p.moves for p in self._pieces]))


def _table(rows: Any, which: np.ndarray[Any, Any], ids: pa.Array) -> pa.Table:
    columns = {name: _arrow(rows.get(name).take(which)) for name in sorted(rows.read - {KEY})}
    return pa.table({KEY: ids, **columns})


_TYPES = {"date": (pa.int32(), pa.date32()), "timestamp": (pa.int64(), pa.timestamp("us"))}


def _arrow(column: Values) -> pa.Array:
    if column.kind == "text":
        texts = column.texts if isinstance(column.texts, pa.Array) else column.texts.texts()
        return texts.take(pa.array(column.array, mask=column.nulls)).cast(pa.string())
    found = pa.array(column.array, mask=column.nulls)
    for step in _TYPES.get(column.kind, ()):
        found = found.cast(step)
    return found


def _one(tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables, promote_options="default")


@dataclass(frozen=True)
class Touched:
    """The deals that a load touched, with their history, as they are and as they were; and those open afterwards."""

    now: Tables
    before: Tables
    open_afterwards: OpenDeals | None


def touched(known: OpenDeals, changes: dict[str, tuple[Path, Path]]) -> Touched | None:
    """What a load touched; None if that cannot be told from the open deals alone.

    Args:
        known: the deals open before.
        changes: per table the files of the rows that came and of those that went; they need not exist.
    """
    (came, went), (moved, unmoved) = (
        tuple(_rows(file, known_table.schema) for file in changes[name])
        for name, known_table in ((DEALS, known.deals), (MOVES, known.moves))
    )
    ids = pc.unique(pa.chunked_array([c for t in (came, went, moved, unmoved) for c in t[KEY].chunks], pa.string()))
    was_open, new = _among(ids, known.deals), pc.and_not(_among(ids, came), _among(ids, went))
    if not pc.all(pc.or_(was_open, new)).as_py() and len(ids):
        return None
    old_deals, other_deals = _split(known.deals, ids)
    old_moves, other_moves = _split(known.moves, ids)
    replaced = pa.concat_arrays([t[KEY].combine_chunks() for t in (came, went)])
    deals = _one([came, _split(old_deals, replaced)[1]])
    moves = _one([moved, _without(old_moves, unmoved)])
    still = deals.filter(pc.equal(deals["outcome"], "open"))
    afterwards = OpenDeals(_one([other_deals, still]), _one([other_moves, _split(moves, still[KEY])[0]]))
    told = not _split(moves, deals[KEY])[1].num_rows
    return Touched(
        Tables({DEALS: deals, MOVES: moves}),
        Tables({DEALS: old_deals, MOVES: old_moves}),
        afterwards if told else None,
    )


def _rows(file: Path, schema: pa.Schema) -> pa.Table:
    if not file.exists():
        return schema.empty_table()
    return pq.ParquetFile(file).read(columns=schema.names).select(schema.names).cast(schema)


def _among(ids: Any, table: pa.Table) -> Any:
    return pc.is_in(ids, value_set=_whole(table[KEY]))


def _whole(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _split(table: pa.Table, ids: Any) -> tuple[pa.Table, pa.Table]:
    """Rows of these deals, and all others."""
    those = pc.is_in(table[KEY], value_set=_whole(ids))
    return table.filter(those), table.filter(pc.invert(those))


def _without(moves: pa.Table, gone: pa.Table) -> pa.Table:
    """Entries that are not among those that went."""
    if not gone.num_rows:
        return moves
    keys = {tuple(row.values()) for row in gone.select(["opportunity_id", "stage", "entered_at"]).to_pylist()}
    rows = moves.select(["opportunity_id", "stage", "entered_at"]).to_pylist()
    return moves.filter(pa.array([tuple(row.values()) not in keys for row in rows], pa.bool_()))
