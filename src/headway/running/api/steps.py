"""Progress, check-ins and what both sides gave."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from headway.core.actors import Actor
from headway.plans.models import Plan
from headway.running.actions import check_ins as acts
from headway.running.actions.ledger import answer_support, give_support
from headway.running.actions.measuring import count_goal
from headway.running.api.routing import router
from headway.running.ledger import LedgerLine, ledger_of
from headway.running.models import CheckIn
from headway.running.progress import GoalProgress, progress_of
from headway.running.queries import check_in_for, may_read_review, promise_for, running_plan_for
from headway.web.api import actor


class ProgressOut(Schema):
    """How a goal stands. Money in the plan's currency, shares and chances 0 to 1; null where it cannot be told."""

    key: str
    metric: str
    metric_version: str
    as_of: date
    value: float | None
    low: float | None
    high: float | None
    n: int
    target: float
    by: date
    path_value: float | None
    standing: str = Field(description="reached, on_track, at_risk, out_of_reach, cannot_tell or not_started")
    chance: float | None
    reason: str
    counted_by_people: bool


def _progress(found: GoalProgress) -> dict[str, Any]:
    goal = found.goal
    same = ("as_of", "value", "low", "high", "n", "path_value", "chance", "reason")
    return {
        "key": goal.key, "metric": goal.metric_key, "metric_version": goal.metric_version, "target": goal.target,
        "by": goal.by, "standing": str(found.standing), "counted_by_people": found.by_hand,
        **{name: getattr(found, name) for name in same},
    }  # fmt: skip


@router.get("plans/{int:plan_id}/progress", response=list[ProgressOut])
def progress(request: HttpRequest, plan_id: int) -> list[dict[str, Any]]:
    """Every goal of a running plan against its path."""
    by = actor(request)
    return [_progress(one) for one in progress_of(running_plan_for(by, plan_id), by=by)]


class LineOut(Schema):
    """A promise of the company or an action of the rep, and how it stands."""

    key: str
    text: str
    owner: str
    due: date
    state: str = Field(description="open, kept, late, partly or overdue")
    planned: int
    given: int
    hours_planned: float | None
    hours_given: float
    days_late: int
    answered: bool


class LedgerOut(Schema):
    """Both sides on a day."""

    on: date
    rep: list[LineOut]
    company: list[LineOut]


def _line(line: LedgerLine) -> dict[str, Any]:
    found = {name: getattr(line, name) for name in LineOut.model_fields if name not in {"state", "answered"}}
    return {**found, "state": str(line.state), "answered": line.answer is not None}


