"""What people said and signed is compared with the record, and one changed word is found."""

from __future__ import annotations

from typing import Any

import pytest

from headway.core.actors import SYSTEM
from headway.core.proof import Broken
from headway.metrics.models import AnalysisRun
from headway.people.actions import change_company
from headway.people.company import CompanyChange
from headway.people.models import User
from headway.plans import actions, proving
from headway.plans.models import Appeal, Comment, HrReview, Plan, PlanGoal, PlanPromise, Proposal, Signature
from headway.plans.queries import version_in_force
from headway.plans.states import PlanState
from tests.plans import stories
from tests.plans.stories import plan_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "change", "found"),
    [
        (Signature, {"statement": "I agree."}, "signature"),
        (Comment, {"text": "Nothing."}, "comment"),
        (Proposal, {"why": "Nothing."}, "proposal"),
        (Appeal, {"text": "Nothing."}, "appeal"),
        (HrReview, {"reasons": "Other."}, "decision"),
        (PlanGoal, {"target": 1.0}, "goals or words"),
        (PlanPromise, {"owner": "Nobody"}, "goals or words"),
        (Plan, {"state": "closed"}, "the record says"),
    ],
)
def test_one_changed_word_is_found(
    people: dict[str, User], run: AnalysisRun, model: Any, change: dict[str, object], found: str
) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    jonas = people["rep"]
    actions.comment(plan=plan, text="Too much.", piece="goal:revenue", by=jonas)
    wish = actions.ProposedChange(target=95_000.0)
    made = actions.propose(plan=plan, piece="goal:revenue", change=wish, why="Nobody won more.", by=jonas)
    actions.answer_proposal(plan=plan, proposal=made, accept=True, by=people["manager"])
    for step in (stories.submit, stories.approve, stories.present, stories.with_statement, stories.start):
        step(plan, people)
    stories.appeal(plan, people)
    assert proving.first_broken() is None
    model.objects.filter(pk=model.objects.earliest("pk").pk).update(**change)
    broken = proving.first_broken()
    assert broken is not None
    assert found in f"{broken.what} {broken.reason}"


def test_another_fiscal_calendar_leaves_what_was_signed_as_it_is(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    for step in (stories.submit, stories.approve, stories.present, stories.with_statement, stories.start):
        step(plan, people)
    before = list(PlanGoal.objects.order_by("pk").values()), version_in_force(plan)
    change = CompanyChange.from_texts(fiscal_pattern="4-4-5", fiscal_year_start=2, week_start="sunday")
    change_company(change=change, by=SYSTEM)
    assert proving.first_broken() is None
    plan.refresh_from_db()
    assert (list(PlanGoal.objects.order_by("pk").values()), version_in_force(plan)) == before


def test_a_pause_and_a_change_leave_everything_in_line(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.AMENDED, people=people, run=run)
    assert proving.first_broken() is None
    plan = stories.consent(plan, people)
    stories.pause(plan, people)
    assert proving.first_broken() is None
    last = Signature.objects.filter(plan_version__plan=plan).latest("pk")
    Signature.objects.filter(pk=last.pk).delete()
    assert proving.first_broken() == Broken(f"signature {last.pk}", "it was removed")
