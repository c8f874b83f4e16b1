"""Sharing, comments and proposals. Everything happens on the plan's page; these addresses take what was posted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.permissions import require
from headway.plans import actions
from headway.plans.asking import read_day, read_target
from headway.plans.evidence import Unit
from headway.plans.keeping import draft_of
from headway.plans.models import Comment, Plan, Proposal
from headway.plans.pages.desk import plan_page, user_of
from headway.plans.queries import plan_for
from headway.plans.states import PlanKind
from headway.web.advice import advise


def _to(plan_id: int, anchor: str = "") -> HttpResponse:
    return redirect(f"{reverse('plan', args=[plan_id])}{anchor}")


@require_POST
def share(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Let the person read the plan."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.share", found)
    try:
        actions.share_plan(plan=found, by=user_of(request))
    except (BadInput, Conflict) as error:
        return plan_page(request, found, conflict=error.sentence, status=error.status)
    messages.success(request, _("%s can read it now.") % found.person.first_name)
    return _to(plan_id)


@require_POST
def kind(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Say what the plan is."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.edit", found)
    try:
        chosen = PlanKind(request.POST.get("kind", ""))
        actions.choose_kind(plan=found, kind=chosen, by=user_of(request))
    except ValueError:
        return plan_page(request, found, conflict=_("There is no such kind of plan."), status=400)
    except Conflict as error:
        return plan_page(request, found, conflict=error.sentence, status=error.status)
    messages.success(request, _("The kind of plan is saved."))
    return _to(plan_id)


def _comment_in(plan: Plan, number: str) -> Comment:
    row = plan.comments.filter(pk=int(number)).first() if number.isdecimal() else None
    if row is None:
        raise NotFound(_("There is no such comment in this plan"))
    return row


@require_POST
def comment(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Say something about the plan or a piece of it, or answer what was said."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.comment", found)
    text, piece, number = (request.POST.get(name, "") for name in ("text", "piece", "answers_to"))
    first = _comment_in(found, number) if number else None
    try:
        actions.comment(plan=found, text=text, piece=piece, answers_to=first, by=user_of(request))
    except (BadInput, Conflict) as error:
        typed = {"say": text, "piece": piece, "answers_to": number}
        return plan_page(request, found, typed=typed, conflict=error.sentence, status=error.status)
    messages.success(request, _("Your words are kept as you wrote them."))
    advise(request, text)
    return _to(plan_id, "#talk")


@require_POST
def settle(request: HttpRequest, plan_id: int, comment_id: int) -> HttpResponse:
    """Close a point."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.comment", found)
    try:
        actions.settle_comment(plan=found, comment=_comment_in(found, str(comment_id)), by=user_of(request))
    except (BadInput, Conflict) as error:
        return plan_page(request, found, conflict=error.sentence, status=error.status)
    messages.success(request, _("The point is settled."))
    return _to(plan_id, "#talk")


@require_POST
def propose(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The person proposes another wording, target or day."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.propose", found)
    names = ("piece", "text", "target", "day", "why")
    typed = {name: request.POST.get(name, "") for name in names}
    try:
        change = actions.ProposedChange(
            text=typed["text"],
            target=read_target(typed["target"], _unit_of(found, typed["piece"])),
            day=read_day(typed["day"]),
        )
        actions.propose(plan=found, piece=typed["piece"], change=change, why=typed["why"], by=user_of(request))
    except (BadInput, Conflict) as error:
        kept = {f"propose_{name}": value for name, value in typed.items()}
        return plan_page(
            request, found, propose=typed["piece"], typed=kept, conflict=error.sentence, status=error.status
        )
    messages.success(request, _("Your proposal waits for an answer."))
    return _to(plan_id, "#talk")


def _unit_of(plan: Plan, piece: str) -> Unit:
    draft = draft_of(plan)
    return next((goal.unit for goal in draft.goals if piece == f"goal:{goal.key}"), Unit.COUNT)


def _proposal_in(plan: Plan, proposal_id: int) -> Proposal:
    row = plan.proposals.filter(pk=proposal_id).first()
    if row is None:
        raise NotFound(_("There is no such proposal in this plan"))
    return row


@require_POST
def answer_proposal(request: HttpRequest, plan_id: int, proposal_id: int) -> HttpResponse:
    """Accept a proposal ("accept") or decline it with a reason ("decline")."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.answer", found)
    words = request.POST.get("answer", "")
    accept = request.POST.get("do") == "accept"
    row = _proposal_in(found, proposal_id)
    try:
        actions.answer_proposal(plan=found, proposal=row, accept=accept, answer=words, by=user_of(request))
    except (BadInput, Conflict) as error:
        typed = {f"answer_{proposal_id}": words}
        again = plan_for(user_of(request), plan_id)
        return plan_page(request, again, typed=typed, conflict=error.sentence, status=error.status)
    messages.success(request, _("Accepted: the plan has changed.") if accept else _("Declined, with your reason."))
    advise(request, words)
    return _to(plan_id, "#talk")


@require_POST
def take_proposal_back(request: HttpRequest, plan_id: int, proposal_id: int) -> HttpResponse:
    """The person no longer wants it."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.propose", found)
    try:
        actions.take_proposal_back(plan=found, proposal=_proposal_in(found, proposal_id), by=user_of(request))
    except (BadInput, Conflict) as error:
        return plan_page(request, found, conflict=error.sentence, status=error.status)
    messages.success(request, _("Taken back."))
    return _to(plan_id, "#talk")
