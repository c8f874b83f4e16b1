"""Every read of this room, always for a named actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor, Role
from headway.core.errors import NotFound
from headway.core.models import AuditEntry
from headway.core.permissions import require, scoped
from headway.diagnosis.practice.queries import ids_before_hr
from headway.plans import states
from headway.plans.models import Amendment, AmendmentState, Appeal, AppealState, Plan, PlanVersion, VersionKind
from headway.plans.states import PlanState

# For how long one look at a plan stands for all of a reader's looks: enough to know who read, no write per click.
LOOK = timedelta(hours=1)


def _seen_by(role: str) -> Q:
    """Which plans somebody in a role may see, over the people within reach. What is withdrawn stays with whoever had
    it before; of plans without a review HR sees only those that came to it by an appeal."""
    seen = Q(state__in=states.visible_to(role))
    if role == Role.REP:
        return seen | Q(state=PlanState.WITHDRAWN, shared_at__isnull=False)
    if role == Role.HR:
        came = Q(hr_since__isnull=False) & ~Q(state__in=(PlanState.DRAFT, PlanState.DISCARDED))
        return (seen & Q(kind__in=states.WITH_HR)) | came
    return seen


def with_a_case(actor: Actor) -> frozenset[str]:
    """The people of whom HR has a plan or a question on its desk: never those of whom there is only a draft."""
    plans = Plan.objects.filter(_seen_by(Role.HR)).values_list("person_id", flat=True)
    return frozenset(plans.distinct()) | ids_before_hr()


def plans_for(actor: Actor) -> QuerySet[Plan]:
    """The plans `actor` may see, the next date first. A draft is seen by the manager's side alone."""
    rows = Plan.objects.filter(_seen_by(actor.role)).select_related("person", "manager")
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
    return plans_for(actor).filter(person_id=person_id, state=PlanState.DRAFT).first()


def was_seen_lately(actor: Actor, plan: Plan) -> bool:
    """Whether this reader's look at this plan already stands in the record of the last hour."""
    since = clock.now() - LOOK
    mine = AuditEntry.objects.filter(event="plan.seen", actor_name=actor.name, person_id=plan.person_id, at__gte=since)
    return mine.filter(detail__plan=plan.pk).exists()


def next_dates(actor: Actor, ids: Iterable[str]) -> dict[str, date]:
    """The first day of each person's open plan, of those `actor` may see."""
    rows = plans_for(actor).filter(person_id__in=list(ids), state__in=states.OPEN)
    return dict(rows.values_list("person_id", "start_on"))


def running_for(actor: Actor) -> QuerySet[Plan]:
    """The plans at work that `actor` may see (an amendment may wait beside the signed words)."""
    return plans_for(actor).filter(state__in=states.RUNNING)


def signed_version(plan: Plan) -> PlanVersion | None:
    """The version the person last signed for (or refused to sign for), if any. Never changed."""
    return plan.versions.filter(kind=VersionKind.SIGNED).last()


def version_in_force(plan: Plan) -> PlanVersion | None:
    """The version that holds now: the last signed one, with the days moved by a pause since."""
    return plan.versions.filter(kind__in=(VersionKind.SIGNED, VersionKind.MOVED)).last()


def last_version(plan: Plan) -> PlanVersion | None:
    """The last version that was kept, whatever for; a change that only waits does not count."""
    return plan.versions.exclude(kind=VersionKind.AMENDMENT).last()


def open_amendment(plan: Plan) -> Amendment | None:
    """The change that waits for the person's consent, if any."""
    return plan.amendments.filter(state=AmendmentState.PROPOSED).select_related("version").last()


def open_appeal(plan: Plan) -> Appeal | None:
    """The person's appeal that waits for an answer, if any."""
    return plan.appeals.filter(state=AppealState.OPEN).last()
