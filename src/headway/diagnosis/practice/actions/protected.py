"""Days on which a plan would look like an answer to something protected."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.practice.actions.keeping import clean, keep, not_later
from headway.diagnosis.practice.models import (
    ProtectedEvent,
)


@action(permission="protected.record", event="protected.recorded", about="person_id")
def record_protected(*, person_id: str, kind: str, happened_on: date, note: str, by: Actor) -> ProtectedEvent:
    """Record a protected event, for HR alone.

    Raises:
        BadInput: an unknown kind, or a day in the future.
    """
    if kind not in dict(ProtectedEvent.KINDS):
        raise BadInput(_("There is no such kind"), value=kind)
    row = ProtectedEvent(
        kind=kind, happened_on=not_later(happened_on, what=_("The day")), note=clean(note, what=_("The note"))
    )
    return keep(row, person_id=person_id, by=by)


@action(permission="protected.record", event="protected.ended", locks="event")
def end_protected(*, event: ProtectedEvent, because: str, by: Actor) -> ProtectedEvent:
    """A protected event no longer stands before a plan; it stays on record."""
    if event.ended_at is not None:
        raise Conflict(_("This has been ended already"))
    event.ended_at, event.ended_because = clock.now(), clean(because, what=_("The reason"), needed=True)
    event.save(update_fields=["ended_at", "ended_because"])
    return event
