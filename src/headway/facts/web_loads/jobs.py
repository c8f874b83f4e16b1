"""The jobs of a load from a page: read the files, write the facts. Each may run twice and does its work once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _
from django_q.tasks import async_task

from headway.core.actors import SYSTEM, Actor
from headway.core.errors import BadInput, HeadwayError
from headway.facts.models import Load
from headway.facts.web_loads import actions, uploads
from headway.facts.web_loads.pulse import Pulse, clear, last_beat

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
            actions.keep_failure(load=load, error=error, by=_by(load))
        except Exception:
            log.exception("load %s stopped", load.pk)
            sorry = HeadwayError(
                _("Something went wrong that Headway did not expect; nothing was changed"),
                todo=_("Try again; if it happens again, send your administrator the time."),
            )
            actions.keep_failure(load=load, error=sorry, by=_by(load))
    clear(key_of(load))


def _load(load_id: int, state: str) -> Load | None:
    return Load.objects.select_related("created_by").filter(pk=load_id, state=state).first()
