"""How a plan's end is decided: each step by the right person, in the right order, with words that are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.models import AuditEntry
from headway.diagnosis.practice.actions import RatingGiven, rate_competencies
from headway.outcomes import actions
from headway.outcomes.models import Evaluation
from headway.outcomes.preparing import Prepared
from headway.outcomes.queries import evaluation_of, evaluations_for, waiting_for
from headway.outcomes.states import HARSH, Outcome, Stage
from headway.people.models import User
from headway.plans import actions as plan_actions
from headway.plans.models import Plan
from headway.plans.queries import open_amendment
from headway.plans.states import PlanState
from tests.outcomes.conftest import LAST_DAY, People, answered, answered_for, confirmed, proposed
from tests.plans.conftest import client_of
from tests.plans.stories import on


def test_everything_lies_before_everybody_in_frozen_words(plan: Plan, people: People) -> None:
    made = actions.prepare_evaluation(plan=plan, by=people["manager"])
    found = Prepared.from_json(made.prepared)
    assert Prepared.from_json(found.as_json()) == found
    assert [goal.key for goal in found.goals] == [row.key for row in plan.goals.all()]
    assert len(found.support) == plan.promises.count()
    assert {line.text for line in found.unanswered} <= {row.text for row in plan.promises.all()}
    assert found.unanswered  # nothing was given in three months
    assert (found.speaks_for, found.reasons) == (
        Outcome.UNFAIR,
        ("The company gave less than half of what it promised: the plan cannot be judged fairly.",),
    )
    entry = AuditEntry.objects.latest("pk")
    assert (entry.event, entry.person_id, entry.detail["prepared"]) == ("outcome.prepared", "P7", made.prepared_hash)


def test_a_rating_stays_blind_until_both_sides_have_rated(plan: Plan, people: People) -> None:
    def seen() -> list[str]:
        found = Prepared.from_json(actions.prepare_evaluation(plan=plan, by=people["manager"]).prepared)
        return [one.text for one in found.observations if "Levels of 5" in one.text]

    given = [RatingGiven("negotiation", 2), RatingGiven("demo", 3)]
    rate_competencies(person_id="P7", ratings=given, rated_on=LAST_DAY, by=people["manager"])
    assert seen() == []
    rate_competencies(person_id="P7", ratings=[RatingGiven("negotiation", 4)], rated_on=LAST_DAY, by=people["rep"])
    assert len(seen()) == 2
    assert any("Negotiation 2" in text for text in seen())
    assert any("Negotiation 4" in text for text in seen())


def test_from_proposal_to_confirmation(plan: Plan, people: People) -> None:
    made = confirmed(plan, people)
    plan.refresh_from_db()
    assert (made.stage, made.outcome, made.decided_on) == (Stage.CONFIRMED, Outcome.PARTLY, LAST_DAY)
    assert plan.state == PlanState.CLOSED
    assert [(step.step, step.by_role, step.words) for step in made.steps.all()] == [
        ("propose", "manager", "Two of four goals, and much better talks."),
        ("answer", "rep", "I agree with most of it."),
        ("confirm", "hr", "In line with like cases."),
    ]
    assert [row.due_on.isoformat() for row in plan.follow_ups.all()] == [
        "2026-09-07", "2026-09-21", "2026-10-19", "2026-12-14", "2027-04-05"
    ]  # fmt: skip
    assert actions.plan_follow_ups(evaluation=made, by=SYSTEM) == 0


@pytest.mark.parametrize("outcome", sorted(HARSH))
def test_nothing_harsh_while_the_company_owes_an_answer(plan: Plan, people: People, outcome: Outcome) -> None:
    with pytest.raises(BadInput, match="support the company owes is unanswered"):
        proposed(plan, people, outcome)
    assert Evaluation.objects.get().stage == Stage.PREPARED
    answered_for(plan, people)
    Plan.objects.filter(pk=plan.pk).update(kind="formal")
    assert proposed(plan, people, outcome).stage == Stage.PROPOSED


def test_the_person_answers_before_hr_confirms_unless_the_time_is_over(plan: Plan, people: People) -> None:
    made = proposed(plan, people)
    with pytest.raises(Conflict, match="may still answer, until 2026-09-07"):
        actions.confirm_outcome(evaluation=made, words="Fine.", by=people["hr"])
    with clock.at(on(LAST_DAY + timedelta(days=8))):
        done = actions.confirm_outcome(evaluation=made, words="No answer came.", by=people["hr"])
    assert [step.step for step in done.steps.all()] == ["propose", "confirm_unanswered"]


def test_hr_sends_back_and_the_manager_proposes_again(plan: Plan, people: People) -> None:
    back = actions.return_outcome(evaluation=answered(plan, people), words="Name the calls you heard.", by=people["hr"])
    assert waiting_for(people["manager"]) == [back]
    again = proposed(plan, people, Outcome.MET)
    assert (again.pk, again.stage, again.outcome) == (back.pk, Stage.PROPOSED, Outcome.MET)
    assert again.steps.count() == 4


def test_a_page_with_older_figures_proposes_nothing(plan: Plan, people: People) -> None:
    made = actions.prepare_evaluation(plan=plan, by=people["manager"])
    chosen = actions.OutcomeChosen(Outcome.MET, "Good.", "0" * 64)
    with pytest.raises(Conflict, match="prepared again"):
        actions.propose_outcome(evaluation=made, chosen=chosen, by=people["manager"])
    assert made.steps.count() == 0


def test_an_extension_holds_once_the_person_has_signed(plan: Plan, people: People) -> None:
    until = plan.last_on + timedelta(days=42)
    for wrong in (None, plan.last_on, plan.last_on + timedelta(days=200)):
        with pytest.raises(BadInput, match="new last day"):
            proposed(plan, people, Outcome.EXTENDED, extended_to=wrong)
    made = confirmed(plan, people, Outcome.EXTENDED, extended_to=until)
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    assert not plan.follow_ups.exists()
    actions.extend_plan(evaluation=made, by=people["manager"])
    amendment = open_amendment(plan)
    assert amendment is not None
    assert amendment.version.content["end"] == (until + timedelta(days=1)).isoformat()
    assert {goal["by"] for goal in amendment.version.content["goals"]} == {until.isoformat()}


def test_an_appeal_is_decided_by_somebody_else(plan: Plan, people: People) -> None:
    answered_for(plan, people)
    made = actions.appeal_outcome(
        evaluation=confirmed(plan, people, Outcome.NOT_MET), words="The leads never came.", by=people["rep"]
    )
    plan.refresh_from_db()
    assert (made.stage, plan.state) == (Stage.APPEALED, PlanState.APPEALED)
    with pytest.raises(Conflict, match="does not decide the appeal"):
        actions.decide_appeal(evaluation=made, upheld=True, words="Right.", outcome=Outcome.UNFAIR, by=people["hr"])
    with pytest.raises(BadInput, match="needs another outcome"):
        actions.decide_appeal(evaluation=made, upheld=True, words="Right.", by=people["leader"])
    # On the plan's own page the same holds: not by who decided, and not beside the outcome.
    for who in ("hr", "leader"):
        page = client_of(people[who]).get(f"/plans/{plan.pk}/").content.decode()
        assert "Answer the appeal" not in page
        with pytest.raises(Conflict, match="against how the plan ended"):
            plan_actions.answer_appeal(plan=plan, upheld=True, answer="Right.", by=people[who])
    done = actions.decide_appeal(
        evaluation=made, upheld=True, words="A third of the leads was missing.", outcome=Outcome.UNFAIR,
        by=people["leader"],
    )  # fmt: skip
    plan.refresh_from_db()
    assert (done.stage, done.outcome, plan.state) == (Stage.FINAL, Outcome.UNFAIR, PlanState.CLOSED)


def test_an_appeal_on_the_plans_page_is_not_answered_by_who_confirmed(plan: Plan, people: People) -> None:
    confirmed(plan, people, Outcome.PARTLY)
    plan.reviews.all().delete()  # so that only the outcome ties HR to it
    plan_actions.appeal(plan=plan, text="Partly is not what was agreed.", by=people["rep"])
    with pytest.raises(Conflict, match="Whoever decided about a plan"):
        plan_actions.answer_appeal(plan=plan, upheld=True, answer="Right.", by=people["hr"])
    done = plan_actions.answer_appeal(plan=plan, upheld=False, answer="It was.", by=people["leader"])
    assert done.state == "not_upheld"


def test_the_employment_ends_only_with_a_plan_that_warned_of_it(plan: Plan, people: People) -> None:
    answered_for(plan, people)
    with pytest.raises(BadInput, match="only with a formal plan, which warned of it"):
        proposed(plan, people, Outcome.TRANSITION)
    Plan.objects.filter(pk=plan.pk).update(kind="formal")
    assert proposed(plan, people, Outcome.TRANSITION).outcome == Outcome.TRANSITION


def test_a_growth_plan_ends_with_the_persons_answer_and_never_harshly(growth: Plan, people: People) -> None:
    with pytest.raises(BadInput, match="HR never looked"):
        proposed(growth, people, Outcome.TRANSITION)
    made = answered(growth, people, Outcome.MET)
    assert made.stage == Stage.CONFIRMED
    actions.end_plan(evaluation=made, by=SYSTEM)
    growth.refresh_from_db()
    assert growth.state == PlanState.CLOSED
    assert list(evaluations_for(people["hr"])) == []


def test_the_managers_desk_is_private_until_the_outcome_is_proposed(plan: Plan, people: People) -> None:
    actions.prepare_evaluation(plan=plan, by=people["manager"])
    assert evaluation_of(people["manager"], plan) is not None
    for role in ("rep", "hr", "other"):
        assert evaluation_of(people[role], plan) is None, role
    proposed(plan, people)
    for role, sees in (("rep", True), ("hr", True), ("leader", True), ("other", False)):
        assert (evaluation_of(people[role], plan) is not None) == sees, role


@pytest.mark.parametrize(
    ("role", "step"),
    [("rep", "propose"), ("hr", "propose"), ("other", "propose"), ("manager", "answer"), ("manager", "confirm"),
     ("rep", "confirm"), ("leader", "confirm"), ("manager", "appeal"), ("manager", "decide")],
)  # fmt: skip
def test_wrong_roles_change_nothing(plan: Plan, people: People, role: str, step: str) -> None:
    made = proposed(plan, people)
    by: User = people[role]
    before, entries = made.steps.count(), AuditEntry.objects.count()
    calls = {
        "propose": lambda: actions.propose_outcome(
            evaluation=made, chosen=actions.OutcomeChosen(Outcome.MET, "x", made.prepared_hash), by=by
        ),
        "answer": lambda: actions.answer_outcome(evaluation=made, words="x", by=by),
        "confirm": lambda: actions.confirm_outcome(evaluation=made, words="x", by=by),
        "appeal": lambda: actions.appeal_outcome(evaluation=made, words="x", by=by),
        "decide": lambda: actions.decide_appeal(evaluation=made, upheld=False, words="x", by=by),
    }
    with pytest.raises(NotFound):
        calls[step]()
    made.refresh_from_db()
    assert (made.steps.count(), AuditEntry.objects.count(), made.stage) == (before, entries, Stage.PROPOSED)


def test_steps_out_of_order_are_refused(plan: Plan, people: People) -> None:
    made = proposed(plan, people)
    with pytest.raises(Conflict, match="cannot be done now"):
        actions.appeal_outcome(evaluation=made, words="x", by=people["rep"])
    with pytest.raises(Conflict, match="proposed already"):
        actions.prepare_evaluation(plan=plan, by=people["manager"])
    with pytest.raises(BadInput, match="needs words"):
        actions.answer_outcome(evaluation=made, words=" \n ", by=people["rep"])


def test_only_a_running_plan_is_judged(plan: Plan, people: People) -> None:
    confirmed(plan, people)
    with pytest.raises(Conflict, match="Only a plan that runs"):
        actions.prepare_evaluation(plan=plan, by=people["manager"])


def test_last_day(plan: Plan) -> None:
    assert plan.last_on <= LAST_DAY
    assert plan.start_on == date(2026, 6, 1)
