"""Every write to the record of a load that started on a page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from headway.core import audit
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import Conflict, HeadwayError
from headway.facts.models import FactVersion, Load
from headway.facts.web_loads import uploads
from headway.facts.web_loads.review import Corrections, Review

State = Load.State


@action(permission="facts.load", event="load.started")
def start_load(*, key: str, files: tuple[uploads.StoredFile, ...], mode: str, by: Actor) -> Load:
    """A new load for files that lie in the folder `key`; a job reads them next."""
    load = Load(
        created_by_id=by.pk,
        mode=mode,
        state=State.READING,
        files=[file.as_json() for file in files],
        answers={"key": key},
    )
    load.save()
    audit.detail(files=[file.name for file in files], mode=mode)
    return load


def _expect(load: Load, *states: str) -> None:
    if load.state not in states:
        raise Conflict(
            _("This load is no longer waiting for you"),
            value=State(load.state).label,
            todo=_("Look at the page again."),
        )


@action(permission="facts.load", event="load.corrected", locks="load")
def correct_load(*, load: Load, corrections: Corrections, by: Actor) -> Load:
    """What a person said about columns and questions; the files are read again with it."""
    _expect(load, State.PLANNED, State.FAILED)
    said = {**load.answers.get("said", {}), **corrections.answers}
    load.answers = {**load.answers, **corrections.as_json(), "said": said}
    if corrections.mode:
        load.mode = corrections.mode
    load.state, load.error = State.READING, ""
    load.save()
    return load


@action(permission="facts.load", event="load.begun", locks="load")
def begin_load(*, load: Load, by: Actor) -> Load:
    """A person pressed Load: a job writes the facts next."""
    _expect(load, State.PLANNED)
    load.state, load.error = State.LOADING, ""
    load.save()
    return load


@action(permission="facts.load", event="load.tried_again", locks="load")
def try_again(*, load: Load, by: Actor) -> Load:
    """A job was cut off or failed: do it again from the files. Nothing was written by the one that was cut off."""
    _expect(load, State.READING, State.LOADING, State.FAILED)
    load.state = State.LOADING if load.state == State.LOADING else State.READING
    load.error = ""
    load.save()
    return load


@action(permission="facts.load", event="load.cancelled", locks="load")
def cancel_load(*, load: Load, by: Actor) -> int:
    """Forget a load that was not loaded, and its files."""
    _expect(load, State.READING, State.PLANNED, State.FAILED)
    key, number = str(load.answers.get("key", "")), load.pk
    load.delete()
    uploads.forget(key)
    return int(number)


@action(permission="facts.load", event="load.read", locks="load")
def keep_review(*, load: Load, review: Review, mapping: dict[str, Any], mode: str, rejects: str, by: Actor) -> Load:
    """The job has read the files: keep what it found for the person to look at."""
    _expect(load, State.READING)
    load.plan, load.mapping, load.mode = review.as_json(), mapping, mode
    load.state, load.progress, load.rejects_file, load.error = State.PLANNED, 1.0, rejects, ""
    load.save()
    audit.detail(new=review.new, changed=review.changed, unchanged=review.unchanged, rejected=review.unread)
    return load


@action(permission="facts.load", event="load.compared_again", locks="load")
def keep_compared_again(*, load: Load, review: Review, mapping: dict[str, Any], rejects: str, by: Actor) -> Load:
    """Another load was made since the person looked: nothing is written, the person looks again."""
    _expect(load, State.LOADING)
    load.plan, load.mapping, load.rejects_file, load.state = review.as_json(), mapping, rejects, State.PLANNED
    load.error = _("Another load came in between, so this one was compared again. Look at it, then press Load.")
    load.save()
    return load


@action(permission="facts.load", event="load.done", locks="load")
def keep_done(*, load: Load, version: FactVersion | None, rejects: str, by: Actor) -> Load:
    """The facts are written (None: nothing was different). What the person saw is what happened."""
    _expect(load, State.LOADING)
    load.state, load.progress, load.version = State.DONE, 1.0, version
    load.rejects_file = rejects or load.rejects_file
    load.save()
    audit.detail(version=version.number if version else None)
    return load


@action(permission="facts.load", event="load.stopped", locks="load")
def keep_failure(*, load: Load, error: HeadwayError, by: Actor) -> Load:
    """The job stopped: keep the sentence."""
    # A load that failed while writing goes back to waiting: the files and what was said are still there.
    load.state = State.PLANNED if load.state == State.LOADING and load.plan else State.FAILED
    load.error = error.sentence[:500]
    load.save()
    audit.detail(error=load.error)
    return load


@action(permission="facts.load", event="facts.examined", locks="version")
def keep_health(*, version: FactVersion, health: dict[str, Any], by: Actor) -> FactVersion:
    """Keep what was noticed about a version with it."""
    version.summary = {**version.summary, "health": health}
    version.save()
    return version
