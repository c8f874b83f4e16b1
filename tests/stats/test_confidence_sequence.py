"""Weekly looks: the published values, the stated error over all looks, and the price in width."""

import numpy as np
import pytest

from headway.stats.confidence_sequence import (
    best_rho,
    crossing_probability,
    one_sided_bound,
    one_sided_log_mixture,
    one_sided_rho,
    planned_looks,
    two_sided_bound,
    two_sided_log_mixture,
)
from tests.stats.cases import case


def test_reference_values_of_the_authors():
    wanted = case("confseq_reference_values")["reference"]
    rho = best_rho(100, 0.05)
    assert rho == pytest.approx(wanted["best_rho_v100_a05"], abs=1e-5)
    assert two_sided_log_mixture(10, 100, rho) == pytest.approx(wanted["two_sided_log_mixture_s10_v100"], abs=1e-5)
    assert two_sided_bound(100, alpha=0.05, rho=rho) == pytest.approx(wanted["two_sided_bound_v100_a05"], abs=1e-5)
    rho = one_sided_rho(100, 0.05)
    assert one_sided_log_mixture(10, 100, rho) == pytest.approx(wanted["one_sided_log_mixture_s10_v100"], abs=1e-5)
    assert one_sided_bound(100, alpha=0.05, rho=rho) == pytest.approx(wanted["one_sided_bound_v100_a05"], abs=1e-5)


def test_open_ended_looks_err_less_often_than_stated():
    found = case("confseq_reference_values")
    times = np.arange(1.0, 401.0)
    bound = two_sided_bound(times, alpha=0.05, rho=best_rho(100, 0.05))
    assert crossing_probability(times, bound) == pytest.approx(
        found["monte_carlo_crossing_probability_400_looks"], abs=2e-3
    )


@pytest.mark.parametrize("looks", [4, 8, 13, 26])
def test_planned_looks_err_as_stated_and_cost_at_most_a_third_more_width(looks):
    plan = planned_looks(looks)
    steps = np.random.default_rng(looks).standard_normal((100_000, looks))
    z = steps.cumsum(axis=1) / np.sqrt(np.arange(1, looks + 1))
    ever = (np.abs(z) > np.array(plan.multipliers)).any(axis=1).mean()
    assert ever == pytest.approx(0.05, abs=0.0022)
    assert np.median(plan.multipliers) / plan.single <= 1.35
    assert plan.multipliers[-1] / plan.single <= 1.35


def test_weekly_looks_at_a_win_rate_hold_together():
    """Not normal data but deals: 13 weeks of five decisions; how often the true rate is ever left out."""
    rng, plan, wrong = np.random.default_rng(13), planned_looks(13), 0
    for _ in range(1_500):
        wins = rng.binomial(5, 0.3, 13).cumsum()
        spans = [plan.share_interval(k, successes=w, trials=5.0 * k) for k, w in enumerate(wins, 1)]
        wrong += any(not low <= 0.3 <= high for low, high in spans)
    assert wrong / 1_500 <= 0.06


def test_one_look_is_the_ordinary_interval_and_unplanned_looks_are_refused():
    assert planned_looks(1).interval(1, estimate=0.0, standard_error=1.0) == pytest.approx((-1.96, 1.96), abs=1e-3)
    with pytest.raises(ValueError, match="not planned"):
        planned_looks(4).interval(5, estimate=0.0, standard_error=1.0)
    with pytest.raises(ValueError, match="positive"):
        planned_looks(4).interval(1, estimate=0.0, standard_error=0.0)
