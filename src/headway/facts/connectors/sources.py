"""Sources for a named actor: which there are, how fresh, when they are read next; and reading the ones that are due."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import SYSTEM, Actor
from headway.core.errors import BadInput, HeadwayError, NotFound
from headway.core.permissions import require
from headway.facts.connectors import actions, vault
from headway.facts.connectors.catalogue import Kind, kind_of
from headway.facts.connectors.syncing import AlreadySyncing, Paused, SyncResult, is_running, run_sync
from headway.facts.load import Progress
from headway.facts.models import Source

log = logging.getLogger(__name__)
_EVERY = {Source.Schedule.HOURLY: timedelta(hours=1), Source.Schedule.DAILY: timedelta(days=1)}
# A source is late when it was not read for this many of its turns.
LATE_TURNS = 2
# After a problem it is tried again this soon.
RETRY = timedelta(hours=1)
# Of reading in one turn of the worker, so that mail and loads from pages get theirs.
TURN_SECONDS = 60.0


@dataclass(frozen=True)
class SourceStatus:
    """A source and how it is.

    Args:
        fresh_at: what the source held at that moment is in the facts; None = never read.
        next_at: when it is read next; None = only when asked.
        late: it was not read for twice as long as it should be.
        running: a sync is under way.
    """

    source: Source
    kind: Kind
    fresh_at: datetime | None
    next_at: datetime | None
    late: bool
    running: bool

    def as_json(self) -> dict[str, Any]:
        """Plain data; no secret is among it."""
        return {
            "name": self.source.name,
            "kind": self.source.kind,
            "schedule": self.source.schedule,
            "fresh_at": self.fresh_at.isoformat() if self.fresh_at else None,
            "next_at": self.next_at.isoformat() if self.next_at else None,
            "late": self.late,
            "running": self.running,
            "problem": self.source.problem or None,
            "secrets": {name: vault.where(kept) for name, kept in self.source.secrets.items()},
        }


def status_of(source: Source) -> SourceStatus:
    """How a source is."""
    every = _EVERY.get(Source.Schedule(source.schedule))
    running = is_running(source.name)
    next_at = source.ended_at + (min(every, RETRY) if source.problem else every) if every and source.ended_at else None
    cut_off = source.started_at is not None and source.ended_at is None and not running
    if source.asked_at or cut_off or (every and not source.started_at):
        next_at = clock.now()
    late = bool(every and source.fresh_at and clock.now() - source.fresh_at > LATE_TURNS * every)
    return SourceStatus(source, kind_of(source.kind), source.fresh_at, None if running else next_at, late, running)


def statuses_for(actor: Actor) -> list[SourceStatus]:
    """All sources. Raises NotFound where the actor may not see them."""
    require(actor, "facts.view")
    return [status_of(s) for s in Source.objects.all()]


def source_for(actor: Actor, name: str) -> Source:
    """A source by its name. Raises NotFound where there is none, or the actor may not see it."""
    require(actor, "facts.view")
    found = Source.objects.filter(name=name).first()
    if found is None:
        raise NotFound(_("There is no such source"), value=name, todo=_("See headway sync --list for those there are."))
    return found


def sync(source: Source, *, by: Actor, progress: Progress = lambda _s, _m: None, **how: Any) -> SyncResult:
    """Read a source now and keep with it how that went.

    Raises:
        HeadwayError: what stopped it, in one sentence; kept with the source too.
    """
    source = actions.begin_sync(source=source, by=by)
    try:
        result = run_sync(source, by=by, progress=progress, **how)
    except (AlreadySyncing, Paused):
        raise  # nothing stopped: it goes on in another process, or in the next turn
    except HeadwayError as error:
        actions.keep_problem(source=source, error=error, hidden=_secrets(source), by=by)
        raise
    except Exception as error:
        log.exception("sync of %s stopped", source.name)
        sorry = HeadwayError(
            _("The sync met something that Headway did not expect: %s") % type(error).__name__,
            todo=_("What was read is kept; sync again, and report it if it happens again."),
        )
        actions.keep_problem(source=source, error=sorry, hidden=_secrets(source), by=by)
        raise sorry from error
    actions.keep_result(source=source, result=result, by=by)
    return result


def _secrets(source: Source) -> tuple[str, ...]:
    found = []
    for kept in source.secrets.values():
        try:
            found.append(vault.reveal(kept))
        except BadInput:
            continue
    return tuple(found)


def is_due() -> bool:
    """Whether the turn of any source has come."""
    return any(s.next_at and s.next_at <= clock.now() for s in statuses_for(SYSTEM))


def sync_due() -> None:
    """Read every source whose turn it is or that somebody asked for. Harmless to repeat."""
    for status in statuses_for(SYSTEM):
        if status.next_at is None or status.next_at > clock.now():
            continue
        try:
            sync(status.source, by=SYSTEM, most_seconds=TURN_SECONDS)
        except Paused:
            continue
        except HeadwayError as error:
            log.info("sync of %s: %s", status.source.name, type(error).__name__)
