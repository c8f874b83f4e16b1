"""What a module of a kind offers: streams to read, and the way from their records to canonical tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from headway.facts.connectors.book import Book, Cursor, Page
from headway.facts.connectors.canonical import Canonical


@dataclass(frozen=True)
class Reading:
    """What a stream needs to know to be read.

    Args:
        cursor: where to go on; None = from the start.
        since: only what changed at or after this instant (ISO 8601); None = all.
        run: the run's number.
        book: what was read so far.
    """

    cursor: Cursor | None
    since: str | None
    run: int
    book: Book


@dataclass(frozen=True)
class Stream:
    """One thing that is read, page by page, in order.

    Args:
        name: its key.
        read: gives pages; the last has no cursor. May raise `web.PlaceLost` and `web.NotThere`.
        complete: every run reads all of it, so what does not come is gone.
        sweeps: the stream whose records are gone when they do not come in this one (which must be complete).
        reference: others are shaped with it; when it changes, all are shaped again.
    """

    name: str
    read: Callable[[Reading], Iterator[Page]]
    complete: bool = False
    sweeps: str = ""
    reference: bool = False


class Connector(Protocol):
    """A source that can be read."""

    # Column names per canonical table that this kind gives; what it does not give is left as it is.
    gives: Mapping[str, tuple[str, ...]]
    # Stage names of the CRM that mean a stage of the usual ladder.
    stages: Mapping[str, str]

    def open(self) -> str:
        """Sign in; gives the source's own time (ISO 8601), or nothing where it tells none."""
        ...

    def streams(self) -> tuple[Stream, ...]:
        """What is read, in order."""
        ...

    def shape(self, book: Book, out: Canonical) -> None:
        """Records that are pending become rows of canonical tables."""
        ...


@runtime_checkable
class Fetching(Protocol):
    """A source whose files are loaded as they are."""

    def fetch(self, book: Book, folder: Path) -> list[Path]:
        """Bring the files here; none where none changed."""
        ...


# Makes a connector of settings and secrets; `sleep` waits.
Maker = Callable[..., Connector]
Settings = Mapping[str, Any]
