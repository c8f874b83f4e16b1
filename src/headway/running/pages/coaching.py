"""Coaching inside a plan: half-days side by side, calls and role-plays by a rubric, training, how skills move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.permissions import require
from headway.diagnosis.practice.competencies import competency_named, rubric_of
from headway.diagnosis.practice.models import SessionKind
from headway.people.models import User
from headway.plans.models import Plan
from headway.running import coaching_page
from headway.running.actions import coaching as acts
from headway.running.actions.measuring import score_practice
from headway.running.models import HalfDay
from headway.running.pages.progress import day_of, user_of
from headway.running.queries import running_plan_for

PLACES = range(HalfDay.MOST)


@require_GET
def coaching(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What was coached in a plan, and what it did. `?skill=` opens the rubric of a competency."""
    user = user_of(request)
    return _page(request, running_plan_for(user, plan_id), user)


def _page(
    request: HttpRequest,
    plan: Plan,
    user: User,
    *,
    typed: dict[str, Any] | None = None,
    problem: str = "",
    again: str = "",
) -> HttpResponse:
    context = coaching_page.context(plan, by=user, skill=request.GET.get("skill", ""), typed=typed or {}, again=again)
    status = 400 if problem else 200
    return render(request, "running/coaching.html", {**context, "problem": problem}, status=status)


@require_POST
def step(request: HttpRequest, plan_id: int, what: str) -> HttpResponse:
    """Plan or note a half-day, score a talk, mark one's own. What cannot be kept comes back with every word."""
    user = user_of(request)
    plan = running_plan_for(user, plan_id)
    try:
        said = _STEPS[what](request, plan, user)
    except (BadInput, Conflict) as error:
        return _page(request, plan, user, typed=request.POST.dict(), problem=error.sentence, again=what)
    messages.success(request, said)
    return redirect("plan-coaching", plan_id)


def _plan_half_day(request: HttpRequest, plan: Plan, user: User) -> str:
    listed = [
        acts.Appointment(*(request.POST.get(f"{name}-{place}", "") for name in ("who", "at", "aim")))
        for place in PLACES
    ]
    on, competency = day_of(request, "on"), request.POST.get("competency", "")
    acts.plan_half_day(plan=plan, on=on, appointments=listed, competency=competency, by=user)
    return _("The half-day stands on the plan. %s sees it too.") % plan.person.first_name


def _hold_half_day(request: HttpRequest, plan: Plan, user: User) -> str:
    half_day = _of(plan.half_days.all(), request, "half_day")
    found = acts.HalfDayFound(
        held_on=day_of(request, "on"),
        wins=[request.POST.get(f"win-{place}", "") for place in PLACES],
        improvements=[request.POST.get(f"improve-{place}", "") for place in PLACES],
        seen=[request.POST.get(f"seen-{place}", "") for place in PLACES],
        agreed=request.POST.get("agreed", ""),
        kind=request.POST.get("kind", SessionKind.CAPABILITY),
        promise=request.POST.get("promise", ""),
    )
    acts.hold_half_day(half_day=half_day, found=found, by=user)
    return _("Written down. %s reads it in the coaching log and can answer.") % plan.person.first_name


def _score(request: HttpRequest, plan: Plan, user: User) -> str:
    require(user, "practice.score", plan)
    competency = competency_named(request.POST.get("competency", ""), needed=True)
    lines = rubric_of(competency)
    marks = [(line, _mark(request, place)) for place, line in enumerate(lines)]
    score_practice(
        plan=plan, kind=request.POST.get("kind", ""), competency=competency, marks=marks, held_on=day_of(request, "on"),
        note=request.POST.get("note", ""), by=user,
    )  # fmt: skip
    return _("Scored. %s marks the same lines; then both see both.") % plan.person.first_name


def _mark_own(request: HttpRequest, plan: Plan, user: User) -> str:
    practice = _of(plan.practices.all(), request, "practice")
    marks = [_mark(request, place) for place in range(len(practice.marks))]
    acts.mark_own_practice(practice=practice, marks=marks, by=user)
    return _("Your marks stand beside the others.")


def _mark(request: HttpRequest, place: int) -> float:
    text = request.POST.get(f"mark-{place}", "")
    return float(text) if text in {"1", "2", "3", "4", "5"} else 0.0


def _of(rows: Any, request: HttpRequest, name: str) -> Any:
    found = next((row for row in rows if str(row.pk) == request.POST.get(name)), None)
    if found is None:
        raise NotFound(_("There is no such page, or it is not yours to see"))
    return found


_STEPS: dict[str, Callable[[HttpRequest, Plan, User], str]] = {
    "plan": _plan_half_day,
    "hold": _hold_half_day,
    "score": _score,
    "mark": _mark_own,
}
