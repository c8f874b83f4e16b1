"""What may stand in for a missing step before a formal plan."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.core.permissions import require
from headway.diagnosis.practice.actions.keeping import clean, keep
from headway.diagnosis.practice.company_rules import practice_rules
from headway.diagnosis.practice.gate import HR_ONLY, gate_for
from headway.diagnosis.practice.models import (
    ExceptionRequest,
    FormalReason,
    GateException,
)
from headway.diagnosis.practice.queries import suggestion_for


@action(permission="practice.write", event="formal_reason.recorded", about="person_id")
def record_reason(*, person_id: str, text: str, by: Actor) -> FormalReason:
    """Record why a formal plan is wanted although the data cannot tell. The person reads it word by word.

    Raises:
        BadInput: no words, or too many.
    """
    suggested = suggestion_for(by, person_id)
    row = FormalReason(
        text=clean(text, what=_("The reason"), needed=True),
        tier=suggested.tier if suggested else "",
        run_id=suggested.run_id if suggested else None,
        given_on=clock.today(),
    )
    return keep(row, person_id=person_id, by=by)


@action(permission="gate.ask", event="exception.asked", about="person_id")
def ask_for_exception(*, person_id: str, item: str, reason: str, by: Actor) -> ExceptionRequest:
    """Ask HR to let a formal plan go on without one of the things before it. HR sees the case from then on.

    Raises:
        BadInput: there is nothing missing under this name, or no reason.
        Conflict: HR has been asked already.
    """
    gate = gate_for(person_id, by=by)
    if item not in {missing.key for missing in gate.missing}:
        raise BadInput(_("Nothing is missing under this name"), value=item)
    if ExceptionRequest.objects.filter(person_id=person_id, item=item, closed_at__isnull=True).exists():
        raise Conflict(_("HR has been asked already"), todo=_("Wait for the answer, or talk to HR."))
    row = ExceptionRequest(item=item, reason=clean(reason, what=_("The reason"), needed=True), asked_on=clock.today())
    audit.detail(item=item)
    return keep(row, person_id=person_id, by=by)


@action(permission="gate.except", event="exception.granted", about="person_id")
def grant_exception(*, person_id: str, item: str, reason: str, until: date | None = None, by: Actor) -> GateException:
    """HR's written exception for one item, until a day. Manager and person read it (protected events: HR alone).

    Raises:
        BadInput: an unknown item, no reason, or a day that is past or more than a year ahead.
    """
    gate = gate_for(person_id, by=by)
    if gate.item(item) is None:
        raise BadInput(_("There is nothing of this name before a plan"), value=item)
    if item in HR_ONLY:
        require(by, "protected.record")
    today = clock.today()
    last = until or today + timedelta(days=practice_rules().exception_days)
    if not today <= last <= today + timedelta(days=366):
        raise BadInput(_("An exception ends within a year from today"), value=last.isoformat())
    request = ExceptionRequest.objects.filter(person_id=person_id, item=item, closed_at__isnull=True).last()
    row = GateException(
        item=item, reason=clean(reason, what=_("The reason"), needed=True), given_on=today, until=last, request=request
    )
    _close(request)
    audit.detail(item=item, until=last.isoformat())
    return keep(row, person_id=person_id, by=by)


@action(permission="gate.except", event="exception.declined", locks="request")
def decline_exception(*, request: ExceptionRequest, reason: str, by: Actor) -> ExceptionRequest:
    """HR says no, with the reason the manager reads."""
    if request.closed_at is not None:
        raise Conflict(_("This has been answered already"))
    request.declined = clean(reason, what=_("The reason"), needed=True)
    _close(request)
    return request


def _close(request: ExceptionRequest | None) -> None:
    if request is not None:
        request.closed_at = clock.now()
        request.save(update_fields=["declined", "closed_at"])
