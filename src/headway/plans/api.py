"""Plans over the API: the same actions, the same rules as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from headway.core.errors import Conflict, NotFound
from headway.core.permissions import require
from headway.documents.letter import MEDIA_TYPES, Format
from headway.people.queries import person_for
from headway.plans import actions, keeping
from headway.plans.files import file_name, file_of
from headway.plans.models import Plan
from headway.plans.queries import open_draft, plan_for, plans_for
from headway.plans.sources import basis_of_run, draft_for
from headway.plans.states import OPEN
from headway.web.api import Page, PageNumber, PageSize, actor, page_of

router = Router(tags=["plans"])
Text = Field(max_length=300_000)


class PlanLine(Schema):
    """A plan in a list."""

    id: int
    person_id: str
    name: str
    kind: str
    state: str
    start_on: date
    last_on: date
    version: int
    changed_at: datetime


class GoalOut(Schema):
    """A goal. `target` and `baseline` in the metric's unit; `version` is sent back with a change."""

    key: str
    kind: str
    text: str
    metric: str
    metric_version: str
    baseline: float | None
    target: float
    by: date
    weight: int
    version: int


class PromiseOut(Schema):
    """What the company promises. hours null: time is not the point."""

    key: str
    kind: str
    text: str
    owner: str
    due: date
    when: str
    hours: float | None
    version: int


class SectionOut(Schema):
    """A section of words. `stamp` is sent back with a change, so that nobody's words are lost."""

    text: str
    stamp: str


class PlanOut(PlanLine):
    """A whole plan."""

    manager_id: str | None
    goals: list[GoalOut]
    promises: list[PromiseOut]
    sections: dict[str, SectionOut]
    content: dict[str, Any] = Field(description="The whole plan with its frozen evidence, as `plan draft -o x.json`.")


def _line(plan: Plan) -> dict[str, Any]:
    return {"id": plan.pk, **{name: getattr(plan, name) for name in PlanLine.model_fields if name != "id"}}


def whole(plan: Plan) -> dict[str, Any]:
    """A plan as `PlanOut`."""
    draft = keeping.draft_of(plan)
    texts = {section: keeping.section_text(draft, section) for section in keeping.SECTIONS}
    return {
        **_line(plan),
        "manager_id": plan.manager_id,
        "goals": [
            {"metric": row.metric_key, **{n: getattr(row, n) for n in GoalOut.model_fields if n != "metric"}}
            for row in plan.goals.all()
        ],
        "promises": [{n: getattr(row, n) for n in PromiseOut.model_fields} for row in plan.promises.all()],
        "sections": {name: {"text": text, "stamp": keeping.stamp(text)} for name, text in texts.items()},
        "content": draft.as_json(),
    }


@router.get("plans", response=Page[PlanLine])
def plans(
    request: HttpRequest,
    page: PageNumber,
    size: PageSize,
    person_id: str | None = None,
    state: str | None = None,
    only_open: bool = False,
) -> dict[str, Any]:
    """The plans you may see, the next date first."""
    rows = plans_for(actor(request))
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if state is not None:
        rows = rows.filter(state=state)
    if only_open:
        rows = rows.filter(state__in=OPEN)
    return page_of(rows, page=page, size=size, shown=_line)


@router.get("plans/{int:plan_id}", response=PlanOut)
def plan(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """One plan with goals, promises and words."""
    by = actor(request)
    found = plan_for(by, plan_id)
    actions.note_seen(plan=found, page="api", by=by)
    return whole(found)


class DraftIn(Schema):
    """days: 30, 60 or 90; the advice from gap and cycle if left out."""

    days: Literal[30, 60, 90] | None = None


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
    made = draft_for(by, person, basis, as_of=basis.signal.as_of, days=sent.days)
    kept = actions.draft_plan(person_id=person_id, draft=made, run_id=basis.run_id, by=by)
    return Status(201, whole(plan_for(by, kept.pk)))


class GoalIn(Schema):
    """What is new about a goal; what is left out stays. `version` is the goal's as you read it."""

    text: str | None = Field(None, max_length=300_000)
    target: float | None = Field(None, allow_inf_nan=False)
    by: date | None = None
    version: int


@router.patch("plans/{int:plan_id}/goals/{key}", response=PlanOut)
def change_goal(request: HttpRequest, plan_id: int, key: str, sent: GoalIn) -> dict[str, Any]:
    """Change a goal's words, target or date; path and chance follow."""
    by = actor(request)
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
    return _line(actions.discard_plan(plan=plan_for(by, plan_id), by=by))


@router.get("plans/{int:plan_id}/letter.{fmt}", response=Any)
def letter(request: HttpRequest, plan_id: int, fmt: str) -> HttpResponse:
    """The plan as a file: pdf, docx, md or json."""
    by = actor(request)
    found = plan_for(by, plan_id)
    if fmt not in set(Format):
        raise NotFound("There is no such file", value=fmt, todo="Ask for pdf, docx, md or json.")
    content = keeping.draft_of(found)
    actions.note_seen(plan=found, page=fmt, by=by)
    answer = HttpResponse(file_of(content, fmt, version=found.version), content_type=MEDIA_TYPES[Format(fmt)])
    answer["Content-Disposition"] = f'attachment; filename="{file_name(content, fmt)}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
