"""The methods behind a verdict: errors as stated, on draws of their own, and equal to a library."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import ndtri

from headway.stats.alpha_spending import look_levels
from headway.stats.interrupted_series import step_change
from headway.stats.real_change import real_change
from headway.stats.regression_to_mean import effect_beyond_return, return_after_selection

SEED = 7


def test_planned_looks_err_as_stated_on_other_draws():
    levels = np.array(look_levels(26))
    walks = np.random.default_rng(SEED + 1).standard_normal((40_000, 26)).cumsum(axis=1) / np.sqrt(np.arange(1, 27))
    ever = (walks > ndtri(1 - np.maximum(levels, 1e-12))).any(axis=1).mean()
    assert 0.045 < ever < 0.055


def test_a_real_change_is_told_from_a_level_that_was_expected():
    rng = np.random.default_rng(SEED)
    k, p = 3, np.array([28.0, 11.0, 5.0])
    mean, covariance = np.array([-0.3, -0.2, -0.1]), 0.02 * np.eye(k)
    told = {
        "directions": np.concatenate([np.full((1, k), 0.25), 0.4 * np.eye(k)]),
        "shares": np.array([0.55, 0.15, 0.15, 0.15]),
        "slope": np.array([0.7, 0.5, 0.7]),
    }

    def judged(shift):
        level = rng.multivariate_normal(mean, covariance) + shift
        b = p * (level + rng.standard_normal(k) / np.sqrt(p))
        return real_change(np.ones(1), mean[None], covariance[None], b=b, p=p, **told)

    same = np.array([judged(0.0).p_value for _ in range(600)])
    assert (same <= 0.05).mean() == pytest.approx(0.05, abs=0.025)
    assert np.mean(same) == pytest.approx(0.5, abs=0.05)
    gained = [judged(0.6) for _ in range(100)]
    assert np.mean([g.p_value <= 0.05 for g in gained]) > 0.6
    for found in gained[:5]:
        priors = {"prior_gain": 0.35, "prior_loss": 0.1}
        points = [found.quantile(q, **priors) for q in (0.05, 0.5, 0.95)]
        assert points == sorted(points)
        assert found.above(points[2], **priors) == pytest.approx(0.05, abs=0.01)
        assert points[0] - 1e-9 <= found.mean(**priors) <= points[2]


def test_nothing_since_the_day_is_refused():
    with pytest.raises(ValueError, match="no evidence"):
        real_change(
            np.ones(1), np.zeros((1, 1)), np.ones((1, 1, 1)), b=np.zeros(1), p=np.zeros(1),
            directions=np.ones((1, 1)), shares=np.ones(1), slope=np.ones(1),
        )  # fmt: skip


def test_a_step_in_a_series_equals_statsmodels():
    rng = np.random.default_rng(SEED)
    exposure, after = rng.uniform(50, 150, 40), np.arange(40) >= 25
    counts = rng.poisson(exposure * np.where(after, 0.14, 0.1)).astype(float)
    found = step_change(counts, exposure=exposure, after=after)
    design = np.column_stack([np.ones(40), after, np.arange(40)])
    theirs = sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(exposure)).fit(scale="X2")
    assert found.ratio == pytest.approx(np.exp(theirs.params[1]), rel=1e-5)
    assert (found.low, found.high) == pytest.approx(tuple(np.exp(theirs.conf_int()[1])), rel=1e-4)
    with pytest.raises(ValueError, match="before and after"):
        step_change(counts, exposure=exposure, after=np.zeros(40, dtype=bool))


def test_what_cannot_vary_is_refused():
    with pytest.raises(ValueError, match="must vary"):
        return_after_selection(mean=1.0, cut=0.5, between=0.0, within=0.0)
    with pytest.raises(ValueError, match="three people"):
        effect_beyond_return(np.ones(4), np.arange(4.0), population_mean=1.0)
