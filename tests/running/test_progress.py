"""Goals measured from facts, by hand sums a person can add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, NotFound
from headway.facts.load import commit_load, plan_load
from headway.people.models import User
from headway.plans.evidence import Unit
from headway.plans.keeping import goal_of
from headway.plans.models import Plan
from headway.running.actions.measuring import count_goal, score_practice
from headway.running.chances import share_odds
from headway.running.measuring import Reading
from headway.running.models import GoalSnapshot
from headway.running.progress import GoalProgress, progress_of
from headway.running.refreshing import refresh
from headway.running.rules import Standing, path_at, standing
from tests.running.conftest import TODAY

PEOPLE = (
    "person_id,name,email,role,manager_id,team,segment,hired_on,left_on\n"
    "M1,Marta Lindqvist,m@x.example,manager,,North,mid,2020-01-01,\n"
    "P7,Jonas Weber,j@x.example,rep,M1,North,mid,2023-01-01,\nP8,Ana Blau,a@x.example,rep,M1,North,mid,2023-01-01,\n"
)
DEALS = "opportunity_id,owner_id,created_at,stage,outcome,closed_at,amount,currency\n"
# Won before the plan, twice in it, by a colleague, and lost.
ROWS = (
    "o1,P7,2026-03-01,won,won,2026-05-29,90000,EUR\no2,P7,2026-04-01,won,won,2026-06-05,24000,EUR\n"
    "o3,P7,2026-04-11,won,won,2026-06-15,28000,EUR\no4,P8,2026-04-01,won,won,2026-06-09,70000,EUR\n"
    "o5,P7,2026-04-01,lost,lost,2026-06-10,15000,EUR\n"
)
Load = Callable[[str], None]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: dict[str, User]) -> Load:
    """Load these deals as the current facts."""
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))

    def put(rows: str) -> None:
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        (folder / "people.csv").write_text(PEOPLE)
        (folder / "opportunities.csv").write_text(DEALS + rows)
        commit_load(plan_load([folder], today=TODAY), by=SYSTEM)

    return put


def revenue(plan: Plan, by: User) -> GoalProgress:
    return next(p for p in progress_of(Plan.objects.get(pk=plan.pk), by=by) if p.goal.key == "revenue")


def test_money_won_since_the_first_day_stands_beside_the_path(
    running: Plan, people: dict[str, User], load: Load
) -> None:
    load(ROWS)
    refresh(by=SYSTEM)
    seen = revenue(running, people["rep"])
    assert (seen.value, seen.n, seen.as_of) == (52000, 2, date(2026, 6, 15))
    assert seen.course == ((date(2026, 6, 5), 24000), (date(2026, 6, 15), 52000))
    assert [(row["kind"], row["value"]) for row in seen.rows] == [("won", 24000), ("lost", 15000), ("won", 28000)]
    assert seen.ahead
    assert seen == revenue(running, people["manager"]) == revenue(running, people["hr"])
    with pytest.raises(NotFound):
        revenue(running, people["other"])


def test_measuring_twice_keeps_nothing_twice(running: Plan, load: Load) -> None:
    load(ROWS)
    first = refresh(by=SYSTEM)
    assert first > 0
    assert refresh(by=SYSTEM) == 0
    assert GoalSnapshot.objects.count() == first


def test_a_later_correction_shows_as_then_and_now(running: Plan, people: dict[str, User], load: Load) -> None:
    load(ROWS)
    refresh(by=SYSTEM)
    load(ROWS.replace("28000", "20000"))
    refresh(by=SYSTEM)
    seen = revenue(running, people["rep"])
    assert seen.value == 44000
    assert seen.correction is not None
    assert (seen.correction.then, seen.correction.now) == (52000, 44000)
    assert GoalSnapshot.objects.filter(goal_key="revenue").earliest("pk").value == 52000  # what was shown stays


def test_nothing_won_yet_is_a_true_zero_and_nothing_loaded_is_not(
    running: Plan, people: dict[str, User], load: Load
) -> None:
    assert revenue(running, people["rep"]).value is None
    load(ROWS.split("o2,")[0] + "o4,P8,2026-04-01,won,won,2026-06-09,70000,EUR\n")
    refresh(by=SYSTEM)
    assert revenue(running, people["rep"]).value == 0


def test_a_changed_definition_is_not_measured_by(running: Plan, people: dict[str, User], load: Load) -> None:
    running.goals.filter(key="revenue").update(metric_version="99")
    load(ROWS)
    refresh(by=SYSTEM)
    seen = revenue(running, people["rep"])
    assert (seen.value, seen.reason) == (None, "definition_changed")


def test_what_people_count_adds_up(running: Plan, people: dict[str, User]) -> None:
    for value, of in ((3, 4), (6, 8)):
        count_goal(plan=running, goal_key="activity", value=value, of=of, counted_on=TODAY, by=people["rep"])
    seen = next(p for p in progress_of(running, by=people["rep"]) if p.goal.key == "activity")
    assert (seen.value, seen.n, seen.by_hand) == (0.75, 12, True)
    with pytest.raises(BadInput):
        count_goal(plan=running, goal_key="activity", value=9, of=8, counted_on=TODAY, by=people["rep"])


def test_role_plays_count_by_the_last_two(running: Plan, people: dict[str, User]) -> None:
    running.goals.filter(key="skill").update(metric_key="role_play")
    for day, marks in ((5, (2.0, 3.0)), (9, (3.0, 3.0)), (16, (4.0, 4.0))):
        score_practice(
            plan=running, kind="role_play", competency="negotiation", held_on=date(2026, 6, day),
            marks=[("buying steps", marks[0]), ("price", marks[1])], by=people["manager"],
        )  # fmt: skip
    seen = next(p for p in progress_of(Plan.objects.get(pk=running.pk), by=people["rep"]) if p.goal.key == "skill")
    assert (seen.value, seen.n) == (3.5, 3)
    with pytest.raises(NotFound):
        score_practice(
            plan=running, kind="role_play", competency="x", held_on=TODAY, marks=[("a", 5)], by=people["rep"]
        )
    with pytest.raises(BadInput):
        score_practice(plan=running, kind="role_play", competency="x", held_on=TODAY, marks=[("a", 6)],
                       by=people["manager"])  # fmt: skip


def test_before_the_first_day_nothing_is_measured(running: Plan, people: dict[str, User]) -> None:
    with clock.at(datetime(2026, 5, 20, tzinfo=UTC)):
        assert {p.standing for p in progress_of(running, by=people["rep"])} == {Standing.NOT_STARTED}


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.8, 0.9, Standing.ON_TRACK),
        (0.2, 0.7, Standing.CANNOT_TELL),
        (0.06, 0.2, Standing.AT_RISK),
        (0.0, 0.04, Standing.OUT_OF_REACH),
        (None, None, Standing.CANNOT_TELL),
    ],
)
def test_only_what_every_look_allows_is_said(low: float | None, high: float | None, said: Standing) -> None:
    assert standing(reached=False, chance_low=low, chance_high=high) is said
    assert standing(reached=True, chance_low=low, chance_high=high) is Standing.REACHED


def test_a_share_is_judged_by_what_all_weekly_looks_allow(running: Plan) -> None:
    """The lowest level that all looks allow says less than the level seen."""
    goal = replace(goal_of(running.goals.get(key="skill")), target=0.5, unit=Unit.SHARE)
    few = share_odds(goal, Reading(7 / 12, n=12), on=date(2026, 6, 21))
    assert few.chance is not None
    assert few.low is not None
    assert few.high is not None
    assert few.low < few.chance < few.high
    assert standing(reached=False, chance_low=few.low, chance_high=few.high) is Standing.CANNOT_TELL
    many = share_odds(goal, Reading(0.75, n=120), on=date(2026, 8, 20))
    assert standing(reached=False, chance_low=many.low, chance_high=many.high) is Standing.ON_TRACK
    none = share_odds(goal, Reading(0.1, n=100), on=date(2026, 8, 20))
    assert standing(reached=False, chance_low=none.low, chance_high=none.high) is Standing.OUT_OF_REACH


def test_the_path_lies_straight_between_its_steps() -> None:
    steps = [(date(2026, 6, 7), 7.0), (date(2026, 6, 14), 21.0)]
    at = [path_at(steps, date(2026, 6, day), start=date(2026, 6, 1), baseline=0) for day in (1, 7, 10, 14, 20)]
    assert at == [1.0, 7.0, 13.0, 21.0, 21.0]
