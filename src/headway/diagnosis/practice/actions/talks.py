"""Coaching talks and what was observed in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.practice.actions.keeping import clean, keep, not_later, one_of
from headway.diagnosis.practice.competencies import competency_named
from headway.diagnosis.practice.models import (
    CoachingSession,
    Observation,
    SessionKind,
    Source,
)


@dataclass(frozen=True)
class SessionGiven:
    """A coaching talk as a manager writes it down; competency is a key of the company's list or empty."""

    held_on: date
    kind: str = SessionKind.CAPABILITY
    competency: str = ""
    wins: str = ""
    improvements: str = ""
    notes: str = ""
    agreed: str = ""
    minutes: int | None = None


@action(permission="practice.write", event="coaching.noted", about="person_id")
def note_coaching(*, person_id: str, given: SessionGiven, by: Actor) -> CoachingSession:
    """Write down a coaching talk. The person reads it and may answer.

    Raises:
        BadInput: nothing was written, the day is in the future, or kind, competency or minutes cannot be used.
    """
    if given.minutes is not None and not 1 <= given.minutes <= 600:
        raise BadInput(_("Minutes are a number from 1 to 600"), value=given.minutes)
    row = CoachingSession(
        held_on=not_later(given.held_on, what=_("The day of the talk")),
        kind=one_of(given.kind, SessionKind, what=_("The kind of coaching")),
        competency=competency_named(given.competency),
        minutes=given.minutes,
        wins=clean(given.wins, what=_("What went well")),
        improvements=clean(given.improvements, what=_("What to try")),
        notes=clean(given.notes, what=_("The note")),
        agreed=clean(given.agreed, what=_("What was agreed")),
    )
    if not any((row.wins, row.improvements, row.notes, row.agreed)):
        raise BadInput(_("A coaching talk needs words"), todo=_("Write one sentence: what went well, or what to try."))
    audit.detail(held_on=row.held_on.isoformat(), kind=row.kind)
    return keep(row, person_id=person_id, by=by)


@action(permission="practice.answer", event="coaching.answered", locks="session")
def answer_coaching(*, session: CoachingSession, words: str, by: Actor) -> CoachingSession:
    """The person's own words on a coaching talk, kept unedited. Said once.

    Raises:
        Conflict: it was answered before.
        BadInput: there are no words, or too many.
    """
    if session.answer:
        raise Conflict(_("You have answered this already"), todo=_("Say more in the next talk."))
    session.answer = clean(words, what=_("Your answer"), needed=True)
    session.answered_at = clock.now()
    session.save(update_fields=["answer", "answered_at"])
    return session


@dataclass(frozen=True)
class ObservationGiven:
    """Something seen or heard; said_by names who said it where it is a person."""

    seen_on: date
    source: str
    text: str
    competency: str = ""
    gap_key: str = ""
    said_by: str = ""


@action(permission="practice.write", event="observation.noted", about="person_id")
def note_observation(*, person_id: str, given: ObservationGiven, by: Actor) -> Observation:
    """Write down something seen or heard, with its day and source.

    Raises:
        BadInput: no words, a day in the future, or an unknown source or competency.
    """
    row = Observation(
        seen_on=not_later(given.seen_on, what=_("The day")),
        source=one_of(given.source, Source, what=_("The source")),
        competency=competency_named(given.competency),
        gap_key=given.gap_key[:80],
        said_by=clean(given.said_by, what=_("Who said it"))[:200],
        text=clean(given.text, what=_("What was seen"), needed=True),
    )
    audit.detail(seen_on=row.seen_on.isoformat(), source=row.source)
    return keep(row, person_id=person_id, by=by)
