"""Every read of this room, always for a named actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import can, require, scoped
from headway.plans.models import Plan, PlanPromise
from headway.plans.queries import plans_for
from headway.running.models import Agreement, CheckIn, GoalSnapshot
from headway.running.progress import RUNNING, newest_snapshots

# A plan is shown as running from its acknowledgement on, and stays readable when it is over.
BEHIND: tuple[str | Prefetch[str, QuerySet[GoalSnapshot], str], ...] = (
    "goals",
    "promises",
    "meetings",
    "agreements",
    "ledger_entries",
    "counts",
    "practices",
    "trainings",
    "wins",
    Prefetch("snapshots", queryset=newest_snapshots(GoalSnapshot.objects.all())),
)


# What a list never shows of a plan, and what costs most to read.
HEAVY = ("plan__body", "plan__evidence")


def running_plan_for(actor: Actor, plan_id: int) -> Plan:
    """One plan with everything that happened in it, or NotFound where it is none of the actor's business.

    A draft has no course yet: it is not found here either.
    """
    plan = plans_for(actor).filter(pk=plan_id).exclude(state="draft").prefetch_related(*BEHIND).first()
    if plan is None:
        raise NotFound(_("There is no such plan, or it is not yours to see"))
    require(actor, "progress.view", plan)
    return plan


def running_plans_for(actor: Actor) -> QuerySet[Plan]:
    """The running plans `actor` may see, by the person's name."""
    rows = Plan.objects.filter(state__in=RUNNING).select_related("person", "manager")
    return scoped(actor, "progress.view", rows).order_by("person__name", "pk")


def check_in_for(actor: Actor, plan: Plan, number: int) -> CheckIn:
    """One check-in of a plan that was read for the actor."""
    found = next((row for row in plan.meetings.all() if row.number == number), None)
    if found is None:
        raise NotFound(_("There is no such check-in in this plan"), value=number)
    require(actor, "progress.view", found)
    found.plan = plan
    return found


def is_rep(actor: Actor, plan: Plan) -> bool:
    """Whether the actor is the person the plan is for."""
    return actor.person_id is not None and actor.person_id == plan.person_id


def may_read_review(actor: Actor, check_in: CheckIn) -> bool:
    """The rep's own page is the rep's alone until it is shared."""
    return is_rep(actor, check_in.plan) or check_in.shared_at is not None


def due_check_ins(actor: Actor, *, until: date) -> QuerySet[CheckIn]:
    """Planned check-ins of running plans up to a day, the earliest first; those that were forgotten too."""
    plans = running_plans_for(actor).order_by().values("pk")
    rows = CheckIn.objects.filter(plan__in=plans, state=CheckIn.PLANNED, on__lte=until)
    return rows.select_related("plan__person", "plan__manager").defer(*HEAVY).order_by("on", "at", "pk")


def recent_check_ins(actor: Actor, *, days: int = 28) -> QuerySet[CheckIn]:
    """Check-ins that took place or were skipped lately, the newest first."""
    since = clock.today() - timedelta(days=days)
    plans = running_plans_for(actor).order_by().values("pk")
    rows = CheckIn.objects.filter(plan__in=plans, on__gte=since, state__in=(CheckIn.HELD, CheckIn.SKIPPED))
    return rows.select_related("plan__person").defer(*HEAVY).order_by("-on", "-pk")


def promises_of_owner(actor: Actor) -> list[PlanPromise]:
    """What this person has promised in running plans, by day: the owner's list, whatever the role."""
    rows = PlanPromise.objects.filter(plan__state__in=RUNNING, owner__iexact=actor.name)
    rows = rows.select_related("plan__person").defer(*HEAVY).prefetch_related("plan__ledger_entries")
    return list(rows.order_by("due", "pk"))


def promises_to_keep(actor: Actor) -> list[PlanPromise]:
    """What running plans promise in the actor's name, or by whomever in plans that the actor leads; by day."""
    mine = Q(owner__iexact=actor.name)
    if actor.person_id is not None and can(actor, "support.answer"):
        mine |= Q(plan__manager=actor.person_id)
    rows = PlanPromise.objects.filter(mine, plan__state__in=RUNNING).select_related("plan__person").defer(*HEAVY)
    return list(rows.prefetch_related("plan__ledger_entries", "plan__meetings").order_by("due", "pk"))


def promise_for(actor: Actor, plan_id: int, key: str) -> PlanPromise:
    """A promise that the actor owns, or may answer for.

    Raises:
        NotFound: there is none, or it is none of the actor's business.
    """
    row = PlanPromise.objects.filter(plan_id=plan_id, key=key).select_related("plan__person").first()
    owner = row is not None and row.owner.strip().casefold() == actor.name.strip().casefold()
    if row is None or (not owner and not _sees(actor, row)):
        raise NotFound(_("There is no such promise, or it is not yours to keep"))
    return row


def _sees(actor: Actor, row: PlanPromise) -> bool:
    return scoped(actor, "support.answer", Plan.objects.filter(pk=row.plan_id)).exists()


def open_agreements(plans: Iterable[Plan]) -> dict[int, list[Agreement]]:
    """Agreements that are not done yet, of plans that were read for an actor."""
    ids = [plan.pk for plan in plans]
    found: dict[int, list[Agreement]] = {plan_id: [] for plan_id in ids}
    for row in Agreement.objects.filter(plan_id__in=ids, done_on=None).order_by("due", "pk"):
        found[row.plan_id].append(row)
    return found
