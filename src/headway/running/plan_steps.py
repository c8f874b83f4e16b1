"""What plans that are being agreed or changed ask of somebody this week, as lines of the first page's list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from headway.core.actors import Actor, Role
from headway.plans.models import Plan
from headway.plans.queries import plans_for
from headway.plans.states import PlanState
from headway.running.duties import WEEK, when_words
from headway.running.duty import Duty

READ, SIGN, MEET = 10, 5, 45
# In which states somebody in a role is the one to act.
ACTS = {
    Role.REP: frozenset({PlanState.SHARED, PlanState.PRESENTED, PlanState.AMENDED}),
    Role.MANAGER: frozenset({PlanState.RETURNED, PlanState.APPROVED}),
}


def to_do(actor: Actor, today: date) -> Iterator[Duty]:
    """The person reads, signs, answers a change; the manager mends what HR sent back and holds the first meeting."""
    states = ACTS.get(Role(actor.role))
    if states is None:
        return
    for plan in plans_for(actor).filter(state__in=sorted(states)).defer("body", "evidence"):
        if plan.state == PlanState.SHARED and plan.read_at is not None:
            continue  # read already: who has something to say says it
        text, page, minutes = _line(plan)
        since = plan.state_since.date() if plan.state_since else plan.start_on
        on = (plan.answer_by if plan.state == PlanState.PRESENTED else None) or since
        late = on < today - WEEK
        yield Duty(on, text, when_words(on, today), reverse(page, args=[plan.pk]), minutes, late)


def _line(plan: Plan) -> tuple[str, str, int]:
    name = {"name": plan.person.first_name}
    return {
        PlanState.SHARED: (_("Read the plan made with you, and say what you think"), "plan", READ),
        PlanState.PRESENTED: (_("Sign that you have received your plan; signing is not agreeing"), "plan-sign", SIGN),
        PlanState.AMENDED: (_("A change of your plan waits for your answer"), "plan-amendment", SIGN),
        PlanState.RETURNED: (_("HR sent %(name)s’s plan back: read the reasons and mend it") % name, "plan", READ),
        PlanState.APPROVED: (_("Hold the first meeting about %(name)s’s plan") % name, "plan-meeting", MEET),
    }[PlanState(plan.state)]
