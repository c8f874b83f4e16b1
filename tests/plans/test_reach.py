"""A plan drafted from a forecast: fair, a step, answered again for any target without the facts, and pictured."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from headway.charts import dots, forecast
from headway.plans.achievability import reckon, with_target
from headway.plans.draft import draft
from headway.plans.json_form import from_json, to_json
from headway.plans.models import ReachRecord
from headway.plans.outlook.actions import keep_reaches
from headway.plans.outlook.outlook import Spread
from headway.plans.outlook.pictures import view_of
from headway.plans.outlook.reach import Level, Reach
from headway.plans.outlook.reaches import reach_of_run, span_of
from headway.plans.plan_draft import Goal, GoalKind, PlanDraft
from tests.plans.conftest import client_of
from tests.plans.jonas import AS_OF, JONAS, cycle, diagnosis, signal, voice, words


def spreads(start: date, *, middle: float) -> tuple[Spread, ...]:
    """Totals growing slowly at first; gamma-like spread."""
    found = []
    for week in range(1, 14):
        level = middle * (week / 13) ** 1.5
        values = level * (0.4 + 1.2 * ((np.arange(100 if week == 13 else 20) + 0.5) / (100 if week == 13 else 20)))
        found.append(Spread(start + timedelta(days=7 * week - 1), tuple(float(round(v)) for v in values)))
    return tuple(found)


def reach(**changes: object) -> Reach:
    start, end = span_of(AS_OF)
    made = {
        "as_of": AS_OF, "start": start, "end": end, "pending": 12, "from_pending": 2.4, "from_new": 3.1,
        "today": spreads(start, middle=100_000), "adequate": spreads(start, middle=180_000),
        "levels": (Level("proposal_to_won", 0.24, 0.17, 0.33),), "inputs": "abc", **changes,
    }  # fmt: skip
    return Reach(**made)  # type: ignore[arg-type]


def plan(**changes: object) -> PlanDraft:
    return draft(JONAS, signal(), diagnosis(), (cycle(),), as_of=AS_OF, company=voice(), content=words(), run_id=4,
                 reach=reach(**changes))  # fmt: skip


def revenue(made: PlanDraft) -> Goal:
    return next(goal for goal in made.goals if goal.kind is GoalKind.REVENUE)


def test_the_target_is_what_an_adequate_colleague_reaches_and_a_step_from_today():
    goal = revenue(plan())
    assert goal.chance is not None
    assert goal.chance.adequate_colleague is not None
    assert goal.chance.adequate_colleague >= 0.80
    assert goal.baseline is not None
    assert goal.target > goal.baseline * 1.05
    assert "12 open deals" in goal.chance.basis
    assert [step.value for step in goal.path] == sorted(step.value for step in goal.path)
    assert goal.path[-1].value == goal.target
    # the path is as slow at first as the forecast
    assert goal.path[5].value < goal.target * 6 / 13


def test_no_revenue_goal_where_fair_is_no_step():
    start, _end = span_of(AS_OF)
    made = plan(adequate=spreads(start, middle=101_000))
    assert all(goal.kind is not GoalKind.REVENUE for goal in made.goals)
    assert made.missing_kinds


def test_another_target_and_another_day_are_answered_from_what_is_kept():
    goal = from_json(Goal, to_json(revenue(plan())))
    harder = with_target(goal, goal.target * 2)
    assert harder.chance is not None
    assert harder.chance.adequate_colleague is not None
    assert harder.chance.adequate_colleague < 0.3
    sooner = reckon(goal.chance, target=goal.target, by=goal.by - timedelta(days=30))
    assert sooner is not None
    assert sooner.adequate_colleague is not None
    assert sooner.adequate_colleague < 0.5
    assert sooner.fair_target is not None
    assert sooner.fair_target < goal.target


def test_a_forecast_for_other_days_is_not_used():
    start, end = span_of(AS_OF)
    goal = revenue(plan(start=start + timedelta(days=7), end=end + timedelta(days=7)))
    assert goal.chance is not None
    assert goal.chance.method == "deals"


def test_after_a_change_a_conversion_starts_from_the_level_since():
    many = tuple(replace(s, n=90, observed=34) if s.key == "proposal_to_won" else s for s in signal().stages)
    made = draft(JONAS, replace(signal(), stages=many), diagnosis(), (cycle(),), as_of=AS_OF, company=voice(),
                 content=words(), run_id=4, reach=reach())  # fmt: skip
    skill = next(goal for goal in made.goals if goal.kind is GoalKind.SKILL)
    assert (skill.metric_key, skill.baseline) == ("proposal_to_won", pytest.approx(0.24))
    assert "Since 3 March" in skill.why


def test_the_pictures_show_the_stated_chances():
    made = plan()
    goal = revenue(made)
    view = view_of(made, goal)
    assert view is not None
    assert goal.chance is not None
    assert view.adequate.reached == pytest.approx(100 * (goal.chance.adequate_colleague or 0), abs=1.5)
    assert view.today.reached == pytest.approx(100 * (goal.chance.person_today or 0), abs=1.5)
    assert dots.render(view.adequate)
    assert forecast.render(view.fan)
    assert len(view.fan_table.rows) > 13


def test_reaches_are_kept_once_per_run_and_read_back(run, people):
    from headway.core.actors import SYSTEM

    assert reach_of_run(run, "P7") is None  # nothing is loaded, so there is nothing to forecast from
    assert keep_reaches(run=run, reaches={"P7": reach()}, by=SYSTEM) == 1
    assert keep_reaches(run=run, reaches={"P7": reach(pending=99)}, by=SYSTEM) == 0
    kept = reach_of_run(run, "P7")
    assert kept == reach()
    assert ReachRecord.objects.count() == 1


def test_the_page_draws_it_and_answers_while_typing(run, people):
    from headway.core.actors import SYSTEM
    from headway.plans.models import Plan

    keep_reaches(run=run, reaches={"P7": reach()}, by=SYSTEM)
    from headway.plans.actions import draft_plan

    kept: Plan = draft_plan(person_id="P7", draft=plan(), run_id=run.pk, by=people["manager"])
    client = client_of(people["manager"])
    page = client.get(f"/plans/{kept.pk}/?edit=revenue").content.decode()
    assert "Who would reach" in page
    assert page.count('class="f-support"') >= 20
    answer = client.post(
        f"/plans/{kept.pk}/goals/revenue/check/",
        {"text": "Win €400,000 of new business between 1 June and 28 August.", "target": "400,000", "by": "2026-08-28"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "Who would reach €400k" in answer
    assert "An adequate colleague: 0 in 100" in answer
