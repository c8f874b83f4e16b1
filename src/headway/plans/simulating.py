"""What a change of a running plan would do, looked at before it is proposed. The room that measures plans answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from headway.core.actors import Actor
from headway.plans.models import Plan

if TYPE_CHECKING:
    from headway.plans.amending import AmendedPlan


@dataclass(frozen=True)
class Simulated:
    """One goal (or the support) before and after a change; chances 0 to 1, None: cannot be computed, `why` says it."""

    name: str
    before: str
    after: str
    chance_before: float | None
    chance_after: float | None
    why: str = ""
    as_of: date | None = None


Simulator = Callable[[Plan, "AmendedPlan", Actor], tuple[Simulated, ...]]
SIMULATORS: list[Simulator] = []


def simulated(plan: Plan, change: AmendedPlan, by: Actor) -> tuple[Simulated, ...]:
    """The effect of a change, line by line; nothing where nobody measures the plan. Changes nothing."""
    return tuple(line for simulate in SIMULATORS for line in simulate(plan, change, by))
