"""The page of a running plan, what lies behind a number, and what is written from there."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from headway.core import clock
from headway.core.errors import BadInput, Conflict, NotFound
from headway.people.models import User
from headway.running import progress_page
from headway.running.actions.ledger import celebrate
from headway.running.behind import rows_behind
from headway.running.progress import progress_of
from headway.running.queries import running_plan_for


def user_of(request: HttpRequest) -> User:
    """Who is signed in."""
    return cast(User, request.user)


@require_GET
def progress(request: HttpRequest, plan_id: int) -> HttpResponse:
    """How a plan goes."""
    plan = running_plan_for(user_of(request), plan_id)
    return render(request, "running/progress.html", progress_page.context(plan, by=user_of(request)))


@require_GET
def behind(request: HttpRequest, plan_id: int, key: str) -> HttpResponse:
    """The deals, leads, entries or weeks behind one number."""
    plan = running_plan_for(user_of(request), plan_id)
    found = next((one for one in progress_of(plan, by=user_of(request)) if one.goal.key == key), None)
    if found is None:
        raise NotFound(_("There is no such goal in this plan"))
    return render(request, "running/behind.html", rows_behind(plan, found))


@require_POST
def add_win(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Celebrate something, on the plan."""
    plan = running_plan_for(user_of(request), plan_id)
    try:
        celebrate(plan=plan, text=request.POST.get("text", ""), on=day_of(request, "on"), by=user_of(request))
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("It stands on the plan, for everybody who sees the plan."))
    return redirect("plan-progress", plan_id)


def day_of(request: HttpRequest, name: str) -> date:
    """A day as a form sends it; today where the field is empty.

    Raises:
        BadInput: it is no day.
    """
    text = request.POST.get(name, "").strip()
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput(_("This is no day"), value=text[:40], todo=_("Write it like 2026-06-18.")) from wrong


def number_of(request: HttpRequest, name: str) -> float | None:
    """A number as people type it ("1.5" or "1,5"); None where the field is empty.

    Raises:
        BadInput: it is no number.
    """
    text = request.POST.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError as wrong:
        raise BadInput(_("This is no number"), value=text[:40]) from wrong
    if not abs(found) < 1e12:
        raise BadInput(_("This is no number"), value=text[:40])
    return found
