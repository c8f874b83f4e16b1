"""Sending to HR, and HR's page: like cases side by side, what is missing, the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from headway.core.errors import BadInput, Conflict
from headway.core.permissions import require
from headway.plans import actions, review
from headway.plans.models import Plan
from headway.plans.pages.desk import plan_page, user_of
from headway.plans.queries import plan_for


@require_POST
def submit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Send the plan to HR."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.submit", found)
    try:
        actions.submit_plan(plan=found, by=user_of(request))
    except (BadInput, Conflict) as error:
        return plan_page(request, found, conflict=error.sentence, status=error.status)
    messages.success(request, _("HR has it now. You see the decision here."))
    return redirect("plan", plan_id)


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    """HR's page; posting sends back ("return") or approves ("approve")."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.review", found)
    if request.method != "POST":
        if not found.reviews.exists() and found.state == "hr_review":
            actions.note_seen(plan=found, page="review", by=user)
        return _page(request, found)
    reasons, seen = request.POST.get("reasons", ""), request.POST.get("version", "")
    seen_version = int(seen) if seen.isdecimal() else 0
    try:
        if request.POST.get("do") == "approve":
            actions.approve_plan(plan=found, reasons=reasons, seen_version=seen_version, by=user)
        else:
            actions.return_plan(plan=found, reasons=reasons, seen_version=seen_version, by=user)
    except (BadInput, Conflict) as error:
        return _page(request, plan_for(user, plan_id), reasons=reasons, error=error.sentence, status=error.status)
    messages.success(request, _("Your decision is on record, with its reasons."))
    return redirect("plan", plan_id)


def _page(request: HttpRequest, found: Plan, *, reasons: str = "", error: str = "", status: int = 200) -> HttpResponse:
    context = {**review.context(found, by=user_of(request)), "reasons": reasons, "error": error}
    return render(request, "plans/review.html", context, status=status)
