"""Reading plans over the API: what the pages show, to the same people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.documents.letter import MEDIA_TYPES, Format
from headway.plans import actions, keeping
from headway.plans.api.routing import router
from headway.plans.models import Plan, VersionKind
from headway.plans.papers.current import file_now, name_now
from headway.plans.queries import plan_for, plans_for, was_seen_lately
from headway.plans.states import OPEN
from headway.web.api import Page, PageNumber, PageSize, actor, page_of


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


def line(plan: Plan) -> dict[str, Any]:
    return {"id": plan.pk, **{name: getattr(plan, name) for name in PlanLine.model_fields if name != "id"}}


def whole(plan: Plan) -> dict[str, Any]:
    """A plan as `PlanOut`."""
    draft = keeping.draft_of(plan)
    texts = {section: keeping.section_text(draft, section) for section in keeping.SECTIONS}
    return {
        **line(plan),
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
    return page_of(rows, page=page, size=size, shown=line)


@router.get("plans/{int:plan_id}", response=PlanOut)
def plan(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """One plan with goals, promises and words."""
    by = actor(request)
    found = plan_for(by, plan_id)
    write_down_that_it_was_seen(by, found, page="api")
    return whole(found)


def write_down_that_it_was_seen(by: Actor, found: Plan, *, page: str) -> None:
    """As on pages: once an hour for each reader and plan, and not for its author."""
    if found.created_by_id != by.pk and not was_seen_lately(by, found):
        actions.note_seen(plan=found, page=page, by=by)


class VersionOut(Schema):
    """A version of the words as they were handed over, signed or proposed; never changed."""

    number: int
    kind: str
    reason: str
    made_by_name: str
    made_at: datetime
    content_hash: str


class SignatureOut(Schema):
    """Who signed which version, and what the signature says."""

    version: int
    name: str
    role: str
    kind: str
    intent: str
    statement: str
    signed_at: datetime
    content_hash: str


class HistoryOut(Schema):
    """What was handed over and signed."""

    versions: list[VersionOut]
    signatures: list[SignatureOut]


@router.get("plans/{int:plan_id}/history", response=HistoryOut)
def history(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """The versions handed over and the signatures under them."""
    found = plan_for(actor(request), plan_id)
    kept = found.versions.exclude(kind=VersionKind.WORKING).prefetch_related("signatures")
    signatures = [
        {"version": version.number, **{n: getattr(row, n) for n in SignatureOut.model_fields if n != "version"}}
        for version in kept
        for row in version.signatures.all()
    ]
    return {"versions": [{n: getattr(v, n) for n in VersionOut.model_fields} for v in kept], "signatures": signatures}


@router.get("plans/{int:plan_id}/letter.{fmt}", response=Any)
def letter(request: HttpRequest, plan_id: int, fmt: str) -> HttpResponse:
    """The plan as a file: pdf, docx, md or json. Once signed, the signed paper; the file's name says which version."""
    by = actor(request)
    found = plan_for(by, plan_id)
    if fmt not in set(Format):
        raise NotFound("There is no such file", value=fmt, todo="Ask for pdf, docx, md or json.")
    chosen = Format(fmt)
    write_down_that_it_was_seen(by, found, page=fmt)
    answer = HttpResponse(file_now(found, chosen), content_type=MEDIA_TYPES[chosen])
    answer["Content-Disposition"] = f'attachment; filename="{name_now(found, chosen)}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
