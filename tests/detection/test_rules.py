"""Tiers and findings as tables."""

import numpy as np
import pytest

from headway.detection.policy import DEFAULT
from headway.detection.rules import Behind, Situation, assign_tiers, choose_finding, refusal
from headway.detection.signal import Finding, Tier


def _tiers(**change):
    values = {
        "p_under": np.array([0.95, 0.92, 0.6, 0.4, 0.1, 0.99]),
        "p_fine": np.array([0.01, 0.02, 0.12, 0.3, 0.7, 0.0]),
        "reliability": np.array([0.8, 0.5, 0.8, 0.8, 0.8, 0.9]),
        "p_fall": np.array([0.0, 0.0, 0.0, 0.0, 0.9, 0.0]),
        "evaluable": np.array([True] * 6),
        "ramping": np.array([False] * 5 + [True]),
        "anyone_differs": True,
        "policy": DEFAULT,
    }
    return assign_tiers(**{**values, **change})


def test_tiers():
    found = _tiers()
    assert found.tier == (Tier.FORMAL, Tier.SUPPORT, Tier.SUPPORT, Tier.WATCH, Tier.WATCH, Tier.WATCH)
    assert found.support_share == pytest.approx(0.05)
    assert found.formal_share == pytest.approx(0.01)


def test_nobody_is_named_where_nobody_differs():
    named = _tiers(anyone_differs=False).tier
    assert set(named) <= {Tier.NONE, Tier.WATCH}


def test_who_cannot_be_judged_has_no_tier():
    assert _tiers(evaluable=np.zeros(6, bool)).tier == (Tier.NOT_EVALUABLE,) * 6


BASE = Situation(Tier.NONE, False, 0.0, 0.0, 1.0, 0.8, None, None, None)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({}, Finding.STEADY),
        ({"low": 1.02, "estimate": 1.2}, Finding.WELL),
        ({"ramping": True, "tier": Tier.WATCH}, Finding.RAMPING),
        ({"tier": Tier.SUPPORT}, Finding.BELOW),
        ({"tier": Tier.FORMAL, "p_fall": 0.9}, Finding.REAL_DROP),
        ({"tier": Tier.WATCH, "p_fall": 0.9}, Finding.EARLY_SIGN),
        ({"p_rise": 0.9, "estimate": 0.8}, Finding.RECOVERING),
        ({"attainment": 0.5}, Finding.LUCK),
        ({"attainment": 0.5, "colleague": 0.6}, Finding.OUT_OF_REACH),
        ({"attainment": 0.5, "colleague": 0.95}, Finding.LUCK),
        # a colleague would have lacked 17 %, luck took more than that on top
        ({"attainment": 0.46, "colleague": 0.83}, Finding.LUCK),
        ({"attainment": 0.5, "colleague": 0.6, "potential": 0.6}, Finding.TERRITORY),
        ({"attainment": 0.5, "colleague": 0.6, "shared": True}, Finding.SHARED),
        ({"attainment": 0.5, "shared": True}, Finding.SHARED),
        ({"attainment": 0.5, "shared": True, "potential": 0.6}, Finding.TERRITORY),
        ({"attainment": 0.95, "shared": True}, Finding.STEADY),
        ({"attainment": 0.5, "potential": 0.6}, Finding.TERRITORY),
        ({"recent_share": 0.5, "potential": 0.6}, Finding.TERRITORY),
        ({"recent_share": 0.5}, Finding.STEADY),
        ({"attainment": 0.5, "tier": Tier.SUPPORT}, Finding.BELOW),
        ({"tier": Tier.WATCH}, Finding.BELOW),
    ],
)
def test_findings(change, finding):
    from dataclasses import replace

    assert choose_finding(replace(BASE, **change), DEFAULT) is finding


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"owns": False}, "owns_nothing"),
        ({"conversions": 0}, "no_conversion"),
        ({"conversions": 0, "too_little": True}, "too_little"),
        ({"conversions": 0, "colleagues": 0}, "no_comparison"),
        ({"colleagues": 2}, "no_comparison"),
        ({"tenure_weeks": 3.0}, "too_new"),
        ({"present_lately": 0.2}, "away"),
        ({"chances": 4.0}, "too_few"),
    ],
)
def test_refusals(change, code):
    values = {
        "owns": True,
        "tenure_weeks": 100.0,
        "present_lately": 1.0,
        "chances": 50.0,
        "conversions": 2,
        "colleagues": 10,
        "policy": DEFAULT,
    }
    assert refusal(**{**values, **change}) == code


@pytest.mark.parametrize(("people", "of", "most"), [(9, 10, True), (6, 10, False), (4, 4, False), (0, 0, False)])
def test_behind_is_shared_only_where_most_of_a_team_is(people, of, most):
    assert Behind(people, of).most(DEFAULT) is most
