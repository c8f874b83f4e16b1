"""What both sides gave: written down by whoever can say so, with a date."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, NotFound
from headway.core.permissions import can
from headway.plans.keeping import draft_of
from headway.plans.models import Plan, PlanPromise
from headway.running.ledger import action_key
from headway.running.models import LedgerEntry, Win
from headway.running.words import check_past, check_running, clean, needed

MOST_HOURS = 200


def is_owner(promise: PlanPromise, actor: Actor) -> bool:
    """Whether the promise names this person, by the whole name, as its owner."""
    return bool(promise.owner.strip()) and promise.owner.strip().casefold() == actor.name.strip().casefold()


@action(permission="support.deliver", event="support.given")
def give_support(
    *,
    promise: PlanPromise,
    on: date,
    hours: float | None = None,
    note: str = "",
    whole: bool = True,
    by: Actor,
) -> LedgerEntry:
    """Say that promised support was given on a day, all of it or a part. By its owner, or by who leads the person.

    Raises:
        NotFound: the promise is none of the actor's business.
        BadInput: the day lies ahead, or the hours cannot be.
        Conflict: the plan is not running.
    """
    plan = Plan.objects.select_for_update().get(pk=promise.plan_id)
    if not is_owner(promise, by) and not can(by, "support.answer", plan):
        raise NotFound(_("There is no such promise, or it is not yours to keep"))
    check_running(plan)
    check_past(on)
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise BadInput(_("The hours cannot be"), value=f"{hours:g}", todo=_("Give hours such as 1.5."))
    row = LedgerEntry(
        plan=plan, key=promise.key, kind=LedgerEntry.GIVEN, on=on, hours=hours, note=clean(note), whole=whole,
        by_name=by.name, made_at=clock.now(),
    )  # fmt: skip
    row.save()
    audit.detail(plan=plan.pk, promise=promise.key, on=on.isoformat(), hours=hours, whole=whole)
    return row


@action(permission="support.answer", event="support.answered", locks="plan")
def answer_support(*, plan: Plan, key: str, answer: str, by: Actor) -> LedgerEntry:
    """Say why promised support was not given and what follows for the goals. It stays with the ledger.

    Raises:
        BadInput: there is no such promise, or no words.
    """
    if not plan.promises.filter(key=key).exists():
        raise BadInput(_("There is no such promise in this plan"), value=key)
    words = needed(answer, what=_("An answer needs words: why it was not given, and what follows for the goals"))
    row = LedgerEntry(
        plan=plan, key=key, kind=LedgerEntry.ANSWER, on=clock.today(), note=words, by_name=by.name,
        made_at=clock.now(),
    )  # fmt: skip
    row.save()
    audit.detail(promise=key)
    return row


@action(permission="action.mark", event="plan.action_marked", locks="plan")
def mark_action(*, plan: Plan, key: str, done: bool, on: date, note: str = "", by: Actor) -> LedgerEntry:
    """Say whether one of the rep's actions was done since the last time, on a day.

    Raises:
        BadInput: there is no such action, or the day lies ahead.
        Conflict: the plan is not running.
    """
    check_running(plan)
    check_past(on)
    if key not in {action_key(one) for one in draft_of(plan).actions}:
        raise BadInput(_("There is no such action in this plan"), value=key)
    kind = LedgerEntry.GIVEN if done else LedgerEntry.NOT_GIVEN
    row = LedgerEntry(plan=plan, key=key, kind=kind, on=on, note=clean(note), by_name=by.name, made_at=clock.now())
    row.save()
    audit.detail(action=key, done=done, on=on.isoformat())
    return row


@action(permission="win.celebrate", event="win.celebrated", locks="plan")
def celebrate(*, plan: Plan, text: str, on: date, by: Actor) -> Win:
    """Put a win on the plan, for everybody who sees the plan.

    Raises:
        BadInput: there are no words, or the day lies ahead.
        Conflict: the plan is not running.
    """
    check_running(plan)
    check_past(on)
    row = Win(
        plan=plan, on=on, text=needed(text, what=_("A win needs words: say what went well")), by_name=by.name,
        made_at=clock.now(),
    )  # fmt: skip
    row.save()
    audit.detail(on=on.isoformat())
    return row
