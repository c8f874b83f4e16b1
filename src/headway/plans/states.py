"""The life of a plan as one table: which step leads where, and who may see a plan in which state. Pure."""

from __future__ import annotations

from enum import StrEnum


class PlanState(StrEnum):
    """Where a plan is. Only the first steps are walked yet; the names of all are fixed."""

    DRAFT = "draft"
    SHARED = "shared"
    HR_REVIEW = "hr_review"
    RETURNED = "returned"
    APPROVED = "approved"
    PRESENTED = "presented"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGED_WITH_STATEMENT = "acknowledged_with_statement"
    REFUSED = "refused"
    ACTIVE = "active"
    PAUSED = "paused"
    AMENDED = "amended"
    CLOSED = "closed"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


# step -> (from, to)
STEPS: dict[str, tuple[frozenset[PlanState], PlanState]] = {
    "discard": (frozenset({PlanState.DRAFT}), PlanState.DISCARDED),
    "withdraw": (frozenset({PlanState.DRAFT}), PlanState.WITHDRAWN),
}
EDITABLE = frozenset({PlanState.DRAFT})
OVER = frozenset({PlanState.CLOSED, PlanState.WITHDRAWN, PlanState.DISCARDED})
OPEN = frozenset(PlanState) - OVER
# A draft is the manager's desk: the person and HR see a plan from the day it is shared with them.
VISIBLE: dict[str, frozenset[PlanState]] = {
    "rep": frozenset(PlanState) - {PlanState.DRAFT, PlanState.DISCARDED, PlanState.WITHDRAWN},
    "hr": frozenset(PlanState) - {PlanState.DRAFT, PlanState.SHARED, PlanState.DISCARDED, PlanState.WITHDRAWN},
    "manager": frozenset(PlanState),
    "leader": frozenset(PlanState),
    "system": frozenset(PlanState),
}


def visible_to(role: str) -> frozenset[PlanState]:
    """The states in which a plan may be seen by somebody in this role (over the people within their reach)."""
    return VISIBLE.get(role, frozenset())


def after(step: str, state: PlanState) -> PlanState | None:
    """The state after a step, or None where the step does not lead on from `state`."""
    origins, target = STEPS[step]
    return target if state in origins else None
