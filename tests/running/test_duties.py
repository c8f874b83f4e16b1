from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.people.models import User
from headway.plans.models import Plan
from headway.running.actions.check_ins import Review, hold_check_in, save_review, share_review, skip_check_in
from headway.running.actions.ledger import give_support
from headway.running.duties import duties_for, owed_in_plans
from headway.running.effects import chance_at
from headway.running.ledger import REGULAR
from headway.running.models import GoalSnapshot
from headway.running.progress import FanDay
from headway.running.promised import promised
from headway.running.reminding import remind
from tests.plans.conftest import client_of
from tests.running.conftest import TODAY
from tests.running.test_ledger import overdue_promise


def texts(user: User) -> list[str]:
    return [one.text for one in duties_for(user).items]


def test_the_manager_reads_what_to_do_in_order_and_minutes(running: Plan, people: dict[str, User]) -> None:
    first = running.meetings.get(number=1)
    hold_check_in(check_in=first, held_on=first.on, by=people["manager"])
    third = running.meetings.get(number=3)
    save_review(check_in=third, review=Review(worked="x"), seen_version=0, by=people["rep"])
    share_review(check_in=third, by=people["rep"])
    found = [(one.text, one.minutes) for one in duties_for(people["manager"]).items]
    assert [one for one in found if "heck-in" in one[0]] == [
        ("Confirm the notes of check-in 1 with Jonas Weber", 2),
        ("Check-in 2 with Jonas Weber: say whether it took place", 2),
        ("Read what Jonas Weber wrote for check-in 3", 5),
        ("Check-in 3 with Jonas Weber, 14:00", 25),
    ]
    assert ("Support for Jonas Weber is late, 3 promises: give it, ask for it, or answer for it", 5) in found
    assert duties_for(people["manager"]).minutes == sum(minutes for _text, minutes in found)


def test_the_rep_reads_the_own_week_and_strangers_nothing(running: Plan, people: dict[str, User]) -> None:
    assert "Your page for check-in 3" in texts(people["rep"])
    assert texts(people["other"]) == []
    assert texts(people["hr"]) == []


def test_late_support_is_one_line_and_nothing_is_asked_for_twice(running: Plan, people: dict[str, User]) -> None:
    for row in running.promises.exclude(source=REGULAR):
        give_support(promise=row, on=TODAY, by=people["manager"])
    remind(by=SYSTEM)
    assert not [text for text in texts(people["manager"]) if "Coaching" in text], "the check-ins are asked for"
    for meeting in running.meetings.filter(on__lt=TODAY):
        skip_check_in(check_in=meeting, why="Ill.", by=people["manager"])
    assert [text for text in texts(people["manager"]) if text.startswith("Coaching, 45 minutes a week for Jonas Weber")]


def test_check_ins_that_are_over_are_one_line_for_the_manager_and_none_for_the_rep(
    running: Plan, people: dict[str, User]
) -> None:
    assert "2 check-ins with Jonas Weber: say which of them took place" in texts(people["manager"])
    assert [text for text in texts(people["rep"]) if "check-in" in text.lower()] == ["Your page for check-in 3"]
    shown = client_of(people["manager"]).get("/check-ins/").content.decode()
    assert "1 check-in this week" in shown
    assert shown.index("Nothing on record yet") < shown.index("was on 4 June") < shown.index("To come")


def test_what_was_promised_is_written_down_from_the_first_page_with_one_click(
    running: Plan, people: dict[str, User]
) -> None:
    first = running.promises.exclude(source=REGULAR).earliest("due")
    found = promised(people["manager"])
    assert [(one.key, one.one_click, one.late) for one in found.rows if one.key == first.key] == [
        (first.key, True, True)
    ]
    shown = client_of(people["manager"]).get("/").content.decode()
    assert f"/plans/{running.pk}/ledger/{first.key}/given/" in shown
    sent = {"next": "home", "whole": "yes", "hours": "", "on": ""}
    answer = client_of(people["manager"]).post(f"/plans/{running.pk}/ledger/{first.key}/given/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    again = promised(people["manager"])
    assert first.key not in [one.key for one in again.rows]
    assert again.note.startswith("1 of ")
    assert "late" in again.note


def test_the_card_shows_what_others_promised_in_plans_one_leads_and_nothing_to_strangers(
    running: Plan, people: dict[str, User]
) -> None:
    row = running.promises.exclude(source=REGULAR).earliest("due")
    row.owner = "Tomás Oliveira"
    row.save()
    assert "Tomás Oliveira" in {one.owner for one in promised(people["manager"]).rows}
    assert not promised(people["manager"]).all_mine
    for who in ("rep", "other", "hr"):
        assert promised(people[who]).rows == ()
    coaching = next(one for one in promised(people["manager"]).rows if not one.one_click)
    assert coaching.when == "0 of 2 held"


def test_late_support_stands_on_hrs_page_until_it_is_given(running: Plan, people: dict[str, User]) -> None:
    overdue_promise(running)
    remind(by=SYSTEM)
    assert {one.name for one in owed_in_plans(people["hr"])} == {"Jonas Weber"}
    assert owed_in_plans(people["other"]) == ()


def test_a_paused_week_asks_nothing_of_a_stranger(running: Plan, people: dict[str, User]) -> None:
    with clock.at(datetime(2026, 6, 22, 9, tzinfo=UTC)):
        assert any("Check-in 4" in text for text in texts(people["manager"]))


FAN = (
    FanDay(TODAY, 52e3, 52e3, 52e3, 52e3, 52e3),
    FanDay(TODAY + timedelta(days=71), 106e3, 135e3, 156e3, 190e3, 253e3),
)


@pytest.mark.parametrize(("target", "chance"), [(156e3, 0.5), (135e3, 0.75), (90e3, 0.98), (400e3, 0.02)])
def test_the_chance_of_another_target_is_read_off_the_fan(target: float, chance: float) -> None:
    assert chance_at(FAN, target, FAN[-1].on) == pytest.approx(chance)
    assert chance_at(FAN, target, FAN[-1].on + timedelta(days=1)) is None


def test_the_look_ahead_changes_nothing(running: Plan, people: dict[str, User]) -> None:
    GoalSnapshot.objects.create(
        plan=running, goal_key="revenue", as_of=TODAY, metric_key="revenue", metric_version="1", value=52000, n=2,
        path_value=34000, status="cannot_tell", chance=0.5, made_at="2026-06-18T07:00:00Z",
        fan=[[one.on.isoformat(), one.q05, one.q25, one.q50, one.q75, one.q95] for one in FAN],
    )  # fmt: skip
    before = list(running.goals.values())
    html = client_of(people["manager"]).get(f"/plans/{running.pk}/change/?goal=revenue&target=135,000").content.decode()
    assert "75 in 100" in html
    assert "Propose a change" in html
    assert list(running.goals.values()) == before
    assert Client().get(f"/plans/{running.pk}/change/").status_code == 302
    assert client_of(people["other"]).get(f"/plans/{running.pk}/change/").status_code == 404
