"""The list of plans, the page of one plan (a desk while it is written), the letter and its files."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from headway.core.actors import Role
from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.lists import Pages, first
from headway.core.permissions import can, require
from headway.documents.letter import MEDIA_TYPES, Format
from headway.people.models import User
from headway.people.queries import person_for
from headway.plans import actions, appeals, desk, keeping
from headway.plans.asking import GoalTyped, better_goal, checked, read_day, read_hours, typed_goal
from headway.plans.content import LANGUAGES
from headway.plans.keeping import draft_of
from headway.plans.leaving import changes_of_people
from headway.plans.models import Plan
from headway.plans.next_step import next_of
from headway.plans.papers.current import file_now, letter_now, name_now
from headway.plans.plan_draft import Goal, PlanDraft
from headway.plans.queries import open_appeal, open_draft, plan_for, plans_for, was_seen_lately
from headway.plans.sources import basis_of_run, draft_for
from headway.plans.standing import may_take
from headway.plans.states import EDITABLE, OPEN, OVER, PlanKind, PlanState
from headway.plans.talk import Talk, talk_of
from headway.plans.ways import other_ways


def user_of(request: HttpRequest) -> User:
    """Who is signed in."""
    return cast(User, request.user)


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The plans the reader may see: open ones by their next date, then those that are over."""
    rows = plans_for(user_of(request)).defer("body", "evidence")
    still_open = rows.filter(state__in=OPEN)
    page = Pages(still_open, 25).get_page(request.GET.get("page"))
    over = first(rows.filter(state__in=OVER).order_by("-changed_at", "-pk"), 10)
    count = page.paginator.count
    title = ngettext("%d plan is open", "%d plans are open", count) % count if count else _("No plan is open")
    lead, empty = _list_words(user_of(request).role)
    context: dict[str, object] = {"page": page, "over": over, "title": title, "lead": lead, "empty": empty}
    context["may_review_forecasts"] = bool(can(user_of(request), "forecast.review"))
    return render(request, "plans/list.html", context)


def _list_words(role: str) -> tuple[str, str]:
    """What the list says at its head and where it is empty: each reader can do something else here."""
    if role == Role.REP:
        return (
            _("Plans made with you, the next date first."),
            _("There is no plan for you. If your manager proposes one, you read it here and answer first."),
        )
    if role in {Role.MANAGER, Role.LEADER}:
        return (
            _("The next date first. A draft is seen by the manager alone until it is shared."),
            _("A plan starts on a person’s page, from what the data says."),
        )
    return (
        _("The next date first. A plan comes here once it is shared for review; drafts stay with the manager."),
        _("No plan is waiting for you."),
    )


@require_POST
def new(request: HttpRequest, person_id: str) -> HttpResponse:
    """Start a draft from the newest analysis, or open the one there is."""
    user = user_of(request)
    require(user, "plan.draft", person_id)
    before = open_draft(user, person_id)
    if before is not None:
        messages.info(request, _("There was a draft already: here it is."))
        return redirect("plan", before.pk)
    person = person_for(user, person_id)
    basis = basis_of_run(user, person_id)
    days = request.POST.get("days", "")
    kind = _kind(request.POST.get("kind", ""))
    made = draft_for(
        user, person, basis, as_of=basis.signal.as_of, days=int(days) if days.isdecimal() else None, kind=kind,
        language=_language(request.POST.get("language", "")),
    )  # fmt: skip
    plan = actions.draft_plan(person_id=person_id, draft=made, run_id=basis.run_id, kind=kind, by=user)
    messages.success(request, _("A first draft. Every word of it can be changed."))
    return redirect("plan", plan.pk)


def _kind(text: str) -> PlanKind:
    """The kind of plan that was asked for; the usual one where none was."""
    return PlanKind(text) if text in set(PlanKind) else PlanKind.SUCCESS


def _language(text: str) -> str:
    return text if text in LANGUAGES else ""


@require_GET
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan. A draft is a desk to write at; `?edit=` opens one piece."""
    found = plan_for(user_of(request), plan_id)
    _write_down_that_it_was_seen(user_of(request), found, page="plan")
    return plan_page(request, found, edit=request.GET.get("edit", ""), propose=request.GET.get("propose", ""))


def _write_down_that_it_was_seen(user: User, found: Plan, *, page: str) -> None:
    """Once an hour for each reader and plan; the author's own looks say nothing."""
    unread = user.role == Role.REP and found.read_at is None
    if found.created_by_id != user.pk and (unread or not was_seen_lately(user, found)):
        actions.note_seen(plan=found, page=page, by=user)


