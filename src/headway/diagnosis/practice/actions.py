"""Every write about what people saw and did before a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.core.permissions import require
from headway.diagnosis.practice.company_rules import practice_rules
from headway.diagnosis.practice.competencies import LEVELS, competency_named
from headway.diagnosis.practice.factors import FACTORS
from headway.diagnosis.practice.gate import HR_ONLY, gate_for
from headway.diagnosis.practice.models import (
    Axis,
    AxisDecision,
    CoachingSession,
    CompetencyRating,
    ExceptionRequest,
    FactorAnswer,
    FormalReason,
    Found,
    GateException,
    LinkValidation,
    Observation,
    PracticeLink,
    ProtectedEvent,
    Rater,
    SessionKind,
    Source,
)
from headway.diagnosis.practice.queries import rated_days, suggestion_for
from headway.diagnosis.practice.rules import current_turn
from headway.people.models import Person, User

LONGEST = 20_000
R = TypeVar("R", bound=models.Model)


def clean(text: str, *, what: str, needed: bool = False) -> str:
    """A text as it is kept: no null bytes, plain line ends, no longer than a person reads.

    Raises:
        BadInput: nothing where something is needed, or too much.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if needed and not text:
        raise BadInput(_("%s is empty") % what, todo=_("Write at least one sentence."))
    if len(text) > LONGEST:
        raise BadInput(
            _("%s is too long") % what, value=_("%s characters") % len(text),
            todo=_("Shorten it to %s characters.") % LONGEST,
        )  # fmt: skip
    return text


def _not_later(on: date, *, what: str) -> date:
    if on > clock.today():
        raise BadInput(
            _("%s lies in the future") % what, value=on.isoformat(), todo=_("Choose today or an earlier day.")
        )
    if on < clock.today() - timedelta(days=3 * 366):
        raise BadInput(_("%s is more than three years ago") % what, value=on.isoformat())
    return on


def _one_of(value: str, choices: type[models.TextChoices], *, what: str) -> str:
    if value not in choices.values:
        raise BadInput(_("%s is not known") % what, value=value, todo=_("Use one of: %s.") % ", ".join(choices.values))
    return value


def _keep(record: R, *, person_id: str, by: Actor) -> R:
    if not Person.objects.filter(pk=person_id, listed=True).exists():
        raise BadInput(_("There is no such person"), value=person_id)
    about: Any = record
    about.person_id, about.made_by_name, about.made_at = person_id, by.name, clock.now()
    about.made_by = by if isinstance(by, User) else None
    record.save()
    return record


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
        held_on=_not_later(given.held_on, what=_("The day of the talk")),
        kind=_one_of(given.kind, SessionKind, what=_("The kind of coaching")),
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
    return _keep(row, person_id=person_id, by=by)


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
        seen_on=_not_later(given.seen_on, what=_("The day")),
        source=_one_of(given.source, Source, what=_("The source")),
        competency=competency_named(given.competency),
        gap_key=given.gap_key[:80],
        said_by=clean(given.said_by, what=_("Who said it"))[:200],
        text=clean(given.text, what=_("What was seen"), needed=True),
    )
    audit.detail(seen_on=row.seen_on.isoformat(), source=row.source)
    return _keep(row, person_id=person_id, by=by)


@dataclass(frozen=True)
class RatingGiven:
    """One competency's level (1 to 5) and the behaviour that was seen."""

    competency: str
    level: int
    behaviour: str = ""


