"""The draft: complete, traceable, fair, and honest about what the data cannot tell."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from headway.core.errors import BadInput
from headway.core.language import vocabulary
from headway.detection.signal import Finding, Tier
from headway.plans import timeline
from headway.plans.achievability import with_target
from headway.plans.asking import checked
from headway.plans.content import load
from headway.plans.durations import advise
from headway.plans.letter import letter_of
from headway.plans.plan_draft import GoalKind, PlanDraft
from headway.plans.rules import rest_of_hundred
from headway.plans.targets import DealFlow, nice, revenue_target
from headway.plans.timeline import Window, check_ins, window_from
from tests.plans.jonas import AS_OF, PARTS, cycle, diagnosis, jonas_plan, not_evaluable, signal


def goal(plan: PlanDraft, kind: GoalKind):  # type: ignore[no-untyped-def]
    return next(g for g in plan.goals if g.kind is kind)


def test_the_draft_is_complete_and_round_trips() -> None:
    plan = jonas_plan()
    for section in ("purpose", "strengths", "what_we_saw", "not_yours", "goals", "actions", "promises", "check_ins",
                    "how_we_talk", "how_measured", "success", "outcomes", "clear"):  # fmt: skip
        assert getattr(plan, section), section
    assert {g.kind for g in plan.goals} == set(GoalKind)
    assert sum(g.weight for g in plan.goals) == 100
    assert PlanDraft.from_json(json.loads(json.dumps(plan.as_json()))) == plan


def test_every_sentence_names_the_figure_or_template_it_came_from() -> None:
    plan, tables = jonas_plan(), load("en").tables
    sections = ("purpose", "strengths", "what_we_saw", "not_yours", "how_we_talk", "how_measured", "success",
                "outcomes", "clear")  # fmt: skip
    sources = [p.source for s in sections for p in getattr(plan, s)] + [plan.duration.source]
    sources += [g.source for g in plan.goals] + [a.source for a in plan.actions] + [p.source for p in plan.promises]
    for source in sources:
        assert source.startswith(("data: ", "template: ")), source
        if "template: text." in source:
            assert source.split("template: text.")[1] in tables["text"]


def test_the_parts_in_the_letter_add_up_and_what_is_not_theirs_is_said() -> None:
    plan = jonas_plan()
    gap = plan.evidence.gap
    assert gap is not None
    assert sum(line.amount for line in gap.lines) == gap.difference == -210_000
    assert "€50,000" in plan.not_yours[0].text
    assert any(p.kind == "leads" and p.owner == "Tomás Oliveira" for p in plan.promises)


def test_the_sign_of_the_parts_does_not_matter() -> None:
    """A diagnosis that writes what is missing as positive gives the same plan."""
    turned = tuple(replace(p, amount=-p.amount, low=-p.high, high=-p.low) for p in PARTS)
    assert jonas_plan(diagnosis=diagnosis(gap=210_000, parts=turned)).evidence.gap == jonas_plan().evidence.gap


def test_the_plan_starts_on_a_monday_after_the_notice_and_ends_on_a_working_day() -> None:
    plan = jonas_plan()
    assert (plan.start, plan.last_day, plan.days) == (date(2026, 6, 1), date(2026, 8, 28), 90)
    assert plan.duration.text.startswith("90 days, because a typical deal takes 58 days")


def test_the_revenue_target_is_fair_and_above_todays_pace() -> None:
    found = goal(jonas_plan(), GoalKind.REVENUE)
    assert found.baseline < found.target
    assert found.chance.adequate_colleague >= 0.8
    assert found.chance.person_today < found.chance.adequate_colleague
    assert [step.value for step in found.path] == sorted(step.value for step in found.path)
    assert found.path[-1].value == found.target
    assert "could not be taken into account" in found.chance.basis


def test_a_plan_too_short_for_the_cycle_has_no_revenue_goal_and_says_why() -> None:
    plan = jonas_plan(days=30)
    assert all(g.kind is not GoalKind.REVENUE for g in plan.goals)
    assert plan.missing_kinds[0].text == (
        "No revenue goal: 30 days are less than 87 days, one and a half typical deals. "
        "A target would measure deals that began before the plan."
    )
    assert sum(g.weight for g in plan.goals) == 100


def test_without_a_known_cycle_there_is_no_revenue_goal() -> None:
    plan = jonas_plan(metrics=())
    assert "not known" in plan.missing_kinds[0].text


@pytest.mark.parametrize(
    ("tier", "finding"), [(Tier.NONE, Finding.LUCK), (Tier.WATCH, Finding.EARLY_SIGN), (Tier.NONE, Finding.WELL)]
)
def test_inside_luck_the_plan_says_that_it_may_be_chance(tier: Tier, finding: Finding) -> None:
    plan = jonas_plan(signal=signal(tier=tier, finding=finding))
    assert plan.doubt is not None
    assert plan.doubt.text.startswith("The data cannot tell this from chance; a formal plan needs a recorded reason.")
    assert any(getattr(block, "text", "") == plan.doubt.text for block in letter_of(plan).blocks)


def test_a_clear_finding_carries_no_doubt() -> None:
    assert jonas_plan().doubt is None


def test_somebody_who_cannot_be_judged_gets_a_growth_plan_that_says_so() -> None:
    plan = jonas_plan(signal=not_evaluable(), diagnosis=None, metrics=())
    assert plan.doubt is not None
    assert plan.doubt.text.startswith("Noor owns no deals yet. Nothing here judges results.")
    assert plan.evidence.gap is None
    assert [g.kind for g in plan.goals] == [GoalKind.ACTIVITY, GoalKind.SKILL, GoalKind.CUSTOMER]
    assert "€" not in " ".join(p.text for p in plan.what_we_saw)


def test_no_gap_at_all_still_gives_a_plan() -> None:
    ahead = tuple(replace(p, amount=abs(p.amount), low=1, high=abs(p.amount) * 2) for p in PARTS)
    plan = jonas_plan(diagnosis=diagnosis(gap=0, expected=252_000, actual=252_000 + 230_000, parts=ahead))
    assert "no clear gap" in plan.purpose[1].text
    assert plan.goals


@pytest.mark.parametrize("days", [0, 31, -90, 365])
def test_only_three_lengths(days: int) -> None:
    with pytest.raises(BadInput, match="30, 60 or 90"):
        jonas_plan(days=days)


@pytest.mark.parametrize(
    ("kind", "usual", "cycle_days", "days", "reason", "revenue"),
    [
        ("late", 90, 58.0, 90, "days_result", True),
        ("late", 90, 100.0, 90, "days_long_cycle", False),
        ("late", 90, None, 90, "days_kind_late", False),
        ("early", 60, 30.0, 60, "days_kind_early", True),
        ("early", 60, 58.0, 90, "days_result", True),
        ("early", 60, 200.0, 60, "days_kind_early", False),
        ("own_leads", 30, 58.0, 30, "days_kind_own_leads", False),
        ("own_leads", 30, 14.0, 30, "days_kind_own_leads", True),
    ],
)
def test_how_long_follows_gap_and_cycle(
    kind: str, usual: int, cycle_days: float | None, days: int, reason: str, revenue: bool
) -> None:
    found = advise(kind=kind, usual_days=usual, cycle_days=cycle_days, cycles_needed=1.5)
    assert (found.days, found.reason, found.revenue_goal) == (days, reason, revenue)


def test_check_ins_avoid_weekends_and_days_off() -> None:
    window = window_from(AS_OF, days=60, notice_days=14)
    week = frozenset(date(2026, 7, 6) + timedelta(days=n) for n in range(7))
    found = check_ins(window, weekday=3, days_off={date(2026, 6, 4), *week})
    assert all(m.on.weekday() < 5 for m in found)
    assert found[0].on == date(2026, 6, 3)
    assert not any(m.on in week for m in found)
    assert found[-1].kind == "final"
    assert len(check_ins(window, weekday=3, every_weeks=2)) < len(check_ins(window, weekday=3))


@pytest.mark.parametrize("days", timeline.LENGTHS)
def test_milestones_lie_on_working_days_inside_the_plan(days: int) -> None:
    window = window_from(AS_OF, days=days, notice_days=14)
    found = timeline.milestones(window)
    assert len(found) == days // 30
    assert all(day.weekday() < 5 and window.start <= day <= window.last_day for day in found)


def test_the_chance_is_that_of_a_simulation_of_deals() -> None:
    """The gamma sum against 200,000 drawn worlds of Poisson deals with log-normal sizes."""
    import numpy as np

    rng = np.random.default_rng(7)
    spread = np.sqrt(np.log(1 + 0.6**2))
    counts = rng.poisson(12, 200_000)
    sizes = rng.lognormal(np.log(30_000) - spread**2 / 2, spread, counts.sum())
    drawn = np.bincount(np.repeat(np.arange(counts.size), counts), sizes, minlength=counts.size)
    flow = DealFlow(12, 30_000, 0.6)
    for target in (200_000, 280_000, 400_000):
        assert flow.chance_of(target) == pytest.approx((drawn >= target).mean(), abs=0.02)
    assert flow.chance_of(flow.reached_with(0.8)) == pytest.approx(0.8)


def test_too_few_deals_have_no_chance() -> None:
    window = Window(date(2026, 6, 1), date(2026, 8, 29), 90)
    found = revenue_target(window, baseline_week=1_000, adequate_week=2_000, mean_size=30_000, cycle_days=50,
                           size_spread=0.6, fair_chance=0.8, fewest_deals=3)  # fmt: skip
    assert found.chance_adequate is None
    assert found.target > 0


@pytest.mark.parametrize(("value", "said"), [(0, 0), (153_700, 150_000), (1_999, 1_900), (27_300, 25_000), (7, 7)])
def test_targets_are_numbers_people_say(value: float, said: float) -> None:
    assert nice(value) == said


@pytest.mark.parametrize(
    ("weights", "expected"),
    [([30, 20, 30, 20], (30, 20, 30, 20)), ([20, 30, 20], (29, 43, 28)), ([], ()), ([5], (100,))],
)
def test_weights_add_up_to_a_hundred(weights: list[int], expected: tuple[int, ...]) -> None:
    assert rest_of_hundred(weights) == expected


def test_another_target_moves_path_and_chance() -> None:
    before = goal(jonas_plan(), GoalKind.REVENUE)
    after = with_target(before, 220_000)
    assert after.path[-1].value == 220_000
    assert after.chance.adequate_colleague < before.chance.adequate_colleague
    assert with_target(after, before.target).path[3].value == pytest.approx(before.path[3].value)


def test_the_companys_own_words_win_and_make_a_new_version(tmp_path: Path) -> None:
    (tmp_path / "plan.en.toml").write_text('[text]\noutcome_people = "{manager} and you decide."\n')
    own = load("en", folder=tmp_path)
    assert own.fill("text.outcome_people", manager="Marta") == "Marta and you decide."
    assert own.fill("text.success_all") == load("en").fill("text.success_all")
    assert own.version != load("en").version


@pytest.mark.parametrize("text", ["{nobody}", "{company.__class__}"])
def test_an_unknown_placeholder_is_refused_or_stays_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.en.toml").write_text(f'[text]\noutcome_people = "{text}"\n')
    if "." in text:
        assert load("en", folder=tmp_path).fill("text.outcome_people", manager="Marta") == text
    else:
        with pytest.raises(BadInput, match="nobody"):
            load("en", folder=tmp_path)


def test_a_broken_template_file_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "plan.en.toml").write_text("[text\n")
    with pytest.raises(BadInput, match="cannot be read"):
        load("en", folder=tmp_path)


def test_the_cycle_of_colleagues_counts() -> None:
    assert jonas_plan(metrics=(cycle(40),)).cycle_days == 40


def test_where_every_part_is_a_trifle_no_goal_is_bound_to_one():
    trifles = tuple(replace(part, amount=part.amount / 50, low=part.low / 50, high=part.high / 50) for part in PARTS)
    plan = jonas_plan(diagnosis=diagnosis(parts=trifles, gap=-4_200))
    assert (plan.recorded_gaps, {goal.gap_key for goal in plan.goals}) == ((), {"general"})
    for goal in plan.goals:
        found = checked(plan, goal, content=load(), vocabulary=vocabulary("en"))
        assert found.first_problem == "", goal.key
    assert "proposal_to_won" in jonas_plan().recorded_gaps
