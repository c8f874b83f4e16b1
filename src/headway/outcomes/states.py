"""How a plan's end is decided, as one table: which step leads where, who may take it, who sees what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where an evaluation is."""

    PREPARED = "prepared"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    FINAL = "final"


class Outcome(StrEnum):
    """How a plan may end."""

    MET = "met"
    PARTLY = "partly"
    EXTENDED = "extended"
    NOT_MET = "not_met"
    ROLE_CHANGE = "role_change"
    TRANSITION = "transition"
    UNFAIR = "unfair"


S = Stage
# Outcomes that can cost a person something: never while support the company owes is unanswered.
HARSH = frozenset({Outcome.NOT_MET, Outcome.ROLE_CHANGE, Outcome.TRANSITION})
# After these the person is looked after for a while.
FOLLOWED_UP = frozenset({Outcome.MET, Outcome.PARTLY})


@dataclass(frozen=True)
class Step:
    """One step: from which stages, to which, by which permission."""

    origins: frozenset[Stage]
    target: Stage
    permission: str


def _step(permission: str, target: Stage, *origins: Stage) -> Step:
    return Step(frozenset(origins), target, permission)


STEPS: dict[str, Step] = {
    "prepare_again": _step("outcome.prepare", S.PREPARED, S.PREPARED, S.RETURNED),
    "propose": _step("outcome.propose", S.PROPOSED, S.PREPARED, S.RETURNED),
    "answer": _step("outcome.answer", S.ANSWERED, S.PROPOSED),
    "return": _step("outcome.confirm", S.RETURNED, S.PROPOSED, S.ANSWERED),
    "confirm": _step("outcome.confirm", S.CONFIRMED, S.ANSWERED),
    # the person has not answered within the time given for it
    "confirm_unanswered": _step("outcome.confirm", S.CONFIRMED, S.PROPOSED),
    # a plan without HR (a growth plan) ends with the person's answer
    "agree": _step("outcome.answer", S.CONFIRMED, S.PROPOSED),
    "appeal": _step("outcome.appeal", S.APPEALED, S.CONFIRMED),
    "decide_appeal": _step("outcome.decide_appeal", S.FINAL, S.APPEALED),
}
DECIDED = frozenset({S.CONFIRMED, S.FINAL})
WAITING = frozenset(Stage) - DECIDED
# The manager's desk is private until the outcome is proposed.
VISIBLE: dict[str, frozenset[Stage]] = {
    "rep": frozenset(Stage) - {S.PREPARED},
    "hr": frozenset(Stage) - {S.PREPARED},
    "manager": frozenset(Stage),
    "leader": frozenset(Stage),
    "system": frozenset(Stage),
}


def visible_to(role: str) -> frozenset[Stage]:
    """The stages in which an evaluation may be seen by somebody in this role."""
    return VISIBLE.get(role, frozenset())


def after(step: str, stage: Stage) -> Stage | None:
    """The stage after a step, or None where the step does not lead on from `stage`."""
    found = STEPS[step]
    return found.target if stage in found.origins else None
