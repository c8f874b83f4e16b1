from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.actions.check_ins import Review, hold_check_in, save_review, share_review, skip_check_in
from headway.running.models import CheckIn, GoalSnapshot, LedgerEntry, Win
from tests.plans.conftest import client_of
from tests.running.conftest import TODAY
from tests.running.test_ledger import overdue_promise

SECRET = "Zebrafish and the kitchen sink"


@pytest.fixture
def measured(running: Plan) -> Plan:
    """A snapshot as the engine writes it."""
    GoalSnapshot.objects.create(
        plan=running, goal_key="revenue", as_of=date(2026, 6, 17), metric_key="revenue", metric_version="1",
        value=52000, n=2, path_value=34000, status="cannot_tell", chance=0.56, chance_low=0.2, chance_high=0.8,
        course=[["2026-06-05", 24000], ["2026-06-15", 52000]],
        fan=[["2026-06-17", 52e3, 52e3, 52e3, 52e3, 52e3], ["2026-08-28", 106e3, 135e3, 156e3, 190e3, 253e3]],
        rows=[{"on": "2026-06-15", "label": "Klinik Nord", "value": 28000, "kind": "won", "ref": "o3"}],
        earlier={"on": "2026-06-10", "then": 24000, "now": 28000}, made_at="2026-06-17T07:00:00Z",
    )  # fmt: skip
    return running


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_rep_manager_and_hr_read_the_same_page(measured: Plan, people: dict[str, User]) -> None:
    for who in ("rep", "manager", "hr", "leader"):
        html = page(client_of(people[who]), f"/plans/{measured.pk}/progress/")
        assert "Ahead of the path, still open" in html
        assert "Week 3 of 13. €52,000 won, €34,000 were on the path." in html
        assert "56 times in 100" in html
        assert "10 June was shown as €24,000 and reads €28,000 today" in html
    assert "Klinik Nord" in page(client_of(people["rep"]), f"/plans/{measured.pk}/progress/revenue/")


@pytest.mark.parametrize("path", ["progress/", "progress/revenue/", "ledger/", "check-ins/1/"])
def test_strangers_are_told_nothing(path: str, running: Plan, people: dict[str, User]) -> None:
    page(client_of(people["other"]), f"/plans/{running.pk}/{path}", 404)
    other = User.objects.create(email="x@x.example", name="Xaver", role="rep")
    page(client_of(other), f"/plans/{running.pk}/{path}", 404)


def test_a_draft_has_no_course_yet(plan: Plan, people: dict[str, User]) -> None:
    page(client_of(people["manager"]), f"/plans/{plan.pk}/progress/", 404)


def test_the_own_page_is_the_reps_alone_until_it_is_shared(running: Plan, people: dict[str, User]) -> None:
    meeting = running.meetings.get(number=3)
    save_review(check_in=meeting, review=Review(hard=SECRET), seen_version=0, by=people["rep"])
    paths = [f"/plans/{running.pk}/check-ins/3/", f"/plans/{running.pk}/progress/", "/check-ins/"]
    for who in ("manager", "hr", "leader"):
        assert not any(SECRET in page(client_of(people[who]), path) for path in paths)
    assert SECRET in page(client_of(people["rep"]), paths[0])
    share_review(check_in=meeting, by=people["rep"])
    assert SECRET in page(client_of(people["manager"]), paths[0])


def test_autosave_answers_in_words_and_keeps_the_other_devices_text(running: Plan, people: dict[str, User]) -> None:
    rep, path = client_of(people["rep"]), f"/plans/{running.pk}/check-ins/3/save/"
    first = rep.post(path, {"worked": "One", "version": "0"}, headers={"X-Autosave": "1"})
    assert (first.status_code, first.json()) == (200, {"version": 1, "saved": "Saved 9:00"})
    second = rep.post(path, {"worked": "Two", "version": "0"}, headers={"X-Autosave": "1"})
    assert second.status_code == 409
    assert "somewhere else" in second.json()["error"]
    assert running.meetings.get(number=3).worked == "One"
    third = rep.post(path, {"worked": "Typed & lost?", "version": "0"})  # without script the page comes back with it
    assert third.status_code == 409
    assert "Typed &amp; lost?" in third.content.decode()


def test_without_script_a_button_saves_and_shares(running: Plan, people: dict[str, User]) -> None:
    rep = client_of(people["rep"])
    form = {
        "worked": "Kept the price",
        "step": ["Name procurement", "", "Name procurement"],
        "version": "0",
        "do": "share",
    }
    rep.post(f"/plans/{running.pk}/check-ins/3/save/", form)
    kept = running.meetings.get(number=3)
    assert (kept.worked, kept.steps, kept.shared_at is not None) == ("Kept the price", "Name procurement", True)


