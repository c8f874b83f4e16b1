"""Every read of this room, always for a named actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.models import AuditEntry
from headway.core.permissions import Reach, require, resolve, scoped
from headway.diagnosis.practice.queries import ids_before_hr
from headway.plans import states
from headway.plans.models import Plan

# For how long one look at a plan stands for all of a reader's looks: enough to know who read, no write per click.
LOOK = timedelta(hours=1)


def _with_a_case(actor: Actor) -> frozenset[str]:
    """The people of whom HR has a plan or a question on its desk: never those of whom there is only a draft."""
    plans = Plan.objects.filter(state__in=states.visible_to("hr")).values_list("person_id", flat=True)
    return frozenset(plans.distinct()) | ids_before_hr()


def wire_cases() -> None:
    """Teach the permission rules what "people with a case" means. Called once at start."""
    resolve(Reach.CASE, _with_a_case)


def plans_for(actor: Actor) -> QuerySet[Plan]:
    """The plans `actor` may see, the next date first. A draft is seen by the manager's side alone."""
    rows = Plan.objects.filter(state__in=states.visible_to(actor.role)).select_related("person", "manager")
    return scoped(actor, "plan.view", rows).order_by("start_on", "person__name", "pk")


def plans_about(actor: Actor, person_id: str) -> QuerySet[Plan]:
    """The plans about one person that `actor` may see, the newest first."""
    return plans_for(actor).filter(person_id=person_id).order_by("-pk")


def plan_for(actor: Actor, plan_id: int) -> Plan:
    """One plan with its goals and promises, or NotFound where it is none of the actor's business."""
    plan = plans_for(actor).filter(pk=plan_id).prefetch_related("goals", "promises").first()
    if plan is None:
        raise NotFound(_("There is no such plan, or it is not yours to see"))
    require(actor, "plan.view", plan)
    return plan


def open_draft(actor: Actor, person_id: str) -> Plan | None:
    """The person's draft, if there is one that `actor` may see."""
    return plans_for(actor).filter(person_id=person_id, state=states.PlanState.DRAFT).first()


def was_seen_lately(actor: Actor, plan: Plan) -> bool:
    """Whether this reader's look at this plan already stands in the record of the last hour."""
    since = clock.now() - LOOK
    mine = AuditEntry.objects.filter(event="plan.seen", actor_name=actor.name, person_id=plan.person_id, at__gte=since)
    return mine.filter(detail__plan=plan.pk).exists()


def next_dates(actor: Actor, ids: Iterable[str]) -> dict[str, date]:
    """The first day of each person's open plan, of those `actor` may see."""
    rows = plans_for(actor).filter(person_id__in=list(ids), state__in=states.OPEN)
    return dict(rows.values_list("person_id", "start_on"))
