"""The cube of a version of the facts: read from disk, brought up to date from what a load changed, or built anew."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from headway.facts.folder import change_file, table_file
from headway.facts.tables import BY_NAME
from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.in_arrays import InArrays
from headway.metrics.arrays.tables import Tables
from headway.metrics.canonical import CalendarLike, Canonical
from headway.metrics.catalogue.activity import activity_rows
from headway.metrics.compiled import Statements, definitions
from headway.metrics.cube.adding import KEYED, part_in_arrays, parts_in_arrays, tables_of
from headway.metrics.cube.build import People, counted_part, groups_of, part_of, sql_of
from headway.metrics.cube.classes import TooMuch
from headway.metrics.cube.files import Stored, keep, stored
from headway.metrics.cube.open_deals import DEALS, MOVES, Collected, Touched, read_open_deals, touched
from headway.metrics.cube.parts import Cube, Daily, Part, Spans, measure_name
from headway.metrics.spec import Measure
from headway.metrics.windows import name_of_group

if TYPE_CHECKING:
    from headway.facts.store import Facts
    from headway.metrics.cube.databases import Databases

# Of so many pieces a part is built anew, so that reading it stays quick.
MOST_PARTS = 40
# With fewer rows than one for so many counters, looking at all counters takes longer than the rows do.
CELLS_PER_ROW = 64
# Only parts of definitions whose code is known to be the same are kept: Headway's own, and those made on the page.
_OURS = "headway."
Group = Sequence[Measure]


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
    c = Canonical.of(facts, calendar=calendar, whole=True)
    digest = hashlib.sha256(f"{definitions()} {_methods()} {c}".encode()).hexdigest()[:32]
    here = stored(facts.version, digest)
    base = stored(facts.manifest.base, digest) if facts.manifest.base is not None else None
    with ExitStack() as exits:
        work = _Upkeep(facts, Statements(c, folder=folder), here, base, exits)
        found = work.all(groups := groups_of(measures))
    work.statements.keep()
    if found.updated or found.built:
        ours = {name: parts for name, parts in work.new.items() if name.startswith(_OURS)}
        linked = {name: files for name, files in work.linked.items() if name.startswith(_OURS)}
        tables = {name_of_group(group): work.tables(group) for group in groups}
        keep(facts.version, digest, found.cube.persons, ours, linked=linked, tables=tables, open_deals=work.open_deals)
    return found


@cache
def _methods() -> str:
    """Changes with any line of the ways in which parts are worked out and kept."""
    digest = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(__file__).parents[1] / "arrays"):
        for file in sorted(folder.glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


class _Upkeep:
    """One pass over the parts that are wanted."""

    def __init__(
        self, facts: Facts, statements: Statements, here: Stored | None, base: Stored | None, exits: ExitStack
    ) -> None:
        self.facts, self.statements, self.here, self.base, self._exits = facts, statements, here, base, exits
        self.c = statements.c
        known = here or base
        self.people = People(known.persons if known else ())
        self.changed = frozenset(name for name in BY_NAME if change_file(facts.version, name, "came").exists())
        self.new: dict[str, tuple[Part, ...]] = {}
        self.linked: dict[str, tuple[Path, ...]] = {}
        self.open_deals = read_open_deals(here.folder) if here is not None else None
        self._touched: Touched | bool | None = False
        self._changes: dict[tuple[str, str], Tables] = {}

    @cached_property
    def databases(self) -> Databases:
        """For what arrays are not able to do; starting a database takes longer than a new day."""
        from headway.metrics.cube.databases import Databases

        return self._exits.enter_context(Databases(self.facts))

    def all(self, groups: Sequence[Group]) -> Kept:
        """Every part, with the least work."""
        parts: dict[str, tuple[Part, ...]] = {}
        counted = {"read": 0, "updated": 0, "built": 0}
        for group in groups:
            for how, found in self._from_before(group):
                counted[how] += 1
                parts[name_of_group(group)] = found
                break
        anew = [group for group in groups if name_of_group(group) not in parts]
        built = self._built(anew)
        self.new |= built
        places = {
            measure_name(measure): (name_of_group(group), position)
            for group in groups
            for position, measure in enumerate(group)
        }
        return Kept(Cube(tuple(self.people.known), parts | built, places), **{**counted, "built": len(built)})

    def _from_before(self, group: Group) -> Iterator[tuple[str, tuple[Part, ...]]]:
        """The part as it is kept, or brought up to date; nothing if it has to be built."""
        name = name_of_group(group)
        for source, how in ((self.here, "read"), (self.base if self.here is None else None, "updated")):
            if source is not None and name in source.files:
                try:
                    found = self._from(source, how, name, group)
                except (OSError, ValueError, _Anew):
                    continue
                yield how, found

    def _from(self, source: Stored, how: str, name: str, group: Group) -> tuple[Part, ...]:
        old = source.parts(name)
        added = () if how == "read" else self._change(group, len(old))
        self.linked[name] = tuple(source.folder / file for file in source.files[name])
        if added:
            self.new[name] = added
        return (*old, *added)

    def _built(self, groups: Sequence[Group]) -> dict[str, tuple[Part, ...]]:
        """Parts from all facts: counted, in arrays, and what is left in a database. Activities are counted beside the
        rest: both are mostly loops outside of Python."""
        files = {name: path for name in BY_NAME if (path := table_file(self.facts.version, name)).exists()}
        of_activities = [group for group in groups if group[0].rows is activity_rows and "activities" in files]
        rest = [group for group in groups if group not in of_activities]
        collected = Collected()
        with ThreadPoolExecutor(1) as beside:
            coming = [beside.submit(self._all_counted, group, files["activities"]) for group in of_activities]
            found = parts_in_arrays(self.c, Tables(files), rest, self.people.of_texts, each=collected.take)
            counted = [(group, counting.result()) for group, counting in zip(of_activities, coming, strict=True)]
        self.open_deals = collected.found() or self.open_deals
        found |= {name_of_group(group): (self._numbered(*told),) for group, told in counted if told is not None}
        uncounted = [group for group, told in counted if told is None]
        found |= parts_in_arrays(self.c, Tables(files), uncounted, self.people.of_texts)
        left = [group for group in groups if name_of_group(group) not in found]
        sql = " ".join(sql_of(self.statements, group) for group in left)
        for group in left:
            found[name_of_group(group)] = (part_of(self.databases.whole(sql), self.statements, group, self.people),)
        return found

    def _all_counted(self, group: Group, file: Path) -> tuple[Part, list[str]] | None:
        """A part of all activities and whom its numbers stand for; None where the file is not for counting."""
        people = People()
        with contextlib.suppress(TooMuch):
            return counted_part(file, self.c, group, people), list(people.known)
        return None

    def _numbered(self, part: Part, persons: list[str]) -> Part:
        """The part with the numbers that all parts share."""
        return replace(part, person=np.array(self.people.of(persons), dtype=np.int32)[part.person])

    def _change(self, group: Group, parts: int) -> tuple[Part, ...]:
        """What the load adds to a part and takes off it."""
        tables = self.tables(group)
        if not tables & self.changed:
            return ()
        if parts >= MOST_PARTS:
            raise _Anew
        if len(tables) > 1 and tables not in KEYED:
            raise _Anew
        plus, minus = (self._side(group, tables, number) for number in (0, 1))
        return tuple(part for part in (plus, taken_off(minus)) if len(part.person))

    def tables(self, group: Group) -> frozenset[str]:
        """The tables that a definition looks at; looking through all definitions takes longer than a small load."""
        name = name_of_group(group)
        for source in (self.here, self.base):
            if source is not None and name in source.tables:
                return source.tables[name]
        return tables_of(self.c, group) or frozenset(
            name for name in BY_NAME if f'"{name}"' in sql_of(self.statements, group)
        )

    def _side(self, group: Group, tables: frozenset[str], number: int) -> Part:
        """A part of the rows that came (0) or went (1); where rows belong together, of all that share a key."""
        name, which = next(iter(tables)), ("came", "went")[number]
        try:
            if (counted := self._counted(group, which)) is not None:
                return counted
            if len(tables) == 1:
                given = self._changed(name, which)
            elif (found := self._of_deals(tables)) is not None:
                given = (found.now, found.before)[number]
            else:
                given = self.databases.touched_in_arrays(tables & self.changed, tables)[number]
            return part_in_arrays(InArrays.over(self.c, given), group, self.people.of_texts)
        except Unsupported:
            sides = (
                self.databases.changed(name)
                if len(tables) == 1
                else self.databases.touched(tables & self.changed, tables)
            )
            return part_of(sides[number], self.statements, group, self.people)

    def _counted(self, group: Group, which: str) -> Part | None:
        """A part of the activities that came or went, if they are many for the days and people that they are of."""
        file = change_file(self.facts.version, "activities", which)
        if group[0].rows is not activity_rows or not file.exists():
            return None
        rows = pq.read_metadata(file).num_rows
        with contextlib.suppress(TooMuch):
            return counted_part(file, self.c, group, self.people, most_cells=rows * CELLS_PER_ROW)
        return None

    def _changed(self, name: str, which: str) -> Tables:
        """The rows of a table that came or went; what one definition reads of them the next finds read."""
        if (name, which) not in self._changes:
            file = change_file(self.facts.version, name, which)
            self._changes[name, which] = Tables({name: file} if file.exists() else {})
        return self._changes[name, which]

    def _of_deals(self, tables: frozenset[str]) -> Touched | None:
        """What the load touched, if the tables are those of deals and the deals open before tell it."""
        if tables != {DEALS, MOVES} or self.base is None:
            return None
        if isinstance(self._touched, bool):
            known = read_open_deals(self.base.folder)
            files = {
                name: (change_file(self.facts.version, name, "came"), change_file(self.facts.version, name, "went"))
                for name in (DEALS, MOVES)
            }
            self._touched = touched(known, files) if known is not None else None
            if self._touched is not None:
                self.open_deals = self._touched.open_afterwards
        return self._touched


class _Anew(Exception):
    """It is simpler to build the part anew."""


def taken_off(part: Part) -> Part:
    """The part with a negative weight."""
    if isinstance(part, Spans):
        return replace(part, weight=-part.weight)
    return Daily(part.person, part.day, tuple({name: -column for name, column in of.items()} for of in part.stats))
