"""Every write: allowed or not, in the right state, on record, and nothing changed where it fails."""

from __future__ import annotations

from datetime import date

import pytest

from headway.core import audit
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, NotAllowed, NotFound
from headway.core.models import AuditEntry
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans import actions, keeping, states
from headway.plans.models import Plan
from headway.plans.queries import next_dates, plan_for, plans_about, plans_for
from headway.plans.states import PlanState
from tests.plans.jonas import jonas_plan

pytestmark = pytest.mark.django_db


def test_what_was_drafted_is_what_is_read(people: dict[str, User], plan: Plan) -> None:
    found = keeping.draft_of(plan_for(people["manager"], plan.pk))
    assert found == jonas_plan()
    assert keeping.hash_of(plan.evidence) == plan.evidence_hash


def test_a_draft_leaves_an_entry_and_the_chain_is_whole(people: dict[str, User], plan: Plan) -> None:
    entry = AuditEntry.objects.get(event="plan.drafted")
    assert (entry.person_id, entry.actor_name) == ("P7", "Marta Lindqvist")
    assert entry.detail["evidence"] == plan.evidence_hash
    assert audit.verify().whole


@pytest.mark.parametrize("who", ["rep", "hr", "other"])
def test_only_the_managers_side_drafts(people: dict[str, User], run: AnalysisRun, who: str) -> None:
    with pytest.raises((NotFound, NotAllowed)):
        actions.draft_plan(person_id="P7", draft=jonas_plan(), run_id=run.pk, by=people[who])
    assert not Plan.objects.exists()
    assert not AuditEntry.objects.filter(event="plan.drafted").exists()


def test_the_program_may_draft_and_may_not_edit(people: dict[str, User], run: AnalysisRun) -> None:
    plan = actions.draft_plan(person_id="P7", draft=jonas_plan(), run_id=run.pk, by=SYSTEM)
    assert plan.created_by is None
    with pytest.raises((NotFound, NotAllowed)):
        actions.discard_plan(plan=plan, by=SYSTEM)


def test_one_draft_for_one_person(people: dict[str, User], plan: Plan) -> None:
    with pytest.raises(Conflict, match="already a draft for Jonas Weber"):
        actions.draft_plan(person_id="P7", draft=jonas_plan(), run_id=None, by=people["manager"])


def test_a_draft_for_somebody_else_is_refused(people: dict[str, User]) -> None:
    with pytest.raises(BadInput):
        actions.draft_plan(person_id="M1", draft=jonas_plan(), run_id=None, by=people["leader"])


def test_a_new_target_moves_path_and_chance_and_is_on_record(people: dict[str, User], plan: Plan) -> None:
    change = actions.GoalChange(target=90_000.0, text="Win €90,000 of new business by 28 August.")
    row = actions.change_goal(plan=plan, goal_key="revenue", change=change, seen_version=1, by=people["manager"])
    goal = keeping.goal_of(row)
    assert goal.path[-1].value == 90_000
    assert goal.chance is not None
    assert goal.chance.adequate_colleague is not None
    assert goal.chance.adequate_colleague > 0.8
    assert goal.source == "person: Marta Lindqvist"
    detail = AuditEntry.objects.get(event="plan.goal_changed").detail
    assert (detail["before"]["target"], detail["after"]["target"]) == (110_000, 90_000)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 300_001])
def test_bad_words_change_nothing(people: dict[str, User], plan: Plan, text: str) -> None:
    with pytest.raises(BadInput):
        actions.change_goal(
            plan=plan, goal_key="skill", change=actions.GoalChange(text=text), seen_version=1, by=people["manager"]
        )
    assert plan.goals.get(key="skill").version == 1
    assert not AuditEntry.objects.filter(event="plan.goal_changed").exists()


def test_an_old_page_of_a_promise_is_noticed(people: dict[str, User], plan: Plan) -> None:
    change = actions.SupportChange(text="Coaching", owner="Marta", due=date(2026, 6, 30))
    actions.change_support(plan=plan, key="p2", change=change, seen_version=1, by=people["manager"])
    with pytest.raises(Conflict, match="Somebody else"):
        actions.change_support(plan=plan, key="p2", change=change, seen_version=1, by=people["leader"])
    with pytest.raises(Conflict, match="Somebody else"):
        actions.remove_support(plan=plan, key="p2", seen_version=1, by=people["leader"])


@pytest.mark.parametrize("section", ["evidence", "goals", "what_we_saw", "nothing"])
def test_evidence_and_figures_cannot_be_rewritten(people: dict[str, User], plan: Plan, section: str) -> None:
    with pytest.raises(BadInput, match="cannot be rewritten"):
        actions.change_text(plan=plan, section=section, text="x", seen="", by=people["manager"])


def test_what_is_over_cannot_be_changed_or_ended_again(people: dict[str, User], plan: Plan) -> None:
    actions.withdraw_plan(plan=plan, reason="Jonas moves to another team.", by=people["manager"])
    with pytest.raises(Conflict):
        actions.discard_plan(plan=plan, by=people["manager"])
    with pytest.raises(Conflict):
        actions.change_goal(
            plan=plan, goal_key="skill", change=actions.GoalChange(text="x y"), seen_version=1, by=people["manager"]
        )


def test_withdrawing_needs_a_reason(people: dict[str, User], plan: Plan) -> None:
    with pytest.raises(BadInput, match="needs a reason"):
        actions.withdraw_plan(plan=plan, reason=" ", by=people["manager"])


@pytest.mark.parametrize("state", list(PlanState))
def test_who_sees_a_plan_follows_its_state(people: dict[str, User], plan: Plan, state: PlanState) -> None:
    Plan.objects.filter(pk=plan.pk).update(state=state)
    assert plans_for(people["manager"]).exists()
    assert plans_for(people["leader"]).exists()
    assert plans_for(people["rep"]).exists() is (state in states.visible_to("rep"))
    assert plans_for(people["hr"]).exists() is (state in states.visible_to("hr"))
    assert not plans_for(people["other"]).exists()


def test_drafts_put_away_and_shared_only_are_none_of_hrs_business() -> None:
    for state in (PlanState.DRAFT, PlanState.SHARED, PlanState.DISCARDED, PlanState.WITHDRAWN):
        assert state not in states.visible_to("hr")
    assert PlanState.DRAFT not in states.visible_to("rep")
    assert states.visible_to("revops") == states.visible_to("admin") == frozenset()


def test_next_dates_and_the_persons_plans(people: dict[str, User], plan: Plan) -> None:
    assert next_dates(people["manager"], ["P7", "P8"]) == {"P7": date(2026, 6, 1)}
    assert next_dates(people["rep"], ["P7"]) == {}
    assert [p.pk for p in plans_about(people["manager"], "P7")] == [plan.pk]
