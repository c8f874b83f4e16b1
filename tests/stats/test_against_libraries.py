"""Compared with independent libraries, slow plain versions, and properties."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, norm

from headway.stats.change_point import before_given_all, change_posterior, with_learnt_rate
from headway.stats.conjugate import pool_success_rates
from headway.stats.false_discovery import benjamini_hochberg, largest_set
from headway.stats.incidence import success_delay
from headway.stats.logistic import fit_binomial, fit_poisson
from headway.stats.mixture_prior import average_posterior, prior_family, shifted_by_doubt
from headway.stats.normal_means import paule_mandel
from headway.stats.random_effects import fit_covariance, fit_group_means
from headway.stats.shapley import shapley_split
from headway.stats.spread import mean_spread, rate_spread

SEED = 7


def test_regressions_equal_statsmodels():
    rng = np.random.default_rng(SEED)
    x = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    trials = rng.integers(1, 20, 300).astype(float)
    eta = x @ [-0.5, 0.4, -0.3]
    wins = rng.binomial(trials.astype(int), 1 / (1 + np.exp(-eta))).astype(float)
    tiny, zero = np.full(3, 1e-10), np.zeros(300)
    ours = fit_binomial(x, successes=wins, trials=trials, offset=zero, penalty=tiny)
    theirs = sm.GLM(np.column_stack([wins, trials - wins]), x, family=sm.families.Binomial()).fit()
    assert ours.coefficients == pytest.approx(theirs.params, abs=1e-6)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse, rel=1e-4)
    counts = rng.poisson(trials * np.exp(eta)).astype(float)
    poisson = fit_poisson(x, counts=counts, exposure=trials, offset=zero, penalty=tiny)
    fit = sm.GLM(counts, x, family=sm.families.Poisson(), exposure=trials).fit()
    assert poisson.coefficients == pytest.approx(fit.params, abs=1e-6)


def test_separation_stays_finite():
    x = np.column_stack([np.ones(6), np.array([0, 0, 0, 1, 1, 1.0])])
    won = np.array([0, 0, 0, 1, 1, 1.0])
    found = fit_binomial(x, successes=won, trials=np.ones(6), offset=np.zeros(6), penalty=np.ones(2))
    assert found.converged
    assert np.isfinite(found.coefficients).all()


def test_paule_mandel_equals_statsmodels():
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(SEED)
    variance = rng.uniform(0.5, 2, 15)
    y = rng.normal(0, 2, 15) + rng.normal(0, np.sqrt(variance))
    theirs = combine_effects(y, variance, method_re="iterated", atol=1e-10)
    assert paule_mandel(y, variance) == pytest.approx(theirs.tau2, abs=1e-5)


def test_benjamini_hochberg_equals_statsmodels():
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(SEED).uniform(size=50)
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_spread_equals_scipy():
    wins, n = np.array([9.0, 20, 31]), np.array([30.0, 40, 70])
    theirs = chi2_contingency(np.column_stack([wins, n - wins]), correction=False)
    ours = rate_spread(wins, n)
    assert ours is not None
    assert (ours.statistic, ours.df, ours.p_value) == pytest.approx((theirs.statistic, 2, theirs.pvalue))


@pytest.mark.parametrize("wins", [[5.0, 5.0], [0.0, 0.0], [5.0]])
def test_spread_refuses_what_cannot_be_compared(wins):
    assert rate_spread(np.array(wins), np.full(len(wins), 5.0)) is None


def test_mean_spread_needs_two():
    assert mean_spread(np.array([1.0]), np.array([1.0])) is None


def test_covariance_is_found_again():
    rng = np.random.default_rng(SEED)
    true = np.array([[0.09, 0.04], [0.04, 0.06]])
    theta = rng.multivariate_normal([0, 0], true, 4000)
    precision = rng.uniform(20, 60, (4000, 2))
    z = theta + rng.normal(size=theta.shape) / np.sqrt(precision)
    found = fit_covariance(z, precision, prior=np.eye(2) * 0.01, prior_weight=1.0, rounds=200)
    assert found == pytest.approx(true, abs=0.012)


def test_change_point_equals_brute_force():
    """One effect, three periods, one candidate: compare with integration over a fine grid."""
    b, p = np.array([[[2.0], [1.0], [-4.0]]]), np.array([[[3.0], [2.0], [4.0]]])
    sigma, change = np.array([[0.5]]), np.array([[[0.8]]])
    found = change_posterior(b, p, candidates=np.array([2]), sigma=sigma, change=change, prior_change=np.array([[0.3]]))
    grid = np.linspace(-8, 8, 1601)
    first, last = grid[:, None], grid[None, :]
    prior = norm.pdf(first, 0, 0.5**0.5)
    early = np.exp(3.0 * first - 0.5 * 5.0 * first**2)
    moved = prior * norm.pdf(last, first, 0.8**0.5) * early * np.exp(-4.0 * last - 0.5 * 4.0 * last**2)
    still = norm.pdf(grid, 0, 0.5**0.5) * np.exp(-1.0 * grid - 0.5 * 9.0 * grid**2)
    step = grid[1] - grid[0]
    evidence = np.array([0.7 * still.sum() * step, 0.3 * moved.sum() * step**2])
    assert found.weight[0] == pytest.approx(evidence / evidence.sum(), rel=1e-4)
    assert found.mean[0, 1, 0] == pytest.approx((moved * last).sum() / moved.sum(), rel=1e-4)
    assert found.before[0, 1, 0] == pytest.approx(float(norm_mean(prior[:, 0] * early[:, 0], grid)), rel=1e-4)
    before = before_given_all(found, change=change)
    mean, now = (moved * first).sum() / moved.sum(), (moved * last).sum() / moved.sum()
    assert before.mean[0, :, 0] == pytest.approx([norm_mean(still, grid), mean], rel=1e-4)
    assert before.covariance[0, 1, 0, 0] == pytest.approx((moved * (first - mean) ** 2).sum() / moved.sum(), rel=1e-4)
    assert before.cross[0, 1, 0, 0] == pytest.approx(
        (moved * (first - mean) * (last - now)).sum() / moved.sum(), rel=1e-4
    )


def norm_mean(weight, grid):
    return (weight * grid).sum() / weight.sum()


def test_delay_is_right_under_censoring_and_silent_losses():
    rng = np.random.default_rng(SEED)
    n = 60_000
    success, wait = rng.random(n) < 0.3, rng.geometric(0.2, n) - 1
    seen_for = rng.integers(0, 60, n)
    lag = np.where(success & (wait <= seen_for), wait, -1)
    delay = success_delay(lag, seen_for, weight=np.ones(n), periods=60)
    assert delay.eventual == pytest.approx(0.3, abs=0.01)
    assert delay.cumulative[4] == pytest.approx(1 - 0.8**5, abs=0.02)
    with pytest.raises(ValueError, match="no success"):
        success_delay(np.full(5, -1), np.full(5, 3), weight=np.ones(5), periods=5)


def test_largest_set_is_the_largest_within_its_share():
    p_under = np.array([0.99, 0.9, 0.8, 0.6, 0.2])
    p_fine = np.array([0.0, 0.05, 0.1, 0.25, 0.7])
    found = largest_set(p_under, p_fine, share=0.10, eligible=np.ones(5, bool))
    assert found.chosen.tolist() == [True, True, True, True, False]
    assert found.expected_share == pytest.approx(0.10)
    nobody = largest_set(p_under, np.ones(5), share=0.10, eligible=np.ones(5, bool))
    assert nobody.expected_share is None


def test_two_group_prior_is_calibrated_over_its_posterior():
    """Among people with a stated chance of p of being under, about a share p is."""
    rng = np.random.default_rng(SEED)
    grid = np.arange(-2.4, 1.6, 0.02)
    family = prior_family(grid)
    stated, true = [], []
    for _ in range(20):
        low = rng.random(100) < 0.2
        theta = np.where(low, rng.normal(-0.5, 0.15, 100), rng.normal(0.05, 0.15, 100))
        sd = rng.uniform(0.1, 0.3, 100)
        y = theta + rng.normal(size=100) * sd
        posterior = average_posterior(-0.5 * ((y[:, None] - grid) / sd[:, None]) ** 2, family, noise=sd**2)
        stated.append(posterior.below(-0.357))
        true.append(theta < -0.357)
        low_end, high_end = posterior.quantile(0.05), posterior.quantile(0.95)
        assert ((theta > low_end) & (theta < high_end)).mean() > 0.78
    p, under = np.concatenate(stated), np.concatenate(true)
    for low_edge, high_edge in ((0.0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1.0)):
        here = (p >= low_edge) & (p <= high_edge)
        assert under[here].mean() == pytest.approx(p[here].mean(), abs=0.08)


def test_without_spread_the_posterior_collapses_to_nobody_differs():
    rng = np.random.default_rng(SEED)
    grid = np.arange(-2.4, 1.6, 0.02)
    y = rng.normal(0, 0.2, 100)
    posterior = average_posterior(-0.5 * ((y[:, None] - grid) / 0.2) ** 2, prior_family(grid), noise=np.full(100, 0.04))
    assert posterior.below(np.log(0.7)).max() < 0.2
    assert posterior.spread < 0.2


def test_beta_binomial_recovers_its_prior():
    rng = np.random.default_rng(SEED)
    n = rng.integers(20, 80, 3000).astype(float)
    wins = rng.binomial(n.astype(int), rng.beta(6, 14, 3000)).astype(float)
    found = pool_success_rates(wins, n)
    assert (found.a, found.b) == pytest.approx((6, 14), rel=0.12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=1, max_size=6),
    st.floats(-3, 3),
)
def test_shapley_parts_add_up(pairs, shift):
    start, end = (np.array(side) for side in zip(*pairs, strict=True))

    def value(f):
        return np.asarray(f.prod(axis=-1) + shift * f.sum(axis=-1))

    parts = shapley_split(value, start, end)
    assert parts.sum() == pytest.approx(float(value(end) - value(start)), rel=1e-9, abs=1e-6)


def test_a_shared_shift_adds_its_variance_and_moves_nobody():
    grid = np.arange(-2.4, 1.6, 0.02)
    y = np.array([-0.4, 0.0, 0.2])
    found = average_posterior(-0.5 * ((y[:, None] - grid) / 0.1) ** 2, prior_family(grid), noise=np.full(3, 0.01))
    wider = shifted_by_doubt(found, np.array([0.0, 0.01, 0.04]))
    assert wider.mean == pytest.approx(found.mean, abs=1e-6)
    assert wider.variance - found.variance == pytest.approx([0.0, 0.01, 0.04], abs=1e-5)
    kernel = np.exp(-0.5 * (np.arange(-60, 61) * 0.02 / 0.1) ** 2)
    plain = np.convolve(found.density[1], kernel / kernel.sum(), mode="same")
    assert wider.density[1] == pytest.approx(plain, abs=1e-9)


def test_group_means_of_one_measure_equal_weighted_least_squares():
    rng = np.random.default_rng(SEED)
    x = np.column_stack([np.ones(60), rng.normal(size=60)])
    precision = rng.uniform(2, 30, 60)
    z = x @ [0.2, -0.4] + rng.normal(size=60) * np.sqrt(0.1 + 1 / precision)
    found = fit_group_means(z[:, None], precision[:, None], x, sigma=np.array([[0.1]]), penalty=np.full(2, 1e-9))
    wanted = sm.WLS(z, x, weights=1 / (0.1 + 1 / precision)).fit(cov_type="fixed scale")
    assert found.mean[:, 0] == pytest.approx(wanted.fittedvalues)
    assert found.variance(np.ones((60, 1))) == pytest.approx(((x @ wanted.cov_params()) * x).sum(1))


def test_the_rate_of_changes_is_learnt_from_everybody():
    """Where nobody changes the rate falls, where many do it rises; the doubt about one person follows."""
    rng = np.random.default_rng(SEED)
    given = {"candidates": np.arange(5, 40, 5), "sigma": np.array([[0.05]]), "change": np.array([[[0.2]]])}
    prior = np.full((200, 7), 0.05)
    learnt = {}
    for share in (0.0, 0.6):
        drop = np.where(rng.random(200) < share, -0.8, 0.0)[:, None] * (np.arange(45) >= 20)
        b = (3.0 * drop + rng.normal(size=(200, 45)) * np.sqrt(3.0))[:, :, None]
        plain = change_posterior(b, np.full((200, 45, 1), 3.0), prior_change=prior, **given)
        found = with_learnt_rate(plain, prior, strength=5.0)
        assert found.weight.sum(1) == pytest.approx(1.0)
        learnt[share] = 1 - found.weight[:, 0].mean(), 1 - plain.weight[:, 0].mean()
    assert learnt[0.0][0] < 0.5 * learnt[0.0][1]
    assert learnt[0.6][0] > learnt[0.6][1]
