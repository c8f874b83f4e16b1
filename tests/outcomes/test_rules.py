"""Pure decisions: what the evidence speaks for, small numbers, lessons."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest

from headway.outcomes.lessons import Finished, lessons
from headway.outcomes.portfolio import TeamFigures, shown, total_may_be_shown
from headway.outcomes.rules import Case, follow_up_days, may_decide, speaks_for
from headway.outcomes.states import Outcome

USUAL = Case(goals=4, met=1, cannot_tell=0, answer="not improved", promised=10, given=10, extended_before=False)


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({"met": 4}, Outcome.MET, "all_met"),
        ({}, Outcome.NOT_MET, "not_improved"),
        ({"given": 4}, Outcome.UNFAIR, "support_missing"),
        ({"given": 7}, Outcome.EXTENDED, "support_short"),
        ({"answer": "improved"}, Outcome.PARTLY, "improved"),
        ({"answer": "inconclusive"}, Outcome.EXTENDED, "cannot_tell"),
        ({"answer": None}, Outcome.EXTENDED, "no_verdict"),
        ({"answer": "inconclusive", "extended_before": True}, Outcome.PARTLY, "extended_before"),
        ({"met": 3}, Outcome.PARTLY, "most_met"),
        ({"cannot_tell": 2}, Outcome.EXTENDED, "cannot_tell"),
    ],
)
def test_what_the_evidence_speaks_for(changes: dict[str, object], outcome: Outcome, reason: str) -> None:
    found = speaks_for(Case(**{**USUAL.__dict__, **changes}))  # type: ignore[arg-type]
    assert found.outcome == outcome
    assert reason in found.reasons


def test_follow_ups_come_at_growing_intervals_and_never_on_a_weekend() -> None:
    days = follow_up_days(date(2026, 8, 29))  # a Saturday
    gaps = [(b - a).days for a, b in itertools.pairwise(days)]
    assert gaps == sorted(gaps)
    assert all(day.weekday() < 5 for day in days)


def test_who_decided_before_does_not_decide_the_appeal() -> None:
    assert may_decide(reader=3, proposed_by=1, confirmed_by=2)
    assert not may_decide(reader=1, proposed_by=1, confirmed_by=2)
    assert not may_decide(reader=None, proposed_by=None, confirmed_by=None)


def test_small_numbers_are_protected_even_from_subtraction() -> None:
    assert [shown(n) for n in (0, 1, 4, 5)] == ["0", None, None, "5"]
    assert not total_may_be_shown([12, 3, 8])
    assert total_may_be_shown([12, 3, 2])
    assert total_may_be_shown([12, 8])
    team = TeamFigures("North")
    team.returns = [(10_000.0, 5_000.0)] * 4
    assert team.returned is None
    team.returns = [(10_000.0, 5_000.0)] * 5
    assert team.returned is not None
    assert team.returned.low < 50_000 == team.returned.amount < team.returned.high


def test_lessons_say_nothing_over_few_plans_and_do_not_run_away_with_luck() -> None:
    rng = np.random.default_rng(5)
    noise = [
        Finished("proposal_to_won", (kind,), float(rng.normal(0.0, 0.2)), 0.2)
        for kind in ("coaching", "training", "mentor", "shadowing")
        for _ in range(8)
    ]
    helped = [Finished("proposal_to_won", ("method",), float(rng.normal(0.5, 0.2)), 0.2) for _ in range(20)]
    few = [Finished("own_leads", ("leads",), 0.9, 0.1)] * 4
    found = {(one.gap, one.support): one for one in lessons([*noise, *helped, *few])}
    assert found[("own_leads", "leads")].estimate is None
    assert found[("proposal_to_won", "method")].clear
    assert sum(one.clear for one in found.values()) == 1
