"""What plans that are being agreed or changed ask of somebody stands on the first page, of who can act alone."""

from __future__ import annotations

import pytest

from headway.core import clock
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.duties import duties_for
from tests.plans.conftest import client_of
from tests.plans.stories import DAYS, on, plan_in


@pytest.mark.parametrize(
    ("state", "who", "words", "page"),
    [
        (PlanState.SHARED, "rep", "Read the plan made with you, and say what you think", ""),
        (PlanState.PRESENTED, "rep", "Sign that you have received your plan; signing is not agreeing", "sign/"),
        (PlanState.AMENDED, "rep", "A change of your plan waits for your answer", "amendment/"),
        (PlanState.RETURNED, "manager", "HR sent Jonas’s plan back: read the reasons and mend it", ""),
        (PlanState.APPROVED, "manager", "Hold the first meeting about Jonas’s plan", "meeting/"),
        (PlanState.DRAFT, "nobody", "", ""),
        (PlanState.HR_REVIEW, "nobody", "", ""),
    ],
)
def test_the_one_who_can_act_finds_the_step(
    people: dict[str, User], run: AnalysisRun, state: PlanState, who: str, words: str, page: str
) -> None:
    plan = plan_in(state, people=people, run=run)
    Plan.objects.filter(pk=plan.pk).update(read_at=None)
    with clock.at(on(DAYS["running"])):
        for name, user in people.items():
            found = [one for one in duties_for(user).items if "plan back" in one.text or one.text == words]
            assert [one.text for one in found] == ([words] if name == who else []), name
            for one in found:
                assert one.path == f"/plans/{plan.pk}/{page}"
                assert client_of(user).get(one.path).status_code == 200


def test_a_plan_that_was_read_is_not_asked_to_be_read(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    Plan.objects.filter(pk=plan.pk).update(read_at=None)
    with clock.at(on(DAYS["share"], 12)):
        client_of(people["rep"]).get(f"/plans/{plan.pk}/")
        assert Plan.objects.get(pk=plan.pk).read_at is not None
        assert not [one for one in duties_for(people["rep"]).items if "Read the plan" in one.text]
