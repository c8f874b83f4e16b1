"""A check-in: the rep's own page, the manager's notes, what was agreed; and the list of those to come."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from headway.core import clock
from headway.core.errors import BadInput, Conflict, HeadwayError
from headway.core.lists import first
from headway.core.permissions import can
from headway.running import check_in_page
from headway.running.actions import check_ins as acts
from headway.running.models import CheckIn
from headway.running.pages.progress import day_of, user_of
from headway.running.queries import check_in_for, due_check_ins, is_rep, recent_check_ins, running_plan_for

AUTOSAVE = "X-Autosave"
AHEAD = timedelta(days=14)
SHOWN = 40


@require_GET
def check_ins(request: HttpRequest) -> HttpResponse:
    """The check-ins to come and those just over, of the plans the reader may see."""
    user, today = user_of(request), clock.today()
    due = due_check_ins(user, until=today + AHEAD)
    coming, over = due.filter(on__gte=today), due.filter(on__lt=today)
    near = coming.filter(on__lte=today + timedelta(days=6)).count()
    title = (
        ngettext("%d check-in this week", "%d check-ins this week", near) % near if near else _("No check-in this week")
    )
    context = {
        "title": title, "coming": first(coming, SHOWN), "more": max(0, coming.count() - SHOWN),
        "silent": first(over, SHOWN), "more_silent": max(0, over.count() - SHOWN),
        "recent": first(recent_check_ins(user), SHOWN), "leads": bool(can(user, "checkin.lead")), "today": today,
        "known_on": None,
    }  # fmt: skip
    return render(request, "running/check_ins.html", context)


@require_GET
def check_in(request: HttpRequest, plan_id: int, number: int) -> HttpResponse:
    """One check-in, as its reader needs it."""
    return _page(request, plan_id, number)


def _page(
    request: HttpRequest,
    plan_id: int,
    number: int,
    *,
    typed: dict[str, Any] | None = None,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    user = user_of(request)
    plan = running_plan_for(user, plan_id)
    found = check_in_for(user, plan, number)
    context = check_in_page.context(plan, found, by=user, typed=typed or {})
    return render(request, "running/check_in.html", {**context, "conflict": conflict}, status=status)


def _review(request: HttpRequest) -> acts.Review:
    steps = [text.strip() for text in request.POST.getlist("step") if text.strip()]
    return acts.Review(
        worked=request.POST.get("worked"),
        hard=request.POST.get("hard"),
        enough=request.POST.get("enough"),
        missing=request.POST.get("missing"),
        steps="\n".join(dict.fromkeys(steps)),
    )


def _notes(request: HttpRequest) -> acts.Notes:
    return acts.Notes(
        recognition=request.POST.get("recognition"),
        roadblocks=request.POST.get("roadblocks"),
        feedback=request.POST.get("feedback"),
    )


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


@require_POST
def save(request: HttpRequest, plan_id: int, number: int) -> HttpResponse:
    """Keep what was typed: by itself while typing, or by a button; "share" also shows it to the manager."""
    user = user_of(request)
    plan = running_plan_for(user, plan_id)
    found = check_in_for(user, plan, number)
    quietly = AUTOSAVE in request.headers
    try:
        if is_rep(user, plan):
            found = acts.save_review(check_in=found, review=_review(request), seen_version=_seen(request), by=user)
            if request.POST.get("do") == "share":
                found = acts.share_review(check_in=found, by=user)
            version, at = found.review_version, found.review_saved_at
        else:
            found = acts.save_notes(check_in=found, notes=_notes(request), seen_version=_seen(request), by=user)
            version, at = found.notes_version, found.notes_saved_at
    except (BadInput, Conflict) as error:
        if quietly:
            return JsonResponse({"error": error.sentence}, status=error.status)
        return _page(request, plan_id, number, typed=_typed(request), conflict=error.sentence, status=error.status)
    if quietly:
        return JsonResponse({"version": version, "saved": check_in_page.saved_words(at)})
    shared = request.POST.get("do") == "share"
    messages.success(request, _("Shared. Your manager sees it now.") if shared else _("Saved."))
    return redirect("check-in", plan_id, number)


def _typed(request: HttpRequest) -> dict[str, Any]:
    names = ("worked", "hard", "enough", "missing", "recognition", "roadblocks", "feedback")
    typed: dict[str, Any] = {name: request.POST[name] for name in names if name in request.POST}
    typed["steps"] = [text for text in request.POST.getlist("step") if text.strip()]
    return typed


@require_POST
def step(request: HttpRequest, plan_id: int, number: int, what: str) -> HttpResponse:
    """Everything else that is done with a check-in: held, moved, skipped, confirmed, agreed."""
    user = user_of(request)
    plan = running_plan_for(user, plan_id)
    found = check_in_for(user, plan, number)
    try:
        said = _STEPS[what](request, found, user)
    except HeadwayError as error:
        if error.status == 404:
            raise
        messages.error(request, error.sentence)
    else:
        messages.success(request, said)
    return redirect("check-in", plan_id, number)


def _hold(request: HttpRequest, found: CheckIn, user: Any) -> str:
    acts.hold_check_in(check_in=found, held_on=day_of(request, "on"), by=user)
    return _("On record: it took place.")


def _move(request: HttpRequest, found: CheckIn, user: Any) -> str:
    text = request.POST.get("at", "").strip()
    try:
        at = time.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise BadInput(_("This is no time of day"), value=text[:20], todo=_("Write it like 14:00.")) from wrong
    to = day_of(request, "to")
    acts.move_check_in(check_in=found, to=to, at=at, why=request.POST.get("why", ""), by=user)
    return _("Moved to %s. Who moved it stays on record.") % date_format(to, "l j F")


def _skip(request: HttpRequest, found: CheckIn, user: Any) -> str:
    acts.skip_check_in(check_in=found, why=request.POST.get("why", ""), by=user)
    return _("On record: it did not take place.")


def _confirm(request: HttpRequest, found: CheckIn, user: Any) -> str:
    acts.confirm_notes(check_in=found, seen_version=_seen(request), by=user)
    return _("Confirmed.")


def _agree(request: HttpRequest, found: CheckIn, user: Any) -> str:
    side = request.POST.get("side", "rep")
    owner = request.POST.get("owner", "").strip()
    if not owner:
        owner = found.plan.person.first_name if side == "rep" else user.name
    acts.agree(check_in=found, text=request.POST.get("text", ""), side=side, owner=owner,
               due=_due(request, found), by=user)  # fmt: skip
    return _("Agreed and written down.")


def _due(request: HttpRequest, found: CheckIn) -> date:
    return day_of(request, "due") if request.POST.get("due") else found.on + timedelta(days=7)


_STEPS = {"held": _hold, "move": _move, "skip": _skip, "confirm": _confirm, "agree": _agree}