def plan_page(
    request: HttpRequest,
    found: Plan,
    *,
    edit: str = "",
    propose: str = "",
    typed: dict[str, Any] | None = None,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a plan; `propose` opens the form for a piece, `typed` are words that must not be lost."""
    user = user_of(request)
    may_edit = found.state in EDITABLE and bool(can(user, "plan.edit", found))
    kept = typed or {}
    context = desk.context(found, edit=edit if may_edit else "", typed=kept, may_edit=may_edit, by=user)
    talk = talk_of(found, context["draft"], by=user)
    more = {
        "conflict": conflict,
        "unkept": "" if _comes_back(talk, kept, edit=may_edit and edit, propose=propose) else unkept(kept),
        "next": next_of(found, by=user),
        "talk": talk,
        "ways": _ways(found, edit) if may_edit else (),
        "propose": propose if talk.may_propose else "",
        "typed": kept,
        "appeal": open_appeal(found),
        "may_appeal": may_take(found, "appeal", by=user) or may_take(found, "appeal_the_end", by=user),
        "may_answer_appeal": appeals.may_answer(found, by=user),
        "may_withdraw": found.state != PlanState.DRAFT and may_take(found, "withdraw", by=user),
        "versions": found.versions.count(),
        "kinds": Plan.KINDS if found.state == PlanState.DRAFT and may_edit else (),
        "people_changed": changes_of_people(found),
    }
    return render(request, "plans/plan.html", {**context, **more}, status=status)


def _ways(found: Plan, edit: str) -> tuple[Goal, ...]:
    """How else the goal that is open could be counted."""
    goal = next((keeping.goal_of(row) for row in found.goals.all() if row.key == edit), None)
    return other_ways(found, goal) if goal is not None else ()


def _comes_back(talk: Talk, typed: dict[str, Any], *, edit: object, propose: str) -> bool:
    """Whether a field of the page shows again what was typed."""
    answers = {row.field for row in talk.proposals if row.may_answer}
    said = "say" in typed and talk.may_comment
    return bool(edit or said or (propose and talk.may_propose) or answers & typed.keys())


def unkept(typed: dict[str, Any]) -> str:
    """The words somebody typed for a form that is not open any more."""
    words = ("text", "say", "propose_text", "propose_why")
    found = [str(value) for key, value in typed.items() if key in words or key.startswith("answer_")]
    return "\n\n".join(text for text in found if text.strip())


def _goal_in(draft: PlanDraft, key: str) -> Goal:
    goal = next((goal for goal in draft.goals if goal.key == key), None)
    if goal is None:
        raise NotFound(_("There is no such goal in this plan"))
    return goal


def _typed(request: HttpRequest, goal: Goal) -> GoalTyped:
    return GoalTyped(
        text=request.POST.get("text", goal.text),
        target=request.POST.get("target", ""),
        by=request.POST.get("by", ""),
    )


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


@require_POST
def check_goal(request: HttpRequest, plan_id: int, key: str) -> HttpResponse:
    """The SMART check of what is being typed; nothing is kept."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.edit", found)
    draft = draft_of(found)
    goal = _goal_in(draft, key)
    tools = desk.tools(draft)
    try:
        asked = typed_goal(goal, _typed(request, goal))
    except BadInput as error:
        return render(request, "plans/_check.html", {"unreadable": error.sentence, "key": key})
    card = checked(draft, asked, content=tools.content, vocabulary=tools.vocabulary)
    return render(request, "plans/_check.html", {"card": desk.card(draft, card), "key": key})