@router.get("plans/{int:plan_id}/ledger", response=LedgerOut)
def ledger(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """What the rep does beside what the company promised."""
    found = ledger_of(running_plan_for(actor(request), plan_id))
    return {"on": found.on, "rep": [_line(x) for x in found.rep], "company": [_line(x) for x in found.company]}


class CheckInOut(Schema):
    """A check-in. The rep's words are empty until the rep shares them (the rep sees them at once)."""

    number: int
    kind: str
    on: date
    at: time
    minutes: int
    state: str
    moves: list[dict[str, Any]]
    skipped_why: str
    worked: str
    hard: str
    enough: str
    missing: str
    steps: str
    review_version: int
    shared_at: datetime | None
    recognition: str
    roadblocks: str
    feedback: str
    notes_version: int
    rep_confirmed_at: datetime | None
    manager_confirmed_at: datetime | None


REVIEW = ("worked", "hard", "enough", "missing", "steps")


def _check_in(by: Actor, plan: Plan, row: CheckIn) -> dict[str, Any]:
    row.plan = plan
    found = {name: getattr(row, name) for name in CheckInOut.model_fields}
    return found if may_read_review(by, row) else {**found, **dict.fromkeys(REVIEW, "")}


@router.get("plans/{int:plan_id}/check-ins", response=list[CheckInOut])
def check_ins(request: HttpRequest, plan_id: int) -> list[dict[str, Any]]:
    """All check-ins of a plan, in order."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    return [_check_in(by, plan, row) for row in plan.meetings.all()]


class SelfReviewIn(Schema):
    """The rep's own page; `version` as it was read. Left out = stays."""

    version: int
    worked: str | None = None
    hard: str | None = None
    enough: str | None = None
    missing: str | None = None
    steps: str | None = None
    share: bool = False


@router.put("plans/{int:plan_id}/check-ins/{int:number}/review", response=CheckInOut)
def review(request: HttpRequest, plan_id: int, number: int, body: SelfReviewIn) -> dict[str, Any]:
    """Keep the own page, and share it if asked."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    words = acts.Review(body.worked, body.hard, body.enough, body.missing, body.steps)
    row = acts.save_review(check_in=check_in_for(by, plan, number), review=words, seen_version=body.version, by=by)
    if body.share:
        row = acts.share_review(check_in=row, by=by)
    return _check_in(by, plan, row)


class NotesIn(Schema):
    """The notes both see; `version` as it was read. Left out = stays."""

    version: int
    recognition: str | None = None
    roadblocks: str | None = None
    feedback: str | None = None


@router.put("plans/{int:plan_id}/check-ins/{int:number}/notes", response=CheckInOut)
def notes(request: HttpRequest, plan_id: int, number: int, body: NotesIn) -> dict[str, Any]:
    """Keep the notes of the meeting."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    words = acts.Notes(body.recognition, body.roadblocks, body.feedback)
    row = acts.save_notes(check_in=check_in_for(by, plan, number), notes=words, seen_version=body.version, by=by)
    return _check_in(by, plan, row)


class HeldIn(Schema):
    """The day on which it took place."""

    on: date


@router.post("plans/{int:plan_id}/check-ins/{int:number}/held", response=CheckInOut)
def held(request: HttpRequest, plan_id: int, number: int, body: HeldIn) -> dict[str, Any]:
    """Say that a check-in took place."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    return _check_in(by, plan, acts.hold_check_in(check_in=check_in_for(by, plan, number), held_on=body.on, by=by))


class MoveIn(Schema):
    """The new day, and why."""

    to: date
    why: str = ""


@router.post("plans/{int:plan_id}/check-ins/{int:number}/move", response=CheckInOut)
def move(request: HttpRequest, plan_id: int, number: int, body: MoveIn) -> dict[str, Any]:
    """Put a check-in on another day."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    row = acts.move_check_in(check_in=check_in_for(by, plan, number), to=body.to, why=body.why, by=by)
    return _check_in(by, plan, row)


class WhyIn(Schema):
    """A reason in words."""

    why: str


@router.post("plans/{int:plan_id}/check-ins/{int:number}/skip", response=CheckInOut)
def skip(request: HttpRequest, plan_id: int, number: int, body: WhyIn) -> dict[str, Any]:
    """Say that a check-in does not take place."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    return _check_in(by, plan, acts.skip_check_in(check_in=check_in_for(by, plan, number), why=body.why, by=by))


class ConfirmIn(Schema):
    """`version` of the notes as they were read."""

    version: int


@router.post("plans/{int:plan_id}/check-ins/{int:number}/confirm", response=CheckInOut)
def confirm(request: HttpRequest, plan_id: int, number: int, body: ConfirmIn) -> dict[str, Any]:
    """Confirm the notes, for the own side."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    row = acts.confirm_notes(check_in=check_in_for(by, plan, number), seen_version=body.version, by=by)
    return _check_in(by, plan, row)


class GivenIn(Schema):
    """Support that was given. whole false: a part of it."""

    on: date
    hours: float | None = None
    note: str = ""
    whole: bool = True


class Kept(Schema):
    """What was written down."""

    id: int


@router.post("plans/{int:plan_id}/promises/{key}/given", response=Kept)
def given(request: HttpRequest, plan_id: int, key: str, body: GivenIn) -> dict[str, int]:
    """Say that promised support was given; by its owner or by who leads the person."""
    by = actor(request)
    promise = promise_for(by, plan_id, key)
    row = give_support(promise=promise, on=body.on, hours=body.hours, note=body.note, whole=body.whole, by=by)
    return {"id": row.pk}


@router.post("plans/{int:plan_id}/promises/{key}/answer", response=Kept)
def answer(request: HttpRequest, plan_id: int, key: str, body: WhyIn) -> dict[str, int]:
    """Answer for support that was not given."""
    by = actor(request)
    row = answer_support(plan=running_plan_for(by, plan_id), key=key, answer=body.why, by=by)
    return {"id": row.pk}


class CountIn(Schema):
    """What was counted since the last time: `value` of `of`, or a plain number."""

    value: float
    of: float | None = None
    on: date
    note: str = ""


@router.post("plans/{int:plan_id}/goals/{key}/counts", response=Kept)
def count(request: HttpRequest, plan_id: int, key: str, body: CountIn) -> dict[str, int]:
    """Write down what was counted for a goal."""
    by = actor(request)
    plan = running_plan_for(by, plan_id)
    row = count_goal(plan=plan, goal_key=key, value=body.value, of=body.of, counted_on=body.on, note=body.note, by=by)
    return {"id": row.pk}
