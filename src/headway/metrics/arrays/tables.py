"""The canonical tables as arrays, read from their files column by column as definitions ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from headway.facts.tables import BY_NAME, Kind
from headway.metrics.arrays import Unsupported, values
from headway.metrics.arrays.ids import Ids, Numbered
from headway.metrics.arrays.relations import Relation, Some
from headway.metrics.arrays.values import Values

# Rows that are read at a time, and rows beyond which a table is left to the database.
ROWS, MOST_ROWS = 1 << 20, 40_000_000
# Entries that are looked at or passed over together, when those of some deals are looked for.
BLOCK = 1 << 17
_NUMBERS: dict[Kind, tuple[str, Any]] = {
    Kind.NUMBER: ("number", np.float64),
    Kind.COUNT: ("number", np.int64),
    Kind.DATE: ("date", np.int32),
    Kind.INSTANT: ("timestamp", np.int64),
}
_PLAIN = {Kind.DATE: (pa.date32(), pa.int32()), Kind.INSTANT: (pa.timestamp("us"), pa.int64())}


@dataclass(frozen=True)
class Piece:
    """Some row groups of a Parquet file, and how many rows they are."""

    path: Path
    groups: tuple[int, ...]
    rows: int


# An Arrow table with its rows, a file, or some of a file.
Source = Any


class Tables:
    """Canonical tables from files or from rows at hand; a table without a source is empty.

    people: those that were met, in whatever table, so that whoever numbers people is asked once.
    """

    def __init__(self, sources: Mapping[str, Source], *, people: Ids | None = None) -> None:
        self._sources = sources
        self.people = Ids() if people is None else people
        self._tables: dict[str, Relation] = {}
        self._ids: dict[str, Ids] = {}
        self.asked: set[str] = set()

    def table(self, name: str) -> Relation:
        """A canonical table."""
        self.asked.add(name)
        if name not in self._tables:
            self._tables[name] = self._opened(name)
        return self._tables[name]

    def _opened(self, name: str) -> Relation:
        return Stored(name, self._sources.get(name), self)

    @property
    def moves_without_deals(self) -> bool:
        """Whether any entry of the history names a deal that is not there."""
        return False

    def chunks(self, table: str, name: str) -> Iterator[pa.Array]:
        """A column as it lies in its source, some rows at a time."""
        return _chunks(self._sources.get(table), name)

    def forget(self) -> None:
        """Let go of what was read; tables and their columns know of each other."""
        for table in self._tables.values():
            table.forget()
        self._tables.clear()

    def forget_ids(self, table: str) -> None:
        """Let go of ids that nothing asks for any more."""
        self._ids.pop(table, None)

    def ids_of(self, table: str) -> Any:
        """The ids by which other tables name rows of this one; its own come first, in their order."""
        if table not in self._ids:
            self._ids[table] = ids = Ids()
            (key,) = BY_NAME[table].key
            chunks = list(_chunks(self._sources.get(table), key))
            if chunks:
                ids.add(*chunks)
        return self._ids[table]

    def by_deals(self) -> Iterator[Tables]:
        """The same tables, some deals with their history at a time: each has what its definitions look at."""
        moves = _Moves(self)
        at = 0
        for some in _some_at_a_time(self._sources.get("opportunities")):
            count = _count(some)
            yield _OfDeals({**self._sources, "opportunities": some}, moves, at, count, people=self.people)
            at += count


class _Moves:
    """The history of all deals, and the place of each entry's deal among the deals."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self._deal = tables, np.zeros(0, np.int32)
        self._whole: Relation | None = None
        self.without_deals = False
        self._blocks: list[tuple[int, int, int]] = []

    def of(self, first: int, count: int, numbered: Numbered) -> Relation:
        """The entries of so many deals from the `first` on."""
        if self._whole is None:
            self._whole = self._tables.table("stage_changes")
            # The ids have done their work once every entry knows its deal.
            self._deal = self._whole.get("opportunity_id").array
            deals = self._tables.table("opportunities").count
            self.without_deals = bool(len(self._deal)) and int(self._deal.max()) >= deals
            self._whole.forget("opportunity_id")
            self._tables.forget_ids("opportunities")
            self._blocks = _blocks(self._deal)
        which = self._of_deals(first, first + count)
        return _OfSome(self._whole, which, self._deal[which] - np.int32(first), numbered)

    def _of_deals(self, first: int, end: int) -> values.Array:
        """Which entries are of these deals. Entries come by time, and so do deals: most blocks have none of them."""
        found = [np.zeros(0, np.intp)]
        for at, low, high in self._blocks:
            if low < end and high >= first:
                deal = self._deal[at : at + BLOCK]
                found.append(np.flatnonzero((deal >= first) & (deal < end)) + at)
        return np.concatenate(found)


def _blocks(deal: values.Array) -> list[tuple[int, int, int]]:
    """Where each block of entries begins, and the least and greatest of its deals."""
    starts = np.arange(0, len(deal), BLOCK)
    if not len(starts):
        return []
    edges = (starts, np.minimum.reduceat(deal, starts), np.maximum.reduceat(deal, starts))
    return list(zip(*(edge.tolist() for edge in edges), strict=True))


class _OfSome(Some):
    """Entries of some deals, which are numbered anew."""

    def __init__(self, of: Relation, which: values.Array, deal: values.Array, numbered: Numbered) -> None:
        super().__init__(of, which)
        self._deal = Values(deal, "text", texts=numbered)

    def _get(self, name: str) -> Values:
        return self._deal if name == "opportunity_id" else super()._get(name)

    def day_of(self, name: str, day: Callable[[Values], Values]) -> Values:
        return self.once((name, "day"), lambda: day(self.get(name)))


