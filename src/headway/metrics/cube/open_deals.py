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
    """Rows of the open deals and of their history, with the columns that definitions look at.

    An entry of the history names its deal by its place among the deals: a third of the bytes, and no looking up.
    """

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
        self._whole, self._count = True, 0

    def take(self, some: Tables) -> None:
        """Those of some deals, of which the definitions have read what they need."""
        deals, moves = some.table(DEALS), some.table(MOVES)
        self._whole &= {KEY, "outcome"} <= deals.read and KEY in moves.read and not some.moves_without_deals
        if self._whole:
            is_open = np.zeros(deals.count, np.bool_)
            is_open[deals.filter(deals.outcome == "open").get(KEY).array] = True
            which, of_open = np.flatnonzero(is_open), np.flatnonzero(is_open[moves.get(KEY).array])
            ids = pa.chunked_array(list(some.chunks(DEALS, KEY)), pa.string()).combine_chunks()
            places = self._count + np.cumsum(is_open, dtype=np.int32) - np.int32(1)
            self._pieces.append(
                OpenDeals(
                    _table(deals, which, ids.take(pa.array(which))),
                    _table(moves, of_open, pa.array(places[moves.get(KEY).array[of_open]])),
                )
            )
            self._count += len(which)

    def found(self) -> OpenDeals | None:
        """All of them, or None if not every deal could be told."""
        if not self._whole or not self._pieces:
            return None
        return OpenDeals(_one(*(p.deals for p in self._pieces)), _one(*(p.moves for p in self._pieces)))


def _table(rows: Any, which: np.ndarray[Any, Any], key: pa.Array) -> pa.Table:
    columns = {name: _arrow(rows.get(name).take(which)) for name in sorted(rows.read - {KEY})}
    return pa.table({KEY: key, **columns})


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
    came, went = (_Numbered.by(ids, _rows(file, known.deals.schema)) for file in changes[DEALS])
    moved, unmoved = (_Numbered.by(ids, _rows(file, _with_ids(known.moves.schema))) for file in changes[MOVES])
    deals = _Numbered(known.deals, _numbers(ids.find, known.deals))
    moves = _Numbered(known.moves, deals.deal[_places(known.moves)])
    replaced = _met(ids, came, went)
    if not np.all(_met(ids, deals) | (_met(ids, came) & ~_met(ids, went))):
        return None
    old, old_moves = deals.those(deals.deal >= 0), _named(moves.those(moves.deal >= 0), known.deals[KEY])
    new = came.and_those_of(old.those(~replaced[old.deal]))
    new_moves = moved.and_those_of(old_moves.those(_not_among(old_moves.rows, unmoved.rows)))
    now = Tables({DEALS: new.rows, MOVES: new_moves.rows})
    still = new.those(_open(now))
    afterwards = _afterwards(ids, (deals, still), (moves, new_moves.those(_met(ids, still)[new_moves.deal])))
    told = bool(_met(ids, new)[new_moves.deal].all())
    return Touched(now, Tables({DEALS: old.rows, MOVES: old_moves.rows}), afterwards if told else None)


def _afterwards(ids: Ids, deals: tuple[_Numbered, _Numbered], moves: tuple[_Numbered, _Numbered]) -> OpenDeals:
    """The open deals that the load did not touch, of all those before, and those that it touched and that are open."""
    (before, still), (moves_before, still_moves) = deals, moves
    others, other_moves = before.deal < 0, moves_before.those(moves_before.deal < 0)
    place = np.cumsum(others, dtype=np.int32) - np.int32(1)
    place_of = np.zeros(len(ids), np.int32)
    place_of[still.deal] = np.arange(len(still.deal), dtype=np.int32) + np.int32(others.sum())
    return OpenDeals(
        _one(before.those(others).rows, still.rows),
        _one(
            _at(other_moves.rows, place[_places(other_moves.rows)]),
            _at(still_moves.rows, place_of[still_moves.deal]),
        ),
    )


def _places(moves: pa.Table) -> Places:
    """The place of each entry's deal."""
    return np.concatenate([np.zeros(0, np.int32), *(chunk.to_numpy() for chunk in moves[KEY].chunks)])


def _at(moves: pa.Table, places: Places) -> pa.Table:
    """Entries that name their deals by these places."""
    return moves.set_column(moves.column_names.index(KEY), KEY, pa.array(places))


def _with_ids(schema: pa.Schema) -> pa.Schema:
    return schema.set(schema.get_field_index(KEY), pa.field(KEY, pa.string()))


def _named(moves: _Numbered, ids: pa.ChunkedArray) -> _Numbered:
    """Entries that name their deals by ids."""
    names = ids.take(pa.array(_places(moves.rows)))
    return _Numbered(moves.rows.set_column(moves.rows.column_names.index(KEY), KEY, names), moves.deal)


@dataclass(frozen=True)
class _Numbered:
    """Rows, and the number of the deal of each among those that a load touches (-1: not one of them)."""

    rows: pa.Table
    deal: Places

    @classmethod
    def by(cls, ids: Ids, rows: pa.Table) -> _Numbered:
        """Rows whose deals are numbered with it."""
        return cls(rows, _numbers(ids.numbers, rows))

    def those(self, which: npt.NDArray[np.bool_]) -> _Numbered:
        return _Numbered(self.rows.filter(pa.array(which)), self.deal[which])

    def and_those_of(self, other: _Numbered) -> _Numbered:
        return _Numbered(_one(self.rows, other.rows), np.concatenate([self.deal, other.deal]))


def _numbers(number: Callable[[pa.Array], Places], rows: pa.Table) -> Places:
    return np.concatenate([np.zeros(0, np.int32), *map(number, rows[KEY].chunks)])


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