@action(permission="competency.rate", event="competency.rated", about="person_id")
def rate_competencies(
    *, person_id: str, ratings: Sequence[RatingGiven], by: Actor, rated_on: date | None = None
) -> tuple[CompetencyRating, ...]:
    """Rate competencies of a person, as the person or as the manager's side, blind to the other's ratings.

    The side follows from who acts. A side rates a turn once; see `rules.current_turn`.

    Raises:
        BadInput: nothing was rated, a level is not 1 to 5, or a competency is unknown or given twice.
    """
    if not ratings:
        raise BadInput(_("Nothing was rated"), todo=_("Choose a level for at least one competency."))
    names = [competency_named(given.competency, needed=True) for given in ratings]
    if len(set(names)) != len(names):
        raise BadInput(
            _("A competency was rated twice"), value=", ".join(sorted({n for n in names if names.count(n) > 1}))
        )
    bad = next((given for given in ratings if given.level not in LEVELS), None)
    if bad is not None:
        raise BadInput(_("A level is a number from 1 to 5"), value=bad.level)
    on = _not_later(rated_on or clock.today(), what=_("The day"))
    rater = Rater.SELF if by.person_id == person_id else Rater.MANAGER
    # Locked, so that two people who send at the same moment do not open two turns.
    Person.objects.select_for_update().filter(pk=person_id).first()
    turn = current_turn(rated_days(person_id), rater=rater, on=on, turn_days=practice_rules().turn_days)
    audit.detail(side=str(rater), turn=turn, competencies=names)
    return tuple(
        _keep(
            CompetencyRating(
                competency=given.competency, rater=rater, level=given.level, rated_on=on, turn=turn,
                behaviour=clean(given.behaviour, what=_("The behaviour")),
            ),
            person_id=person_id, by=by,
        )
        for given in ratings
    )  # fmt: skip


@dataclass(frozen=True)
class FactorGiven:
    """The answer to one outside factor; a remedy says what the company does where it holds back."""

    factor: str
    found: str
    text: str
    remedy: str = ""


@action(permission="factors.answer", event="factors.answered", about="person_id")
def answer_factors(
    *, person_id: str, answers: Sequence[FactorGiven], signed: bool, by: Actor
) -> tuple[FactorAnswer, ...]:
    """Answer what lies outside a person's hands, and stand by it with the own name.

    Raises:
        BadInput: not signed, nothing answered, an unknown factor, or an answer without words.
    """
    if not answers:
        raise BadInput(_("Nothing was answered"), todo=_("Answer at least one factor."))
    if not signed:
        raise BadInput(_("The answers are not signed"), todo=_("Tick that you have looked at each of them yourself."))
    for given in answers:
        if given.factor not in FACTORS:
            raise BadInput(_("There is no such factor"), value=given.factor)
        _one_of(given.found, Found, what=_("The answer"))
    audit.detail(answers={given.factor: given.found for given in answers}, signed=by.name)
    return tuple(
        _keep(
            FactorAnswer(
                factor=given.factor, found=given.found, answered_on=clock.today(),
                text=clean(given.text, what=_("The answer"), needed=True),
                remedy=clean(given.remedy, what=_("What is done about it")),
            ),
            person_id=person_id, by=by,
        )
        for given in answers
    )  # fmt: skip


@action(permission="practice.write", event="axis.decided", about="person_id")
def decide_axis(*, person_id: str, axis: str, reason: str, by: Actor) -> AxisDecision:
    """Decide whether it is skill, effort, both, or neither; the program's suggestion is kept beside it.

    Raises:
        BadInput: no reason, or an unknown choice.
    """
    suggested = suggestion_for(by, person_id)
    row = AxisDecision(
        axis=_one_of(axis, Axis, what=_("The choice")),
        reason=clean(reason, what=_("The reason"), needed=True),
        decided_on=clock.today(),
        suggested=suggested.chances if suggested else {},
    )
    audit.detail(axis=row.axis)
    return _keep(row, person_id=person_id, by=by)


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
    _keep(row, person_id=person_id, by=by)
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
    return _keep(row, person_id=link.person_id, by=by)


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


@action(permission="practice.write", event="formal_reason.recorded", about="person_id")
def record_reason(*, person_id: str, text: str, by: Actor) -> FormalReason:
    """Record why a formal plan is wanted although the data cannot tell. The person reads it word by word.

    Raises:
        BadInput: no words, or too many.
    """
    suggested = suggestion_for(by, person_id)
    row = FormalReason(
        text=clean(text, what=_("The reason"), needed=True),
        tier=suggested.tier if suggested else "",
        run_id=suggested.run_id if suggested else None,
        given_on=clock.today(),
    )
    return _keep(row, person_id=person_id, by=by)


