"""The cube of a version of the facts: read from disk, brought up to date from what a load changed, or built anew."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from headway.facts.changes import change_file
from headway.facts.folder import table_file
from headway.facts.masks import empty_select
from headway.facts.store import Facts, connect
from headway.facts.tables import BY_NAME
from headway.metrics.canonical import CalendarLike, Canonical
from headway.metrics.compiled import Statements, definitions
from headway.metrics.cube.build import People, groups_of, part_of, sql_of
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
    work = _Upkeep(facts, statements, here, base)
    found = work.all(groups_of(measures))
    statements.keep()
    if found.updated or found.built:
        ours = {name: parts for name, parts in work.new.items() if name.startswith(_OURS)}
        linked = {name: files for name, files in work.linked.items() if name.startswith(_OURS)}
        keep(facts.version, digest, found.cube.persons, ours, linked=linked)
    return found


class _Upkeep:
    """One pass over the parts that are wanted."""

    def __init__(self, facts: Facts, statements: Statements, here: Stored | None, base: Stored | None) -> None:
        self.facts, self.statements, self.here, self.base = facts, statements, here, base
        known = here or base
        self.people = People(known.persons if known else ())
        self.changed = frozenset(name for name in BY_NAME if change_file(facts.version, name, "came").exists())
        self.new: dict[str, tuple[Part, ...]] = {}
        self.linked: dict[str, tuple[Path, ...]] = {}

    def all(self, groups: Sequence[Sequence[Measure]]) -> Kept:
        """Every part, with the least work."""
        parts: dict[str, tuple[Part, ...]] = {}
        places: dict[str, tuple[str, int]] = {}
        counted = {"read": 0, "updated": 0, "built": 0}
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
        with _tables(_whole(self.facts.version)) as con:
            self.new[name] = (part_of(con, self.statements, group, self.people),)
        return "built", self.new[name]

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
        version, before = self.facts.version, self.facts.manifest.base
        assert before is not None
        if len(tables) == 1:
            came, went = ({t: _changed(version, t, which) for t in tables} for which in ("came", "went"))
        elif tables in KEYED:
            key = KEYED[tables]
            ids = " UNION ".join(
                f"SELECT {key} FROM ({_changed(version, t, which)})"
                for t in sorted(tables & self.changed)
                for which in ("came", "went")
            )
            came, went = (
                {t: f"SELECT * FROM ({_raw(number, t)}) WHERE {key} IN ({ids})" for t in tables}
                for number in (version, before)
            )
        else:
            raise _Anew
        with _tables(came) as con:
            plus = part_of(con, self.statements, group, self.people)
        with _tables(went) as con:
            minus = part_of(con, self.statements, group, self.people)
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


def _whole(version: int) -> dict[str, str]:
    return {name: _raw(version, name) for name in BY_NAME}


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
