"""Drafting over the API: a draft is started, its goals, promises and words are changed, or it is put away."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from headway.core.errors import Conflict
from headway.core.permissions import require
from headway.people.queries import person_for
from headway.plans import actions
from headway.plans.api.reading import PlanLine, PlanOut, line, whole
from headway.plans.api.routing import router
from headway.plans.queries import open_draft, plan_for
from headway.plans.sources import basis_of_run, draft_for
from headway.plans.states import PlanKind
from headway.web.api import actor

Text = Field(max_length=300_000)


class DraftIn(Schema):
    """days: 30, 60 or 90; the advice from gap and cycle if left out. language: the company's if left out."""

    days: Literal[30, 60, 90] | None = None
    kind: PlanKind = PlanKind.SUCCESS
    language: Literal["", "en", "de"] = ""


@router.post("people/{path:person_id}/plans", response={201: PlanOut})
def draft(request: HttpRequest, person_id: str, sent: DraftIn) -> Any:
    """Start a draft from the newest analysis."""
    by = actor(request)
    require(by, "plan.draft", person_id)
    before = open_draft(by, person_id)
    if before is not None:
        raise Conflict("There is a draft already", value=f"plan {before.pk}", todo="Change it, or discard it first.")
    person = person_for(by, person_id)
    basis = basis_of_run(by, person_id)
    made = draft_for(
        by, person, basis, as_of=basis.signal.as_of, days=sent.days, kind=sent.kind, language=sent.language
    )
    kept = actions.draft_plan(person_id=person_id, draft=made, run_id=basis.run_id, kind=sent.kind, by=by)
    return Status(201, whole(plan_for(by, kept.pk)))


class GoalIn(Schema):
    """What is new about a goal; what is left out stays. `version` is the goal's as you read it."""

    text: str | None = Field(None, max_length=300_000)
    target: float | None = Field(None, allow_inf_nan=False)
    by: date | None = None
    count_by: str | None = Field(
        None,
        max_length=80,
        description="Of the skill goal: the metric to count it by, such as `training_score` or `role_play`. Words, "
        "target and days are drafted anew; what else is sent is left aside.",
    )
    version: int


@router.patch("plans/{int:plan_id}/goals/{key}", response=PlanOut)
def change_goal(request: HttpRequest, plan_id: int, key: str, sent: GoalIn) -> dict[str, Any]:
    """Change a goal's words, target or date, or how it is counted; path and chance follow."""
    by = actor(request)
    if sent.count_by is not None:
        plan = plan_for(by, plan_id)
        actions.count_goal_by(plan=plan, goal_key=key, metric_key=sent.count_by, seen_version=sent.version, by=by)
        return whole(plan_for(by, plan_id))
    change = actions.GoalChange(text=sent.text, target=sent.target, by=sent.by)
    actions.change_goal(plan=plan_for(by, plan_id), goal_key=key, change=change, seen_version=sent.version, by=by)
    return whole(plan_for(by, plan_id))


class PromiseIn(Schema):
    """A promise. `version` is the promise's as you read it; 0 for a new one."""

    text: str = Text
    owner: str = Field(max_length=200)
    due: date
    when: str = Field("", max_length=200)
    hours: float | None = Field(None, ge=0, le=10_000)
    version: int = 0


def _support(request: HttpRequest, plan_id: int, key: str | None, sent: PromiseIn) -> dict[str, Any]:
    by = actor(request)
    change = actions.SupportChange(text=sent.text, owner=sent.owner, due=sent.due, when=sent.when, hours=sent.hours)
    actions.change_support(plan=plan_for(by, plan_id), key=key, change=change, seen_version=sent.version, by=by)
    return whole(plan_for(by, plan_id))


@router.post("plans/{int:plan_id}/support", response={201: PlanOut})
def add_support(request: HttpRequest, plan_id: int, sent: PromiseIn) -> Any:
    """Add a promise of the company."""
    return Status(201, _support(request, plan_id, None, sent))


@router.put("plans/{int:plan_id}/support/{key}", response=PlanOut)
def change_support(request: HttpRequest, plan_id: int, key: str, sent: PromiseIn) -> dict[str, Any]:
    """Change a promise of the company."""
    return _support(request, plan_id, key, sent)


class TextIn(Schema):
    """A section's new words; `stamp` is the section's as you read it."""

    text: str = Text
    stamp: str


@router.put("plans/{int:plan_id}/sections/{section}", response=PlanOut)
def change_text(request: HttpRequest, plan_id: int, section: str, sent: TextIn) -> dict[str, Any]:
    """Rewrite a section of words."""
    by = actor(request)
    actions.change_text(plan=plan_for(by, plan_id), section=section, text=sent.text, seen=sent.stamp, by=by)
    return whole(plan_for(by, plan_id))


@router.post("plans/{int:plan_id}/discard", response=PlanLine)
def discard(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """Put a draft away."""
    by = actor(request)
    return line(actions.discard_plan(plan=plan_for(by, plan_id), by=by))


class SeenIn(Schema):
    """`version`: as you read it."""

    version: int


@router.post("plans/{int:plan_id}/support/{key}/remove", response=PlanOut)
def remove_support(request: HttpRequest, plan_id: int, key: str, sent: SeenIn) -> dict[str, Any]:
    """Take a promise out; its words stay in the record."""
    by = actor(request)
    actions.remove_support(plan=plan_for(by, plan_id), key=key, seen_version=sent.version, by=by)
    return whole(plan_for(by, plan_id))


class KindIn(Schema):
    """growth, success or formal."""

    kind: PlanKind


@router.put("plans/{int:plan_id}/kind", response=PlanLine)
def choose_kind(request: HttpRequest, plan_id: int, sent: KindIn) -> dict[str, Any]:
    """Say what a draft is: a growth plan, a success plan or a formal one."""
    by = actor(request)
    return line(actions.choose_kind(plan=plan_for(by, plan_id), kind=sent.kind, by=by))