@require_POST
def save_goal(request: HttpRequest, plan_id: int, key: str) -> HttpResponse:
    """Keep a goal as typed, only check it ("check"), or take the better wording ("use")."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.edit", found)
    draft = draft_of(found)
    goal = _goal_in(draft, key)
    typed = _typed(request, goal)
    kept = {"text": typed.text, "target": typed.target, "by": typed.by, "version": _seen(request)}
    way = request.POST.get("count_by", "")
    try:
        if way:
            actions.count_goal_by(plan=found, goal_key=key, metric_key=way, seen_version=_seen(request), by=user)
            messages.success(request, _("Counted in another way now: words and target are drafted anew."))
            return redirect(f"{reverse('plan', args=[plan_id])}#goal-{key}")
        asked = typed_goal(goal, typed)
        if request.POST.get("do") == "check":
            return plan_page(request, found, edit=key, typed=kept)
        if request.POST.get("do") == "use":
            tools = desk.tools(draft)
            asked = better_goal(draft, asked, content=tools.content, vocabulary=tools.vocabulary) or asked
        change = actions.GoalChange(text=asked.text, target=asked.target, by=asked.by)
        actions.change_goal(plan=found, goal_key=key, change=change, seen_version=_seen(request), by=user)
    except (BadInput, Conflict) as error:
        # Nothing typed is lost: the page comes back with the words in their field.
        return plan_page(request, plan_for(user, plan_id), edit=key, typed={**kept, "version": None},
                     conflict=error.sentence, status=error.status)  # fmt: skip
    messages.success(request, _("The goal is saved."))
    return redirect(f"{reverse('plan', args=[plan_id])}#goal-{key}")


@require_POST
def save_support(request: HttpRequest, plan_id: int, key: str = "") -> HttpResponse:
    """Keep a promise as typed, add one, or take one out."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.edit", found)
    kept = {name: request.POST.get(name, "") for name in ("text", "owner", "due", "when", "hours")}
    edit = f"promise-{key or 'new'}"
    try:
        if request.POST.get("do") == "remove":
            actions.remove_support(plan=found, key=key, seen_version=_seen(request), by=user)
        else:
            change = actions.SupportChange(
                text=kept["text"],
                owner=kept["owner"],
                due=_due(kept["due"]),
                when=kept["when"],
                hours=read_hours(kept["hours"]),
            )
            actions.change_support(plan=found, key=key or None, change=change, seen_version=_seen(request), by=user)
    except (BadInput, Conflict) as error:
        return plan_page(request, plan_for(user, plan_id), edit=edit, typed=kept, conflict=error.sentence,
                     status=error.status)  # fmt: skip
    messages.success(request, _("The promise is saved."))
    return redirect(f"{reverse('plan', args=[plan_id])}#promises")


def _due(text: str) -> date:
    found = read_day(text)
    if found is None:
        raise BadInput(_("A promise needs a day"), todo=_("Say by when."))
    return found


@require_POST
def save_text(request: HttpRequest, plan_id: int, section: str) -> HttpResponse:
    """Keep a section of words as typed."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.edit", found)
    text = request.POST.get("text", "")
    try:
        actions.change_text(plan=found, section=section, text=text, seen=request.POST.get("seen", ""), by=user)
    except (BadInput, Conflict) as error:
        return plan_page(request, plan_for(user, plan_id), edit=f"text-{section}", typed={"text": text},
                     conflict=error.sentence, status=error.status)  # fmt: skip
    messages.success(request, _("The words are saved."))
    return redirect(f"{reverse('plan', args=[plan_id])}#text-{section}")


@require_POST
def discard(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Put a draft away."""
    found = plan_for(user_of(request), plan_id)
    actions.discard_plan(plan=found, by=user_of(request))
    messages.success(request, _("The draft is put away. It stays in the record."))
    return redirect("plans")


@require_GET
def letter(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The letter as a page."""
    found = plan_for(user_of(request), plan_id)
    _write_down_that_it_was_seen(user_of(request), found, page="letter")
    return render(request, "plans/letter.html", {"plan": found, "letter": letter_now(found)})


@require_GET
def file(request: HttpRequest, plan_id: int, fmt: str) -> HttpResponse:
    """The letter as a file; once signed, the signed paper."""
    found = plan_for(user_of(request), plan_id)
    try:
        chosen = Format(fmt)
    except ValueError:
        raise NotFound(_("There is no such file")) from None
    _write_down_that_it_was_seen(user_of(request), found, page=str(chosen))
    answer = HttpResponse(file_now(found, chosen), content_type=MEDIA_TYPES[chosen])
    answer["Content-Disposition"] = f'attachment; filename="{name_now(found, chosen)}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
