"""Start, pause, change, appeal, withdraw: what happens to a plan after it was agreed."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from headway.core import clock
from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.permissions import require
from headway.people.models import User
from headway.plans import actions, differences
from headway.plans.amending import AmendedPlan, GoalAmended, PromiseAmended, amended, change_between
from headway.plans.asking import read_day, read_hours, read_target
from headway.plans.evidence import Unit
from headway.plans.keeping import draft_of
from headway.plans.models import Plan, SignatureKind
from headway.plans.pages.desk import plan_page, user_of
from headway.plans.pages.form_page import Asked, FormPage, Typed, answer
from headway.plans.pages.signing import day_typed, typed_signature
from headway.plans.plan_draft import Goal, PlanDraft, Promise
from headway.plans.queries import open_amendment, open_appeal, plan_for, signed_version
from headway.plans.signing import draft_in, intent
from headway.plans.simulating import simulated
from headway.plans.standing import may_take

BOTH = require_http_methods(["GET", "POST"])


@require_POST
def start(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Let the clock run."""
    found = plan_for(user_of(request), plan_id)
    require(user_of(request), "plan.start", found)
    try:
        actions.start_plan(plan=found, by=user_of(request))
    except Conflict as error:
        return plan_page(request, found, conflict=error.sentence, status=error.status)
    messages.success(request, _("The plan runs."))
    return redirect("plan", plan_id)


@BOTH
def pause(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Stop the clock for leave."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.pause", found)
    page = FormPage(
        title=_("Pause for leave"),
        lead=_("The clock stands still; every later day moves by the days that are missed. Nothing counts meanwhile."),
        button=_("Pause the plan"),
        asked=(
            Asked("from_on", _("First day away"), "date", clock.today().isoformat()),
            Asked("expected_back_on", _("Expected back on"), "date", optional=True),
            Asked("reason", _("Why"), "area", hint=_("No diagnosis: “leave” is enough.")),
        ),
        done=_("The plan is paused."),
    )

    def act(typed: Typed) -> object:
        return actions.pause_plan(
            plan=found,
            from_on=day_typed(typed["from_on"], missing=_("A pause needs its first day")),
            expected_back_on=read_day(typed["expected_back_on"]),
            reason=typed["reason"],
            by=user,
        )

    return answer(request, found, page, act)


@BOTH
def resume(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Let the clock run again."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.pause", found)
    page = FormPage(
        title=_("Let the plan go on"),
        lead=_("Every day after the pause began moves by the days that were missed. A new version says so."),
        button=_("Let it go on"),
        asked=(Asked("back_on", _("First day back"), "date", clock.today().isoformat()),),
        done=_("The plan goes on; its later days have moved."),
    )
    return answer(
        request,
        found,
        page,
        lambda typed: actions.resume_plan(
            plan=found, back_on=day_typed(typed["back_on"], missing=_("The first day back is missing")), by=user
        ),
    )