def test_a_meeting_is_led_to_its_end(running: Plan, people: dict[str, User]) -> None:
    manager, rep, base = client_of(people["manager"]), client_of(people["rep"]), f"/plans/{running.pk}/check-ins/3"
    manager.post(f"{base}/save/", {"recognition": "Full price", "version": "0"})
    manager.post(f"{base}/agree/", {"text": "Send the questionnaire", "side": "company", "due": "2026-06-25"})
    manager.post(f"{base}/held/", {"on": "2026-06-18"})
    html = page(rep, f"{base}/")
    assert "Full price" in html
    assert "Send the questionnaire" in html
    for client in (rep, manager):
        client.post(f"{base}/confirm/", {"version": "1"})
    assert "Held, and confirmed by both" in page(rep, f"{base}/")
    agreement = running.agreements.get()
    assert agreement.owner == "Marta Lindqvist"
    rep.post(f"/plans/{running.pk}/agreements/{agreement.pk}/done/", {})
    assert running.agreements.get().done_on == TODAY


def test_a_move_in_bad_words_is_said_in_one_sentence(running: Plan, people: dict[str, User]) -> None:
    base = f"/plans/{running.pk}/check-ins/3"
    for form in ({"to": "tomorrow"}, {"to": "2026-06-19", "at": "noon"}, {"to": "2026-06-20"}):
        answer = client_of(people["manager"]).post(f"{base}/move/", form, follow=True)
        assert answer.status_code == 200
    assert running.meetings.get(number=3).moves == []


def test_owners_keep_their_promises_on_their_own_page(running: Plan, people: dict[str, User]) -> None:
    key = overdue_promise(running)
    running.promises.filter(key=key).update(owner="Tomás Oliveira")
    tomas = client_of(User.objects.create(email="t@x.example", name="Tomás Oliveira", role="revops"))
    assert "You have 1 promise to keep" in page(tomas, "/promises/")
    tomas.post(f"/plans/{running.pk}/ledger/{key}/given/", {"hours": "2,0", "next": "promises"})
    assert LedgerEntry.objects.get().hours == 2
    assert "kept all your promises" in page(tomas, "/promises/")
    page(tomas, f"/plans/{running.pk}/ledger/", 404)  # the plan itself is none of his business


def test_what_the_company_owes_stands_on_the_plan_until_it_is_answered(running: Plan, people: dict[str, User]) -> None:
    key = overdue_promise(running)
    manager, ledger = client_of(people["manager"]), f"/plans/{running.pk}/ledger/"
    assert "Alderwick is behind" in page(client_of(people["hr"]), f"/plans/{running.pk}/progress/")
    assert "Answer for it" in page(manager, ledger)
    manager.post(f"{ledger}{key}/answer/", {"answer": "The trainer was ill"})
    assert "The trainer was ill" in page(client_of(people["rep"]), ledger)


def test_a_win_is_celebrated_where_everybody_sees_it(running: Plan, people: dict[str, User]) -> None:
    client_of(people["manager"]).post(f"/plans/{running.pk}/wins/", {"text": "Klinik Nord at full price"})
    assert Win.objects.count() == 1
    assert "Klinik Nord at full price" in page(client_of(people["rep"]), f"/plans/{running.pk}/progress/")


def test_the_list_says_what_is_due_and_what_was_missed(running: Plan, people: dict[str, User]) -> None:
    one, two = running.meetings.filter(on__lt=TODAY)
    hold_check_in(check_in=one, held_on=one.on, by=people["manager"])
    skip_check_in(check_in=two, why="Ill", by=people["manager"])
    html = page(client_of(people["manager"]), "/check-ins/")
    assert "1 check-in this week" in html
    assert "did not take place" in html
    assert "notes not confirmed" in html
    assert "No check-in this week" in page(client_of(people["other"]), "/check-ins/")


def test_a_paused_plan_says_so(running: Plan, people: dict[str, User]) -> None:
    Plan.objects.filter(pk=running.pk).update(state=PlanState.PAUSED)
    assert "Paused: the clock stands still" in page(client_of(people["rep"]), f"/plans/{running.pk}/progress/")


@pytest.mark.parametrize("path", ["progress/", "ledger/", "check-ins/3/"])
def test_pages_ask_the_records_a_few_times_whatever_the_plan_holds(
    path: str, measured: Plan, people: dict[str, User], django_assert_max_num_queries: object
) -> None:
    for row in measured.meetings.filter(on__lt=TODAY):
        hold_check_in(check_in=row, held_on=row.on, by=people["manager"])
    client = client_of(people["manager"])
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        page(client, f"/plans/{measured.pk}/{path}")


def test_what_is_typed_is_shown_as_text(running: Plan, people: dict[str, User]) -> None:
    meeting = CheckIn.objects.get(plan=running, number=3)
    save_review(check_in=meeting, review=Review(worked="<script>alert(1)</script> 😀 שלום"), seen_version=0,
                by=people["rep"])  # fmt: skip
    html = page(client_of(people["rep"]), f"/plans/{running.pk}/check-ins/3/")
    assert "<script>alert(1)" not in html
    assert "😀 שלום" in html
