"""Where the facts lie: one folder per version, written aside and renamed when it is whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from headway.core.home_folder import home

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class TableInfo:
    """One table of a version: how many rows, their hash, which columns hold anything, when it was last loaded."""

    rows: int
    digest: str
    filled: tuple[str, ...]
    loaded_at: str


@dataclass(frozen=True)
class Manifest:
    """What a version holds. Written last, so a folder with it is whole.

    base: the version from which it differs by the rows kept beside it (`changes`); None if that is not known.
    """

    number: int
    content_hash: str
    first_day: date | None
    last_day: date | None
    currencies: dict[str, int]
    tables: dict[str, TableInfo] = field(default_factory=dict)
    base: int | None = None

    def as_json(self) -> str:
        """The manifest as text."""
        return json.dumps(asdict(self), default=str, indent=1)


def facts_folder() -> Path:
    """The folder of all versions."""
    return home() / "facts"


def scratch_folder() -> Path:
    """Where a load keeps what does not fit into memory; cleared by the next load."""
    return home() / "tmp"


def rejects_folder() -> Path:
    """Where the files of rejected rows lie."""
    return facts_folder() / "rejects"


def version_folder(number: int) -> Path:
    """The folder of one version."""
    return facts_folder() / f"v{number:06d}"


def table_file(number: int, table: str) -> Path:
    """The Parquet file of one table of a version; need not exist."""
    return version_folder(number) / f"{table}.parquet"


def change_file(number: int, table: str, which: str) -> Path:
    """The Parquet file of a table's rows that "came" or "went" with a version; need not exist."""
    return version_folder(number) / f"{table}.{which}.parquet"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def read_manifest(number: int) -> Manifest:
    """The manifest of a version that is on disk."""
    raw: dict[str, Any] = json.loads((version_folder(number) / MANIFEST).read_text(encoding="utf-8"))
    return Manifest(
        number=raw["number"],
        content_hash=raw["content_hash"],
        first_day=_day(raw["first_day"]),
        last_day=_day(raw["last_day"]),
        currencies=raw["currencies"],
        tables={
            name: TableInfo(t["rows"], t["digest"], tuple(t["filled"]), t["loaded_at"])
            for name, t in raw["tables"].items()
        },
        base=raw.get("base"),
    )


def next_number(known: int) -> int:
    """A number that neither the records nor a leftover folder uses."""
    on_disk = [int(p.name[1:]) for p in facts_folder().glob("v[0-9]*") if p.name[1:].isdigit()]
    return max([known, *on_disk], default=0) + 1


def sweep(known: Collection[int]) -> None:
    """Remove what a load that was cut off left behind. Called under the load's lock.

    Args:
        known: the numbers of all versions in the records; a folder of another never became one.
    """
    for made in facts_folder().glob("v[0-9]*"):
        if made.name[1:].isdigit() and int(made.name[1:]) not in known:
            shutil.rmtree(made, ignore_errors=True)
    for half in facts_folder().glob(".v*"):
        shutil.rmtree(half, ignore_errors=True)
