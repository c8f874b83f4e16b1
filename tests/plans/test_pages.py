from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from headway.core.language import vocabulary
from headway.core.models import AuditEntry
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans import keeping, queries
from headway.plans.asking import checked
from headway.plans.content import load
from headway.plans.keeping import draft_of
from headway.plans.models import Plan, PlanGoal
from headway.plans.queries import plan_for
from tests.plans.conftest import client_of


@pytest.fixture
def marta(people: dict[str, User]) -> Client:
    return client_of(people["manager"])


def goal_form(plan: Plan, key: str, **changes: str) -> dict[str, str]:
    row = PlanGoal.objects.get(plan=plan, key=key)
    return {"text": row.text, "target": "", "by": row.by.isoformat(), "version": str(row.version), **changes}


def test_a_draft_is_started_from_the_newest_analysis(marta: Client, run: AnalysisRun) -> None:
    answer = marta.post(reverse("plan-new", args=["P7"]))
    plan = Plan.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("plan", args=[plan.pk])
    assert plan.run_id == run.pk
    assert plan.goals.count() >= 3
    assert marta.post(reverse("plan-new", args=["P7"]))["Location"] == answer["Location"]
    assert Plan.objects.count() == 1


def test_without_an_analysis_the_page_says_so(marta: Client) -> None:
    answer = marta.post(reverse("plan-new", args=["P7"]))
    assert answer.status_code == 404
    assert "no analysis" in answer.content.decode()


def test_the_desk_shows_goals_both_sides_and_what_is_missing(marta: Client, plan: Plan) -> None:
    page = marta.get(reverse("plan", args=[plan.pk])).content.decode()
    for words in ("Win €110,000", "Jonas does", "Alderwick gives", "Ready for HR?", "Weekly steps", "−€120,000"):
        assert words in page
    assert page.count("btn--primary") == 1


@pytest.mark.parametrize(
    ("who", "status"), [(r, 404) for r in ("rep", "hr", "other")] + [("manager", 200), ("leader", 200)]
)
@pytest.mark.parametrize("name", ["plan", "plan-letter", "plan-file"])
def test_a_draft_is_the_managers_desk(people: dict[str, User], plan: Plan, who: str, status: int, name: str) -> None:
    args = [plan.pk, "json"] if name == "plan-file" else [plan.pk]
    assert client_of(people[who]).get(reverse(name, args=args)).status_code == status


@pytest.mark.parametrize("who", ["rep", "hr", "other"])
def test_lists_of_others_do_not_know_the_draft(people: dict[str, User], plan: Plan, who: str) -> None:
    page = client_of(people[who]).get(reverse("plans")).content.decode()
    assert "Jonas Weber" not in page.replace(people[who].name, "")


@pytest.mark.parametrize("who", ["rep", "hr", "other"])
def test_nobody_else_starts_or_changes_a_plan(people: dict[str, User], plan: Plan, who: str) -> None:
    client = client_of(people[who])
    before = draft_of(plan_for(people["manager"], plan.pk))
    for name, args in [
        ("plan-new", ["P7"]), ("plan-goal", [plan.pk, "revenue"]), ("plan-goal-check", [plan.pk, "revenue"]),
        ("plan-support-new", [plan.pk]), ("plan-text", [plan.pk, "purpose"]), ("plan-discard", [plan.pk]),
    ]:  # fmt: skip
        assert client.post(reverse(name, args=args), {"text": "x"}).status_code == 404, name
    assert draft_of(plan_for(people["manager"], plan.pk)) == before


