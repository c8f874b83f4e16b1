"""The pages of a plan's end and of what comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from headway.core import clock
from headway.core.errors import BadInput, Conflict, HeadwayError, NotFound
from headway.core.permissions import can
from headway.documents.letter import MEDIA_TYPES, Format
from headway.outcomes import actions, desk, queries
from headway.outcomes.case_file import case_file
from headway.outcomes.letter import outcome_file
from headway.outcomes.models import Evaluation, Relapse
from headway.outcomes.states import Outcome
from headway.people.models import User
from headway.plans.asking import read_day
from headway.plans.models import Plan
from headway.plans.queries import plan_for

SOON = timedelta(days=14)
SHOWN = 25


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_GET
def outcomes(request: HttpRequest) -> HttpResponse:
    """What waits for the reader at the end of plans and after them."""
    user = _user(request)
    waiting, ending = queries.waiting_for(user), queries.ending_soon(user)
    until, relapses = clock.today() + SOON, queries.relapses_for(user)
    follow_ups = queries.follow_ups_for(user, until=until, most=SHOWN)
    more = queries.due_follow_ups(user, until=until).count() - SHOWN if len(follow_ups) == SHOWN else 0
    count = len(waiting) + len(ending) + len(relapses)
    title = (
        ngettext("%d decision or talk waits for you", "%d decisions or talks wait for you", count) % count
        if count
        else _("No decision waits for you")
    )
    return render(
        request,
        "outcomes/list.html",
        {
            "title": title, "waiting": waiting, "ending": ending, "follow_ups": follow_ups,
            "more": more, "relapses": relapses,
            "others": queries.others_waiting(user), "decided": queries.decided_for(user), "today": clock.today(),
            "answers": [pair for pair in Relapse.Answer.choices if pair[0] != Relapse.Answer.OPEN],
            "may_answer": bool(can(user, "relapse.answer")), "portfolio": bool(can(user, "portfolio.view")),
            "lessons": bool(can(user, "lessons.view")),
        },
    )  # fmt: skip


@require_GET
def outcome(request: HttpRequest, plan_id: int) -> HttpResponse:
    """How one plan is judged, the same page for manager, rep and HR."""
    user = _user(request)
    plan = plan_for(user, plan_id)
    return _page(request, plan, queries.evaluation_of(user, plan))


def _page(
    request: HttpRequest,
    plan: Plan,
    evaluation: Evaluation | None,
    *,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("words", "outcome", "extended_to")}
    found = desk.context(plan, evaluation, by=_user(request), typed=typed)
    if evaluation is None and not found["may_prepare"]:
        raise NotFound(_("Nobody has judged this plan yet"))
    return render(request, "outcomes/outcome.html", {**found, "conflict": conflict}, status=status)


@require_POST
def step(request: HttpRequest, plan_id: int, what: str) -> HttpResponse:
    """Take a step. What cannot be kept comes back with the reason, and with every word typed."""
    user = _user(request)
    plan = plan_for(user, plan_id)
    evaluation = queries.evaluation_of(user, plan)
    taken = _STEPS.get(what)
    if taken is None:
        raise NotFound(_("There is no such step"))
    try:
        said = taken(request, plan, evaluation, user)
    except HeadwayError as error:
        if error.status == 404:
            raise
        return _page(request, plan, queries.evaluation_of(user, plan), conflict=error.sentence, status=error.status)
    messages.success(request, said)
    return redirect("plan-outcome", plan_id)


Taken = Callable[[HttpRequest, Plan, Evaluation | None, User], str]


def _there(evaluation: Evaluation | None) -> Evaluation:
    if evaluation is None:
        raise NotFound(_("Nobody has judged this plan yet"))
    return evaluation


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "")


def _outcome(request: HttpRequest) -> Outcome:
    try:
        return Outcome(request.POST.get("outcome", ""))
    except ValueError:
        raise BadInput(_("No outcome is chosen"), todo=_("Choose one of the list.")) from None


def _prepare(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    actions.prepare_evaluation(plan=plan, by=user)
    return _("Prepared as of today. Only your side sees it until an outcome is proposed.")


def _propose(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    until = request.POST.get("extended_to", "")
    day = read_day(until) if until.strip() else None
    if until.strip() and day is None:
        raise BadInput(_("This is not a day"), value=until[:40], todo=_("Write it as 2026-09-30."))
    chosen = actions.OutcomeChosen(_outcome(request), _words(request), request.POST.get("seen", ""), day)
    actions.propose_outcome(evaluation=_there(evaluation), chosen=chosen, by=user)
    return _("Proposed. %s reads it and answers next.") % plan.person.first_name


def _answer(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    actions.answer_outcome(evaluation=_there(evaluation), words=_words(request), by=user)
    return _("Your words are on record, unedited.")


def _return(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    actions.return_outcome(evaluation=_there(evaluation), words=_words(request), by=user)
    return _("Sent back with your reasons.")


def _confirm(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    actions.confirm_outcome(evaluation=_there(evaluation), words=_words(request), by=user)
    return _("Confirmed. It holds from today.")


def _appeal(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    actions.appeal_outcome(evaluation=_there(evaluation), words=_words(request), by=user)
    return _("Your appeal is on record. Somebody who neither proposed nor confirmed decides.")


def _decide(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    upheld = request.POST.get("do") == "uphold"
    other = _outcome(request) if upheld else None
    actions.decide_appeal(
        evaluation=_there(evaluation), upheld=upheld, words=_words(request), outcome=other, by=user
    )  # fmt: skip
    return _("The appeal is decided.")


def _extend(request: HttpRequest, plan: Plan, evaluation: Evaluation | None, user: User) -> str:
    actions.extend_plan(evaluation=_there(evaluation), by=user)
    return _("The extension is written. It holds once %s has signed for it.") % plan.person.first_name


_STEPS: dict[str, Taken] = {
    "prepare": _prepare,
    "propose": _propose,
    "answer": _answer,
    "return": _return,
    "confirm": _confirm,
    "appeal": _appeal,
    "decide": _decide,
    "extend": _extend,
}


@require_GET
def file(request: HttpRequest, plan_id: int, fmt: str) -> HttpResponse:
    """The outcome as a letter."""
    user = _user(request)
    plan, evaluation = queries.evaluation_for(user, plan_id)
    try:
        chosen = Format(fmt)
    except ValueError:
        raise NotFound(_("There is no such file")) from None
    content = outcome_file(plan, evaluation, chosen)
    return _download(content, MEDIA_TYPES[chosen], f"outcome-{plan.pk}.{chosen}")


@require_POST
def whole_case(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The whole case as one file that stands alone. Taking it away is on record."""
    user = _user(request)
    made = case_file(plan_for(user, plan_id), by=user)
    return _download(made.content, "application/zip", made.name)


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def follow_up_done(request: HttpRequest, pk: int) -> HttpResponse:
    """A refresher took place."""
    user = _user(request)
    found = queries.follow_up_for(user, pk)
    try:
        on = read_day(request.POST.get("on", "")) or clock.today()
        actions.do_follow_up(follow_up=found, on=on, note=request.POST.get("note", ""), by=user)
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("On record."))
    return redirect("outcomes")


@require_POST
def relapse_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What a talk about a renewed drop found."""
    user = _user(request)
    found = queries.relapse_for(user, pk)
    try:
        answer = Relapse.Answer(request.POST.get("answer", ""))
        actions.answer_relapse(relapse=found, answer=answer, words=request.POST.get("words", ""), by=user)
    except ValueError:
        messages.error(request, _("No answer is chosen. Choose one of the list."))
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Your answer is on record."))
    return redirect("outcomes")
