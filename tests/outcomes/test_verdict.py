"""The verdict: luck, return to the mean and what the whole team did are not called improvement."""

import json
import re
from datetime import timedelta
from functools import lru_cache

import numpy as np
import pytest

from bench.simulation.daily import simulate
from bench.simulation.truth import AS_OF, Truth, World
from headway.detection.analysis import Analysis
from headway.detection.engine import analyse
from headway.outcomes import rules
from headway.outcomes.judged import Answer, NotEvaluable, Verdict, verdict_from_json
from headway.outcomes.verdict import judge, judge_all, judge_at, verdict_of

START = AS_OF - timedelta(days=181)


@lru_cache(maxsize=2)
def half_year(**settings: object) -> tuple[Analysis, Truth]:
    """A world in which a few get much better half a year before the end."""
    facts, truth = simulate(World(**settings))  # type: ignore[arg-type]
    return analyse(facts), truth


def everybody(analysis: Analysis) -> dict[int, Verdict]:
    found = {n: judge(analysis, person, start=START) for n, person in enumerate(analysis.roster.ids)}
    return {n: verdict for n, verdict in found.items() if isinstance(verdict, Verdict)}


def test_great_gains_are_seen_and_luck_is_not_called_a_gain():
    analysis, truth = half_year(seed=41, people=60, volume=1.5, recoveries=0.5, recovery_size=0.9)
    said = everybody(analysis)
    recovered = [said[n] for n in said if truth.recovery_day[n] >= 0]
    steady = [said[n] for n in said if truth.recovery_day[n] < 0]
    improved = [v.verdict is Answer.IMPROVED for v in recovered]
    assert np.mean(improved) >= 0.5
    assert np.mean([v.verdict is Answer.IMPROVED for v in steady]) <= 0.05
    assert np.mean([v.improved_probability for v in recovered]) > 2 * np.mean([v.improved_probability for v in steady])


def test_many_at_once_are_judged_as_each_alone():
    analysis, _ = half_year(seed=41, people=60, volume=1.5, recoveries=0.5, recovery_size=0.9)
    days = [START, START + timedelta(days=60), AS_OF - timedelta(days=5), AS_OF - timedelta(days=2000)]
    asked = [(person, day) for person in [*analysis.roster.ids[:5], "nobody"] for day in days]
    assert judge_all(analysis, asked) == [judge(analysis, person, start=day) for person, day in asked]


def test_a_low_spell_is_expected_to_be_followed_by_a_better_one():
    analysis, _ = half_year(seed=41, people=60, volume=1.5, recoveries=0.5, recovery_size=0.9)
    said = sorted(everybody(analysis).values(), key=lambda v: v.before)
    low = [v for v in said if v.before < 0.9]
    assert len(low) >= 5
    assert all(v.expected_from_luck > 0 for v in low)
    assert all(v.expected_from_luck < 0 for v in said[-6:])


def test_the_sentences_carry_the_numbers_of_the_result():
    analysis, _ = half_year(seed=41, people=60, volume=1.5, recoveries=0.5, recovery_size=0.9)
    for verdict in list(everybody(analysis).values())[:20]:
        text = " ".join(verdict.sentences)
        for share in (verdict.before, verdict.after):
            assert f"{round(100 * share)}%" in text
        assert f"{min(99, max(1, round(100 * verdict.improved_probability)))} in 100" in text
        assert f"{verdict.colleagues} colleagues" in text
        assert re.search(rf"{verdict.weeks} weeks", text)
        assert verdict.gain_low <= verdict.gain <= verdict.gain_high
        assert verdict_from_json(json.loads(json.dumps(verdict.as_json(), allow_nan=False))) == verdict


def test_what_everybody_gains_is_nobody_s_improvement():
    facts, _ = simulate(World(seed=43, people=40, declines=0.0))
    # everybody closes far more in the second half year: an open deal that was lost is won instead
    facts.con.execute(
        f"UPDATE opportunities SET outcome = 'won', stage = 'won' WHERE outcome = 'lost' "
        f"AND closed_at >= DATE '{START}' AND hash(opportunity_id) % 3 = 0"
    )
    facts.con.execute(
        "INSERT INTO stage_changes SELECT opportunity_id, 'proposal', closed_at - INTERVAL 1 DAY FROM opportunities o "
        "WHERE outcome = 'won' AND NOT EXISTS (SELECT 1 FROM stage_changes s "
        "WHERE s.opportunity_id = o.opportunity_id AND s.stage = 'proposal')"
    )
    said = everybody(analyse(facts)).values()
    assert np.mean([v.verdict is Answer.IMPROVED for v in said]) <= 0.08


def test_where_nothing_can_be_said_the_reason_is():
    analysis, _ = half_year(seed=41, people=60, volume=1.5, recoveries=0.5, recovery_size=0.9)
    unknown = judge(analysis, "nobody", start=START)
    soon = judge(analysis, "P0000", start=AS_OF - timedelta(days=13))
    early = judge_at(analysis, 0, start=AS_OF - timedelta(days=700), until=analysis.roster.weeks)
    assert [found.code for found in (unknown, soon, early) if isinstance(found, NotEvaluable)] == [
        "unknown",
        "too_soon",
        "no_past",
    ]
    assert soon.as_json()["improved_probability"] is None
    assert soon.as_json()["verdict"] == "inconclusive"


def test_a_day_after_the_facts_is_refused():
    facts, _ = simulate(World(seed=44, people=12))
    with pytest.raises(ValueError, match="the start must lie before"):
        verdict_of(facts, "P0000", start=AS_OF + timedelta(days=1), as_of=AS_OF)


def test_early_looks_must_be_clearer_than_late_ones():
    levels = [rules.look_level(week) for week in range(1, 40)]
    assert levels[:26] == sorted(levels[:26])
    assert 0.03 < levels[25] < 0.05
    assert set(levels[25:]) == {levels[25]}
    assert rules.answer(p_value=0.01, weeks=26, p_worth_having=0.9) is Answer.IMPROVED
    assert rules.answer(p_value=0.01, weeks=8, p_worth_having=0.9) is Answer.INCONCLUSIVE
    assert rules.answer(p_value=0.6, weeks=26, p_worth_having=0.03) is Answer.NOT_IMPROVED