def test_the_check_answers_while_typing_and_keeps_nothing(marta: Client, plan: Plan) -> None:
    form = goal_form(plan, "customer", text="Improve your attitude towards customers.")
    answer = marta.post(reverse("plan-goal-check", args=[plan.pk, "customer"]), form, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "“attitude” judges a person" in page
    assert "Use this wording" in page
    assert "<html" not in page
    assert PlanGoal.objects.get(plan=plan, key="customer").version == 1


def test_a_target_out_of_reach_is_called_out_with_the_fair_one(marta: Client, plan: Plan) -> None:
    form = goal_form(plan, "revenue", text="Win €240,000 of new business between 1 June and 28 August.")
    page = marta.post(reverse("plan-goal-check", args=[plan.pk, "revenue"]), form).content.decode()
    assert "not a fair target" in page
    assert "Win €110,000 of new business between 1 June and 28 August." in page


def test_without_script_the_check_button_shows_the_same(marta: Client, plan: Plan) -> None:
    form = goal_form(plan, "customer", text="Improve your attitude.", do="check")
    page = marta.post(reverse("plan-goal", args=[plan.pk, "customer"]), form).content.decode()
    assert "judges a person" in page
    assert "Improve your attitude." in page
    assert PlanGoal.objects.get(plan=plan, key="customer").version == 1


def test_the_better_wording_is_taken_with_one_button(marta: Client, plan: Plan) -> None:
    form = goal_form(plan, "revenue", text="Win €240,000 of new business by 28 August.", do="use")
    marta.post(reverse("plan-goal", args=[plan.pk, "revenue"]), form)
    row = PlanGoal.objects.get(plan=plan, key="revenue")
    assert (row.target, row.text[:12]) == (110_000, "Win €110,000")


def test_a_skill_goal_can_be_counted_by_training_results_and_back(marta: Client, plan: Plan) -> None:
    address = reverse("plan-goal", args=[plan.pk, "skill"])
    before = PlanGoal.objects.get(plan=plan, key="skill")
    page = marta.get(f"/plans/{plan.pk}/?edit=skill").content.decode()
    assert "Count it in another way" in page
    assert "Reach 90% or more on average in the training modules completed between" in page
    assert "Count it in another way" not in marta.get(f"/plans/{plan.pk}/?edit=activity").content.decode()
    marta.post(address, {**goal_form(plan, "skill"), "count_by": "training_score"})
    row = PlanGoal.objects.get(plan=plan, key="skill")
    assert (row.metric_key, row.target, row.weight, row.version) == ("training_score", 0.9, before.weight, 2)
    found = checked(draft_of(plan), keeping.goal_of(row), content=load(), vocabulary=vocabulary("en"))
    assert found.first_problem == ""
    stale = marta.post(address, {"version": "1", "count_by": "role_play"})
    assert stale.status_code == 409
    assert marta.post(address, {**goal_form(plan, "skill"), "count_by": "feelings"}).status_code == 400
    marta.post(address, {**goal_form(plan, "skill"), "count_by": before.metric_key})
    back = PlanGoal.objects.get(plan=plan, key="skill")
    assert (back.metric_key, back.text, back.target) == (before.metric_key, before.text, before.target)


def test_two_people_at_once_lose_nothing(people: dict[str, User], plan: Plan) -> None:
    form = goal_form(plan, "activity")
    address = reverse("plan-goal", args=[plan.pk, "activity"])
    first = client_of(people["manager"]).post(address, {**form, "text": "Call within two days, for 85% of proposals."})
    second = client_of(people["leader"]).post(address, {**form, "text": "My own words, 85% of proposals."})
    assert (first.status_code, second.status_code) == (302, 409)
    page = second.content.decode()
    assert "Somebody else has changed this" in page
    assert "My own words, 85% of proposals." in page
    assert PlanGoal.objects.get(plan=plan, key="activity").text.startswith("Call within two days")


def test_a_promise_is_added_changed_and_taken_out(marta: Client, plan: Plan) -> None:
    new = {"text": "MEDDIC course", "owner": "Piet Maas", "due": "2026-06-20", "hours": "6"}
    assert marta.post(reverse("plan-support-new", args=[plan.pk]), new).status_code == 302
    row = plan.promises.get(text="MEDDIC course")
    change = {**new, "hours": "", "version": str(row.version)}
    marta.post(reverse("plan-support", args=[plan.pk, row.key]), change)
    row.refresh_from_db()
    assert row.hours is None
    marta.post(reverse("plan-support", args=[plan.pk, row.key]), {"do": "remove", "version": str(row.version)})
    assert not plan.promises.filter(key=row.key).exists()
    assert marta.post(reverse("plan-support-new", args=[plan.pk]), {**new, "due": ""}).status_code == 400


def test_words_typed_by_people_keep_their_author_and_are_text(marta: Client, plan: Plan) -> None:
    page = marta.get(reverse("plan", args=[plan.pk]) + "?edit=text-purpose").content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    words = "<script>alert(1)</script> 💪 שלום"
    answer = marta.post(reverse("plan-text", args=[plan.pk, "purpose"]), {"text": words, "seen": seen})
    assert answer.status_code == 302
    plan.refresh_from_db()
    assert plan.body["purpose"] == [{"text": words, "source": "person: Marta Lindqvist"}]
    shown = marta.get(reverse("plan", args=[plan.pk])).content.decode()
    assert "<script>alert" not in shown
    late = marta.post(reverse("plan-text", args=[plan.pk, "purpose"]), {"text": "late", "seen": seen})
    assert late.status_code == 409
    assert "late" in late.content.decode()


def test_two_hundred_kilobytes_are_kept_whole(marta: Client, plan: Plan) -> None:
    page = marta.get(reverse("plan", args=[plan.pk]) + "?edit=text-success").content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    text = "much to say " * 17_000
    marta.post(reverse("plan-text", args=[plan.pk, "success"]), {"text": text, "seen": seen})
    plan.refresh_from_db()
    assert plan.body["success"][0]["text"] == text.strip()


def test_the_letter_comes_as_page_and_as_files(marta: Client, plan: Plan) -> None:
    assert "Dear Jonas" in marta.get(reverse("plan-letter", args=[plan.pk])).content.decode()
    pdf = marta.get(reverse("plan-file", args=[plan.pk, "pdf"]))
    assert "growth-plan-jonas-weber-2026-06-01.pdf" in pdf["Content-Disposition"]
    assert "Dear Jonas" in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    data = json.loads(marta.get(reverse("plan-file", args=[plan.pk, "json"])).content)
    assert data["evidence"]["gap"]["expected"] == 462_000
    assert marta.get(reverse("plan-file", args=[plan.pk, "exe"])).status_code == 404


def test_a_discarded_draft_is_over_and_a_new_one_can_begin(marta: Client, plan: Plan) -> None:
    marta.post(reverse("plan-discard", args=[plan.pk]))
    assert AuditEntry.objects.filter(event="plan.discarded", person_id="P7").exists()
    page = marta.get(reverse("plan", args=[plan.pk])).content.decode()
    assert "Save the goal" not in page
    answer = marta.post(reverse("plan-goal", args=[plan.pk, "revenue"]), goal_form(plan, "revenue", text="x y 1"))
    assert answer.status_code == 409
    marta.post(reverse("plan-new", args=["P7"]))
    assert Plan.objects.filter(state="draft").count() == 1


@pytest.mark.parametrize("target", ["abc", "1 2 3", "--"])
def test_an_unreadable_target_is_said_plainly(marta: Client, plan: Plan, target: str) -> None:
    answer = marta.post(reverse("plan-goal", args=[plan.pk, "revenue"]), goal_form(plan, "revenue", target=target))
    assert answer.status_code == 400
    assert "The target is not a number" in answer.content.decode()


def test_the_list_asks_few_questions(marta: Client, plan: Plan, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        marta.get(reverse("plans"))
    with django_assert_max_num_queries(35):  # type: ignore[operator]
        marta.get(reverse("plan", args=[plan.pk]))


def test_the_chip_follows_what_is_typed_only_where_script_asks(marta: Client, plan: Plan) -> None:
    form = goal_form(plan, "customer", text="Close more deals")
    address = reverse("plan-goal-check", args=[plan.pk, "customer"])
    live = marta.post(address, form, headers={"HX-Request": "true"}).content.decode()
    assert 'id="chip-customer" hx-swap-oob="true"' in live
    still = marta.post(reverse("plan-goal", args=[plan.pk, "customer"]), {**form, "do": "check"}).content.decode()
    assert still.count('id="chip-customer"') == 1


def test_the_persons_page_keeps_the_draft_from_the_person(people: dict[str, User], plan: Plan) -> None:
    address = reverse("plan", args=[plan.pk])
    assert address in client_of(people["manager"]).get(reverse("person", args=["P7"])).content.decode()
    own = client_of(people["rep"])
    assert address not in own.get(reverse("person", args=["P7"])).content.decode()
    assert address not in own.get(reverse("home")).content.decode()


@pytest.mark.parametrize("name", ["plan", "plan-letter", "plan-file"])
def test_a_look_by_others_is_written_down_once_an_hour(
    people: dict[str, User], plan: Plan, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = [plan.pk, "json"] if name == "plan-file" else [plan.pk]
    leader = client_of(people["leader"])
    for client in (client_of(people["manager"]), leader, leader, client_of(people["rep"])):
        client.get(reverse(name, args=args))
    seen = AuditEntry.objects.filter(event="plan.seen")
    assert [(entry.actor_name, entry.person_id, entry.detail["plan"]) for entry in seen] == [
        (people["leader"].name, "P7", plan.pk)
    ]
    monkeypatch.setattr(queries, "LOOK", timedelta(0))
    leader.get(reverse(name, args=args))
    assert seen.all().count() == 2


@pytest.mark.parametrize(
    ("who", "said"), [("rep", "no plan for you"), ("manager", "starts on a person"), ("hr", "No plan is waiting")]
)
def test_an_empty_list_speaks_to_its_reader(people: dict[str, User], who: str, said: str) -> None:
    page = client_of(people[who]).get(reverse("plans")).content.decode()
    assert said in page
    assert ("starts on a person" in page) == (who == "manager")


def test_a_closed_card_names_the_open_letter(marta: Client, plan: Plan) -> None:
    assert "4 of 5, open: achievable" in marta.get(reverse("plan", args=[plan.pk])).content.decode()
