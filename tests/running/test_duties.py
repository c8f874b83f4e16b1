from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.people.models import User
from headway.plans.models import Plan
from headway.running.actions.check_ins import Review, hold_check_in, save_review, share_review
from headway.running.duties import duties_for, owed_in_plans
from headway.running.effects import chance_at
from headway.running.models import GoalSnapshot
from headway.running.progress import FanDay
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
    assert any(text.startswith("Promised to Jonas Weber") for text, _minutes in found)
    assert duties_for(people["manager"]).minutes == sum(minutes for _text, minutes in found)


def test_the_rep_reads_the_own_week_and_strangers_nothing(running: Plan, people: dict[str, User]) -> None:
    assert "Your page for check-in 3" in texts(people["rep"])
    assert texts(people["other"]) == []
    assert texts(people["hr"]) == []


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
