"""The whole life of plans through the pages, week by week: check-ins, one skipped, support that comes late, a win, an
amendment, leave, an outcome "met" with refreshers and a renewed drop; another one inconclusive, extended, appealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.models import Letter
from headway.metrics.models import AnalysisRun
from headway.outcomes import actions as outcome_actions
from headway.outcomes.actions.after import RelapseSeen
from headway.outcomes.jobs import daily
from headway.outcomes.models import Evaluation
from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.actions.check_ins import schedule_check_ins
from headway.running.actions.measuring import keep_snapshots
from headway.running.jobs import put_on_calendar
from headway.running.ledger import ledger_of
from headway.running.models import GoalSnapshot, Notice
from headway.running.reminding import remind
from headway.running.rules import Kept
from tests.plans.conftest import client_of
from tests.plans.stories import plan_in

pytestmark = pytest.mark.django_db
People = Mapping[str, User]


class Walk:
    """Everybody's browser, and the day it is."""

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan_id, self.people = plan.pk, people
        self.browsers = {who: client_of(user) for who, user in people.items()}
        self.day = date(2026, 6, 1)

    @property
    def plan(self) -> Plan:
        return Plan.objects.get(pk=self.plan_id)

    def moment(self, hour: int = 9) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, hour, tzinfo=UTC)

    def until(self, day: date) -> None:
        """Let days go by; the worker's round is made on the last one."""
        self.day = day
        with clock.at(self.moment(6)):
            remind(by=SYSTEM)

    def post(self, who: str, path: str, **fields: object) -> None:
        """Send a form; it must be taken."""
        with clock.at(self.moment()):
            answer = self.browsers[who].post(f"/plans/{self.plan_id}/{path}", fields)
        assert answer.status_code == 302, answer.content.decode()[-3000:]

    def page(self, who: str, path: str) -> str:
        with clock.at(self.moment()):
            answer = self.browsers[who].get(path if path.startswith("/") else f"/plans/{self.plan_id}/{path}")
        assert answer.status_code == 200, path
        return answer.content.decode()

    def form(self, who: str, path: str) -> dict[str, str]:
        """The fields of a form page as they are shown."""
        with clock.at(self.moment()):
            shown = self.browsers[who].get(f"/plans/{self.plan_id}/{path}")
        return {one.name: one.value for one in shown.context["asked"]}

    def check_in(self, number: int) -> None:
        """Both do their part of a meeting on its day."""
        meeting = self.plan.meetings.get(number=number)
        self.until(meeting.on)
        base = f"check-ins/{number}/"
        self.post("rep", f"{base}save/", version=0, worked=f"Week {number}: I asked first.", do="share")
        self.post("manager", f"{base}save/", version=0, recognition="Good questions.")
        self.post("manager", f"{base}held/", on=meeting.on.isoformat())
        for who in ("rep", "manager"):
            self.post(who, f"{base}confirm/", version=1)

    def measured(self, *, reached: bool) -> None:
        """Every goal measured on the plan's last day."""
        with clock.at(self.moment(7)):
            rows = [
                GoalSnapshot(
                    plan=self.plan, goal_key=goal.key, as_of=goal.by, facts_version=9, metric_key=goal.metric_key,
                    metric_version="1", value=goal.target if reached else goal.target * 0.6, n=40, made_at=clock.now(),
                    status="reached" if reached else "cannot_tell",
                )
                for goal in self.plan.goals.all()
            ]  # fmt: skip
            keep_snapshots(snapshots=rows, by=SYSTEM)
            for goal in self.plan.goals.all():
                if goal.key in {"activity", "customer", "skill"} and reached:
                    self.browsers["manager"].post(
                        f"/api/v1/plans/{self.plan_id}/goals/{goal.key}/counts",
                        {"value": goal.target if goal.target > 1 else 9, "of": None if goal.target > 1 else 10,
                         "on": self.day.isoformat()},
                        content_type="application/json",
                    )  # fmt: skip

    def judge(self, outcome: str, **more: str) -> Evaluation:
        """Proposed, answered, confirmed."""
        self.post("manager", "outcome/prepare/")
        seen = Evaluation.objects.filter(plan_id=self.plan_id).latest("pk").prepared_hash
        self.post("manager", "outcome/propose/", outcome=outcome, words="As the page shows.", seen=seen, **more)
        self.day += timedelta(days=1)
        self.post("rep", "outcome/answer/", words="I have read it.")
        self.post("hr", "outcome/confirm/", words="Like other cases.")
        return Evaluation.objects.filter(plan_id=self.plan_id).latest("pk")


