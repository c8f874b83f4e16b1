"""The jobs of a load from a page: read the files, write the facts. Each may run twice and does its work once."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _
from django_q.tasks import async_task

from headway.core.actors import SYSTEM, Actor
from headway.core.errors import BadInput, Conflict, HeadwayError
from headway.facts.folder import rejects_folder
from headway.facts.load import LoadPlan, Progress, commit_load, plan_load
from headway.facts.mapping import mapping_from_json
from headway.facts.models import FactVersion, Load
from headway.facts.rejects import write_rejects
from headway.facts.web_loads import actions, uploads
from headway.facts.web_loads.adapt import proposed_mode, review_of
from headway.facts.web_loads.pulse import Pulse, clear, last_beat
from headway.facts.web_loads.review import from_json

log = logging.getLogger(__name__)
Job = Callable[[int], None]


def key_of(load: Load) -> str:
    """The folder of the load's files."""
    return str(load.answers.get("key", ""))


def hand_over(job: Job, *, load_id: int) -> None:
    """Give a job to the worker. The page does not wait for it."""
    load = Load.objects.get(pk=load_id)
    clear(key_of(load))
    async_task(f"{job.__module__}.{job.__name__}", load_id, task_name=f"{job.__name__} {load_id}")


def paths_of(load: Load) -> list[Path]:
    """The load's files on disk.

    Raises:
        BadInput: they are gone; nobody came back for a week.
    """
    paths = [uploads.folder_of(key_of(load)) / str(file["name"]) for file in load.files]
    if not paths or not all(path.is_file() for path in paths):
        raise BadInput(_("The files of this load are no longer here"), todo=_("Send them again with a new load."))
    return paths


def _by(load: Load) -> Actor:
    return load.created_by or SYSTEM


def _run(load: Load, work: Callable[[Load, Pulse], None]) -> None:
    """Do the work with signs of life; what goes wrong becomes a sentence on the page, never a traceback."""
    beat = last_beat(key_of(load))
    if beat is not None and beat.alive:
        return  # the same job is at work already
    with Pulse(key_of(load)) as pulse:
        try:
            work(load, pulse)
        except HeadwayError as error:
            _stop(load, error)
        except Exception:
            log.exception("load %s stopped", load.pk)
            sorry = HeadwayError(
                _("Something went wrong that Headway did not expect; nothing was changed"),
                todo=_("Try again; if it happens again, send your administrator the time."),
            )
            _stop(load, sorry)
    clear(key_of(load))


def _stop(load: Load, error: HeadwayError) -> None:
    # Cancelled while it was read: there is no record left to keep the sentence with, and nobody to read it.
    with contextlib.suppress(Conflict):
        actions.keep_failure(load=load, error=error, by=_by(load))


def _load(load_id: int, state: str) -> Load | None:
    return Load.objects.select_related("created_by").filter(pk=load_id, state=state).first()


def waited_seconds(load: Load) -> float:
    """How long ago the load's files, or what a person said about them, were last touched."""
    try:
        return max(0.0, time.time() - uploads.folder_of(key_of(load)).stat().st_mtime)
    except OSError:
        return 0.0


def read_load(load_id: int) -> None:
    """Read the files, find out what loading them would do, and keep that for a person to look at."""
    load = _load(load_id, Load.State.READING)
    if load is not None:
        _run(load, _read)


def _plan(load: Load, mode: str, tell: Progress) -> LoadPlan:
    given = load.answers.get("given")
    return plan_load(
        paths_of(load),
        mode=mode,
        mapping=mapping_from_json(given) if given else None,
        answers=load.answers.get("said", {}),
        progress=tell,
    )


def _read(load: Load, pulse: Pulse) -> None:
    mode, reason = load.mode, ""
    plan = _plan(load, "replace" if mode == "replace" else "add", lambda share, words: pulse.tell(share / 0.9, words))
    try:
        if mode == "auto":
            mode, reason = proposed_mode(plan)
            if mode == "replace":
                plan.close()
                plan = _plan(load, mode, lambda share, words: pulse.tell(share / 0.9, words))
        elif load.answers.get("mode_reason"):
            reason = str(load.answers["mode_reason"])
        review = review_of(plan, mode_reason=reason)
        rejects = ""
        if plan.rejects:
            rejects = str(rejects_folder() / f"load-{load.pk}.csv")
            write_rejects(plan.workspace, Path(rejects))
        actions.keep_review(
            load=load, review=review, mapping=plan.mapping.as_json(), mode=mode, rejects=rejects, by=_by(load)
        )
    finally:
        plan.close()


def write_load(load_id: int) -> None:
    """Write the facts as the person saw them on the page."""
    load = _load(load_id, Load.State.LOADING)
    if load is not None:
        _run(load, _write)


def _write(load: Load, pulse: Pulse) -> None:
    done = FactVersion.objects.filter(summary__load=load.pk).first()
    if done is not None:
        # The job before was cut off after the facts were written: there is nothing left to write.
        _finish(load, done, str(done.summary.get("rejects_file") or ""))
        return
    reviewed = from_json(load.plan)
    plan = _plan(load, load.mode, lambda share, words: pulse.tell(share * 0.7, words))
    try:
        now = review_of(plan, mode_reason=reviewed.mode_reason if reviewed else "")
        if reviewed is None or now.base != reviewed.base:
            rejects = load.rejects_file
            actions.keep_compared_again(
                load=load, review=now, mapping=plan.mapping.as_json(), rejects=rejects, by=_by(load)
            )
            return
        result = commit_load(
            plan, by=_by(load), progress=lambda share, words: pulse.tell(0.7 + 0.3 * share, words), load_id=load.pk
        )
    finally:
        plan.close()
    _finish(load, result.version, str(result.rejects_file or ""))


def _finish(load: Load, version: FactVersion | None, rejects: str) -> None:
    actions.keep_done(load=load, version=version, rejects=rejects, by=_by(load))
    uploads.forget(key_of(load))
