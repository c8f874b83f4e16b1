"""The steps of a plan over the API: shared, reviewed, presented, started, paused, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from headway.plans import actions
from headway.plans.amending import AmendedPlan, GoalAmended, PromiseAmended
from headway.plans.api.reading import PlanLine, line
from headway.plans.api.routing import router
from headway.plans.queries import plan_for
from headway.web.api import actor

Words = Field(max_length=300_000)


class MessageIn(Schema):
    """A few words to go with it, if wanted."""

    message: str = Field("", max_length=10_000)


class ReasonIn(Schema):
    """Why; people read it."""

    reason: str = Words


class ReviewIn(Schema):
    """reasons: read by manager and person. version: of the plan as you read it."""

    reasons: str = Words
    version: int


@router.post("plans/{int:plan_id}/share", response=PlanLine)
def share(request: HttpRequest, plan_id: int, sent: MessageIn) -> dict[str, Any]:
    """Let the person read the plan as it stands."""
    by = actor(request)
    return line(actions.share_plan(plan=plan_for(by, plan_id), message=sent.message, by=by))


@router.post("plans/{int:plan_id}/submit", response=PlanLine)
def submit(request: HttpRequest, plan_id: int, sent: MessageIn) -> dict[str, Any]:
    """Send a plan to HR."""
    by = actor(request)
    return line(actions.submit_plan(plan=plan_for(by, plan_id), message=sent.message, by=by))


@router.post("plans/{int:plan_id}/return", response=PlanLine)
def send_back(request: HttpRequest, plan_id: int, sent: ReviewIn) -> dict[str, Any]:
    """Send a plan back with reasons (HR)."""
    by = actor(request)
    plan = plan_for(by, plan_id)
    return line(actions.return_plan(plan=plan, reasons=sent.reasons, seen_version=sent.version, by=by))


@router.post("plans/{int:plan_id}/approve", response=PlanLine)
def approve(request: HttpRequest, plan_id: int, sent: ReviewIn) -> dict[str, Any]:
    """Approve a plan with reasons (HR)."""
    by = actor(request)
    plan = plan_for(by, plan_id)
    return line(actions.approve_plan(plan=plan, reasons=sent.reasons, seen_version=sent.version, by=by))


class MeetingIn(Schema):
    """The first meeting. answer_by: the last day to sign, a week on if left out."""

    held_on: date
    companion: str = Field("", max_length=200)
    notes: str = Field("", max_length=300_000)
    answer_by: date | None = None


@router.post("plans/{int:plan_id}/present", response=PlanLine)
def present(request: HttpRequest, plan_id: int, sent: MeetingIn) -> dict[str, Any]:
    """Record the first meeting; from now on the person may sign."""
    by = actor(request)
    return line(
        actions.present_plan(
            plan=plan_for(by, plan_id),
            held_on=sent.held_on,
            companion=sent.companion,
            notes=sent.notes,
            answer_by=sent.answer_by,
            by=by,
        )
    )


@router.post("plans/{int:plan_id}/start", response=PlanLine)
def start(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """Let the clock run from the agreed first day."""
    by = actor(request)
    return line(actions.start_plan(plan=plan_for(by, plan_id), by=by))


class PauseIn(Schema):
    """From which day the clock stands still, and why."""

    from_on: date
    reason: str = Words
    expected_back_on: date | None = None


@router.post("plans/{int:plan_id}/pause", response=PlanLine)
def pause(request: HttpRequest, plan_id: int, sent: PauseIn) -> dict[str, Any]:
    """Stop the clock for leave or illness."""
    by = actor(request)
    return line(
        actions.pause_plan(
            plan=plan_for(by, plan_id),
            from_on=sent.from_on,
            reason=sent.reason,
            expected_back_on=sent.expected_back_on,
            by=by,
        )
    )


class ResumeIn(Schema):
    """The first day back."""

    back_on: date


@router.post("plans/{int:plan_id}/resume", response=PlanLine)
def resume(request: HttpRequest, plan_id: int, sent: ResumeIn) -> dict[str, Any]:
    """Let the clock run again; later days move by the days that were paused."""
    by = actor(request)
    return line(actions.resume_plan(plan=plan_for(by, plan_id), back_on=sent.back_on, by=by))


class GoalAmendedIn(Schema):
    """What is new about a goal; what is left out stays."""

    text: str | None = Field(None, max_length=300_000)
    target: float | None = Field(None, allow_inf_nan=False)
    by: date | None = None


class PromiseAmendedIn(Schema):
    """What is new about a promise, or a new one."""

    text: str = Words
    owner: str = Field(max_length=200)
    due: date
    hours: float | None = Field(None, ge=0, le=10_000)


class AmendmentIn(Schema):
    """Changes by key; `added` are new promises, `last_on` moves the end."""

    reason: str = Words
    goals: dict[str, GoalAmendedIn] = {}
    promises: dict[str, PromiseAmendedIn] = {}
    added: list[PromiseAmendedIn] = []
    last_on: date | None = None


@router.post("plans/{int:plan_id}/amend", response=PlanLine)
def amend(request: HttpRequest, plan_id: int, sent: AmendmentIn) -> dict[str, Any]:
    """Propose a change of a running plan; it holds once the person has signed for it."""
    by = actor(request)
    change = AmendedPlan(
        goals={key: GoalAmended(**goal.dict()) for key, goal in sent.goals.items()},
        promises={key: PromiseAmended(**promise.dict()) for key, promise in sent.promises.items()},
        added=tuple(PromiseAmended(**promise.dict()) for promise in sent.added),
        last_on=sent.last_on,
    )
    actions.propose_amendment(plan=plan_for(by, plan_id), change=change, reason=sent.reason, by=by)
    return line(plan_for(by, plan_id))


@router.post("plans/{int:plan_id}/amend/take-back", response=PlanLine)
def take_amendment_back(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """The change is no longer wanted: the plan goes on as signed."""
    by = actor(request)
    return line(actions.take_amendment_back(plan=plan_for(by, plan_id), by=by))


@router.post("plans/{int:plan_id}/withdraw", response=PlanLine)
def withdraw(request: HttpRequest, plan_id: int, sent: ReasonIn) -> dict[str, Any]:
    """End a plan that should not go on."""
    by = actor(request)
    return line(actions.withdraw_plan(plan=plan_for(by, plan_id), reason=sent.reason, by=by))


@router.post("plans/{int:plan_id}/close", response=PlanLine)
def close(request: HttpRequest, plan_id: int, sent: ReasonIn) -> dict[str, Any]:
    """Close a plan that has run its time."""
    by = actor(request)
    return line(actions.close_plan(plan=plan_for(by, plan_id), reason=sent.reason, by=by))


class AppealIn(Schema):
    """The person's objection, in the person's own words."""

    text: str = Words


@router.post("plans/{int:plan_id}/appeal", response=PlanLine)
def appeal(request: HttpRequest, plan_id: int, sent: AppealIn) -> dict[str, Any]:
    """Object, at any time; somebody who did not decide answers."""
    by = actor(request)
    actions.appeal(plan=plan_for(by, plan_id), text=sent.text, by=by)
    return line(plan_for(by, plan_id))


class AppealAnswerIn(Schema):
    """Whether the objection is right, and why."""

    upheld: bool
    answer: str = Words


@router.post("plans/{int:plan_id}/appeal/answer", response=PlanLine)
def answer_appeal(request: HttpRequest, plan_id: int, sent: AppealAnswerIn) -> dict[str, Any]:
    """Answer the open appeal."""
    by = actor(request)
    actions.answer_appeal(plan=plan_for(by, plan_id), upheld=sent.upheld, answer=sent.answer, by=by)
    return line(plan_for(by, plan_id))
