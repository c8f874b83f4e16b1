"""Gap, behaviour behind it, coaching: the chain and who agreed to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.practice.actions.keeping import clean, keep
from headway.diagnosis.practice.competencies import competency_named
from headway.diagnosis.practice.models import (
    CoachingSession,
    LinkValidation,
    Observation,
    PracticeLink,
    Rater,
)


@dataclass(frozen=True)
class LinkGiven:
    """A chain: the behaviour behind a gap and the coaching for it; ids of what it rests on."""

    behaviour: str
    coaching: str
    competency: str = ""
    by_when: date | None = None
    observations: tuple[int, ...] = ()
    sessions: tuple[int, ...] = ()


@action(permission="practice.write", event="link.made", about="person_id")
def make_link(*, person_id: str, gap_key: str, gap_sentence: str, given: LinkGiven, by: Actor) -> PracticeLink:
    """Put a chain on record: gap in the figures, behaviour behind it, coaching for it.

    Raises:
        BadInput: a part is missing, or an observation or talk belongs to somebody else.
    """
    row = PracticeLink(
        gap_key=gap_key[:80],
        gap_sentence=clean(gap_sentence, what=_("The gap"), needed=True),
        behaviour=clean(given.behaviour, what=_("The behaviour"), needed=True),
        coaching=clean(given.coaching, what=_("The coaching"), needed=True),
        competency=competency_named(given.competency),
        by_when=given.by_when,
    )
    seen = list(Observation.objects.filter(person_id=person_id, pk__in=given.observations))
    held = list(CoachingSession.objects.filter(person_id=person_id, pk__in=given.sessions))
    if len(seen) != len(set(given.observations)) or len(held) != len(set(given.sessions)):
        raise BadInput(_("A note that was chosen is not about this person"))
    keep(row, person_id=person_id, by=by)
    row.observations.set(seen)
    row.sessions.set(held)
    audit.detail(gap=row.gap_key, evidence=len(seen) + len(held))
    return row


@action(permission="link.validate", event="link.validated", locks="link")
def validate_link(*, link: PracticeLink, agrees: bool, words: str, seen_version: int, by: Actor) -> LinkValidation:
    """One side says whether a chain is right. The other side's word stands beside it, unedited.

    Raises:
        Conflict: the chain was changed or ended meanwhile.
        BadInput: no words where it is not right.
    """
    if link.ended_on is not None:
        raise Conflict(_("This chain was ended on %s") % link.ended_on.isoformat())
    if link.version != seen_version:
        raise Conflict(_("Somebody else has changed this since you opened it"), todo=_("Read it again, then say."))
    row = LinkValidation(
        link=link,
        side=Rater.SELF if by.person_id == link.person_id else Rater.MANAGER,
        agrees=agrees,
        words=clean(words, what=_("What is different"), needed=not agrees),
        link_version=link.version,
    )
    audit.detail(side=str(row.side), agrees=agrees)
    return keep(row, person_id=link.person_id, by=by)


@action(permission="practice.write", event="link.changed", locks="link")
def change_link(*, link: PracticeLink, behaviour: str, coaching: str, seen_version: int, by: Actor) -> PracticeLink:
    """Say a chain better. What both sides said before belongs to the words before; both are asked again."""
    if link.ended_on is not None or link.version != seen_version:
        raise Conflict(_("Somebody else has changed this since you opened it"), todo=_("Load the page again."))
    audit.detail(before={"behaviour": link.behaviour, "coaching": link.coaching})
    link.behaviour = clean(behaviour, what=_("The behaviour"), needed=True)
    link.coaching = clean(coaching, what=_("The coaching"), needed=True)
    link.version += 1
    link.save(update_fields=["behaviour", "coaching", "version"])
    return link


@action(permission="practice.write", event="link.ended", locks="link")
def end_link(*, link: PracticeLink, because: str, by: Actor) -> PracticeLink:
    """End a chain with the reason: it worked, or it was not that."""
    if link.ended_on is not None:
        raise Conflict(_("This chain was ended on %s") % link.ended_on.isoformat())
    link.ended_on, link.ended_because = clock.today(), clean(because, what=_("The reason"), needed=True)
    link.save(update_fields=["ended_on", "ended_because"])
    return link
