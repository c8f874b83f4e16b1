"""Open deals with their history, kept beside a cube: what a new day touches is found among them, not among all deals.

They only save work. A load that touches a deal which was closed before, or entries without a deal, is looked up in the
facts instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from headway.metrics.arrays.ids import Ids, Places
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
                writer.write_table(table.combine_chunks())


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
        return OpenDeals(_one(*(p.deals for p in self._pieces)), _one(*(p.moves for p in self._pieces)))


def _table(rows: Any, which: np.ndarray[Any, Any], ids: pa.Array) -> pa.Table:
    columns = {name: _arrow(rows.get(name).take(which)) for name in sorted(rows.read - {KEY})}
    return pa.table({KEY: ids, **columns})


_TYPES = {"date": (pa.int32(), pa.date32()), "timestamp": (pa.int64(), pa.timestamp("us"))}


def _arrow(column: Values) -> pa.Array:
    """The column for a file; texts of few kinds as their places among these."""
    if column.kind == "text":
        texts = column.texts if isinstance(column.texts, pa.Array) else column.texts.texts()
        places = pa.array(column.array.astype(np.int32), mask=column.nulls)
        return pa.DictionaryArray.from_arrays(places, texts.cast(pa.string()))
    found = pa.array(column.array, mask=column.nulls)
    for step in _TYPES.get(column.kind, ()):
        found = found.cast(step)
    return found


def _one(*tables: pa.Table) -> pa.Table:
    return pa.concat_tables(tables, promote_options="default").unify_dictionaries()


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

    Raises:
        Unsupported: the ids are not for arrays.
    """
    ids = Ids()
    (came, went), (moved, unmoved) = (
        tuple(_Numbered.by(ids.numbers, _rows(file, table.schema)) for file in changes[name])
        for name, table in ((DEALS, known.deals), (MOVES, known.moves))
    )
    deals, moves = (_Numbered.by(ids.find, table) for table in (known.deals, known.moves))
    replaced = _met(ids, came, went)
    if not np.all(_met(ids, deals) | (_met(ids, came) & ~_met(ids, went))):
        return None
    old, old_moves = (rows.those(rows.deal >= 0) for rows in (deals, moves))
    new = came.and_those_of(old.those(~replaced[old.deal]))
    new_moves = moved.and_those_of(old_moves.those(_not_among(old_moves.rows, unmoved.rows)))
    now = Tables({DEALS: new.rows, MOVES: new_moves.rows})
    still = new.those(_open(now))
    still_moves = new_moves.those(_met(ids, still)[new_moves.deal])
    afterwards = OpenDeals(
        _one(deals.those(deals.deal < 0).rows, still.rows), _one(moves.those(moves.deal < 0).rows, still_moves.rows)
    )
    told = bool(_met(ids, new)[new_moves.deal].all())
    return Touched(now, Tables({DEALS: old.rows, MOVES: old_moves.rows}), afterwards if told else None)


@dataclass(frozen=True)
class _Numbered:
    """Rows, and the number of the deal of each among those that a load touches (-1: not one of them)."""

    rows: pa.Table
    deal: Places

    @classmethod
    def by(cls, number: Callable[[pa.Array], Places], rows: pa.Table) -> _Numbered:
        chunks = rows[KEY].chunks  # those of one file or table are one
        return cls(rows, np.concatenate([np.zeros(0, np.int32), *map(number, chunks)]))

    def those(self, which: npt.NDArray[np.bool_]) -> _Numbered:
        return _Numbered(self.rows.filter(pa.array(which)), self.deal[which])

    def and_those_of(self, other: _Numbered) -> _Numbered:
        return _Numbered(_one(self.rows, other.rows), np.concatenate([self.deal, other.deal]))


def _met(ids: Ids, *some: _Numbered) -> npt.NDArray[np.bool_]:
    """By the number of a deal, whether any of the rows is one of it."""
    found = np.zeros(len(ids) + 1, np.bool_)
    for numbered in some:
        found[numbered.deal] = True
    return found[:-1]


def _open(tables: Tables) -> npt.NDArray[np.bool_]:
    deals = tables.table(DEALS)
    held = (deals.outcome == "open").of(deals)
    return np.asarray(np.broadcast_to(held.array & held.known, deals.count))


def _rows(file: Path, schema: pa.Schema) -> pa.Table:
    if not file.exists():
        return schema.empty_table()
    texts = [column.name for column in schema if pa.types.is_dictionary(column.type)]
    return pq.ParquetFile(file, read_dictionary=texts).read(columns=schema.names).select(schema.names).cast(schema)


def _not_among(moves: pa.Table, gone: pa.Table) -> npt.NDArray[np.bool_]:
    """Which entries are not among those that went."""
    if not gone.num_rows:
        return np.ones(moves.num_rows, np.bool_)
    keys = {tuple(row.values()) for row in gone.select(["opportunity_id", "stage", "entered_at"]).to_pylist()}
    rows = moves.select(["opportunity_id", "stage", "entered_at"]).to_pylist()
    return np.array([tuple(row.values()) not in keys for row in rows], np.bool_)
