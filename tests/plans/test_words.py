"""Steps and amounts in words: merged steps, rounded estimates, strengths that are some."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from headway.plans.evidence import GapLine
from headway.plans.freezing import stage_name
from headway.plans.wording import line_money, money_about, number, share
from tests.plans.jonas import Part, diagnosis, jonas_plan, signal, stage, words


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("qualified_to_won", "Qualified leads won"),
        ("lead_to_proposal", "Leads with a proposal"),
        ("site_visit_to_won", "Deals at “site visit” won"),
        ("qualified_to_demo", "Qualified leads that reach “demo”"),
        ("proposal_to_won", "Proposals won"),
        ("rest", "rest"),
    ],
)
def test_any_step_has_words(key: str, said: str) -> None:
    assert stage_name(key) == said


@pytest.mark.parametrize(
    ("key", "entry", "name"),
    [
        ("qualified_to_won", "proposal_to_won", "from qualified lead to order"),
        ("lead_to_won", "proposal_to_won", "from lead to order"),
        ("lead_to_demo", "lead_to_qualified", "from lead to demo"),
        ("demo_to_trial", "general", "good habits"),
        ("general", "general", "good habits"),
        ("deal_size", "deal_size", "deal size"),
    ],
)
def test_a_merged_step_gets_the_nearest_help(key: str, entry: str, name: str) -> None:
    found = words().gap(key)
    assert (found.key, found.name) == (entry, name)


def test_a_plan_for_a_merged_step_reads_like_any_other() -> None:
    merged = stage("qualified_to_won", 90, 20, 0.22, 0.36, 0.30, 0.42)
    parts = (Part("qualified_to_won", "from qualified to won", -150_000, -200_000, -90_000, clear=True),)
    plan = jonas_plan(
        signal=replace(signal(), stages=(merged,)),
        diagnosis=diagnosis(parts=parts, expected=400_000.0, actual=250_000.0),
    )
    text = " ".join(p.text for p in (*plan.purpose, *plan.what_we_saw)) + " ".join(g.text for g in plan.goals)
    assert "The step to work on is from qualified lead to order." in text
    assert "Raise qualified leads won from 22% to" in text
    assert "_to_" not in text
    assert any(goal.metric_key == "qualified_to_won" for goal in plan.goals)


def test_figures_are_rounded_and_not_cut_off() -> None:
    assert (number(48.7), number(5.55, decimals=1), share(0.5464)) == ("49", "5.5", "55%")


def line(amount: float, low: float | None, high: float | None) -> GapLine:
    return GapLine("leads", "leads", amount, low, high, controllable=False, clear=False)


def test_an_estimate_is_as_exact_as_its_range() -> None:
    assert line_money(line(-332_469, -426_746, -214_470), "EUR") == ("−€330,000", "−€430,000 to −€210,000")
    assert line_money(line(17_172, 14_629, 19_950), "EUR") == ("+€17,200", "+€14,600 to +€20,000")
    assert line_money(line(-40, -90, 20), "EUR") == ("−€40", "−€90 to +€20")
    assert line_money(line(1_234, None, None), "EUR") == ("+€1,230", "–")
    assert (money_about(637_504, "EUR"), money_about(0, "EUR")) == ("€638,000", "€0")


@pytest.mark.parametrize(("mine", "peer"), [(0.0, 0.0), (1.0, 1.0), (1.01, 1.0)])
def test_equal_or_nothing_is_no_strength(mine: float, peer: float) -> None:
    row = stage("own_leads", 24, 24 * mine, mine, peer, peer, peer)
    plan = jonas_plan(signal=replace(signal(), stages=(replace(row, peer_high=peer - 0.01),)))
    assert not any("Here you are ahead" in paragraph.text for paragraph in plan.strengths)


def test_the_exact_amounts_stay_in_the_evidence() -> None:
    found = diagnosis(parts=(Part("proposal_to_won", "x", -116_123, -172_456, -58_789, clear=True),))
    assert '"amount": -116123' in json.dumps(jonas_plan(diagnosis=found).as_json())
