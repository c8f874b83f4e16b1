"""The life of a plan as one table: which step leads where, who may take it, who sees a plan in which state. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlanState(StrEnum):
    """Where a plan is."""

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


class PlanKind(StrEnum):
    """What a plan is in the eyes of the company; each kind has a way of its own through the table."""

    GROWTH = "growth"
    SUCCESS = "success"
    FORMAL = "formal"


@dataclass(frozen=True)
class Flow:
    """What a kind of plan needs on its way. hr: a review before the first meeting; warning: it is a written one."""

    hr: bool
    warning: bool


# A growth plan is for anybody, the best included: nobody outside the two reads it unless the person asks.
FLOWS: dict[PlanKind, Flow] = {
    PlanKind.GROWTH: Flow(hr=False, warning=False),
    PlanKind.SUCCESS: Flow(hr=True, warning=False),
    PlanKind.FORMAL: Flow(hr=True, warning=True),
}
WITH_HR = frozenset(kind for kind, flow in FLOWS.items() if flow.hr)
WITHOUT_HR = frozenset(FLOWS) - WITH_HR
EVERY_KIND = frozenset(FLOWS)

S = PlanState
ACKNOWLEDGED = frozenset({S.ACKNOWLEDGED, S.ACKNOWLEDGED_WITH_STATEMENT})
ANSWERED = ACKNOWLEDGED | {S.REFUSED}
# The plan is at work: figures are compared with its path. An amendment waits beside it, the signed words hold.
RUNNING = frozenset({S.ACTIVE, S.AMENDED})
BEFORE_RUNNING = frozenset({S.SHARED, S.HR_REVIEW, S.RETURNED, S.APPROVED, S.PRESENTED}) | ANSWERED


@dataclass(frozen=True)
class Step:
    """One step: from which states, to which (None: the state stays), by which permission, for which kinds."""

    origins: frozenset[PlanState]
    target: PlanState | None
    permission: str
    kinds: frozenset[PlanKind] = EVERY_KIND


def _step(
    permission: str,
    target: PlanState | None,
    *origins: PlanState,
    kinds: frozenset[PlanKind] = EVERY_KIND,
) -> Step:
    return Step(frozenset(origins), target, permission, kinds)


STEPS: dict[str, Step] = {
    "discard": _step("plan.edit", S.DISCARDED, S.DRAFT),
    "share": _step("plan.share", S.SHARED, S.DRAFT, S.SHARED, S.RETURNED),
    "submit": _step("plan.submit", S.HR_REVIEW, S.SHARED, S.RETURNED, kinds=WITH_HR),
    "return": _step("plan.review", S.RETURNED, S.HR_REVIEW, kinds=WITH_HR),
    "approve": _step("plan.review", S.APPROVED, S.HR_REVIEW, kinds=WITH_HR),
    "present": _step("plan.present", S.PRESENTED, S.APPROVED, kinds=WITH_HR),
    "present_unreviewed": _step("plan.present", S.PRESENTED, S.SHARED, kinds=WITHOUT_HR),
    "acknowledge": _step("plan.sign", S.ACKNOWLEDGED, S.PRESENTED),
    "acknowledge_with_statement": _step("plan.sign", S.ACKNOWLEDGED_WITH_STATEMENT, S.PRESENTED),
    "refuse": _step("plan.refuse", S.REFUSED, S.PRESENTED),
    "start": _step("plan.start", S.ACTIVE, *ANSWERED),
    "pause": _step("plan.pause", S.PAUSED, S.ACTIVE),
    "resume": _step("plan.pause", S.ACTIVE, S.PAUSED),
    "amend": _step("plan.amend", S.AMENDED, S.ACTIVE),
    "consent": _step("plan.sign", S.ACTIVE, S.AMENDED),
    "decline": _step("plan.sign", S.ACTIVE, S.AMENDED),
    "take_back": _step("plan.amend", S.ACTIVE, S.AMENDED),
    "close": _step("plan.close", S.CLOSED, S.ACTIVE, S.PAUSED, S.AMENDED),
    "appeal": _step("plan.appeal", None, *BEFORE_RUNNING, S.ACTIVE, S.PAUSED, S.AMENDED),
    "appeal_the_end": _step("plan.appeal", S.APPEALED, S.CLOSED),
    "answer_the_appeal": _step("plan.answer_appeal", S.CLOSED, S.APPEALED),
    "withdraw": _step("plan.withdraw", S.WITHDRAWN, S.DRAFT, *BEFORE_RUNNING, S.ACTIVE, S.PAUSED, S.AMENDED),
}
EDITABLE = frozenset({S.DRAFT, S.SHARED, S.RETURNED})
# The person may answer with a proposal while the words can still change.
OPEN_TO_PROPOSALS = frozenset({S.SHARED, S.RETURNED})
OVER = frozenset({S.CLOSED, S.WITHDRAWN, S.DISCARDED})
OPEN = frozenset(PlanState) - OVER
# A draft is the manager's desk: the person and HR see a plan from the day it is shared with them. What is withdrawn
# stays with those who had it before (see queries).
VISIBLE: dict[str, frozenset[PlanState]] = {
    "rep": frozenset(PlanState) - {S.DRAFT, S.DISCARDED, S.WITHDRAWN},
    "hr": frozenset(PlanState) - {S.DRAFT, S.SHARED, S.DISCARDED, S.WITHDRAWN},
    "manager": frozenset(PlanState),
    "leader": frozenset(PlanState),
    "system": frozenset(PlanState),
}


def visible_to(role: str) -> frozenset[PlanState]:
    """The states in which a plan may be seen by somebody in this role (over the people within their reach)."""
    return VISIBLE.get(role, frozenset())


def leads_on(step: str, state: PlanState, kind: PlanKind | None = None) -> bool:
    """Whether a step can be taken from `state` (by a plan of this kind, where it is given)."""
    found = STEPS[step]
    return state in found.origins and (kind is None or kind in found.kinds)


def after(step: str, state: PlanState, kind: PlanKind | None = None) -> PlanState | None:
    """The state after a step, or None where the step does not lead on from `state`."""
    if not leads_on(step, state, kind):
        return None
    return STEPS[step].target or state
