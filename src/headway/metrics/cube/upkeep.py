"""The cube of a version of the facts: read from disk, brought up to date from what a load changed, or built anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from headway.facts.changes import change_file
from headway.facts.folder import table_file
from headway.facts.masks import empty_select
from headway.facts.store import Facts, connect
from headway.facts.tables import BY_NAME
from headway.metrics.canonical import CalendarLike, Canonical
from headway.metrics.catalogue.activity import activity_rows
from headway.metrics.compiled import Statements, definitions
from headway.metrics.cube.build import People, counted_part, groups_of, part_of, sql_of
from headway.metrics.cube.counting import Class, TooMuch
from headway.metrics.cube.files import Stored, keep, stored
from headway.metrics.cube.parts import Cube, Daily, Part, Spans, measure_name
from headway.metrics.spec import Measure
from headway.metrics.windows import name_of_group

# After so many loads a part is built anew, so that reading it stays quick.
MOST_PARTS = 12
# Tables that are brought up to date together, and the key by which their rows belong together.
KEYED = {frozenset({"opportunities", "stage_changes"}): "opportunity_id", frozenset({"leads", "activities"}): "lead_id"}
# Only parts of definitions whose code is known to be the same are kept: Headway's own, and those made on the page.
_OURS = "headway."


@dataclass(frozen=True)
class Kept:
    """A cube, and how many of its parts were read, brought up to date, and built."""

    cube: Cube
    read: int = 0
    updated: int = 0
    built: int = 0


def is_whole(facts: Facts) -> bool:
    """Whether the facts hold all that the version knows; a cube speaks of nothing less."""
    return facts.manifest.last_day is None or facts.as_of >= facts.manifest.last_day


def cube_of(facts: Facts, measures: Collection[Measure], *, calendar: CalendarLike, folder: Path | None) -> Kept:
    """The cube of these measures for the facts' version.

    Args:
        facts: whole (see `is_whole`).
        measures: of the catalogue, and the company's own.
        calendar: the company's.
        folder: where compiled statements are kept; None for nowhere.
    """
    statements = Statements(Canonical.of(facts, calendar=calendar, whole=True), folder=folder)
    digest = hashlib.sha256(f"{definitions()} {statements.c}".encode()).hexdigest()[:32]
    here = stored(facts.version, digest)
    base = stored(facts.manifest.base, digest) if facts.manifest.base is not None else None
    with _Tables(facts) as tables:
        work = _Upkeep(facts, statements, here, base, tables)
        found = work.all(groups_of(measures))
    statements.keep()
    if found.updated or found.built:
        ours = {name: parts for name, parts in work.new.items() if name.startswith(_OURS)}
        linked = {name: files for name, files in work.linked.items() if name.startswith(_OURS)}
        keep(facts.version, digest, found.cube.persons, ours, linked=linked)
    return found


class _Upkeep:
    """One pass over the parts that are wanted."""

    def __init__(
        self, facts: Facts, statements: Statements, here: Stored | None, base: Stored | None, tables: _Tables
    ) -> None:
        self.facts, self.statements, self.here, self.base, self.tables = facts, statements, here, base, tables
        known = here or base
        self.people = People(known.persons if known else ())
        self.changed = frozenset(name for name in BY_NAME if change_file(facts.version, name, "came").exists())
        self.new: dict[str, tuple[Part, ...]] = {}
        self.linked: dict[str, tuple[Path, ...]] = {}
        self.sql = ""

    def all(self, groups: Sequence[Sequence[Measure]]) -> Kept:
        """Every part, with the least work."""
        parts: dict[str, tuple[Part, ...]] = {}
        places: dict[str, tuple[str, int]] = {}
        counted = {"read": 0, "updated": 0, "built": 0}
        self.sql = " ".join(sql_of(self.statements, group) for group in groups)
        for group in groups:
            name = name_of_group(group)
            how, parts[name] = self._one(name, group)
            counted[how] += 1
            places |= {measure_name(measure): (name, position) for position, measure in enumerate(group)}
        return Kept(Cube(tuple(self.people.known), parts, places), **counted)

    def _one(self, name: str, group: Sequence[Measure]) -> tuple[str, tuple[Part, ...]]:
        for source, how in ((self.here, "read"), (self.base if self.here is None else None, "updated")):
            if source is None or name not in source.files:
                continue
            try:
                return self._from(source, how, name, group)
            except (OSError, ValueError, _Anew):
                continue
        self.new[name] = (self._built(group),)
        return "built", self.new[name]

    def _built(self, group: Sequence[Measure]) -> Part:
        path = table_file(self.facts.version, "activities")
        if group[0].rows is activity_rows and path.exists():
            try:
                return counted_part(path, self.statements, group, self.people, one_of_each)
            except TooMuch:
                pass
        return part_of(self.tables.whole(self.sql), self.statements, group, self.people)

    def _from(self, source: Stored, how: str, name: str, group: Sequence[Measure]) -> tuple[str, tuple[Part, ...]]:
        old = source.parts(name)
        added = () if how == "read" else self._change(group, len(old))
        self.linked[name] = tuple(source.folder / file for file in source.files[name])
        if added:
            self.new[name] = added
        return how, (*old, *added)

    def _change(self, group: Sequence[Measure], parts: int) -> tuple[Part, ...]:
        """What the load adds to a part and takes off it."""
        sql = sql_of(self.statements, group)
        tables = frozenset(name for name in BY_NAME if f'"{name}"' in sql)
        if not tables & self.changed:
            return ()
        if parts >= MOST_PARTS:
            raise _Anew
        if len(tables) == 1:
            sides = self.tables.changed(next(iter(tables)))
        elif tables in KEYED:
            sides = self.tables.touched(tables & self.changed, tables)
        else:
            raise _Anew
        plus, minus = (part_of(con, self.statements, group, self.people) for con in sides)
        return tuple(part for part in (plus, taken_off(minus)) if len(part.person))


class _Anew(Exception):
    """It is simpler to build the part anew."""


def taken_off(part: Part) -> Part:
    """The part with a negative weight."""
    if isinstance(part, Spans):
        return replace(part, weight=-part.weight)
    return Daily(part.person, part.day, tuple({name: -column for name, column in of.items()} for of in part.stats))


def _file(path: Path, table: str) -> str:
    if not path.exists():
        return empty_select(BY_NAME[table])
    where = str(path).replace("'", "''")
    columns = ", ".join(f'"{c}"' for c in (*BY_NAME[table].names, "attributes"))
    return f"SELECT {columns} FROM read_parquet('{where}')"


def _raw(version: int, table: str) -> str:
    return _file(table_file(version, table), table)


def _changed(version: int, table: str, which: str) -> str:
    return _file(change_file(version, table, which), table)


def one_of_each(sql: str, classes: list[Class]) -> pa.Table:
    """The answer of a query on activities for one of each class, each done by a person of its own."""
    noon, later = "TIMESTAMP '2001-01-01 12:00:00'", ("NULL", "1 HOUR", "30 HOUR")
    values = ", ".join(
        f"('{i}', {_text(kind)}, {_text(outcome)}, {count}, "
        + ("NULL" if in_time == 2 else f"{noon} + INTERVAL {later[1 if in_time else 2]}")
        + ")"
        for i, (kind, outcome, count, in_time) in enumerate(classes)
    )
    given = {c: f'"{c}"' for c in ("person_id", "kind", "outcome", "count", "logged_at")} | {"occurred_at": noon}
    columns = ", ".join(
        f'CAST({given.get(c.name, "NULL")} AS {c.kind.sql}) AS "{c.name}"' for c in BY_NAME["activities"].columns
    )
    names = 'person_id, kind, outcome, "count", logged_at'
    rows = f"SELECT {columns}, NULL AS attributes FROM (VALUES {values}) t({names})"
    with _tables({"activities": rows}) as con:
        return con.execute(sql).to_arrow_table()


def _text(text: str | None) -> str:
    if text is None:
        return "NULL"
    return "'" + text.replace("'", "''") + "'"


class _Tables:
    """Databases in memory with the canonical tables of a version, or of what it changed; each is opened once.

    In the whole version deals are numbered, so that joining and grouping their history goes by numbers.
    """

    def __init__(self, facts: Facts) -> None:
        self.version, self.base = facts.version, facts.manifest.base
        self._open: dict[str, Any] = {}
        self._exits = ExitStack()

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *_error: object) -> None:
        self._exits.close()

    def whole(self, sql: str) -> Any:
        """The version as it is; `sql` names the columns of deals that are ever asked for."""
        return self._opened("whole", lambda: self._whole(sql))

    def _whole(self, sql: str) -> Any:
        con = self._exits.enter_context(_tables({name: _raw(self.version, name) for name in BY_NAME}))
        deals, moves = (table_file(self.version, name) for name in ("opportunities", "stage_changes"))
        if deals.exists():
            _number_deals(con, deals, moves, [c for c in BY_NAME["opportunities"].names if f'"{c}"' in sql])
        return con

    def changed(self, table: str) -> tuple[Any, Any]:
        """The rows of a table that came, and those that went."""
        came, went = (partial(self._of, table, which) for which in ("came", "went"))
        return self._opened(f"came {table}", came), self._opened(f"went {table}", went)

    def _of(self, table: str, which: str) -> Any:
        return self._exits.enter_context(_tables({table: _changed(self.version, table, which)}))

    def touched(self, changed: frozenset[str], tables: frozenset[str]) -> tuple[Any, Any]:
        """All rows of the tables that share a key with one that came or went: as they are, and as they were."""
        key = KEYED[tables]
        ids = " UNION ".join(
            f"SELECT {key} FROM ({_changed(self.version, table, which)})"
            for table in sorted(changed)
            for which in ("came", "went")
        )
        assert self.base is not None
        now, before = (partial(self._some, number, tables, key, ids) for number in (self.version, self.base))
        name = f"{key} {sorted(changed)}"
        return self._opened(f"now {name}", now), self._opened(f"before {name}", before)

    def _some(self, number: int, tables: frozenset[str], key: str, ids: str) -> Any:
        con = self._exits.enter_context(_tables({}))
        con.execute(f"CREATE TEMP TABLE touched AS {ids}")
        for table in tables:
            con.execute(f"DROP VIEW {table}")
            con.execute(
                f"CREATE TEMP TABLE {table} AS SELECT * FROM ({_raw(number, table)}) SEMI JOIN touched USING ({key})"
            )
        return con

    def _opened(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._open:
            self._open[name] = make()
        return self._open[name]


def _number_deals(con: Any, deals: Path, moves: Path, columns: Sequence[str]) -> None:
    """Deals and their history in memory, as numbers: several definitions read them, and group and join by them.

    A deal is its place in the file instead of its id: nothing looks at an id but to compare it with another. Owners,
    outcomes and stages are enumerations, which are compared and shown like texts.
    """
    file, history = (str(path).replace("'", "''") for path in (deals, moves))
    numbered = f"read_parquet('{file}', file_row_number = true)"
    kept = ["CAST(file_row_number AS INTEGER) AS opportunity_id"]
    for column in columns:
        if column in ("owner_id", "outcome"):
            kept.append(f"CAST({column} AS {_enumeration(con, column, numbered)}) AS {column}")
        elif column != "opportunity_id":
            kept.append(column)
    con.execute("DROP VIEW opportunities")
    con.execute(f"CREATE TEMP TABLE opportunities AS SELECT {', '.join(kept)} FROM {numbered}")
    if not moves.exists():
        return
    stage = _enumeration(con, "stage", f"read_parquet('{history}')")
    con.execute("DROP VIEW stage_changes")
    con.execute(
        f"CREATE TEMP TABLE stage_changes AS SELECT CAST(o.file_row_number AS INTEGER) AS opportunity_id, "
        f"CAST(s.stage AS {stage}) AS stage, s.entered_at "
        f"FROM read_parquet('{history}') s JOIN {numbered} o USING (opportunity_id)"
    )


def _enumeration(con: Any, column: str, source: str) -> str:
    """A type of the texts of a column; text itself where there are none."""
    values = con.execute(f"SELECT DISTINCT {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY 1").fetchall()
    if not values:
        return "VARCHAR"
    con.execute(f"CREATE TYPE kinds_of_{column} AS ENUM ({', '.join(_text(value) for (value,) in values)})")
    return f"kinds_of_{column}"


@contextmanager
def _tables(selects: Mapping[str, str]) -> Iterator[Any]:
    """A database in memory with these canonical tables; the others are empty."""
    con = connect()
    try:
        for name, table in BY_NAME.items():
            con.execute(f"CREATE TEMP VIEW {name} AS {selects.get(name, empty_select(table))}")
        yield con
    finally:
        con.close()