@pytest.fixture
def walk(people: dict[str, User], run: AnalysisRun) -> Walk:
    found = plan_in(PlanState.ACTIVE, people=people, run=run)
    with clock.at(datetime(2026, 6, 1, 7, tzinfo=UTC)):
        schedule_check_ins(plan=found, by=SYSTEM)
    return Walk(found, people)


def test_a_plan_that_is_met_and_what_comes_after(walk: Walk) -> None:
    walk.check_in(1)
    assert "Held, and confirmed by both" in walk.page("rep", "check-ins/1/")

    # A skipped one, on record with who and why; both calendars lose it.
    second = walk.plan.meetings.get(number=2)
    walk.until(second.on - timedelta(days=1))
    walk.post("manager", "check-ins/2/skip/", why="Trade fair in Hanover.")
    assert "Trade fair in Hanover." in walk.page("rep", "check-ins/2/")
    walk.until(second.on - timedelta(days=1))
    assert (
        "STATUS:CANCELLED" in Letter.objects.filter(kind="moved", user_id=walk.people["rep"].pk).latest("pk").calendar
    )

    # A win stands on the plan for everybody.
    walk.post("manager", "wins/", text="A first talk that became a pilot.", on=walk.day.isoformat())
    assert "A first talk that became a pilot." in walk.page("hr", "progress/")

    # Support comes late: the manager is told once, then gives it; it stays "late".
    promise = walk.plan.promises.exclude(kind="coaching").order_by("due").last()
    assert promise is not None
    walk.check_in(3)
    walk.until(promise.due + timedelta(days=2))
    walk.until(promise.due + timedelta(days=2))
    told = Notice.objects.filter(kind="support", user=walk.people["manager"], key__contains=f":{promise.key}:")
    assert told.count() == 1
    walk.post(
        "manager", f"ledger/{promise.key}/given/", on=walk.day.isoformat(), hours=promise.hours or "", whole="yes"
    )
    line = next(one for one in ledger_of(walk.plan, on=walk.day).company if one.key == promise.key)
    assert (line.state, line.days_late) == (Kept.LATE, 2)

    # An amendment: looked at, proposed, signed for.
    typed = {**walk.form("manager", "amend/"), "goal_revenue_target": "120,000", "reason": "A week less."}
    walk.post("manager", "amend/", **typed)
    signed = {**walk.form("rep", "amendment/"), "name": walk.people["rep"].name, "consent": "on", "do": "sign"}
    walk.post("rep", "amendment/", **signed)
    assert walk.plan.goals.get(key="revenue").target == 120_000
    assert walk.plan.state == PlanState.ACTIVE

    # Leave: the clock stands still, every later day moves.
    last = walk.plan.last_on
    walk.day += timedelta(days=3)
    away = walk.day
    walk.post("manager", "pause/", from_on=away.isoformat(), reason="leave")
    assert walk.plan.state == PlanState.PAUSED
    walk.day = away + timedelta(days=14)
    walk.post("manager", "resume/", back_on=walk.day.isoformat())
    with clock.at(walk.moment()):
        put_on_calendar(walk.plan)
    assert walk.plan.last_on == last + timedelta(days=14)

    for meeting in walk.plan.meetings.filter(state="planned").order_by("number"):
        if meeting.on >= walk.day:
            walk.check_in(meeting.number)
    walk.until(walk.plan.last_on + timedelta(days=1))
    walk.measured(reached=True)
    assert "Judge this plan" in walk.page("manager", "progress/")
    assert walk.judge("met").stage == "confirmed"
    assert walk.plan.state == PlanState.CLOSED

    # Refreshers at growing intervals, in the week when they are due.
    with clock.at(walk.moment()):
        daily()
    days = [row.due_on for row in walk.plan.follow_ups.all()]
    gaps = [(after - before).days // 7 for before, after in pairwise(days)]
    assert gaps == [2, 4, 8, 16]
    walk.day = days[0]
    first = walk.plan.follow_ups.earliest("due_on")
    assert first.text[:30] in walk.page("manager", "/outcomes/")
    with clock.at(walk.moment()):
        walk.browsers["manager"].post(f"/follow-ups/{first.pk}/done/", {"note": "Still asks first."})
    assert walk.plan.follow_ups.filter(done_on=walk.day).count() == 1

    # A renewed drop: seen by the two, not by HR; answered by a talk and the diagnosis; no new plan by itself.
    walk.day = days[2]
    with clock.at(walk.moment()):
        seen = RelapseSeen(walk.plan_id, walk.day - timedelta(days=21), "conversion", 0.9, "Fewer talks became offers.")
        assert outcome_actions.keep_relapses(seen=[seen], by=SYSTEM) == 1
        assert outcome_actions.keep_relapses(seen=[seen], by=SYSTEM) == 0
    for who, there in (("manager", True), ("rep", True), ("hr", False)):
        assert ("Fewer talks became offers." in walk.page(who, "/outcomes/")) is there
    drop = walk.plan.relapses.get()
    with clock.at(walk.moment()):
        said = {"answer": "diagnosis", "words": "We look at it together on Friday."}
        walk.browsers["manager"].post(f"/relapses/{drop.pk}/answer/", said)
    drop.refresh_from_db()
    assert drop.answer == "diagnosis"
    assert Plan.objects.count() == 1


def test_a_plan_that_cannot_be_told_is_extended_and_an_appeal_is_upheld(walk: Walk) -> None:
    walk.until(walk.plan.last_on + timedelta(days=1))
    walk.measured(reached=False)
    until = walk.plan.last_on + timedelta(days=28)
    assert walk.judge("extended", extended_to=until.isoformat()).outcome == "extended"
    walk.post("manager", "outcome/extend/")
    signed = {**walk.form("rep", "amendment/"), "name": walk.people["rep"].name, "consent": "on", "do": "sign"}
    walk.post("rep", "amendment/", **signed)
    assert (walk.plan.state, walk.plan.last_on) == (PlanState.ACTIVE, until)

    # Its end: support was never given, so "not met" needs an answer first; HR confirms it, the person appeals.
    walk.until(until + timedelta(days=1))
    refused: Client = walk.browsers["manager"]
    walk.post("manager", "outcome/prepare/")
    seen = Evaluation.objects.latest("pk").prepared_hash
    with clock.at(walk.moment()):
        sent = {"outcome": "not_met", "words": "Little moved.", "seen": seen}
        answer = refused.post(f"/plans/{walk.plan_id}/outcome/propose/", sent)
    assert "support the company owes is unanswered" in answer.content.decode()
    with clock.at(walk.moment()):
        owed = [line.key for line in ledger_of(walk.plan).behind]
    for key in owed:
        walk.post("manager", f"ledger/{key}/answer/", answer="Two of us were ill.")
    made = walk.judge("not_met")
    walk.post("rep", "outcome/appeal/", words="The help never came.")
    with clock.at(walk.moment()):
        hr = walk.browsers["hr"].post(
            f"/plans/{walk.plan_id}/outcome/decide/", {"do": "uphold", "outcome": "unfair", "words": "x"}
        )
    assert hr.status_code == 409, "HR confirmed it, so somebody else decides"
    walk.post("leader", "outcome/decide/", do="uphold", outcome="unfair", words="He is right.")
    made.refresh_from_db()
    assert (made.stage, made.outcome) == ("final", "unfair")
    assert walk.plan.follow_ups.count() == 0
    assert "Ended as unfair" in walk.page("rep", "outcome/")
