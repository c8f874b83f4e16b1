"""What HR wants to see before it approves, line by line; and what stops a plan from being sent."""

from __future__ import annotations

from headway.plans import readiness
from headway.plans.models import Plan, ProposalState
from headway.plans.readiness import TODO, ReadyLine


def lines(plan: Plan) -> tuple[ReadyLine, ...]:
    """The list as HR reads it."""
    return readiness.ready_of(plan)


def missing(plan: Plan) -> tuple[str, ...]:
    """What stops an approval, each in a sentence."""
    return tuple(f"{line.label} {line.sentence}" for line in lines(plan) if line.state == TODO)


def before_sending(plan: Plan) -> tuple[str, ...]:
    """What stops the manager from sending it to HR, each in a sentence."""
    from django.utils.translation import gettext as _

    waiting = plan.proposals.filter(state=ProposalState.OPEN).count()
    first = (_("A proposal waits for your answer."),) if waiting else ()
    return (*first, *missing(plan))


def compared(plan: Plan) -> list[int]:
    """The like cases that stand beside the plan on HR's page."""
    return []
