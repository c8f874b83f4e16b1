"""Answers what a change of a plan would do; the reckoning is read when it is first asked for, not at start."""

from __future__ import annotations

from headway.core.actors import Actor
from headway.plans.amending import AmendedPlan
from headway.plans.models import Plan
from headway.plans.simulating import Simulated


def simulate(plan: Plan, change: AmendedPlan, by: Actor) -> tuple[Simulated, ...]:
    """See `effects.simulate`."""
    from headway.running import effects

    return effects.simulate(plan, change, by)
