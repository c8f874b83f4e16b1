from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.metrics.models import AnalysisRun
from headway.outcomes import actions
from headway.outcomes.models import Evaluation
from headway.outcomes.states import Outcome
from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanKind, PlanState
from headway.running.actions.ledger import answer_support
from headway.running.ledger import unanswered
from tests.plans.conftest import people, run
from tests.plans.stories import on, plan_in

__all__ = ["people", "run"]

LAST_DAY = date(2026, 8, 31)
People = dict[str, User]
__all__ += ["LAST_DAY", "People"]


@pytest.fixture
def end(db: None) -> Iterator[None]:
    """It is the morning after the plan's last day."""
    with clock.at(on(LAST_DAY)):
        yield


@pytest.fixture
def plan(people: People, run: AnalysisRun, end: None) -> Plan:
    """Jonas's plan, signed and running."""
    return plan_in(PlanState.ACTIVE, people=people, run=run)


@pytest.fixture
def growth(people: People, run: AnalysisRun, end: None) -> Plan:
    return plan_in(PlanState.ACTIVE, people=people, run=run, kind=PlanKind.GROWTH)


def answered_for(plan: Plan, people: People) -> None:
    """The manager answers for all support that was not given."""
    for line in unanswered(plan):
        answer_support(plan=plan, key=line.key, answer="We were two short in May.", by=people["manager"])


def proposed(
    plan: Plan, people: People, outcome: Outcome = Outcome.PARTLY, *, extended_to: date | None = None
) -> Evaluation:
    made = actions.prepare_evaluation(plan=plan, by=people["manager"])
    chosen = actions.OutcomeChosen(
        outcome, "Two of four goals, and much better talks.", made.prepared_hash, extended_to
    )
    return actions.propose_outcome(evaluation=made, chosen=chosen, by=people["manager"])


def answered(plan: Plan, people: People, outcome: Outcome = Outcome.PARTLY, **more: date | None) -> Evaluation:
    made = proposed(plan, people, outcome, **more)
    return actions.answer_outcome(evaluation=made, words="I agree with most of it.", by=people["rep"])


def confirmed(plan: Plan, people: People, outcome: Outcome = Outcome.PARTLY, **more: date | None) -> Evaluation:
    made = answered(plan, people, outcome, **more)
    found = actions.confirm_outcome(evaluation=made, words="In line with like cases.", by=people["hr"])
    actions.end_plan(evaluation=found, by=SYSTEM)
    actions.plan_follow_ups(evaluation=found, by=SYSTEM)
    return found