@BOTH
def withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """End a plan that should not go on."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.withdraw", found)
    page = FormPage(
        title=_("Withdraw this plan"),
        lead=_("It ends for good. Whoever had it reads your reason; what was written stays in the record."),
        button=_("Withdraw it"),
        asked=(
            Asked(
                "reason",
                _("Why"),
                "area",
                hint=_("Read by %s, and by HR where it had the plan.") % found.person.first_name,
            ),
        ),
        done=_("The plan is withdrawn."),
    )
    return answer(
        request, found, page, lambda typed: actions.withdraw_plan(plan=found, reason=typed["reason"], by=user)
    )


@BOTH
def appeal(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The person objects."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.appeal", found)
    page = FormPage(
        title=_("Appeal"),
        lead=_("HR reads it, and somebody answers who did not approve this plan. A running plan goes on meanwhile."),
        button=_("Send the appeal"),
        asked=(Asked("text", _("What you object to"), "area", hint=_("Kept and shown word for word.")),),
        done=_("Your appeal is open. Everybody who sees this plan sees it."),
    )
    return answer(request, found, page, lambda typed: actions.appeal(plan=found, text=typed["text"], by=user))


@BOTH
def answer_appeal(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Somebody who did not decide answers the appeal."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.answer_appeal", found)
    row = open_appeal(found)
    if row is None:
        raise NotFound(_("No appeal is open"))
    page = FormPage(
        title=_("Answer the appeal"),
        lead=_("Read by %s, word for word.") % found.person.first_name,
        button=_("Send the answer"),
        asked=(
            Asked("upheld", _("Your answer"), "select", "yes",
                  options=(("yes", _("The appeal is right")), ("no", _("The appeal is not upheld")))),
            Asked("answer", _("Why, and what happens now"), "area"),
        ),
        done=_("The appeal is answered."),
        extra={"quote": row.text},
    )  # fmt: skip

    def act(typed: Typed) -> object:
        return actions.answer_appeal(plan=found, upheld=typed["upheld"] == "yes", answer=typed["answer"], by=user)

    return answer(request, found, page, act)


@BOTH
def amend(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The manager proposes a change of a running plan."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.amend", found)
    draft = draft_of(found)
    page = FormPage(
        title=_("Propose a change of the running plan"),
        lead=_("Change what should be different. It holds once %s has signed for it.") % found.person.first_name,
        button=_("Propose the change"),
        asked=(
            Asked("reason", _("Why"), "area", hint=_("Read by everybody who reads the plan.")),
            *(asked for goal in draft.goals for asked in _goal_fields(goal)),
            *(asked for promise in draft.promises for asked in _promise_fields(promise)),
            Asked("h_new", _("One more promise"), "heading"),
            Asked("new_text", _("A new promise"), optional=True),
            Asked("new_owner", _("Who answers for it"), optional=True),
            Asked("new_due", _("By"), "date", optional=True),
            Asked("new_hours", _("Hours"), optional=True),
            Asked("h_end", _("The end"), "heading"),
            Asked("last_on", _("Last day of the plan"), "date", draft.last_day.isoformat()),
        ),
        done=_("%s reads the change now. Until it is signed, what was signed holds.") % found.person.first_name,
        template="plans/amend.html",
        extra={"open_now": may_take(found, "amend", by=user)},
        look=lambda typed: _looked(found, draft, typed, user),
    )

    def act(typed: Typed) -> object:
        change = _change_of(draft, typed)
        return actions.propose_amendment(plan=found, change=change, reason=typed["reason"], by=user)

    return answer(request, found, page, act)


def _looked(plan: Plan, draft: PlanDraft, typed: Typed, user: User) -> dict[str, object]:
    """What the change would do, before it is proposed.

    Raises:
        BadInput: the change cannot be.
    """
    change = _change_of(draft, typed)
    amended(draft, change, author=user.name)
    return {"effects": simulated(plan, change, user), "looked": True}


def _target_text(goal: Goal) -> str:
    return f"{goal.target * 100:g}%" if goal.unit in {Unit.SHARE, Unit.RATIO} else f"{goal.target:g}"


def _goal_fields(goal: Goal) -> tuple[Asked, ...]:
    return (
        Asked(f"h_goal_{goal.key}", _("Goal: %s") % goal.metric_name, "heading"),
        Asked(f"goal_{goal.key}_text", _("Goal in words"), "area", goal.text),
        Asked(f"goal_{goal.key}_target", _("Target"), value=_target_text(goal)),
        Asked(f"goal_{goal.key}_by", _("Last day that counts"), "date", goal.by.isoformat()),
    )


def _hours_text(promise: Promise) -> str:
    return "" if promise.hours is None else f"{promise.hours:g}"


def _promise_fields(promise: Promise) -> tuple[Asked, ...]:
    return (
        Asked(f"h_promise_{promise.key}", _("Promise of %s") % promise.owner, "heading"),
        Asked(f"promise_{promise.key}_text", _("Promise"), "area", promise.text),
        Asked(f"promise_{promise.key}_owner", _("Who answers for it"), value=promise.owner),
        Asked(f"promise_{promise.key}_due", _("By"), "date", promise.due.isoformat()),
        Asked(f"promise_{promise.key}_hours", _("Hours"), value=_hours_text(promise), optional=promise.hours is None),
    )


def _change_of(draft: PlanDraft, typed: Typed) -> AmendedPlan:
    """Only what differs from the plan as it is."""
    last_on = read_day(typed["last_on"])
    return AmendedPlan(
        goals={goal.key: new for goal in draft.goals if (new := _goal_change(goal, typed, draft, last_on))},
        promises={p.key: found for p in draft.promises if (found := _promise_change(p, typed))},
        added=_added(typed),
        last_on=last_on if last_on != draft.last_day else None,
    )


def _goal_change(goal: Goal, typed: Typed, draft: PlanDraft, last_on: date | None) -> GoalAmended | None:
    text = typed[f"goal_{goal.key}_text"].replace("\r\n", "\n").strip()
    typed_target = typed[f"goal_{goal.key}_target"]
    target = read_target(typed_target, goal.unit) if typed_target != _target_text(goal) else None
    by = read_day(typed[f"goal_{goal.key}_by"])
    # A goal that ends with the plan moves with it, unless a day was typed for it.
    if last_on is not None and goal.by == draft.last_day == by and last_on != draft.last_day:
        by = last_on
    change = GoalAmended(
        text=text if text and text != goal.text else None, target=target, by=by if by != goal.by else None
    )
    return change if change != GoalAmended() else None


def _promise_change(promise: Promise, typed: Typed) -> PromiseAmended | None:
    text, owner, due = (typed[f"promise_{promise.key}_{name}"].strip() for name in ("text", "owner", "due"))
    hours = read_hours(typed[f"promise_{promise.key}_hours"])
    if hours is None and promise.hours is not None:
        raise BadInput(_("The hours of “%s” are empty") % promise.text[:60], todo=_("Write a number; 0 means none."))
    change = PromiseAmended(
        text.replace("\r\n", "\n") or promise.text, owner or promise.owner, read_day(due) or promise.due, hours
    )
    same = PromiseAmended(promise.text, promise.owner, promise.due, promise.hours)
    return change if change != same else None


def _added(typed: Typed) -> tuple[PromiseAmended, ...]:
    if not typed["new_text"].strip():
        return ()
    if not typed["new_owner"].strip():
        raise BadInput(_("A promise needs an owner"))
    due = day_typed(typed["new_due"], missing=_("A promise needs a day"))
    hours = read_hours(typed["new_hours"])
    return (PromiseAmended(typed["new_text"].strip(), typed["new_owner"].strip(), due, hours),)


@BOTH
def amendment(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The change that waits: what would be different, and the person's consent."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    row = open_amendment(found)
    if row is None:
        raise NotFound(_("No change waits for consent"))
    before = signed_version(found)
    as_signed = draft_of(found) if before is None else draft_in(before)
    signs = may_take(found, "consent", by=user)
    page = FormPage(
        title=_("A change of the running plan"),
        lead=_("%(by)s: “%(why)s”") % {"by": row.by_name, "why": row.reason},
        heading=_("Your answer"),
        button=_("Sign for the change"),
        asked=(
            Asked("name", _("Your full name"), hint=_("As in your sign-in; needed to sign for it.")),
            Asked("consent", _("I agree to sign electronically."), "tick"),
            Asked("answer", _("If you do not agree: why"), "area", optional=True),
            Asked("content_hash", kind="hidden", value=row.version.content_hash),
        ),
        done=_("Your answer is on record."),
        template="plans/amendment.html",
        extra={
            "differences": differences.between(as_signed, draft_in(row.version)),
            "effects": simulated(found, change_between(as_signed, draft_in(row.version)), user),
            "signs": signs,
            "intent": intent(found, SignatureKind.CONSENTED),
            "takes_back": may_take(found, "take_back", by=user),
        },
    )

    def act(typed: Typed) -> object:
        return _amendment_answered(request, found, typed)

    return answer(request, found, page, act)


def _amendment_answered(request: HttpRequest, plan: Plan, typed: Typed) -> Plan:
    user, do = user_of(request), request.POST.get("do")
    if do == "take_back":
        return actions.take_amendment_back(plan=plan, by=user)
    if do == "decline":
        return actions.decline_amendment(plan=plan, answer=typed["answer"], by=user)
    return actions.consent_to_amendment(plan=plan, typed=typed_signature(request, typed), by=user)
