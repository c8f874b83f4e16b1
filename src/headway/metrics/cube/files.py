"""A cube on disk: one folder per version of the facts, written aside and renamed when it is whole.

A cube only saves work. Whatever is missing or cannot be read is worked out again, and a disk without room costs time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from headway.core.home_folder import home
from headway.metrics.cube.open_deals import OpenDeals
from headway.metrics.cube.parts import Daily, Part, Spans

INDEX = "index.json"
# The newest versions whose cubes stay: an undone load is looked back at at once.
VERSIONS_KEPT = 3


@dataclass(frozen=True)
class Stored:
    """A cube that lies on disk.

    digest: of definitions, calendar, currency and ladder. files: per name of a part those that are added up.
    tables: per name of a part those that its definition looks at.
    """

    folder: Path
    digest: str
    persons: tuple[str, ...]
    files: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, frozenset[str]]

    def parts(self, name: str) -> tuple[Part, ...]:
        """The parts of that name.

        Raises:
            OSError, ValueError: they are gone or not whole.
        """
        return tuple(read_part(self.folder / file) for file in self.files[name])


def cube_folder(version: int) -> Path:
    """Where the cube of a version lies."""
    return home() / "cube" / f"v{version:06d}"


def stored(version: int, digest: str) -> Stored | None:
    """The cube of a version, if there is one of these definitions."""
    folder = cube_folder(version)
    try:
        found = json.loads((folder / INDEX).read_text("utf-8"))
        if found["digest"] != digest:
            return None
        files = {name: tuple(of_part) for name, of_part in found["files"].items()}
        tables = {name: frozenset(of_part) for name, of_part in found["tables"].items()}
        return Stored(folder, digest, tuple(found["persons"]), files, tables)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def keep(
    version: int,
    digest: str,
    persons: tuple[str, ...],
    parts: Mapping[str, tuple[Part, ...]],
    *,
    linked: Mapping[str, tuple[Path, ...]],
    tables: Mapping[str, frozenset[str]],
    open_deals: OpenDeals | None = None,
) -> bool:
    """Write a cube; whether it is on disk afterwards. On failure the cube that was there stays as it was.

    Args:
        version: of the facts.
        digest: see `Stored`.
        persons: in the order in which the parts number them.
        parts: what is new.
        linked: files of another cube that are added up too, before what is new.
        tables: see `Stored`.
        open_deals: of the version, if they are known.
    """
    folder = cube_folder(version)
    aside = folder.parent / f".{folder.name}-{uuid.uuid4().hex[:8]}"
    try:
        aside.mkdir(parents=True)
        files = {name: _write(aside, name, parts.get(name, ()), linked.get(name, ())) for name in {*parts, *linked}}
        if open_deals is not None:
            open_deals.write(aside)
        looked_at = {name: sorted(tables[name]) for name in files}
        index = json.dumps({"digest": digest, "persons": persons, "files": files, "tables": looked_at})
        (aside / INDEX).write_text(index, "utf-8")
        _replace(aside, folder)
        _sweep(folder.parent)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        return False
    return True


def _write(aside: Path, name: str, parts: tuple[Part, ...], linked: tuple[Path, ...]) -> list[str]:
    stem = hashlib.sha256(name.encode()).hexdigest()[:24]
    files = []
    for number, old in enumerate(linked):
        files.append(f"{stem}-{number}.arrow")
        try:
            os.link(old, aside / files[-1])
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(old, aside / files[-1])
    for number, part in enumerate(parts, start=len(linked)):
        files.append(f"{stem}-{number}.arrow")
        write_part(aside / files[-1], part)
    return files


def _replace(aside: Path, folder: Path) -> None:
    """A reader has opened the old files or finds the new ones."""
    if folder.exists():
        old = folder.parent / f".old-{uuid.uuid4().hex[:8]}"
        os.rename(folder, old)
        os.rename(aside, folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.rename(aside, folder)


def _sweep(cubes: Path) -> None:
    """Drop what was cut off, and cubes of versions long gone."""
    whole = sorted(cubes.glob("v[0-9]*"), key=lambda made: made.name, reverse=True)
    for made in (*whole[VERSIONS_KEPT:], *cubes.glob(".*")):
        shutil.rmtree(made, ignore_errors=True)


def write_part(path: Path, part: Part) -> None:
    """One part as an Arrow file."""
    table = _of_daily(part) if isinstance(part, Daily) else _of_spans(part)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _of_daily(part: Daily) -> pa.Table:
    """A column that several statistics share is written once."""
    columns: dict[str, Any] = {"person": part.person, "day": part.day}
    place: dict[int, str] = {}
    stats: list[dict[str, str]] = []
    for of_measure in part.stats:
        for column in of_measure.values():
            if id(column) not in place:
                place[id(column)] = f"c{len(place)}"
                columns[place[id(column)]] = column
        stats.append({name: place[id(column)] for name, column in of_measure.items()})
    return pa.table(columns).replace_schema_metadata({"stats": json.dumps(stats)})


# What spans have in common is not written: most are worth 1, in the company's currency, and count once.
_COMMON: dict[str, Any] = {"x": np.float64(1.0), "foreign": np.False_, "weight": np.int32(1)}


def _of_spans(part: Spans) -> pa.Table:
    columns: dict[str, Any] = {name: getattr(part, name) for name in ("person", "since", "until")}
    for name, common in _COMMON.items():
        column = getattr(part, name)
        if not np.all(column == common):
            columns[name] = column
    return pa.table(columns)


def read_part(path: Path) -> Part:
    """A part from its file, which is mapped into memory."""
    try:
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
    except pa.ArrowException as error:
        raise ValueError(f"not a whole file: {path.name}") from error
    table = table.combine_chunks()
    found = {name: _numpy(table[name]) for name in table.column_names}
    kept = (table.schema.metadata or {}).get(b"stats")
    if kept is None:
        common = {name: np.broadcast_to(value, table.num_rows) for name, value in _COMMON.items() if name not in found}
        return Spans(**found, **common)
    stats = tuple({name: found[column] for name, column in of_measure.items()} for of_measure in json.loads(kept))
    return Daily(found["person"], found["day"], stats)


def _numpy(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    whole = (
        column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])
    )
    found: np.ndarray[Any, Any] = whole.to_numpy(zero_copy_only=not pa.types.is_boolean(column.type))
    return found
