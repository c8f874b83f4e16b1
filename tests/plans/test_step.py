"""A goal asks for a step up from today's level, and today is the time since the change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headway.core.language import vocabulary
from headway.plans.asking import checked
from headway.plans.plan_draft import Goal, GoalKind, PlanDraft
from headway.plans.smart import Letter, Mark
from headway.plans.targets import nice, said_above
from tests.plans.jonas import Part, diagnosis, jonas_plan, signal, words

# Much was won before the drop: over the whole span the sum still looks like that of an adequate colleague.
LUCKY = diagnosis(
    expected=462_000.0,
    actual=450_000.0,
    gap=-12_000.0,
    parts=(
        Part("leads", "leads assigned", -10_000, -16_000, -4_000, controllable=False, clear=True),
        Part("proposal_to_won", "Proposal to won", -202_000, -260_000, -140_000, clear=True),
        Part("rest", "timing and luck", 200_000, 100_000, 300_000, controllable=False),
    ),
)


def revenue(plan: PlanDraft) -> Goal | None:
    return next((goal for goal in plan.goals if goal.kind is GoalKind.REVENUE), None)


def test_todays_level_is_the_one_since_the_drop() -> None:
    goal = revenue(jonas_plan(diagnosis=LUCKY))
    assert goal is not None
    assert goal.baseline is not None
    assert goal.target >= 1.2 * goal.baseline
    assert "From €10,000 a week today towards €16,000 a week" in goal.why


def test_without_a_change_the_whole_span_is_today_and_no_goal_is_made_where_there_is_no_step() -> None:
    plan = jonas_plan(diagnosis=LUCKY, signal=replace(signal(), since=None))
    assert revenue(plan) is None
    assert any(p.source.endswith("missing_revenue_step") and "today's level" in p.text for p in plan.missing_kinds)
    assert sum(goal.weight for goal in plan.goals) == 100


@pytest.mark.parametrize("factor", [1.0, 1.004, 0.9])
@pytest.mark.parametrize("kind", [GoalKind.REVENUE, GoalKind.SKILL])
def test_a_target_that_is_not_better_than_today_is_refused_however_likely_it_is(kind: GoalKind, factor: float) -> None:
    plan = jonas_plan()
    goal = next(goal for goal in plan.goals if goal.kind is kind)
    chance = replace(goal.chance, method="none", adequate_colleague=0.99) if goal.chance else None
    weak = replace(goal, baseline=goal.target / factor, chance=chance)
    found = checked(plan, weak, content=words(), vocabulary=vocabulary("en"))
    line = next(line for line in found.lines if line.letter is Letter.ACHIEVABLE)
    assert line.mark is Mark.PROBLEM
    assert found.tone == "signal"
    assert not found.summary.startswith("5 of 5")


def test_every_drafted_goal_with_a_baseline_is_a_step() -> None:
    for found in (LUCKY, diagnosis()):
        for goal in jonas_plan(diagnosis=found).goals:
            assert goal.baseline is None or goal.target > goal.baseline * 1.005, goal.text


def test_rounding_never_eats_the_step() -> None:
    assert nice(248_000) == 200_000
    assert said_above(248_000, 200_000) == 240_000
    assert said_above(260_000, 200_000) == 250_000
    assert said_above(0.0, 0.0) == 0.0
