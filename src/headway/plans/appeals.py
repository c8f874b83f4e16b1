"""Who may answer an appeal: somebody who did not decide about the plan. Rooms further on name their own deciders."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from headway.core.actors import Actor
from headway.core.permissions import can
from headway.plans.models import Plan

# The ids of the sign-ins that decided about a plan in a later room (who proposed and confirmed its end).
Deciders = Callable[[Plan], Iterable[int | None]]
# Whether a later room answers this appeal itself, because more than the plan hangs on it.
Elsewhere = Callable[[Plan], bool]
_deciders: list[Deciders] = []
_elsewhere: list[Elsewhere] = []


def listen_to(deciders: Deciders, *, elsewhere: Elsewhere) -> None:
    """Let a room further on say who decided, and which appeals are answered there. Twice changes nothing."""
    if deciders not in _deciders:
        _deciders.append(deciders)
        _elsewhere.append(elsewhere)


def decided(plan: Plan, by: Actor) -> bool:
    """Whether `by` drafted or approved the plan, or decided how it ended."""
    approved = plan.reviews.filter(decision="approved").values_list("by_id", flat=True)
    others = (found for source in _deciders for found in source(plan))
    return by.pk is not None and by.pk in {plan.created_by_id, *approved, *others}


def answered_elsewhere(plan: Plan) -> bool:
    """Whether the open appeal is against how the plan ended, and is answered on that page."""
    return any(found(plan) for found in _elsewhere)


def may_answer(plan: Plan, *, by: Actor) -> bool:
    """Whether `by` may answer an appeal on the plan's page."""
    return bool(can(by, "plan.answer_appeal", plan)) and not decided(plan, by) and not answered_elsewhere(plan)
