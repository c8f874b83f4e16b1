"""Every read about what people saw and did, always for a named actor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require, scoped
from headway.detection.models import SignalRecord
from headway.diagnosis import serialise as diagnosis_json
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.models import DiagnosisRecord
from headway.diagnosis.practice.company_rules import practice_rules
from headway.diagnosis.practice.models import (
    AxisDecision,
    CoachingSession,
    CompetencyRating,
    ExceptionRequest,
    FormalReason,
    Observation,
    PracticeLink,
    ProtectedEvent,
    Rater,
)
from headway.diagnosis.practice.rules import open_turns
from headway.metrics.queries import latest_run

T = TypeVar("T")


def sessions_of(actor: Actor, person_id: str) -> QuerySet[CoachingSession]:
    """The coaching talks with a person, newest first; NotFound outside the actor's reach."""
    require(actor, "practice.view", person_id)
    return CoachingSession.objects.filter(person_id=person_id)


def session_for(actor: Actor, session_id: int) -> CoachingSession:
    """One coaching talk, or NotFound."""
    return _one(scoped(actor, "practice.view", CoachingSession.objects.filter(pk=session_id)).first())


def observations_of(actor: Actor, person_id: str) -> QuerySet[Observation]:
    """What was seen and heard, newest first; NotFound outside the actor's reach."""
    require(actor, "practice.view", person_id)
    return Observation.objects.filter(person_id=person_id)


def links_of(actor: Actor, person_id: str) -> QuerySet[PracticeLink]:
    """The chains of a person, newest first, with what they rest on and what both sides said."""
    require(actor, "practice.view", person_id)
    rows = PracticeLink.objects.filter(person_id=person_id)
    return rows.prefetch_related("observations", "sessions", "validations")


def link_for(actor: Actor, link_id: int) -> PracticeLink:
    """One chain, or NotFound."""
    return _one(scoped(actor, "practice.view", PracticeLink.objects.filter(pk=link_id)).first())


def _one(row: T | None) -> T:
    if row is None:
        raise NotFound(_("There is no such page, or it is not yours to see"))
    return row


def rated_days(person_id: str) -> dict[str, dict[int, date]]:
    """Per side the first day of its ratings in each turn. For rules; names no levels."""
    days: dict[str, dict[int, date]] = defaultdict(dict)
    rows = CompetencyRating.objects.filter(person_id=person_id).order_by("rated_on", "pk")
    for rater, turn, on in rows.values_list("rater", "turn", "rated_on"):
        days[rater].setdefault(turn, on)
    return dict(days)


def side_of(actor: Actor, person_id: str) -> str:
    """Which side of a person's ratings the actor stands on."""
    return Rater.SELF if actor.person_id == person_id else Rater.MANAGER


def ratings_of(actor: Actor, person_id: str) -> list[CompetencyRating]:
    """The ratings the actor may read, oldest first: the own side's, and the other's once both have rated.

    HR and others who rate nothing read what both sides have opened to each other.
    """
    opened, side = {row.pk for row in opened_ratings(actor, person_id)}, side_of(actor, person_id)
    rates = actor.role in {"rep", "manager", "leader"}
    rows = CompetencyRating.objects.filter(person_id=person_id)
    return [row for row in rows if (rates and row.rater == side) or row.pk in opened]


def opened_ratings(actor: Actor, person_id: str) -> list[CompetencyRating]:
    """The ratings that both sides have opened to each other, oldest first: both have rated, or the wait is over."""
    require(actor, "practice.view", person_id)
    days, today, wait = rated_days(person_id), clock.today(), practice_rules().turn_days
    of_manager = open_turns(days, side=Rater.SELF, as_of=today, turn_days=wait)
    of_self = open_turns(days, side=Rater.MANAGER, as_of=today, turn_days=wait)
    rows = CompetencyRating.objects.filter(person_id=person_id)
    return [row for row in rows if row.turn in (of_manager if row.rater == Rater.MANAGER else of_self)]


def waits_for(actor: Actor, person_id: str) -> str:
    """ "" if nothing is open, else the side ("manager", "self") whose ratings of the newest turn are missing."""
    require(actor, "practice.view", person_id)
    days = rated_days(person_id)
    turns = {turn for side in days.values() for turn in side}
    if not turns:
        return ""
    newest = max(turns)
    missing = [str(side) for side in (Rater.SELF, Rater.MANAGER) if newest not in days.get(side, {})]
    return missing[0] if missing else ""


@dataclass(frozen=True)
class Suggestion:
    """What the newest analysis says about skill and effort; chances of skill, effort and cannot tell."""

    tier: str
    run_id: int
    chances: dict[str, float]
    diagnosis: Diagnosis | None


def suggestion_for(actor: Actor, person_id: str) -> Suggestion | None:
    """The program's suggestion, or None before any analysis; NotFound outside the actor's reach."""
    require(actor, "person.view", person_id)
    run = latest_run()
    signal = SignalRecord.objects.filter(run=run, person_id=person_id).first() if run else None
    if run is None or signal is None:
        return None
    record = DiagnosisRecord.objects.filter(run=run, person_id=person_id, evaluable=True).first()
    found = diagnosis_json.from_json(record.payload) if record else None
    chances = {"skill": found.skill, "effort": found.effort, "cannot_tell": found.cannot_tell} if found else {}
    return Suggestion(signal.tier, run.pk, chances, found)


def decision_of(actor: Actor, person_id: str) -> AxisDecision | None:
    """The newest decision whether it is skill or effort."""
    require(actor, "practice.view", person_id)
    return AxisDecision.objects.filter(person_id=person_id).last()


def reason_of(actor: Actor, person_id: str) -> FormalReason | None:
    """The newest recorded reason for a formal plan that the data does not call for."""
    require(actor, "practice.view", person_id)
    return FormalReason.objects.filter(person_id=person_id).last()


def requests_of(actor: Actor, person_id: str) -> QuerySet[ExceptionRequest]:
    """What HR was asked for about a person, oldest first."""
    require(actor, "gate.view", person_id)
    return ExceptionRequest.objects.filter(person_id=person_id)


def open_requests(actor: Actor) -> QuerySet[ExceptionRequest]:
    """What waits for HR's answer, for HR."""
    require(actor, "gate.except")
    return ExceptionRequest.objects.filter(closed_at__isnull=True).select_related("person")


def ids_before_hr() -> frozenset[str]:
    """People about whom HR has been asked for an exception: part of what "people with a case" means."""
    return frozenset(ExceptionRequest.objects.values_list("person_id", flat=True).distinct())


def protected_for(actor: Actor) -> QuerySet[ProtectedEvent]:
    """Protected events, for HR alone; for everybody else there is no such page."""
    require(actor, "protected.view")
    return ProtectedEvent.objects.select_related("person")


def event_for(actor: Actor, event_id: int) -> ProtectedEvent:
    """One protected event, for HR alone."""
    return _one(protected_for(actor).filter(pk=event_id).first())
