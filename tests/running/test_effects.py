"""What a change would do is shown before it is sent, and again to who signs; what cannot be computed is said so."""

from __future__ import annotations

from datetime import date, timedelta

from headway.core.models import AuditEntry
from headway.people.models import User
from headway.plans.actions import propose_amendment
from headway.plans.amending import AmendedPlan, GoalAmended, PromiseAmended
from headway.plans.models import Amendment, Plan
from headway.running.effects import simulate
from headway.running.models import GoalSnapshot
from tests.plans.conftest import client_of
from tests.running.conftest import TODAY

People = dict[str, User]


def measured(plan: Plan) -> GoalSnapshot:
    """A forecast from today to the goal's day, and 13 weeks on."""
    by = plan.goals.get(key="revenue").by
    row = lambda on, *q: [on.isoformat(), *q]  # noqa: E731
    return GoalSnapshot.objects.create(
        plan=plan, goal_key="revenue", as_of=TODAY, metric_key="revenue", metric_version="1", value=52000, n=2,
        path_value=34000, status="cannot_tell", chance=0.5, made_at="2026-06-18T07:00:00Z",
        fan=[row(TODAY, *[52e3] * 5), row(by, 106e3, 135e3, 156e3, 190e3, 253e3)],
        later=[row(by + timedelta(days=91), 160e3, 210e3, 260e3, 310e3, 390e3)],
    )  # fmt: skip


def fields_of(plan: Plan, people: People) -> dict[str, str]:
    """The amendment form as it is shown."""
    page = client_of(people["manager"]).get(f"/plans/{plan.pk}/amend/")
    return {asked.name: asked.value for asked in page.context["asked"]}


def test_a_target_and_a_day_are_reckoned_off_the_kept_forecast(running: Plan, people: People) -> None:
    measured(running)
    by = running.goals.get(key="revenue").by
    lower = simulate(running, AmendedPlan({"revenue": GoalAmended(target=135e3)}), people["manager"])
    assert [(round(one.chance_after or 0, 2), one.why) for one in lower] == [(0.75, "")]
    later = simulate(running, AmendedPlan({"revenue": GoalAmended(by=by + timedelta(days=91))}), people["manager"])
    assert (later[0].chance_after or 0) > (later[0].chance_before or 0)
    far = simulate(running, AmendedPlan({"revenue": GoalAmended(by=by + timedelta(days=92))}), people["manager"])
    assert (far[0].chance_after, far[0].why) == (None, "cannot be computed: the forecast does not reach this day")


def test_support_and_counted_goals_cannot_be_reckoned(running: Plan, people: People) -> None:
    measured(running)
    more = PromiseAmended("A mentor", "Marta Lindqvist", date(2026, 7, 15))
    found = simulate(running, AmendedPlan({"customer": GoalAmended(target=5)}, added=(more,)), people["rep"])
    assert [one.chance_after for one in found] == [None, None]
    assert all(one.why.startswith("cannot be computed") for one in found)


def test_looking_shows_the_chance_and_sends_nothing(running: Plan, people: People) -> None:
    measured(running)
    manager, written = client_of(people["manager"]), AuditEntry.objects.count()
    assert "Show what it changes" in manager.get(f"/plans/{running.pk}/amend/").content.decode()
    typed = {**fields_of(running, people), "goal_revenue_target": "135,000", "reason": "Two weeks ill", "do": "look"}
    answer = manager.post(f"/plans/{running.pk}/amend/", typed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "75 in 100" in html
    assert "Two weeks ill" in html, "what was typed is still there"
    assert not Amendment.objects.exists()
    assert AuditEntry.objects.count() == written
    nothing = manager.post(f"/plans/{running.pk}/amend/", {**fields_of(running, people), "do": "look"})
    assert "changes nothing" in nothing.content.decode()


def test_who_signs_sees_the_same_effect(running: Plan, people: People) -> None:
    measured(running)
    change = AmendedPlan({"revenue": GoalAmended(target=135e3)})
    propose_amendment(plan=running, change=change, reason="Two weeks ill", by=people["manager"])
    assert "75 in 100" in client_of(people["rep"]).get(f"/plans/{running.pk}/amendment/").content.decode()