@action(permission="gate.ask", event="exception.asked", about="person_id")
def ask_for_exception(*, person_id: str, item: str, reason: str, by: Actor) -> ExceptionRequest:
    """Ask HR to let a formal plan go on without one of the things before it. HR sees the case from then on.

    Raises:
        BadInput: there is nothing missing under this name, or no reason.
        Conflict: HR has been asked already.
    """
    gate = gate_for(person_id, by=by)
    if item not in {missing.key for missing in gate.missing}:
        raise BadInput(_("Nothing is missing under this name"), value=item)
    if ExceptionRequest.objects.filter(person_id=person_id, item=item, closed_at__isnull=True).exists():
        raise Conflict(_("HR has been asked already"), todo=_("Wait for the answer, or talk to HR."))
    row = ExceptionRequest(item=item, reason=clean(reason, what=_("The reason"), needed=True), asked_on=clock.today())
    audit.detail(item=item)
    return _keep(row, person_id=person_id, by=by)


@action(permission="gate.except", event="exception.granted", about="person_id")
def grant_exception(*, person_id: str, item: str, reason: str, until: date | None = None, by: Actor) -> GateException:
    """HR's written exception for one item, until a day. Manager and person read it (protected events: HR alone).

    Raises:
        BadInput: an unknown item, no reason, or a day that is past or more than a year ahead.
    """
    gate = gate_for(person_id, by=by)
    if gate.item(item) is None:
        raise BadInput(_("There is nothing of this name before a plan"), value=item)
    if item in HR_ONLY:
        require(by, "protected.record")
    today = clock.today()
    last = until or today + timedelta(days=practice_rules().exception_days)
    if not today <= last <= today + timedelta(days=366):
        raise BadInput(_("An exception ends within a year from today"), value=last.isoformat())
    request = ExceptionRequest.objects.filter(person_id=person_id, item=item, closed_at__isnull=True).last()
    row = GateException(
        item=item, reason=clean(reason, what=_("The reason"), needed=True), given_on=today, until=last, request=request
    )
    _close(request)
    audit.detail(item=item, until=last.isoformat())
    return _keep(row, person_id=person_id, by=by)


@action(permission="gate.except", event="exception.declined", locks="request")
def decline_exception(*, request: ExceptionRequest, reason: str, by: Actor) -> ExceptionRequest:
    """HR says no, with the reason the manager reads."""
    if request.closed_at is not None:
        raise Conflict(_("This has been answered already"))
    request.declined = clean(reason, what=_("The reason"), needed=True)
    _close(request)
    return request


def _close(request: ExceptionRequest | None) -> None:
    if request is not None:
        request.closed_at = clock.now()
        request.save(update_fields=["declined", "closed_at"])


@action(permission="protected.record", event="protected.recorded", about="person_id")
def record_protected(*, person_id: str, kind: str, happened_on: date, note: str, by: Actor) -> ProtectedEvent:
    """Record a protected event, for HR alone.

    Raises:
        BadInput: an unknown kind, or a day in the future.
    """
    if kind not in dict(ProtectedEvent.KINDS):
        raise BadInput(_("There is no such kind"), value=kind)
    row = ProtectedEvent(
        kind=kind, happened_on=_not_later(happened_on, what=_("The day")), note=clean(note, what=_("The note"))
    )
    return _keep(row, person_id=person_id, by=by)


@action(permission="protected.record", event="protected.ended", locks="event")
def end_protected(*, event: ProtectedEvent, because: str, by: Actor) -> ProtectedEvent:
    """A protected event no longer stands before a plan; it stays on record."""
    if event.ended_at is not None:
        raise Conflict(_("This has been ended already"))
    event.ended_at, event.ended_because = clock.now(), clean(because, what=_("The reason"), needed=True)
    event.save(update_fields=["ended_at", "ended_because"])
    return event
