"""What the steps do, and that the table is sound. Every state is walked to in test_agreement_pages."""

from __future__ import annotations

import pytest

from headway.core.permissions import RULES
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans import states
from headway.plans.queries import signed_version, version_in_force
from headway.plans.states import STEPS, PlanKind, PlanState
from tests.plans import stories
from tests.plans.stories import plan_in

pytestmark = pytest.mark.django_db


def test_a_growth_plan_goes_without_hr(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run, kind=PlanKind.GROWTH)
    assert plan.state == PlanState.ACTIVE
    assert not plan.reviews.exists()
    assert plan.hr_since is None


def test_what_was_signed_stays_through_a_change(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.AMENDED, people=people, run=run)
    before = signed_version(plan)
    assert before is not None
    assert before.content_hash == plan.versions.get(kind="presented").content_hash
    assert plan.goals.get(key="revenue").target == 110_000
    plan = stories.consent(plan, people)
    now = signed_version(plan)
    assert now is not None
    assert (now.number > before.number, plan.goals.get(key="revenue").target) == (True, 90_000)
    assert now.content["goals"][0]["target"] == 90_000
    assert before.content["goals"][0]["target"] == 110_000
    assert version_in_force(plan) == now


def test_the_table_is_sound() -> None:
    assert {step.permission for step in STEPS.values()} <= set(RULES)
    reached = {step.target for step in STEPS.values()} | {PlanState.DRAFT}
    assert set(PlanState) <= reached
    for step in STEPS.values():
        assert not step.origins & {PlanState.WITHDRAWN, PlanState.DISCARDED}
    assert not states.leads_on("submit", PlanState.SHARED, PlanKind.GROWTH)
    assert states.leads_on("present_unreviewed", PlanState.SHARED, PlanKind.GROWTH)
    assert not states.leads_on("present_unreviewed", PlanState.SHARED, PlanKind.FORMAL)
