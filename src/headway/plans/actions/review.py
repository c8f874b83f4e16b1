"""HR's review: a plan is sent, sent back with reasons, or approved."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.people.models import User
from headway.plans import cases, checklist
from headway.plans.actions.steps import check_step, clean, keep_version, required, take
from headway.plans.json_form import to_json
from headway.plans.models import HrReview, Plan, VersionKind


@action(permission="plan.submit", event="plan.submitted", locks="plan")
def submit_plan(*, plan: Plan, message: str = "", by: Actor) -> Plan:
    """Send a plan to HR. What is still missing is named, and nothing is sent.

    Raises:
        Conflict: it cannot be sent from where it is (a growth plan never is).
        BadInput: something is missing that the manager can mend.
    """
    check_step(plan, "submit")
    missing = checklist.missing(plan, by=by)
    if missing:
        raise BadInput(_("This plan cannot go to HR yet"), value=missing[0])
    keep_version(plan, VersionKind.WORKING, reason=clean(message) or _("Sent to HR"), by=by)
    plan.hr_since = plan.hr_since or clock.now()
    return take(plan, "submit", "hr_since")


@action(permission="plan.review", event="plan.returned", locks="plan")
def return_plan(*, plan: Plan, reasons: str, seen_version: int | None = None, by: Actor) -> Plan:
    """Send a plan back with reasons that manager and person read.

    Raises:
        Conflict: it is not with HR any more, or has changed since the page was opened.
        BadInput: there are no reasons.
    """
    return _decide(plan, "return", required(reasons, missing=_("Sending back needs reasons")), seen_version, by)


@action(permission="plan.review", event="plan.approved", locks="plan")
def approve_plan(*, plan: Plan, reasons: str, seen_version: int | None = None, by: Actor) -> Plan:
    """Approve a plan with reasons. Everything on the list must be there.

    Raises:
        Conflict: it is not with HR any more, or has changed since the page was opened.
        BadInput: something on the list is missing, or there are no reasons.
    """
    check_step(plan, "approve")
    missing = checklist.missing(plan, by=by)
    if missing:
        raise BadInput(_("Approving needs every line of the list"), value=missing[0])
    return _decide(plan, "approve", required(reasons, missing=_("Approving needs a reason")), seen_version, by)


def _decide(plan: Plan, step: str, reasons: str, seen: int | None, by: Actor) -> Plan:
    check_step(plan, step)
    if seen is not None and seen != plan.version:
        raise Conflict(_("This plan has changed since you opened the page"), todo=_("Load it again before you decide."))
    done = {"return": "returned", "approve": "approved"}[step]
    told = {"return": _("Sent back by HR"), "approve": _("Approved by HR")}[step]
    lines = [to_json(line) for line in checklist.lines(plan, by=by)]
    version = keep_version(plan, VersionKind.WORKING, reason=told, by=by)
    HrReview(
        plan=plan,
        version=version,
        decision=done,
        reasons=reasons,
        checklist=lines,
        compared=cases.compared_ids(plan),
        by=by if isinstance(by, User) else None,
        by_name=by.name,
        decided_at=clock.now(),
    ).save()
    audit.detail(decision=done, reasons=reasons)
    return take(plan, step)
