"""What happens to an agreed plan: it starts, pauses, resumes, is appealed against, withdrawn or closed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.people.models import User
from headway.plans import appeals, keeping, moving
from headway.plans.actions.steps import check_step, clean, keep_version, required, rewrite, take, touch
from headway.plans.models import (
    Amendment,
    AmendmentState,
    Appeal,
    AppealState,
    Pause,
    Plan,
    Proposal,
    ProposalState,
    SignatureKind,
    VersionKind,
)
from headway.plans.states import PlanState
from headway.plans.wording import day


@action(permission="plan.start", event="plan.started", locks="plan")
def start_plan(*, plan: Plan, by: Actor) -> Plan:
    """Let the clock run from the agreed first day.

    Raises:
        Conflict: nobody has signed, a refusal has no witness, or the first day has not come.
    """
    check_step(plan, "start")
    if plan.state == PlanState.REFUSED:
        witnessed = plan.versions.filter(signatures__kind=SignatureKind.WITNESSED).exists()
        if not witnessed:
            raise Conflict(_("The refused receipt has no witness yet"), todo=_("Ask HR or your leader to confirm it."))
    if clock.today() < plan.start_on:
        raise Conflict(_("This plan starts on %s") % day(plan.start_on))
    return take(plan, "start")


@action(permission="plan.pause", event="plan.paused", locks="plan")
def pause_plan(*, plan: Plan, from_on: date, reason: str, expected_back_on: date | None = None, by: Actor) -> Plan:
    """Stop the clock from a day on (leave, illness). The days lost are added when the plan goes on.

    Raises:
        Conflict: the plan is not running, or a change waits for consent.
        BadInput: no reason, the day lies outside the plan, or the return before it.
    """
    check_step(plan, "pause")
    words = required(reason, missing=_("A pause needs a reason"))
    if not plan.start_on <= from_on <= plan.last_on or from_on > clock.today():
        raise BadInput(
            _("A pause begins on a day of the plan that has come"),
            value=day(from_on),
            todo=_("Choose a day from %(first)s to %(last)s.")
            % {"first": day(plan.start_on), "last": day(min(plan.last_on, clock.today()))},
        )
    last = plan.pauses.order_by("from_on").last()
    if last is not None and last.back_on is not None and from_on < last.back_on:
        raise BadInput(_("These days are paused already"), value=day(from_on))
    if expected_back_on is not None and expected_back_on <= from_on:
        raise BadInput(_("The return lies before the pause"), value=day(expected_back_on))
    Pause(plan=plan, from_on=from_on, expected_back_on=expected_back_on, reason=words, by_name=by.name).save()
    audit.detail(from_on=from_on.isoformat(), reason=words)
    return take(plan, "pause")


@action(permission="plan.pause", event="plan.resumed", locks="plan")
def resume_plan(*, plan: Plan, back_on: date, by: Actor) -> Plan:
    """Let the clock run again; every later day of the plan moves by the days that were paused.

    Raises:
        Conflict: the plan is not paused.
        BadInput: the return lies before the pause, or in the future.
    """
    check_step(plan, "resume")
    pause = plan.pauses.filter(back_on__isnull=True).first()
    if pause is None:
        raise Conflict(_("This plan has no open pause"))
    if not pause.from_on < back_on <= clock.today():
        raise BadInput(_("The first day back lies after the pause began and is no day to come"), value=day(back_on))
    days = (back_on - pause.from_on).days
    pause.back_on, pause.days = back_on, days
    pause.save(update_fields=["back_on", "days"])
    moved = moving.moved(keeping.draft_of(plan), days=days, since=pause.from_on)
    rewrite(plan, moved)
    reason = _("Paused from %(first)s to %(back)s: every later day moves by %(days)d days") % {
        "first": day(pause.from_on),
        "back": day(back_on),
        "days": days,
    }
    keep_version(plan, VersionKind.MOVED, reason=reason, by=by)
    audit.detail(back_on=back_on.isoformat(), days=days)
    return take(plan, "resume")


@action(permission="plan.withdraw", event="plan.withdrawn", locks="plan")
def withdraw_plan(*, plan: Plan, reason: str, by: Actor) -> Plan:
    """End a plan that should not go on, with a reason that is kept and read by whoever had it.

    Raises:
        Conflict: it is over already.
        BadInput: no reason.
    """
    check_step(plan, "withdraw")
    words = required(reason, missing=_("Withdrawing a plan needs a reason"))
    _end_what_waits(plan)
    audit.detail(reason=words)
    return take(plan, "withdraw")


@action(permission="plan.close", event="plan.closed", locks="plan")
def close_plan(*, plan: Plan, reason: str, by: Actor) -> Plan:
    """End a plan that was run; how it ended is decided in the room of outcomes.

    Raises:
        Conflict: it does not run.
        BadInput: no reason.
    """
    check_step(plan, "close")
    words = required(reason, missing=_("Closing a plan needs a reason"))
    _end_what_waits(plan)
    pause = plan.pauses.filter(back_on__isnull=True).first()
    if pause is not None:
        pause.back_on, pause.days = clock.today(), 0
        pause.save(update_fields=["back_on", "days"])
    audit.detail(reason=words)
    return take(plan, "close")


def _end_what_waits(plan: Plan) -> None:
    """Amendments and proposals nobody will answer any more."""
    now = clock.now()
    Amendment.objects.filter(plan=plan, state=AmendmentState.PROPOSED).update(
        state=AmendmentState.TAKEN_BACK, answered_at=now
    )
    Proposal.objects.filter(plan=plan, state=ProposalState.OPEN).update(state=ProposalState.TAKEN_BACK, answered_at=now)


@action(permission="plan.appeal", event="plan.appealed", locks="plan")
def appeal(*, plan: Plan, text: str, by: Actor) -> Appeal:
    """The person objects, at any time. A running plan goes on and shows the open appeal; HR reads it from now on.

    Raises:
        Conflict: an appeal is open already, or the plan was never shared or is withdrawn.
        BadInput: there are no words.
    """
    step = "appeal_the_end" if plan.state == PlanState.CLOSED else "appeal"
    if plan.appeals.filter(state=AppealState.OPEN).exists():
        raise Conflict(_("Your appeal is open already"), todo=_("Add a comment if you want to say more."))
    check_step(plan, step)
    words = required(text, missing=_("An appeal needs words"), todo=_("Say what you object to."))
    row = Appeal(plan=plan, text=words, by=by if isinstance(by, User) else None, made_at=clock.now())
    row.save()
    plan.hr_since = plan.hr_since or clock.now()
    audit.detail(appeal=row.pk, text=words)
    take(plan, step, "hr_since")
    return row


@action(permission="plan.answer_appeal", event="plan.appeal_answered", locks="plan")
def answer_appeal(*, plan: Plan, upheld: bool, answer: str, by: Actor) -> Appeal:
    """Answer the open appeal; never by whoever drafted or approved the plan, or decided how it ended.

    Raises:
        Conflict: no appeal is open, or the reader decided about this plan.
        BadInput: there are no words.
    """
    row = plan.appeals.filter(state=AppealState.OPEN).first()
    if row is None:
        raise Conflict(_("No appeal is open"))
    if appeals.answered_elsewhere(plan):
        raise Conflict(
            _("This appeal is against how the plan ended"), todo=_("Decide it on the page of the outcome, not here.")
        )
    if appeals.decided(plan, by):
        raise Conflict(
            _("Whoever decided about a plan does not answer an appeal against it"),
            todo=_("Ask a colleague in HR, or a leader."),
        )
    row.answer = required(answer, missing=_("An answer needs words"))
    row.state = AppealState.UPHELD if upheld else AppealState.NOT_UPHELD
    row.answered_by_name, row.answered_at = by.name, clock.now()
    row.save(update_fields=["answer", "state", "answered_by_name", "answered_at"])
    audit.detail(appeal=row.pk, upheld=upheld, answer=clean(answer))
    if plan.state == PlanState.APPEALED:
        take(plan, "answer_the_appeal")
    else:
        touch(plan)
    return row
