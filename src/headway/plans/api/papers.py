"""The papers of a plan over the API: letters as files, meetings for the calendar."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from headway.core.errors import NotFound
from headway.documents import calendar
from headway.documents.letter import MEDIA_TYPES, Format
from headway.plans.api.reading import write_down_that_it_was_seen
from headway.plans.api.routing import router
from headway.plans.papers.invitations import invitation_of
from headway.plans.papers.shelf import FORMATS, Paper, file_of_paper, paper_of, papers_of
from headway.plans.queries import plan_for
from headway.web.api import actor


class PaperOut(Schema):
    """A paper. sha256: of the frozen PDF, once it is kept."""

    name: str
    title: str
    state: str
    formats: list[str]
    sha256: str | None


def _shown(paper: Paper) -> dict[str, Any]:
    kept = paper.frozen.sha256 if paper.frozen else None
    formats = [str(fmt) for fmt in FORMATS]
    return {"name": paper.name, "title": paper.title, "state": paper.state, "formats": formats, "sha256": kept}


@router.get("plans/{int:plan_id}/papers", response=list[PaperOut])
def papers(request: HttpRequest, plan_id: int) -> list[dict[str, Any]]:
    """What was handed over and signed."""
    return [_shown(paper) for paper in papers_of(plan_for(actor(request), plan_id))]


@router.get("plans/{int:plan_id}/papers/{name}.{fmt}", response=Any)
def paper(request: HttpRequest, plan_id: int, name: str, fmt: str) -> HttpResponse:
    """One paper as a file: pdf, docx or md. The PDF of a signed version is the frozen one."""
    by = actor(request)
    plan = plan_for(by, plan_id)
    if fmt not in {str(one) for one in FORMATS}:
        raise NotFound("There is no such file", value=fmt, todo="Ask for pdf, docx or md.")
    content = file_of_paper(paper_of(plan, name, by=by), Format(fmt))
    write_down_that_it_was_seen(by, plan, page=f"{name}.{fmt}")
    return _file(content, MEDIA_TYPES[Format(fmt)])


@router.get("plans/{int:plan_id}/check-ins.ics", response=Any)
def check_ins(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The meetings as calendar invitations."""
    return _file(calendar.to_ics(invitation_of(plan_for(actor(request), plan_id))), calendar.MEDIA_TYPE)


def _file(content: bytes, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Cache-Control"] = "private, no-store"
    return answer
