"""The way of a load: read, say what each file means, check, compare with what is there; then, and only then, write."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Readonly
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.core.permissions import require
from headway.facts.actions import accept_version, highest_number, known_numbers, remember_mapping
from headway.facts.cell_texts import Context
from headway.facts.folder import next_number, read_manifest, rejects_folder, sweep, version_folder
from headway.facts.gathering import Gathered, gather
from headway.facts.lock import load_lock
from headway.facts.mapping import Mapping, SourceMapping, Target
from headway.facts.merging import prepare
from headway.facts.models import FactVersion
from headway.facts.notices import notices_of
from headway.facts.owners import People, join_people
from headway.facts.plan import LoadPlan, SourceView
from headway.facts.propose import Proposal, propose
from headway.facts.queries import saved_mappings
from headway.facts.readers import Source, files_in, read_sources
from headway.facts.rejects import groups, write_rejects
from headway.facts.staging import Staged, stage
from headway.facts.store import current_version, raw_views
from headway.facts.tables import TABLES
from headway.facts.workspace import NO_ROOM, Workspace, storage_trouble
from headway.facts.writing import write_version

Progress = Callable[[float, str], None]
__all__ = ["LoadPlan", "LoadResult", "SourceView", "commit_load", "plan_load"]
SAMPLE_ROWS = 5
LOOKED_AT = 300


@dataclass(frozen=True)
class LoadResult:
    """What a load did.

    Args:
        version: the new version, or None where nothing was different.
        rejects_file: the file with everything that could not be read, or None where all was.
        summary: plain data, as `LoadPlan.summary`.
    """

    version: FactVersion | None
    rejects_file: Path | None
    summary: dict[str, Any]


def _quiet(_share: float, _message: str) -> None:
    """Progress that nobody watches."""


def plan_load(
    paths: Sequence[Path],
    *,
    mode: str = "add",
    mapping: Mapping | None = None,
    answers: Readonly[str, str] | None = None,
    progress: Progress = _quiet,
    today: date | None = None,
    removed: Readonly[str, Collection[str]] | None = None,
) -> LoadPlan:
    """Find out what a load would do, without writing anything.

    Args:
        paths: files and folders.
        mode: `add` to what is there, or `replace` all of it (undo brings it back).
        mapping: what sources mean, for all or some of them; the rest is remembered or proposed.
        answers: what a person answered, by question id.
        progress: called with the share that is done, 0 to 1, and what is being done.
        today: what lies after it has not happened; the present day if None.
        removed: per table, ids that the source no longer has; their rows go (see `merging.prepare`).

    Raises:
        BadInput: no file can be used.
        StorageTrouble: the disk is full.
    """
    files = files_in(paths)
    workspace = Workspace(input_bytes=sum(f.stat().st_size for f in files))
    try:
        day = today or datetime.now(UTC).date()
        return _plan(files, mode, mapping, dict(answers or {}), progress, day, workspace, removed or {})
    except BaseException as error:
        workspace.close()
        if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
            raise storage_trouble(error) from error
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise storage_trouble(error) from error
        raise


def _plan(
    files: Sequence[Path],
    mode: str,
    mapping: Mapping | None,
    answers: dict[str, str],
    progress: Progress,
    today: date,
    workspace: Workspace,
    removed: Readonly[str, Collection[str]],
) -> LoadPlan:
    sources, troubles = read_sources(files, workspace, lambda share, name: progress(0.5 * share, name))
    if not sources:
        raise troubles[0]
    base = current_version()
    raw_views(workspace.con, None if mode == "replace" else base)
    progress(0.5, _("Finding out what each file means"))
    given = {s.source: s for s in mapping.sources} if mapping else {}
    proposal = propose(sources, workspace, given=given, saved=saved_mappings(sources), answers=answers)
    by_name = {s.name: s for s in sources}
    people, gathered = _bring_into_shape(sources, proposal, by_name, answers, progress, today, workspace)
    gathered += [gather(t, (), workspace) for t in removed if t not in {g.table for g in gathered}]
    replace = mode == "replace"
    counts = {g.table: prepare(g, workspace, replace=replace, removed=removed.get(g.table, ())) for g in gathered}
    views = tuple(_view(s, proposal.mapping.of(s.name), workspace) for s in sources)
    if not any(v.tables for v in views):
        raise BadInput(
            _("No file looks like people, leads, opportunities or activities"),
            value=", ".join(v.name for v in views[:5]),
            todo=_("Give a mapping with --mapping, or see the file formats in the documentation."),
        )
    progress(0.85, _("Compared with what is loaded"))
    return LoadPlan(
        paths=tuple(files),
        mode=mode,
        mapping=proposal.mapping,
        answers=answers,
        questions=(*proposal.questions, *people.questions),
        sources=views,
        tables=counts,
        rejects=groups(workspace),
        troubles=tuple(t.sentence for t in troubles),
        notices=(*people.notices, *notices_of(workspace, gathered, proposal)),
        base=base,
        today=today,
        workspace=workspace,
    )


def _bring_into_shape(
    sources: Sequence[Source],
    proposal: Proposal,
    by_name: dict[str, Source],
    answers: dict[str, str],
    progress: Progress,
    today: date,
    workspace: Workspace,
) -> tuple[People, list[Gathered]]:
    work = [
        (source, mapped, target)
        for source in sources
        if (mapped := proposal.mapping.of(source.name)) is not None
        for target in mapped.targets
    ]
    alone = Context(workspace, by_name, today, None)
    staged: list[Staged] = [stage(s, m, t, alone) for s, m, t in work if t.table == "people"]
    listed = gather("people", staged, workspace) if staged else None
    people = join_people(work, listed, alone, answers)
    joined = Context(workspace, by_name, today, people.owners)
    others = [item for item in work if item[2].table != "people"]
    for i, (source, mapped, target) in enumerate(others):
        progress(0.5 + 0.3 * i / len(others), _("Checking %s") % target.table)
        staged.append(stage(source, mapped, target, joined))
    gathered = []
    for table in TABLES:
        if table.name == "people":
            gathered.extend([people.gathered] if people.gathered else [])
        elif mine := [s for s in staged if s.table == table.name]:
            gathered.append(gather(table.name, mine, workspace))
    return people, gathered


def _varied(rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """The first row, then those that show the most cells not seen yet, in their order."""
    picked: list[int] = []
    seen: set[tuple[int, str]] = set()
    cells = [{(i, c) for i, c in enumerate(row) if c is not None} for row in rows]
    while len(picked) < min(SAMPLE_ROWS, len(rows)):
        best = max((i for i in range(len(rows)) if i not in picked), key=lambda i: (len(cells[i] - seen), -i))
        picked.append(best)
        seen |= cells[best]
    return [rows[i] for i in sorted(picked)]


def _view(source: Source, mapped: SourceMapping | None, workspace: Workspace) -> SourceView:
    first = workspace.con.execute(f"SELECT * EXCLUDE (_row) FROM {source.relation} LIMIT {LOOKED_AT}").fetchall()
    targets: tuple[Target, ...] = mapped.targets if mapped else ()
    return SourceView(
        name=source.name,
        tables=tuple(dict.fromkeys(t.table for t in targets)),
        headers=source.headers,
        samples=tuple(tuple("" if c is None else str(c) for c in row) for row in _varied(first)),
        rows=source.rows,
        bad_rows=source.bad_rows,
        notes=source.notes,
        note=mapped.note if mapped else "",
    )


def commit_load(
    plan: LoadPlan,
    *,
    by: Actor,
    progress: Progress = _quiet,
    load_id: int | None = None,
    sync: dict[str, Any] | None = None,
) -> LoadResult:
    """Write what was planned, all or nothing, and make it current.

    A load that changes nothing makes no version. The plan is closed afterwards.

    Args:
        plan: what to write.
        by: who asks for it.
        progress: called with the share that is done, 0 to 1, and what is being done.
        load_id: of the load from a page, kept with the version.
        sync: the source and run this comes from, kept with the version; its mapping is built in, so none is remembered.

    Raises:
        Conflict: another load is running, or was made since the plan.
        StorageTrouble: the disk is full; nothing was changed.
        NotAllowed: `by` may not load.
    """
    require(by, "facts.load")
    with plan, load_lock():
        sweep(known_numbers())
        if current_version() != plan.base:
            raise Conflict(_("Another load was faster"), todo=_("Load again; nothing was changed."))
        summary = plan.summary()
        number = next_number(highest_number())
        rejects_file = _rejects(plan, number)
        summary["rejects_file"] = str(rejects_file) if rejects_file else None
        # By this a load from a page that was cut off right after writing finds its version again.
        summary["load"] = load_id
        if sync is not None:
            summary["sync"] = sync
        mapping = Mapping() if sync is not None else plan.mapping
        if not plan.changes:
            if mapping.sources:
                remember_mapping(mapping=mapping, by=by)
            progress(1.0, _("Nothing was different"))
            return LoadResult(None, rejects_file, summary)
        manifest = write_version(
            number,
            base=None if plan.mode == "replace" else plan.base,
            counts=plan.tables,
            workspace=plan.workspace,
            replace=plan.mode == "replace",
            today=plan.today,
            progress=lambda share, name: progress(0.85 + 0.13 * share, name),
        )
        if plan.base is not None and manifest.content_hash == read_manifest(plan.base).content_hash:
            # Started anew with what was there: the same facts are not a new version.
            shutil.rmtree(version_folder(number), ignore_errors=True)
            progress(1.0, _("Nothing was different"))
            return LoadResult(None, rejects_file, summary)
        try:
            version = accept_version(
                manifest=manifest, base=plan.base, mode=plan.mode, summary=summary, mapping=mapping, by=by
            )
        except BaseException:
            shutil.rmtree(version_folder(number), ignore_errors=True)
            raise
        progress(1.0, _("Loaded"))
        return LoadResult(version, rejects_file, summary)


def _rejects(plan: LoadPlan, number: int) -> Path | None:
    if not plan.rejects:
        return None
    path = rejects_folder() / f"rejects-{number:06d}.csv"
    try:
        write_rejects(plan.workspace, path)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise storage_trouble(error) from error
    return path
