"""What was agreed and done, wins, half-days side by side, and scored talks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from headway.core.errors import NotFound
from headway.running.actions import check_ins as acts
from headway.running.actions import coaching as coached
from headway.running.actions.ledger import celebrate, mark_action
from headway.running.actions.measuring import score_practice
from headway.running.api.routing import router
from headway.running.models import Agreement, HalfDay, ScoredPractice
from headway.running.queries import check_in_for, running_plan_for
from headway.web.api import actor

M = TypeVar("M", bound=Model)


def _of(rows: Iterable[M], pk: int) -> M:
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise NotFound(_("There is no such thing in this plan"), value=pk)
    return found


class AgreementOut(Schema):
    """Something agreed at a check-in. side: rep or company."""

    id: int
    check_in: int | None = Field(description="Number of the check-in")
    side: str
    owner: str
    text: str
    due: date
    done_on: date | None


def _agreement(row: Agreement) -> dict[str, Any]:
    number = row.check_in.number if row.check_in else None
    same = {name: getattr(row, name) for name in AgreementOut.model_fields if name not in {"id", "check_in"}}
    return {"id": row.pk, "check_in": number, **same}


@router.get("plans/{int:plan_id}/agreements", response=list[AgreementOut])
def agreements(request: HttpRequest, plan_id: int) -> list[dict[str, Any]]:
    """All that was agreed at check-ins of a plan, by day."""
    plan = running_plan_for(actor(request), plan_id)
    return [_agreement(row) for row in plan.agreements.select_related("check_in")]


class AgreedIn(Schema):
    """What is agreed, who does it, until when."""

    text: str
    side: str = Field(description="rep or company")
    owner: str
    due: date


@router.post("plans/{int:plan_id}/check-ins/{int:number}/agreements", response=AgreementOut)
def agree(request: HttpRequest, plan_id: int, number: int, body: AgreedIn) -> dict[str, Any]:
    """Write down what was agreed at a check-in."""
    by = actor(request)
    row = check_in_for(by, running_plan_for(by, plan_id), number)
    made = acts.agree(check_in=row, text=body.text, side=body.side, owner=body.owner, due=body.due, by=by)
    return _agreement(made)


class DoneOn(Schema):
    """The day on which it was done."""

    on: date
    note: str = ""


@router.post("plans/{int:plan_id}/agreements/{int:agreement_id}/done", response=AgreementOut)
def keep(request: HttpRequest, plan_id: int, agreement_id: int, body: DoneOn) -> dict[str, Any]:
    """Say that an agreement was kept."""
    by = actor(request)
    row = _of(running_plan_for(by, plan_id).agreements.all(), agreement_id)
    return _agreement(acts.keep_agreement(agreement=row, done_on=body.on, note=body.note, by=by))


class Made(Schema):
    """What was written down."""

    id: int


class MarkIn(Schema):
    """Whether it was done since the last time."""

    done: bool
    on: date
    note: str = ""


@router.post("plans/{int:plan_id}/actions/{key}/mark", response=Made)
def mark(request: HttpRequest, plan_id: int, key: str, body: MarkIn) -> dict[str, int]:
    """Say whether one of the rep's actions was done; keys stand in the ledger."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    return {"id": mark_action(plan=plan, key=key, done=body.done, on=body.on, note=body.note, by=by).pk}


class WinIn(Schema):
    """What went well, and when."""

    text: str
    on: date


@router.post("plans/{int:plan_id}/wins", response=Made)
def win(request: HttpRequest, plan_id: int, body: WinIn) -> dict[str, int]:
    """Put a win on the plan, for everybody who sees it."""
    by = actor(request)
    return {"id": celebrate(plan=running_plan_for(by, plan_id), text=body.text, on=body.on, by=by).pk}


class AppointmentIn(Schema):
    """An appointment of a half-day: with whom, when, what for."""

    who: str
    at: str = ""
    aim: str = ""


class HalfDayIn(Schema):
    """A half-day side by side: one to three appointments."""

    on: date
    appointments: list[AppointmentIn]
    competency: str = ""


@router.post("plans/{int:plan_id}/half-days", response=Made)
def plan_half_day(request: HttpRequest, plan_id: int, body: HalfDayIn) -> dict[str, int]:
    """Put a half-day side by side on the plan."""
    by = actor(request)
    listed = [coached.Appointment(one.who, one.at, one.aim) for one in body.appointments]
    plan = running_plan_for(by, plan_id)
    made = coached.plan_half_day(plan=plan, on=body.on, appointments=listed, competency=body.competency, by=by)
    return {"id": made.pk}


class HalfDayFoundIn(Schema):
    """What it showed: up to three things to keep and three to improve; what was seen at each appointment.

    promise: the key of the promise it counts for, if any."""

    on: date
    wins: list[str]
    improvements: list[str]
    seen: list[str] = []
    agreed: str = ""
    promise: str = ""


@router.post("plans/{int:plan_id}/half-days/{int:half_day_id}/held", response=Made)
def hold_half_day(request: HttpRequest, plan_id: int, half_day_id: int, body: HalfDayFoundIn) -> dict[str, int]:
    """Write down what a half-day showed; it goes into the person's coaching log."""
    by = actor(request)
    row: HalfDay = _of(running_plan_for(by, plan_id).half_days.all(), half_day_id)
    found = coached.HalfDayFound(
        held_on=body.on, wins=body.wins, improvements=body.improvements, seen=body.seen, agreed=body.agreed,
        promise=body.promise,
    )  # fmt: skip
    return {"id": coached.hold_half_day(half_day=row, found=found, by=by).pk}


class LineMark(Schema):
    """A line of the rubric and its mark, 1 to 5."""

    line: str
    mark: float


class PracticeIn(Schema):
    """A scored talk. kind: role_play or call_review."""

    kind: str
    competency: str
    on: date
    marks: list[LineMark]
    note: str = ""


@router.post("plans/{int:plan_id}/practices", response=Made)
def score(request: HttpRequest, plan_id: int, body: PracticeIn) -> dict[str, int]:
    """Score a role-play or a call by the lines of a rubric."""
    by = actor(request)
    made = score_practice(
        plan=running_plan_for(by, plan_id), kind=body.kind, competency=body.competency, held_on=body.on,
        marks=[(one.line, one.mark) for one in body.marks], note=body.note, by=by,
    )  # fmt: skip
    return {"id": made.pk}


class OwnMarksIn(Schema):
    """The own mark of each line, in the order of the coach's."""

    marks: list[float]


@router.post("plans/{int:plan_id}/practices/{int:practice_id}/own", response=Made)
def mark_own(request: HttpRequest, plan_id: int, practice_id: int, body: OwnMarksIn) -> dict[str, int]:
    """Mark the same lines oneself; the score is the mean of both from then on."""
    by = actor(request)
    row: ScoredPractice = _of(running_plan_for(by, plan_id).practices.all(), practice_id)
    return {"id": coached.mark_own_practice(practice=row, marks=body.marks, by=by).pk}
