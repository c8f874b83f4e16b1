"""A sync: read what changed, page by page; bring it into shape; load it as one version of the facts.

Killed at any moment, it goes on from the last page that was kept. The load is one of `load.py`'s, all or nothing, so
what a half-made sync read is in the facts wholly or not at all; a version carries the source and run it came from, so a
sync that was killed between the load and its own note finds that it is done.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from headway.core import company
from headway.core.actors import Actor
from headway.core.errors import Conflict
from headway.core.home_folder import home
from headway.core.permissions import require
from headway.facts.connectors import vault
from headway.facts.connectors.book import Book, Page
from headway.facts.connectors.canonical import Canonical
from headway.facts.connectors.catalogue import kind_of
from headway.facts.connectors.kinds.base import Connector, Fetching, Reading, Stream
from headway.facts.connectors.web import NotThere, PlaceLost
from headway.facts.load import Progress, commit_load, plan_load
from headway.facts.lock import take
from headway.facts.models import FactVersion, Source

# Read again from before the last sync: a change may have been under way when it looked.
OVERLAP = timedelta(minutes=10)
# Settings that say what records mean: after a change of these all are shaped again.
SHAPING = ("prefix", "stages", "currency")


@dataclass(frozen=True)
class SyncResult:
    """What a sync did.

    Args:
        version: number of the version it made; None = nothing was different.
        read: records that came, per stream.
        tables: per canonical table, as `LoadPlan.summary`.
        left_out: rows of people who do not sell, per table.
        notes: what could not be read, one sentence each.
        rejects_file: rows that could not be loaded, with reasons; None = all were.
    """

    version: int | None
    read: dict[str, int]
    tables: dict[str, Any]
    left_out: dict[str, int]
    notes: list[str]
    rejects_file: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return dict(vars(self))


def folder_of(name: str) -> Path:
    """Where what a source sent is kept."""
    return home() / "sync" / name


class AlreadySyncing(Conflict):
    """Another process is reading the source."""


class Paused(Exception):
    """The time for reading was up; what was read is kept."""


def is_running(name: str) -> bool:
    """Whether some process is reading the source at this moment."""
    if not (folder_of(name) / "lock").exists():
        return False
    try:
        with _alone(name):
            return False
    except AlreadySyncing:
        return True


@contextlib.contextmanager
def _alone(name: str) -> Iterator[None]:
    folder_of(name).mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder_of(name) / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            take(handle)
        except OSError as error:
            raise AlreadySyncing(
                _("This source is being synced already"), value=name, todo=_("Wait until it is done.")
            ) from error
        yield
    finally:
        os.close(handle)


def connector_of(source: Source, **how: Any) -> tuple[Connector, tuple[str, ...]]:
    """The connector of a source, and its secrets (so that they can be hidden in sentences).

    Raises:
        BadInput: a secret is missing, or the extra is not installed.
    """
    kind = kind_of(source.kind)
    secrets = {name: vault.reveal(kept) for name, kept in source.secrets.items()}
    module = importlib.import_module(f"headway.facts.connectors.kinds.{kind.module}")
    settings = {s.name: source.settings.get(s.name, "") or s.default for s in kind.all_settings if not s.secret}
    return module.make(source.name, settings, secrets, **how), tuple(secrets.values())


def run_sync(
    source: Source,
    *,
    by: Actor,
    progress: Progress = lambda _s, _m: None,
    most_seconds: float = math.inf,
    **how: Any,
) -> SyncResult:
    """Read what changed in a source and load it. Goes on where an earlier one was cut off.

    Args:
        source: which.
        by: who asks for it.
        progress: called with the share that is done, 0 to 1, and what is being done.
        most_seconds: of reading; then it pauses, so that others get their turn, and goes on when called again.
        how: handed to the connector (tests: how to wait).

    Raises:
        Paused: the time was up; what was read is kept.
        AlreadySyncing: the source is being synced already.
        Conflict: another load is running.
        SourceTrouble, AccessExpired: the source does not answer as it should; what was read is kept.
        BadInput: a secret is missing, or the extra is not installed.
    """
    require(by, "facts.load")
    until = time.monotonic() + most_seconds
    with _alone(source.name), Book(folder_of(source.name)) as book:
        connector, _secrets = connector_of(source, **how)
        progress(0.0, _("Signing in"))
        moment = connector.open() or datetime.now(UTC).isoformat()
        run, _started, _goes_on = book.begin(moment)
        streams = connector.streams()
        read = {}
        for i, stream in enumerate(streams):
            progress(0.7 * i / len(streams), _("Reading %s") % stream.name)
            read[stream.name] = _read(stream, book, run, source.settings.get("since", ""), until)
        progress(0.7, _("Loading"))
        return _load(source, connector, streams, book, run, read, by)


def _since(book: Book, stream: Stream, first: str) -> str | None:
    watermark = book.watermark(stream.name)
    if watermark is None:
        return f"{first}T00:00:00+00:00" if first else None
    return (datetime.fromisoformat(watermark) - OVERLAP).isoformat()


def _read(stream: Stream, book: Book, run: int, first: str, until: float) -> int:
    """Read a stream to its end; returns how many records came in this process."""
    since = None if stream.complete else _since(book, stream, first)
    for again in (False, True):
        place = book.place(stream.name, run)
        if place == {"done": True}:
            return 0
        number = 0
        try:
            for page in stream.read(Reading(place, since, run, book)):
                book.keep(stream.name, page, run, complete=stream.complete, sweeps=stream.sweeps)
                number += len(page.records)
                if time.monotonic() > until:
                    raise Paused
            return number
        except NotThere as error:
            book.keep(stream.name, Page((), None), run, complete=False, note=str(error))
            return number
        except PlaceLost:
            if again:
                raise
            book.restart(stream.name)
    return 0


def _load(
    source: Source,
    connector: Connector,
    streams: tuple[Stream, ...],
    book: Book,
    run: int,
    read: dict[str, int],
    by: Actor,
) -> SyncResult:
    mark = {"source": source.name, "book": book.identity, "run": run}
    done = FactVersion.objects.filter(summary__sync=mark).first()
    if done is not None:
        # Cut off between the load and the note that it was made.
        book.finish(run, version=done.number)
        return _result(done.number, read, done.summary, {}, book)
    folder = folder_of(source.name) / "out"
    shutil.rmtree(folder, ignore_errors=True)
    if isinstance(connector, Fetching):
        return _load_files(connector.fetch(book, folder), book, run, read, mark, by)
    shaped_with = [source.settings.get(k, "") for k in SHAPING]
    everything = (
        not _builds_on(book.recall("applied_version"))
        or book.recall("shaped_with") != shaped_with
        or any(s.reference and book.is_touched(s.name) for s in streams)
    )
    out = Canonical(
        folder,
        connector.gives,
        prefix=source.settings.get("prefix", ""),
        everything=everything,
        currency=source.settings.get("currency", "").upper() or company.current().currency,
    )
    connector.shape(book, out)
    files = out.close()
    if not files:
        book.finish(run, version=None)
        return _result(None, read, {}, out.left_out, book)
    stages = {**connector.stages, **stages_of(source.settings.get("stages", ""))}
    plan = plan_load(files, mapping=out.mapping(stages), removed=out.removed)
    result = commit_load(plan, by=by, sync=mark)
    book.finish(run, version=result.version.number if result.version else plan.base)
    book.remember("shaped_with", shaped_with)
    shutil.rmtree(folder, ignore_errors=True)
    return _result(result.version.number if result.version else None, read, result.summary, out.left_out, book)


def _load_files(
    files: list[Path], book: Book, run: int, read: dict[str, int], mark: dict[str, Any], by: Actor
) -> SyncResult:
    """Load files as they are, as `headway load --yes` would: what nobody decided stays empty, and is said."""
    if not files:
        book.finish(run, version=book.recall("applied_version"))
        return _result(None, read, {}, {}, book)
    plan = plan_load(files)
    open_ones = [q.text for q in plan.open_questions if q.kind != "currency"]
    result = commit_load(plan, by=by, sync=mark)
    book.finish(run, version=result.version.number if result.version else plan.base)
    shutil.rmtree(files[0].parent, ignore_errors=True)
    made = _result(result.version.number if result.version else None, read, result.summary, {}, book)
    return replace(made, notes=[*made.notes, *open_ones])


def _result(
    version: int | None, read: dict[str, int], summary: dict[str, Any], left_out: dict[str, int], book: Book
) -> SyncResult:
    return SyncResult(
        version, read, dict(summary.get("tables", {})), left_out, book.notes(), summary.get("rejects_file")
    )


def _builds_on(applied: int | None) -> bool:
    """Whether the current facts still hold what the last sync loaded: not undone, not begun afresh since."""
    version = FactVersion.objects.filter(is_current=True).first()
    while version is not None and applied is not None:
        if version.number == applied:
            return True
        if version.mode == "replace":
            return False
        version = version.previous
    return False


def stages_of(text: str) -> dict[str, str]:
    """Stage names a person said, one a line: `Needs analysis = qualified`."""
    found = {}
    for line in text.splitlines():
        name, sign, stage = line.rpartition("=")
        if sign and name.strip() and stage.strip():
            found[name.strip().lower()] = stage.strip()
    return found
