"""Every read of this room, always for a named actor."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor, Role
from headway.core.errors import NotFound
from headway.core.lists import first
from headway.core.permissions import can, require, scoped
from headway.outcomes import states
from headway.outcomes.judged import Verdict, verdict_from_json
from headway.outcomes.models import Evaluation, FollowUp, Relapse, VerdictRecord
from headway.outcomes.states import WAITING, Stage
from headway.plans.models import Plan
from headway.plans.queries import plan_for, plans_for
from headway.plans.states import RUNNING
from headway.running.queries import HEAVY

ENDS_SOON = timedelta(days=14)


def evaluations_for(actor: Actor) -> QuerySet[Evaluation]:
    """The evaluations `actor` may see."""
    plans = scoped(actor, "outcome.view", plans_for(actor)).order_by().values("pk")
    rows = Evaluation.objects.filter(stage__in=sorted(states.visible_to(actor.role)), plan__in=plans)
    return rows.select_related("plan__person", "plan__manager")


def _listed(actor: Actor) -> QuerySet[Evaluation]:
    """The same for lists, without what a list never shows and what costs most to read."""
    return evaluations_for(actor).defer("prepared_text", *HEAVY)


def evaluation_of(actor: Actor, plan: Plan) -> Evaluation | None:
    """The newest evaluation of a plan that `actor` may see, with its steps."""
    return evaluations_for(actor).filter(plan=plan).prefetch_related("steps").order_by("-pk").first()


def evaluation_for(actor: Actor, plan_id: int) -> tuple[Plan, Evaluation]:
    """A plan and its newest evaluation, or NotFound."""
    plan = plan_for(actor, plan_id)
    found = evaluation_of(actor, plan)
    if found is None:
        raise NotFound(_("There is no evaluation of this plan, or it is not yours to see"))
    return plan, found


# At which stages somebody in a role is the one to act next.
_NEXT: dict[Role, frozenset[Stage]] = {
    Role.REP: frozenset({Stage.PROPOSED}),
    Role.MANAGER: frozenset({Stage.PREPARED, Stage.RETURNED}),
    Role.HR: frozenset({Stage.ANSWERED, Stage.PROPOSED, Stage.APPEALED}),
    Role.LEADER: frozenset({Stage.APPEALED}),
}


def waiting_for(actor: Actor) -> list[Evaluation]:
    """Evaluations on which the actor is the one to act next, the oldest first."""
    stages = _NEXT.get(Role(actor.role), frozenset())
    return first(_listed(actor).filter(stage__in=sorted(stages)).order_by("as_of", "pk"), 100)


def others_waiting(actor: Actor) -> list[Evaluation]:
    """Evaluations that wait for somebody else."""
    stages = WAITING - _NEXT.get(Role(actor.role), frozenset())
    return first(_listed(actor).filter(stage__in=sorted(stages)).order_by("as_of", "pk"), 50)


def decided_for(actor: Actor, *, limit: int = 20) -> list[Evaluation]:
    """Outcomes decided lately, the newest first."""
    return first(_listed(actor).filter(stage__in=sorted(states.DECIDED)).order_by("-decided_on", "-pk"), limit)


def ending_soon(actor: Actor, *, until: date | None = None) -> list[Plan]:
    """Running plans whose last day is near or past (by a day) and that nobody has begun to judge."""
    if not can(actor, "outcome.prepare"):
        return []
    until = until or clock.today() + ENDS_SOON
    rows = plans_for(actor).filter(state__in=sorted(RUNNING), last_on__lte=until)
    open_ones = Q(evaluations__stage__in=sorted(WAITING))
    return first(rows.exclude(open_ones).defer("body", "evidence").order_by("last_on", "pk"), 50)


def due_follow_ups(actor: Actor, *, until: date) -> QuerySet[FollowUp]:
    """Follow-ups that are due by a day and not done, the next first; of people within reach."""
    rows = FollowUp.objects.filter(done_on__isnull=True, due_on__lte=until)
    rows = rows.select_related("plan__person").defer(*HEAVY)
    return scoped(actor, "followup.do", rows, field="plan__person_id").order_by("due_on", "pk")


def follow_ups_for(actor: Actor, *, until: date, most: int = 100) -> list[FollowUp]:
    """The first of them."""
    return first(due_follow_ups(actor, until=until), most)


def follow_ups_of(actor: Actor, plan: Plan) -> list[FollowUp]:
    """All follow-ups of a plan the actor may see."""
    require(actor, "outcome.view", plan)
    return list(plan.follow_ups.all())


def follow_up_for(actor: Actor, pk: int) -> FollowUp:
    """One follow-up, or NotFound."""
    rows = scoped(actor, "followup.do", FollowUp.objects.select_related("plan__person"), field="plan__person_id")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such follow-up, or it is not yours to see"))
    return found


def relapses_for(actor: Actor) -> list[Relapse]:
    """Renewed drops that wait for a talk, of people within reach. The person and the manager see them; HR does not."""
    rows = Relapse.objects.filter(answer=Relapse.Answer.OPEN).select_related("plan__person").defer(*HEAVY)
    field = "plan__person_id"
    permission = "followup.do"
    return first(scoped(actor, permission, rows, field=field).order_by("seen_on", "pk"), 100)


def relapse_for(actor: Actor, pk: int) -> Relapse:
    """One renewed drop, or NotFound."""
    rows = scoped(actor, "relapse.answer", Relapse.objects.select_related("plan__person"), field="plan__person_id")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such drop, or it is not yours to see"))
    return found


def newest_looks(plans: Iterable[int]) -> dict[int, Verdict]:
    """The newest verdict of each of some plans that were read for an actor, where there is one."""
    rows = VerdictRecord.objects.filter(plan_id__in=list(plans)).order_by("as_of", "pk")
    newest: dict[int, str] = dict(rows.values_list("plan_id", "payload"))
    read = {plan_id: verdict_from_json(json.loads(payload)) for plan_id, payload in newest.items()}
    return {plan_id: verdict for plan_id, verdict in read.items() if isinstance(verdict, Verdict)}


def deciders_of(plan: Plan) -> list[int | None]:
    """The sign-ins that proposed or confirmed how a plan ended."""
    rows = Evaluation.objects.filter(plan=plan).values_list("proposed_by_id", "confirmed_by_id")
    return [pk for row in rows for pk in row]


def appealed_here(plan: Plan) -> bool:
    """Whether an appeal against the outcome waits for its decision."""
    return Evaluation.objects.filter(plan=plan, stage=Stage.APPEALED).exists()
