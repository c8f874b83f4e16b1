"""A person with a running plan on first pages: how the plan goes is the news, and nobody is left alone with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.charts.marks import Kind
from headway.core import clock
from headway.core.actors import SYSTEM
from headway.detection import serialise
from headway.detection.models import SignalRecord
from headway.detection.signal import Finding
from headway.home.queries import needs_page, team_rows, teams
from headway.home.under_way import under_way
from headway.metrics.models import AnalysisRun
from headway.outcomes.judged import Answer
from headway.outcomes.models import VerdictRecord
from headway.people.models import Person, User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.actions.check_ins import schedule_check_ins
from headway.running.models import GoalSnapshot
from tests.home.conftest import a_signal
from tests.outcomes.looks import verdict_document
from tests.plans.conftest import client_of, people, run
from tests.plans.stories import on, plan_in

__all__ = ["people", "run"]
TODAY = date(2026, 6, 18)
People = dict[str, User]


@pytest.fixture
def running(people: People, run: AnalysisRun) -> Plan:
    """Jonas's plan in its third week; the analysis calls him fine by now."""
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    with clock.at(on(TODAY)):
        schedule_check_ins(plan=plan, by=SYSTEM)
    found = a_signal("P7", Finding.STEADY)
    SignalRecord.objects.update_or_create(
        run=run, person_id="P7",
        defaults={"evaluable": True, "tier": found.tier, "finding": found.finding, "payload": serialise.to_json(found)},
    )  # fmt: skip
    AnalysisRun.objects.filter(pk=run.pk).update(finished_at=on(TODAY))
    return plan


def look(plan: Plan, **changes: Any) -> None:
    VerdictRecord.objects.create(
        plan=plan, as_of=TODAY, facts_version=VerdictRecord.objects.count(), verdict="x", made_at=on(TODAY),
        payload=json.dumps(verdict_document(**changes)),
    )  # fmt: skip


def words_on(day: date) -> tuple[str, Kind]:
    with clock.at(on(day)):
        found = under_way(["P7"])["P7"].verdict
    return found.words, found.kind


@pytest.mark.parametrize(
    ("changes", "words", "kind"),
    [
        ({"verdict": Answer.IMPROVED}, "Really improved since the plan began", Kind.GOOD),
        ({"verdict": Answer.NOT_IMPROVED}, "Being supported, no gain seen yet", Kind.EARLY),
        ({"verdict": Answer.INCONCLUSIVE}, "Recovering, too early to say", Kind.SUPPORT),
        (
            {"verdict": Answer.INCONCLUSIVE, "improved_probability": 0.4},
            "Being supported, too early to say",
            Kind.SUPPORT,
        ),
    ],
)
def test_the_words_are_those_of_the_newest_look(running: Plan, changes: Any, words: str, kind: Kind) -> None:
    assert words_on(TODAY) == ("Being supported, too early to say", Kind.SUPPORT)
    look(running, verdict=Answer.IMPROVED, gain=2.0)
    look(running, verdict=Answer.NOT_IMPROVED)
    look(running, **changes)
    assert words_on(TODAY) == (words, kind)


def test_a_pause_and_the_end_of_the_time_go_before_figures(running: Plan, people: People) -> None:
    look(running, verdict=Answer.IMPROVED)
    after = running.last_on + timedelta(days=1)
    assert words_on(after)[0] == "The plan’s time is over: judge it together"
    with clock.at(on(after)):
        found = under_way(["P7"])["P7"]
        shown = client_of(people["manager"]).get("/").content.decode()
    assert found.next_words == f"plan until {running.last_on:%A} {running.last_on.day} {running.last_on:%B}"
    assert f"/plans/{running.pk}/outcome/" in shown
    Plan.objects.filter(pk=running.pk).update(state=PlanState.PAUSED)
    assert words_on(TODAY)[0] == "Plan paused"


def test_the_row_tells_the_week_the_next_meeting_the_look_and_the_goals(running: Plan, people: People) -> None:
    look(running, observed_change=0.24, expected_from_luck=0.17, improved_probability=0.71)
    for key, status in (("revenue", "on_track"), ("skill", "cannot_tell"), ("activity", "at_risk")):
        GoalSnapshot.objects.create(
            plan=running, goal_key=key, as_of=TODAY, metric_key=key, metric_version="1", status=status,
            made_at=on(TODAY),
        )  # fmt: skip
    with clock.at(on(TODAY)):
        (row,) = [row for row in team_rows(people["manager"], run_of(running)) if row.person_id == "P7"]
        third = running.meetings.filter(state="planned", on__gte=TODAY).earliest("on").on
    assert row.needs_somebody
    assert row.running_plan == running.pk
    assert row.next_words == f"plan under way, week 3 of 13 · check-in {third:%A} {third.day} {third:%B}"
    assert row.sentences == (
        "Since the plan began: up 24%; +17% was to be expected from luck alone. "
        "The chance of a real gain is 71 in 100.",
        "Measured goals: 1 on track, 1 at risk and 1 can’t tell yet.",
    )
    assert row.picture.kind is row.verdict.kind


def run_of(plan: Plan) -> AnalysisRun:
    assert plan.run is not None
    return plan.run


def test_manager_and_leader_count_the_same_people(running: Plan, people: People) -> None:
    run = run_of(running)
    with clock.at(on(TODAY)):
        below = [row.person_id for row in team_rows(people["manager"], run) if row.needs_somebody]
        listed = [row.person_id for row in needs_page(people["leader"], run).rows]
        counted = sum(line.needs for line in teams(people["leader"], run))
    assert "P7" in below
    assert set(below) <= set(listed)
    assert counted == len(listed)


def test_however_many_plans_run_the_queries_are_as_many(running: Plan) -> None:
    def asked() -> int:
        with clock.at(on(TODAY)), CaptureQueriesContext(connection) as queries:
            under_way(Person.objects.values_list("person_id", flat=True))
        return len(queries)

    look(running)
    before = asked()
    for number in range(4):
        person = Person.objects.create(person_id=f"X{number}", name=f"X {number}")
        row = Plan.objects.get(pk=running.pk)
        row.pk, row.person, row._state.adding = None, person, True
        row.save()
        look(row)
    assert asked() == before
    with clock.at(on(TODAY)):
        assert len(under_way(["P7", "X0", "X1", "X2", "X3"])) == 5


@pytest.mark.parametrize("who", ["manager", "rep"])
def test_the_persons_page_leads_with_the_plan_and_offers_no_second_one(running: Plan, people: People, who: str) -> None:
    look(running, verdict=Answer.INCONCLUSIVE)
    page: Callable[[], str] = lambda: client_of(people[who]).get("/people/P7/").content.decode()  # noqa: E731
    with clock.at(on(TODAY)):
        shown = page()
        assert "Recovering, too early to say" in shown
        assert f"/plans/{running.pk}/progress/" in shown
        assert "Start a plan with" not in shown
    Plan.objects.filter(pk=running.pk).update(state=PlanState.CLOSED)
    with clock.at(on(TODAY)):
        assert "Recovering, too early to say" not in page()
