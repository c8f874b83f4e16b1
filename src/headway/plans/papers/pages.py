"""The papers of a plan as a page, as files, and its meetings for the calendar."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from headway.core.errors import NotFound
from headway.documents import calendar
from headway.documents.letter import MEDIA_TYPES, Format
from headway.people.models import User
from headway.plans import actions
from headway.plans.files import file_name
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.papers.invitations import invitation_of
from headway.plans.papers.shelf import FORMATS, file_of_paper, guide_of, paper_of, papers_of
from headway.plans.queries import plan_for, was_seen_lately

FORMAT_NAMES = {Format.PDF: "PDF", Format.DOCX: "DOCX", Format.MARKDOWN: "Markdown"}


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _seen(user: User, plan: Plan, *, page: str) -> None:
    if plan.created_by_id != user.pk and not was_seen_lately(user, plan):
        actions.note_seen(plan=plan, page=page, by=user)


@require_GET
def papers(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What was handed over and signed, each as files."""
    plan = plan_for(_user(request), plan_id)
    guide = guide_of(plan, _user(request))
    context = {
        "plan": plan,
        "papers": [*papers_of(plan), *([guide] if guide else [])],
        "formats": [(str(fmt), FORMAT_NAMES[fmt]) for fmt in FORMATS],
    }
    return render(request, "plans/papers.html", context)


@require_GET
def paper(request: HttpRequest, plan_id: int, name: str, fmt: str) -> HttpResponse:
    """One paper as a file."""
    user = _user(request)
    plan = plan_for(user, plan_id)
    if fmt not in {str(one) for one in FORMATS}:
        raise NotFound(_("There is no such file"), value=fmt)
    content = file_of_paper(paper_of(plan, name, by=user), Format(fmt))
    _seen(user, plan, page=f"{name}.{fmt}")
    stem = file_name(draft_of(plan), fmt).removesuffix(f".{fmt}")
    return _file(content, MEDIA_TYPES[Format(fmt)], f"{stem}-{name}.{fmt}")


@require_GET
def check_ins(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The meetings as calendar invitations."""
    plan = plan_for(_user(request), plan_id)
    content = calendar.to_ics(invitation_of(plan))
    stem = file_name(draft_of(plan), "ics").removesuffix(".ics")
    return _file(content, calendar.MEDIA_TYPE, f"{stem}-check-ins.ics")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
