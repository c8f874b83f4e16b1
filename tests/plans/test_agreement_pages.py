"""The life of a plan in the browser's eyes: every step posted, every page opened by those who may and nobody else."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from headway.core import audit, clock
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans import keeping
from headway.plans.models import Plan, VersionKind
from headway.plans.states import PlanState
from tests.plans import stories
from tests.plans.conftest import client_of
from tests.plans.stories import on, plan_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(people: dict[str, User]) -> dict[str, Client]:
    return {role: client_of(user) for role, user in people.items()}


def read(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_from_draft_to_running_in_the_browser(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client]
) -> None:
    """The whole walk: shared, proposed, accepted, sent back once, approved, presented, signed with words, started."""
    marta, jonas, hanne = clients["manager"], clients["rep"], clients["hr"]
    with clock.at(on(date(2026, 5, 18))):
        plan = stories.drafted(people, run)
        pk = plan.pk
        marta.post(reverse("plan-share", args=[pk]))
        assert "shares this plan with you" in read(jonas, "plan", pk)
        wish = {
            "piece": "goal:revenue",
            "text": "",
            "target": "95,000",
            "day": "",
            "why": "110 is more than anyone won.",
        }
        assert jonas.post(reverse("plan-propose", args=[pk]), wish).status_code == 302
        page = read(marta, "plan", pk)
        assert "Jonas proposes a change" in page
        assert "110 is more than anyone won." in page
        proposal = plan.proposals.get()
        blocked = marta.post(reverse("plan-submit", args=[pk]))
        assert "waits for an answer" in blocked.content.decode()
        marta.post(reverse("plan-answer", args=[pk, proposal.pk]), {"do": "accept", "answer": "Agreed."})
        assert plan.goals.get(key="revenue").target == 95_000
        stories.prepare(people)
        assert hanne.get(reverse("plan-review", args=[pk])).status_code == 404
        marta.post(reverse("plan-submit", args=[pk]))
        review = read(hanne, "plan-review", pk)
        assert "first case of its kind" in review
        plan.refresh_from_db()
        decision = {"do": "return", "reasons": "Name a deputy for August.", "version": str(plan.version)}
        hanne.post(reverse("plan-review", args=[pk]), decision)
        assert "Name a deputy for August." in read(marta, "plan", pk)
        marta.post(reverse("plan-submit", args=[pk]))
        assert "€95,000" in read(hanne, "plan-review", pk)
        plan.refresh_from_db()
        approval = {"do": "approve", "reasons": "In line.", "version": str(plan.version)}
        hanne.post(reverse("plan-review", args=[pk]), approval)
        assert "Questions to ask" in read(marta, "plan-meeting", pk)
        marta.post(reverse("plan-meeting", args=[pk]), {"held_on": "2026-05-18", "answer_by": "2026-05-25"})
        page = read(jonas, "plan-sign", pk)
        seen = page.split('name="content_hash" value="')[1].split('"')[0]
        words = "I count on the leads.\n<b>Really</b> 💪 שלום"
        form = {"name": " jonas WEBER ", "consent": "on", "content_hash": seen, "statement": words, "do": "sign"}
        assert jonas.post(reverse("plan-sign", args=[pk]), form).status_code == 302
    plan.refresh_from_db()
    assert plan.state == PlanState.ACKNOWLEDGED_WITH_STATEMENT
    signature = plan.versions.get(kind=VersionKind.SIGNED).signatures.get()
    assert signature.statement == words
    page = read(marta, "plan-version", pk, signature.plan_version.number)
    assert "&lt;b&gt;Really&lt;/b&gt;" in page
    with clock.at(on(date(2026, 6, 1))):
        marta.post(reverse("plan-start", args=[pk]))
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE


@pytest.mark.parametrize("state", list(PlanState))
def test_the_page_speaks_to_each_reader_in_each_state(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client], state: PlanState
) -> None:
    plan = plan_in(state, people=people, run=run)
    assert plan.state == state
    assert audit.verify().whole
    for role, client in clients.items():
        answer = client.get(reverse("plan", args=[plan.pk]))
        assert answer.status_code in {200, 404}
        if answer.status_code == 200:
            page = answer.content.decode()
            assert page.count("btn--primary") <= 1, role
            assert client.get(reverse("plan-versions", args=[plan.pk])).status_code == 200


GETS = {
    "plan-review": {"hr"},
    "plan-meeting": {"manager", "leader"},
    "plan-sign": {"rep"},
    "plan-refuse": {"rep", "manager", "leader"},
    "plan-witness": {"leader", "hr"},
    "plan-answer-day": {"manager", "leader"},
    "plan-pause": {"manager", "leader", "hr"},
    "plan-resume": {"manager", "leader", "hr"},
    "plan-amend": {"manager", "leader"},
    "plan-withdraw": {"manager", "leader"},
    "plan-appeal": {"rep"},
    "plan-versions": {"rep", "manager", "leader", "hr"},
}


@pytest.mark.parametrize("name", list(GETS))
def test_each_page_is_for_those_who_take_the_step(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client], name: str
) -> None:
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    for role, client in clients.items():
        expected = 200 if role in GETS[name] else 404
        assert client.get(reverse(name, args=[plan.pk])).status_code == expected, role


def test_what_was_typed_comes_back_with_the_reason(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client]
) -> None:
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    form = {
        "name": "Somebody Else",
        "consent": "on",
        "content_hash": "old",
        "statement": "My long words.",
        "do": "sign",
    }
    answer = clients["rep"].post(reverse("plan-sign", args=[plan.pk]), form)
    page = answer.content.decode()
    assert answer.status_code in {400, 409}
    assert "My long words." in page
    assert not plan.versions.filter(kind=VersionKind.SIGNED).exists()
    again = page.split('name="content_hash" value="')[1].split('"')[0]
    assert again == plan.versions.get(kind=VersionKind.PRESENTED).content_hash


def test_an_amendment_shows_what_differs_and_is_signed(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client]
) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    with clock.at(on(date(2026, 6, 22))):
        page = read(clients["manager"], "plan-amend", plan.pk)
        assert "Last day of the plan" in page
        form = _as_shown(plan) | {"reason": "Two weeks of fair.", "goal_revenue_target": "90000"}
        assert clients["manager"].post(reverse("plan-amend", args=[plan.pk]), form).status_code == 302
        shown = read(clients["rep"], "plan-amendment", plan.pk)
        assert "<del>" in shown
        assert "<ins>" in shown
        seen = shown.split('name="content_hash" value="')[1].split('"')[0]
        signed = {"name": "Jonas Weber", "consent": "on", "content_hash": seen, "do": "sign"}
        assert clients["rep"].post(reverse("plan-amendment", args=[plan.pk]), signed).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.goals.get(key="revenue").target) == (PlanState.ACTIVE, 90_000)


def _as_shown(plan: Plan) -> dict[str, str]:
    """The form of an amendment as the browser would send it untouched."""
    form = {"new_text": "", "new_owner": "", "new_due": "", "new_hours": "", "last_on": plan.last_on.isoformat()}
    for goal in plan.goals.all():
        form |= {f"goal_{goal.key}_text": goal.text, f"goal_{goal.key}_by": goal.by.isoformat()}
        form[f"goal_{goal.key}_target"] = (
            f"{goal.target * 100:g}%" if goal.detail["unit"] == "share" else f"{goal.target:g}"
        )
    for promise in plan.promises.all():
        form |= {f"promise_{promise.key}_text": promise.text, f"promise_{promise.key}_owner": promise.owner}
        form[f"promise_{promise.key}_due"] = promise.due.isoformat()
        form[f"promise_{promise.key}_hours"] = "" if promise.hours is None else f"{promise.hours:g}"
    return form


@pytest.mark.parametrize(
    ("typed", "says"), [("", "hours of .* are empty"), ("many", "not a number"), ("-3", "lie between 0"), ("12.5", "")]
)
def test_an_amendment_changes_the_hours_of_support(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client], typed: str, says: str
) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    promise = plan.promises.exclude(hours=None).first()
    assert promise is not None
    form = _as_shown(plan) | {"reason": "More time for it.", f"promise_{promise.key}_hours": typed}
    form |= {"new_text": "A day with product", "new_owner": "Marta", "new_due": "2026-07-01", "new_hours": "8"}
    answer = clients["manager"].post(reverse("plan-amend", args=[plan.pk]), form)
    if says:
        assert answer.status_code == 400
        assert re.search(says, answer.content.decode())
        return
    content = plan.amendments.get().version.content
    kept = {row["key"]: row["hours"] for row in content["promises"]}
    assert (kept[promise.key], content["promises"][-1]["hours"]) == (12.5, 8.0)
    assert (
        "12.5 h"
        in clients["rep"].get(f"/plans/{plan.pk}/papers/amendment-{plan.amendments.get().pk}.md").content.decode()
    )


def test_an_untouched_amendment_changes_nothing(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client]
) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    answer = clients["manager"].post(reverse("plan-amend", args=[plan.pk]), _as_shown(plan) | {"reason": "x"})
    assert answer.status_code == 400
    assert "changes nothing" in answer.content.decode()


def test_hr_sees_like_cases_without_names(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client]
) -> None:
    first = plan_in(PlanState.ACTIVE, people=people, run=run)
    from headway.people.models import Person
    from headway.plans.cases import compare, nearest, number_of

    other = Person.objects.create(person_id="P8", name="Rosa Lind", role="rep", team="Mid-market South")
    Plan.objects.filter(pk=first.pk).update(person=other)
    plan = plan_in(PlanState.HR_REVIEW, people=people, run=run)
    assert nearest(plan) == [first]
    page = read(clients["hr"], "plan-review", plan.pk)
    assert number_of(first) in page
    assert "Rosa" not in page
    # One case shows no pattern, and nobody says that anything matches.
    assert "One like case to read beside it" in page
    assert "a like case" in page
    assert "matches" not in page
    # Another segment, another gap, another size: no like case, and each says how it differs.
    Person.objects.filter(pk="P8").update(segment="Enterprise")
    evidence = Plan.objects.get(pk=first.pk).evidence
    evidence["gap"]["lines"] = [line for line in evidence["gap"]["lines"] if line["key"] != "proposal_to_won"]
    evidence["comparison"]["estimate"] -= 0.2
    Plan.objects.filter(pk=first.pk).update(evidence=evidence)
    page = read(clients["hr"], "plan-review", plan.pk)
    assert "No like case yet" in page
    assert "The nearest cases, side by side" in page
    words = page.split("Differs:")[1].split("</small>")[0]
    assert "segment Enterprise" in words
    assert "estimate 20 points lower" in words
    assert "largest gap: qualified leads with a proposal" in words
    assert compare(plan, keeping.draft_of(plan)).alike == 0


def test_hr_reads_a_note_on_equal_treatment(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client]
) -> None:
    plan = plan_in(PlanState.HR_REVIEW, people=people, run=run)
    page = read(clients["hr"], "plan-review", plan.pk)
    assert "Equal treatment" in page
    assert "Nothing can be told: no groups are loaded" in page


def test_the_deciding_page_notices_that_the_plan_was_withdrawn(
    people: dict[str, User], run: AnalysisRun, clients: dict[str, Client]
) -> None:
    plan = plan_in(PlanState.HR_REVIEW, people=people, run=run)
    seen = str(plan.version)
    stories.withdraw(plan, people)
    form = {"do": "approve", "reasons": "Fine.", "version": seen}
    answer = clients["hr"].post(reverse("plan-review", args=[plan.pk]), form)
    assert answer.status_code == 409
    assert "withdrawn" in answer.content.decode()
    assert "Withdrawn on" in read(clients["hr"], "plan", plan.pk)