class _OfDeals(Tables):
    """Some deals with their history."""

    def __init__(self, sources: Mapping[str, Source], moves: _Moves, first: int, count: int, *, people: Ids) -> None:
        super().__init__(sources, people=people)
        self._moves, self._first, self._count, self._numbered = moves, first, count, Numbered(count)

    @property
    def moves_without_deals(self) -> bool:
        return self._moves.without_deals

    def _opened(self, name: str) -> Relation:
        if name == "stage_changes":
            return self._moves.of(self._first, self._count, self._numbered)
        return super()._opened(name)

    def ids_of(self, table: str) -> Any:
        """As for all tables; deals are only told apart."""
        return self._numbered if table == "opportunities" else super().ids_of(table)


def _some_at_a_time(source: Source | None) -> Iterator[Source]:
    """A table in pieces of about `ROWS` rows."""
    if not isinstance(source, Path):
        if source is not None:
            yield source
        return
    meta = pq.read_metadata(source)
    groups: list[int] = []
    rows = 0
    for i in range(meta.num_row_groups):
        groups, rows = [*groups, i], rows + meta.row_group(i).num_rows
        if rows >= ROWS or i + 1 == meta.num_row_groups:
            yield Piece(source, tuple(groups), rows)
            groups, rows = [], 0


class Stored(Relation):
    """A canonical table as it lies in its source."""

    def __init__(self, name: str, source: Source | None, tables: Tables) -> None:
        self._table, self._source, self._tables = BY_NAME[name], source, tables
        key = self._table.key
        super().__init__(self._table.names, _count(source), unique=key[0] if len(key) == 1 else None)
        if self.count > MOST_ROWS:
            raise Unsupported(f"so many {name}")

    def _get(self, name: str) -> Values:
        column = self._table.column(name)
        assert column is not None
        if name == self.unique:
            return Values(np.arange(self.count, dtype=np.int32), "text", texts=self._tables.ids_of(self._table.name))
        if column.references is not None and column.references != "people":
            return self._keys(name, self._tables.ids_of(column.references))
        if column.kind in _NUMBERS:
            return self._numbers(name, column.kind)
        return self._texts(name, self._tables.people if column.references == "people" else Ids())

    def _keys(self, name: str, ids: Ids) -> Values:
        found, at = _Filled(self.count, np.int32), 0
        for chunk in _chunks(self._source, name):
            found.put(at, ids.numbers(chunk.fill_null("") if chunk.null_count else chunk), chunk)
            at += len(chunk)
        return Values(found.array, "text", found.nulls, ids)

    def _texts(self, name: str, ids: Ids) -> Values:
        found, at = _Filled(self.count, np.int16), 0
        for chunk in _chunks(self._source, name, texts=True):
            codes = chunk if isinstance(chunk, pa.DictionaryArray) else chunk.dictionary_encode()
            numbers = ids.numbers(codes.dictionary)
            if len(ids) > np.iinfo(np.int16).max:
                found.array = found.array.astype(np.int32, copy=False)
            # A dictionary of nothing still has to have something at place 0.
            numbers = numbers if len(numbers) else np.zeros(1, np.int32)
            found.put(at, numbers[_filled(codes.indices)], chunk)
            at += len(chunk)
        return Values(found.array, "text", found.nulls, ids.texts() if len(ids) else pa.array([""]))

    def _numbers(self, name: str, kind: Kind) -> Values:
        said, dtype = _NUMBERS[kind]
        found, at = _Filled(self.count, dtype), 0
        for chunk in _chunks(self._source, name):
            plain = chunk
            for step in _PLAIN.get(kind, ()):
                plain = plain.cast(step)
            found.put(at, _filled(plain), chunk)
            at += len(chunk)
        return Values(found.array, said, found.nulls)


class _Filled:
    """A column as its rows come."""

    def __init__(self, count: int, dtype: Any) -> None:
        self.array: values.Array = np.zeros(count, dtype)
        self.nulls: values.Array | None = None

    def put(self, at: int, what: values.Array, chunk: pa.Array) -> None:
        """The rows from `at` on, and which of them are empty in `chunk`."""
        self.array[at : at + len(what)] = what
        if chunk.null_count:
            if self.nulls is None:
                self.nulls = np.zeros(len(self.array), np.bool_)
            self.nulls[at : at + len(what)] = chunk.is_null().to_numpy(zero_copy_only=False)


def _filled(chunk: pa.Array) -> values.Array:
    found: values.Array = (chunk.fill_null(0) if chunk.null_count else chunk).to_numpy()
    return found


def _count(source: Source | None) -> int:
    if source is None:
        return 0
    if isinstance(source, Piece):
        return source.rows
    return int(pq.read_metadata(source).num_rows if isinstance(source, Path) else source.num_rows)


def _chunks(source: Source | None, name: str, *, texts: bool = False) -> Iterator[pa.Array]:
    """A column, some rows at a time."""
    if source is None:
        return
    if isinstance(source, Path | Piece):
        path, groups = (source, None) if isinstance(source, Path) else (source.path, list(source.groups))
        with pq.ParquetFile(path, read_dictionary=[name] if texts else None) as file:
            # Group by group: reading in batches keeps what was read, and takes longer.
            for group in groups if groups is not None else range(file.num_row_groups):
                yield from file.read_row_group(group, columns=[name])[name].chunks
    elif name in source.column_names:
        yield from source[name].chunks
    else:
        yield pa.nulls(source.num_rows, pa.string() if texts else pa.int32())
