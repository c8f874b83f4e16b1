"""Writing down what both sides gave, the owner's own list of promises, and answers for what was not given."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from headway.core import clock
from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.permissions import can
from headway.running.actions.check_ins import keep_agreement
from headway.running.actions.ledger import answer_support, give_support, mark_action
from headway.running.ledger import ledger_of, promise_line
from headway.running.pages.progress import day_of, number_of, user_of
from headway.running.progress import RUNNING
from headway.running.queries import is_rep, promise_for, promises_of_owner, running_plan_for
from headway.running.sentences import kept_note, line_chip

# So many of a kind stand on a page: nobody reads more at once.
MOST = 40


@require_GET
def ledger(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Both sides with their entries; forms for whoever may write."""
    user = user_of(request)
    plan = running_plan_for(user, plan_id)
    found = ledger_of(plan)
    leads = bool(can(user, "support.answer", plan)) and plan.state in RUNNING
    behind = found.behind
    context = {
        "plan": plan,
        "person": plan.person,
        "title": _title(len(behind), plan.body.get("company", "")),
        "rep": [(line, *line_chip(line)) for line in found.rep],
        "company_lines": [(line, *line_chip(line)) for line in found.company],
        "rep_note": kept_note(found.rep),
        "company_note": kept_note(found.company),
        "hours": (found.hours_given, found.hours_planned),
        "leads": leads,
        "owner": user.name,
        "may_mark": plan.state in RUNNING and (leads or is_rep(user, plan)),
        "agreements": plan.agreements.all(),
        "today": clock.today(),
    }
    return render(request, "running/ledger.html", context)


def _title(behind: int, name: str) -> str:
    if not behind:
        return _("Both sides are kept so far")
    words = ngettext(
        "%(company)s owes %(n)d thing by now", "%(company)s owes %(n)d things by now", behind
    )  # fmt: skip
    return words % {"company": name or _("The company"), "n": behind}


@require_GET
def promises(request: HttpRequest) -> HttpResponse:
    """What the signed-in person has promised in running plans."""
    today = clock.today()  # once: each asks for the company
    rows = [(row, promise_line(row, on=today)) for row in promises_of_owner(user_of(request))]
    still = [(row, line, *line_chip(line)) for row, line in rows if not line.given]
    done = [(row, line, *line_chip(line)) for row, line in rows if line.given]
    count = len(still)
    title = ngettext("You have %d promise to keep", "You have %d promises to keep", count) % count
    context = {
        "title": title if still else _("You have kept all your promises"),
        "still": still[:MOST],
        "done": done[:MOST],
        "more": max(0, len(still) - MOST),
        "today": today,
    }
    return render(request, "running/promises.html", context)


@require_POST
def give(request: HttpRequest, plan_id: int, key: str) -> HttpResponse:
    """A promise was given, or a part of it."""
    user = user_of(request)
    promise = promise_for(user, plan_id, key)
    try:
        give_support(
            promise=promise,
            on=day_of(request, "on"),
            hours=number_of(request, "hours"),
            note=request.POST.get("note", ""),
            whole=request.POST.get("whole", "yes") == "yes",
            by=user,
        )
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Written down."))
    return _back(request, plan_id)


def _back(request: HttpRequest, plan_id: int) -> HttpResponse:
    if request.POST.get("next") in {"promises", "home"}:
        return redirect(request.POST["next"])
    return redirect(f"{reverse('plan-ledger', args=[plan_id])}")


@require_POST
def answer(request: HttpRequest, plan_id: int, key: str) -> HttpResponse:
    """The manager's answer for support that was not given."""
    plan = running_plan_for(user_of(request), plan_id)
    try:
        answer_support(plan=plan, key=key, answer=request.POST.get("answer", ""), by=user_of(request))
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Your answer stands beside the promise."))
    return _back(request, plan_id)


@require_POST
def mark(request: HttpRequest, plan_id: int, key: str) -> HttpResponse:
    """Whether one of the rep's actions was done."""
    plan = running_plan_for(user_of(request), plan_id)
    try:
        mark_action(
            plan=plan,
            key=key,
            done=request.POST.get("done") == "yes",
            on=day_of(request, "on"),
            note=request.POST.get("note", ""),
            by=user_of(request),
        )
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Written down."))
    return _back(request, plan_id)


@require_POST
def keep(request: HttpRequest, plan_id: int, agreement_id: int) -> HttpResponse:
    """An agreement was kept."""
    plan = running_plan_for(user_of(request), plan_id)
    row = next((one for one in plan.agreements.all() if one.pk == agreement_id), None)
    if row is None:
        raise NotFound(_("There is no such agreement"))
    try:
        keep_agreement(agreement=row, done_on=day_of(request, "on"), by=user_of(request))
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Written down."))
    return _back(request, plan_id)
