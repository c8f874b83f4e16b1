"""Amendments: a signed plan changes only with the person's consent; until then the signed words hold."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.plans import amending, keeping, signing
from headway.plans.actions.signing import SignatureTyped, check_typed, sign
from headway.plans.actions.steps import check_step, keep_version, required, rewrite, take
from headway.plans.amending import AmendedPlan
from headway.plans.models import Amendment, AmendmentState, Plan, SignatureKind, VersionKind


@action(permission="plan.amend", event="plan.amendment_proposed", locks="plan")
def propose_amendment(*, plan: Plan, change: AmendedPlan, reason: str, by: Actor) -> Amendment:
    """Write down how a running plan should change. It holds once the person has signed for it.

    Raises:
        Conflict: the plan does not run, or another change waits for consent.
        BadInput: nothing would change, a day is impossible, or no reason is given.
    """
    check_step(plan, "amend")
    words = required(reason, missing=_("An amendment needs a reason"))
    draft = amending.amended(keeping.draft_of(plan), change, author=by.name)
    version = keep_version(plan, VersionKind.AMENDMENT, reason=words, by=by, content=draft)
    row = Amendment(plan=plan, version=version, reason=words, by_name=by.name, proposed_at=clock.now())
    row.save()
    audit.detail(amendment=row.pk, reason=words)
    take(plan, "amend")
    return row


@action(permission="plan.sign", event="plan.amended", locks="plan")
def consent_to_amendment(*, plan: Plan, typed: SignatureTyped, by: Actor) -> Plan:
    """The person signs for the change: from now on the amended plan holds.

    Raises:
        Conflict: no change waits, or it is not the one on the page.
        BadInput: the name is not the signer's, or consent to sign electronically is missing.
    """
    check_step(plan, "consent")
    row = _waiting(plan)
    if typed.content_hash != row.version.content_hash:
        raise Conflict(
            _("The page you signed shows another change"), todo=_("Load it again and read; nothing was signed.")
        )
    check_typed(typed, by)
    draft = signing.draft_in(row.version)
    rewrite(plan, draft)
    signed = keep_version(plan, VersionKind.SIGNED, reason=row.reason, by=by, content=draft)
    kind = SignatureKind.CONSENTED
    sign(signed, kind, typed, intent=signing.intent(plan, kind), by=by)
    _answered(row, AmendmentState.ACCEPTED, "")
    return take(plan, "consent")


@action(permission="plan.sign", event="plan.amendment_declined", locks="plan")
def decline_amendment(*, plan: Plan, answer: str, by: Actor) -> Plan:
    """The person does not agree: the plan goes on as signed."""
    check_step(plan, "decline")
    words = required(answer, missing=_("Declining needs a reason"), todo=_("Say in a sentence why not."))
    _answered(_waiting(plan), AmendmentState.DECLINED, words)
    audit.detail(answer=words)
    return take(plan, "decline")


@action(permission="plan.amend", event="plan.amendment_taken_back", locks="plan")
def take_amendment_back(*, plan: Plan, by: Actor) -> Plan:
    """The change is no longer wanted: the plan goes on as signed."""
    check_step(plan, "take_back")
    _answered(_waiting(plan), AmendmentState.TAKEN_BACK, "")
    return take(plan, "take_back")


def _waiting(plan: Plan) -> Amendment:
    row = plan.amendments.filter(state=AmendmentState.PROPOSED).select_related("version").last()
    if row is None:
        raise BadInput(_("No change waits for consent"))
    return row


def _answered(row: Amendment, state: AmendmentState, answer: str) -> None:
    row.state, row.answer, row.answered_at = state, answer, clock.now()
    row.save(update_fields=["state", "answer", "answered_at"])
