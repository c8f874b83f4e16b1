"""The first meeting and the signatures. A signature says "received", never "agreed"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor, Role
from headway.core.errors import BadInput, Conflict
from headway.people.models import User
from headway.plans import signing
from headway.plans.actions.steps import check_step, clean, keep_version, required, take, touch
from headway.plans.models import FirstMeeting, Plan, PlanVersion, Signature, SignatureKind, VersionKind
from headway.plans.states import WITHOUT_HR, PlanState
from headway.plans.wording import day

ANSWER_DAYS = 7


@dataclass(frozen=True)
class SignatureTyped:
    """What the signer typed and saw. content_hash: of the version on the page that was signed."""

    name: str
    consent: bool
    content_hash: str
    statement: str = ""


@action(permission="plan.present", event="plan.presented", locks="plan")
def present_plan(
    *,
    plan: Plan,
    held_on: date,
    companion: str = "",
    notes: str = "",
    answer_by: date | None = None,
    by: Actor,
) -> Plan:
    """Record the first meeting; from now on the person may sign for the plan, until `answer_by` (a week).

    Raises:
        Conflict: the plan has not been approved (a growth plan: not been shared), or has been presented.
        BadInput: the meeting lies in the future, or the last day to sign lies before it.
    """
    step = "present_unreviewed" if plan.kind in WITHOUT_HR else "present"
    check_step(plan, step)
    if held_on > clock.today():
        raise BadInput(_("The first meeting has not taken place yet"), value=day(held_on))
    until = answer_by or clock.today() + timedelta(days=ANSWER_DAYS)
    if until < held_on:
        raise BadInput(_("The last day to sign lies before the meeting"), value=day(until))
    version = keep_version(plan, VersionKind.PRESENTED, reason=_("Presented in the first meeting"), by=by)
    FirstMeeting(
        plan=plan,
        version=version,
        held_on=held_on,
        companion=clean(companion),
        notes=clean(notes),
        by_name=by.name,
        written_at=clock.now(),
    ).save()
    plan.answer_by = until
    audit.detail(held_on=held_on.isoformat(), companion=clean(companion), answer_by=until.isoformat())
    return take(plan, step, "answer_by")


@action(permission="plan.present", event="plan.answer_day_set", locks="plan")
def set_answer_day(*, plan: Plan, answer_by: date, by: Actor) -> Plan:
    """Give the person more time to sign."""
    if plan.state != PlanState.PRESENTED:
        raise Conflict(_("Nobody is asked to sign this plan now"))
    if answer_by < clock.today():
        raise BadInput(_("The last day to sign lies in the past"), value=day(answer_by))
    audit.detail(before=plan.answer_by.isoformat() if plan.answer_by else None, after=answer_by.isoformat())
    plan.answer_by = answer_by
    plan.save(update_fields=["answer_by", "changed_at"])
    touch(plan)
    return plan


@action(permission="plan.sign", event="plan.acknowledged", locks="plan")
def acknowledge_plan(*, plan: Plan, typed: SignatureTyped, by: Actor) -> Plan:
    """The person signs that the plan was received, with a statement or without.

    Raises:
        Conflict: signed already, too late, or what was on the page is not what was presented.
        BadInput: the name is not the signer's, or consent to sign electronically is missing.
    """
    version = _to_sign(plan, typed.content_hash)
    check_typed(typed, by)
    words = clean(typed.statement)
    kind = SignatureKind.ACKNOWLEDGED_WITH_STATEMENT if words else SignatureKind.ACKNOWLEDGED
    signed = keep_version(
        plan,
        VersionKind.SIGNED,
        reason=_("Received by %s") % by.name,
        by=by,
        content=signing.draft_in(version),
    )
    sign(signed, kind, typed, intent=signing.intent(plan, kind), by=by)
    return take(plan, "acknowledge_with_statement" if words else "acknowledge")


@action(permission="plan.refuse", event="plan.refused", locks="plan")
def refuse_plan(*, plan: Plan, typed: SignatureTyped, by: Actor) -> Plan:
    """Record that the person does not sign: by the person, or by the manager. A witness confirms it afterwards.

    Raises:
        Conflict: signed already, or what was on the page is not what was presented.
        BadInput: the name is not the signer's, or consent to sign electronically is missing.
    """
    version = _to_sign(plan, typed.content_hash, late=by.role != Role.REP)
    check_typed(typed, by)
    signed = keep_version(
        plan,
        VersionKind.SIGNED,
        reason=_("Receipt refused, recorded by %s") % by.name,
        by=by,
        content=signing.draft_in(version),
    )
    kind = SignatureKind.REFUSED
    sign(signed, kind, typed, intent=signing.intent(plan, kind, by=by), by=by)
    return take(plan, "refuse")


@action(permission="plan.witness", event="plan.witnessed", locks="plan")
def witness_refusal(*, plan: Plan, typed: SignatureTyped, by: Actor) -> Signature:
    """Somebody who did not record the refusal confirms that the plan was handed over.

    Raises:
        Conflict: there is no refusal to witness, it has its witness, or the witness recorded it.
        BadInput: the name is not the signer's, or consent to sign electronically is missing.
    """
    version = plan.versions.filter(kind=VersionKind.SIGNED).last()
    if plan.state != PlanState.REFUSED or version is None:
        raise Conflict(_("There is no refusal to witness"))
    if version.signatures.filter(kind=SignatureKind.WITNESSED).exists():
        raise Conflict(_("This has its witness already"))
    if by.pk is not None and version.signatures.filter(user_id=by.pk).exists():
        raise Conflict(_("Whoever recorded the refusal cannot be its witness"))
    check_typed(typed, by)
    kind = SignatureKind.WITNESSED
    row = sign(version, kind, typed, intent=signing.intent(plan, kind), by=by)
    touch(plan)
    return row


def _to_sign(plan: Plan, content_hash: str, *, late: bool = False) -> PlanVersion:
    """The presented version, if it is the one on the page and may still be signed."""
    before = Signature.objects.filter(plan_version__plan=plan).first()
    if before is not None:
        raise Conflict(
            _("This plan was signed on %s") % day(before.signed_at.date()),
            todo=_("Load the page again to read it."),
        )
    check_step(plan, "acknowledge")
    if not late and plan.answer_by is not None and clock.today() > plan.answer_by:
        raise Conflict(
            _("The last day to sign was %s") % day(plan.answer_by),
            todo=_("Ask for a new day; nothing was signed."),
        )
    version = plan.versions.filter(kind=VersionKind.PRESENTED).last()
    if version is None or version.content_hash != content_hash:
        raise Conflict(
            _("The page you signed shows another version of this plan"),
            todo=_("Load the page again, read it, then sign; nothing was signed."),
        )
    return version


def check_typed(typed: SignatureTyped, by: Actor) -> None:
    """Raise unless the typed name is the signer's and the consent is there."""
    if not signing.same_name(typed.name, by.name):
        raise BadInput(
            _("The name is not the one you are signed in with"),
            value=typed.name[:80],
            todo=_("Type it as %s.") % by.name,
        )
    if not typed.consent:
        raise BadInput(
            _("Signing here needs your consent to sign electronically"),
            todo=_("Tick the box, or ask for the plan on paper."),
        )


def sign(version: PlanVersion, kind: SignatureKind, typed: SignatureTyped, *, intent: str, by: Actor) -> Signature:
    """Write one signature under a version, as part of a running action."""
    statement = clean(typed.statement)
    row = Signature(
        plan_version=version,
        user=by if isinstance(by, User) else None,
        person_ref=by.person_id or "",
        name=required(typed.name, missing=_("A signature needs a name")),
        role=by.role,
        kind=kind,
        intent=intent,
        statement=statement,
        consent=typed.consent,
        signed_at=clock.now(),
        content_hash=version.content_hash,
    )
    row.save()
    audit.detail(signature=row.pk, kind=str(kind), signed=version.content_hash, name=row.name, statement=statement)
    return row
