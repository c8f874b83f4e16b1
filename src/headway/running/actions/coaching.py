"""Coaching inside a plan: half-days side by side, and the person's own marks of a scored talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.practice.actions import SessionGiven, note_coaching
from headway.diagnosis.practice.competencies import competency_named
from headway.diagnosis.practice.models import SessionKind
from headway.plans.models import Plan
from headway.running.actions.ledger import give_support
from headway.running.models import HalfDay, ScoredPractice, TrainingScore
from headway.running.rules import score_of
from headway.running.words import check_past, check_running, clean, needed

HALF_DAY_MINUTES = 240


@dataclass(frozen=True)
class Appointment:
    """One customer appointment of a half-day. seen: what the manager saw there, once it is over."""

    who: str
    at: str = ""
    aim: str = ""
    seen: str = ""


@dataclass(frozen=True)
class HalfDayFound:
    """What a half-day came to. wins, improvements: up to three each. promise: key of the promise it fulfils."""

    held_on: date
    wins: Sequence[str]
    improvements: Sequence[str]
    seen: Sequence[str] = ()
    agreed: str = ""
    kind: str = SessionKind.CAPABILITY
    promise: str = ""


@action(permission="halfday.hold", event="halfday.planned", locks="plan")
def plan_half_day(
    *, plan: Plan, on: date, appointments: Sequence[Appointment], competency: str = "", by: Actor
) -> HalfDay:
    """Put a half-day side by side on the plan, with up to three appointments. The person sees it at once.

    Raises:
        BadInput: there is no appointment or there are too many, the competency is unknown, or the day lies outside the
            plan.
        Conflict: the plan is not running.
    """
    check_running(plan)
    listed = [one for one in appointments if one.who.strip()]
    if not 1 <= len(listed) <= HalfDay.MOST:
        raise BadInput(
            _("A half-day has one to three appointments"), value=len(listed), todo=_("Name whom you meet together.")
        )
    if not plan.start_on - timedelta(days=7) <= on <= plan.last_on:
        raise BadInput(_("This day lies outside the plan"), value=on.isoformat())
    row = HalfDay(
        plan=plan, on=on, competency=competency_named(competency), planned_by=by.name, made_at=clock.now(),
        appointments=[
            {"at": clean(one.at)[:20], "who": clean(one.who)[:200], "aim": clean(one.aim)[:500], "seen": ""}
            for one in listed
        ],
    )  # fmt: skip
    row.save()
    audit.detail(plan=plan.pk, on=on.isoformat(), appointments=len(listed))
    return row


@action(permission="halfday.hold", event="halfday.held", locks="half_day")
def hold_half_day(*, half_day: HalfDay, found: HalfDayFound, by: Actor) -> HalfDay:
    """Write down what a half-day showed: it goes into the person's coaching log, and keeps a promise if one is named.

    Raises:
        BadInput: no win or nothing to improve is named, there are more than three, or the day lies ahead.
        Conflict: it is written down already, or the plan is not running.
    """
    plan = half_day.plan
    check_running(plan)
    check_past(found.held_on)
    if half_day.session_id is not None:
        raise Conflict(_("This half-day is written down already"))
    wins = _three(found.wins, missing=_("Name at least one thing to keep"))
    improvements = _three(found.improvements, missing=_("Name at least one thing to improve"))
    promise = plan.promises.filter(key=found.promise).first() if found.promise else None
    if found.promise and promise is None:
        raise BadInput(_("There is no such promise in this plan"), value=found.promise)
    seen = [clean(text) for text in found.seen]
    half_day.appointments = [
        {**one, "seen": seen[place] if place < len(seen) else ""} for place, one in enumerate(half_day.appointments)
    ]
    given = SessionGiven(
        held_on=found.held_on, kind=found.kind, competency=half_day.competency, wins=wins, improvements=improvements,
        notes=_notes(half_day), agreed=clean(found.agreed), minutes=HALF_DAY_MINUTES,
    )  # fmt: skip
    half_day.on = found.held_on
    half_day.session = note_coaching(person_id=plan.person_id, given=given, by=by)
    half_day.save(update_fields=["on", "appointments", "session"])
    if promise is not None:
        give_support(promise=promise, on=found.held_on, hours=HALF_DAY_MINUTES / 60, whole=False, by=by)
    audit.detail(plan=plan.pk, on=found.held_on.isoformat(), promise=found.promise)
    return half_day


def _three(texts: Sequence[str], *, missing: str) -> str:
    kept = [clean(text) for text in texts if text.strip()]
    if len(kept) > HalfDay.MOST:
        raise BadInput(_("Three are enough: more is not taken in"), value=len(kept))
    return needed("\n".join(kept), what=missing)


def _notes(half_day: HalfDay) -> str:
    """The appointments as lines of the coaching log."""
    lines = []
    for one in half_day.appointments:
        head = " ".join(part for part in (one["at"], one["who"]) if part)
        lines.append(": ".join(part for part in (head, one["seen"] or one["aim"]) if part))
    return "\n".join(lines)


@action(permission="practice.mark_own", event="practice.marked", locks="practice")
def mark_own_practice(*, practice: ScoredPractice, marks: Sequence[float], by: Actor) -> ScoredPractice:
    """The person marks the same lines; the score is the mean of both sides from then on. Said once.

    Raises:
        BadInput: a line has no mark from 1 to 5.
        Conflict: it is marked already, or the plan is not running.
    """
    check_running(practice.plan)
    if practice.own_marks is not None:
        raise Conflict(_("You have marked this one already"))
    if len(marks) != len(practice.marks):
        raise BadInput(_("Each line of the rubric needs a mark from 1 to 5"))
    try:
        practice.own_score = score_of(marks)
    except ValueError as wrong:
        raise BadInput(_("Each line of the rubric needs a mark from 1 to 5")) from wrong
    practice.own_marks = list(marks)
    practice.save(update_fields=["own_marks", "own_score"])
    audit.detail(score=round(practice.own_score, 2), kind=practice.kind)
    return practice


@dataclass(frozen=True)
class Module:
    """A training result of the CRM data. score: 0 to 100."""

    name: str
    completed_on: date
    score: float | None


@action(permission="progress.measure", event="progress.trainings_read")
def keep_trainings(*, results: dict[int, Sequence[Module]], by: Actor) -> int:
    """Keep the newest result of each module per plan, as the CRM data says it now. How many are new or changed."""
    there = {(row.plan_id, row.module): row for row in TrainingScore.objects.filter(plan_id__in=list(results))}
    changed = 0
    for plan_id, modules in results.items():
        for one in modules:
            row = there.get((plan_id, one.name[:200]))
            if row is not None and (row.completed_on, row.score) == (one.completed_on, one.score):
                continue
            row = row or TrainingScore(plan_id=plan_id, module=one.name[:200])
            row.completed_on, row.score = one.completed_on, one.score
            row.save()
            changed += 1
    audit.detail(changed=changed)
    return changed
