"""Each method reproduces the worked example of the literature it comes from."""

import numpy as np
import pytest
import statsmodels.api as sm

from headway.stats.conjugate import averaged_event_rates, pool_event_rates
from headway.stats.control_charts import ewma, risk_adjusted_weights, tabular_cusum
from headway.stats.false_discovery import benjamini_hochberg
from headway.stats.funnel_limits import binomial_limits, rate_overdispersion
from headway.stats.incidence import success_delay
from headway.stats.interrupted_series import step_change
from headway.stats.lmdi import additive_split, multiplicative_split
from headway.stats.normal_means import (
    dersimonian_laird,
    fixed_effect_mean,
    heterogeneity_q,
    james_stein,
    paule_mandel,
    pool_means,
)
from headway.stats.ramp_curve import fit_ramp
from headway.stats.regression_to_mean import effect_beyond_return, return_after_selection
from headway.stats.reliability import needed_for, reliability
from headway.stats.shapley import product_split
from tests.paths import shared
from tests.stats.cases import case


def test_eight_schools_say_nobody_differs():
    found = case("eight_schools")
    y, se = (np.array(found["inputs"][key]) for key in ("y", "se"))
    assert fixed_effect_mean(y, se**2) == pytest.approx((7.685617, 4.071919), abs=1e-5)
    assert heterogeneity_q(y, se**2) == pytest.approx(found["recomputed"]["Q"])
    assert dersimonian_laird(y, se**2) == paule_mandel(y, se**2) == 0.0
    assert np.ptp(pool_means(y, se**2).estimates) == 0.0


def test_baseball_averages_shrink_as_efron_and_morris_printed():
    found = case("efron_morris_baseball")
    hits = np.array(found["inputs"]["hits"], dtype=float)
    x = np.sqrt(45) * np.arcsin(2 * np.array(found["inputs"]["average_first_45"]) - 1)
    back = (np.sin(james_stein(x, 1.0) / np.sqrt(45)) + 1) / 2
    assert np.round(back, 3) == pytest.approx(found["published"]["js_estimates_back_transformed_1975"], abs=1.1e-3)
    mean = hits.mean() / 45
    plain = james_stein(hits / 45, mean * (1 - mean) / 45)
    assert plain == pytest.approx(found["recomputed"]["js_1977_scale"], abs=4e-4)


def test_pumps():
    found = case("pumps_gamma_poisson")
    pooled = pool_event_rates(np.array(found["inputs"]["events"], float), np.array(found["inputs"]["exposure"], float))
    wanted = found["marginal_ml_empirical_bayes"]
    assert (pooled.a, pooled.b) == pytest.approx((wanted["alpha"], wanted["beta"]), rel=1e-3)
    assert pooled.mean == pytest.approx(wanted["theta"], rel=1e-3)


def test_pumps_with_the_priors_own_doubt_as_bugs_printed():
    found = case("pumps_gamma_poisson")
    events, exposure = (np.array(found["inputs"][key], float) for key in ("events", "exposure"))
    pooled = averaged_event_rates(events, exposure)
    exact, printed = found["exact_quadrature"], found["published"]
    assert (pooled.a, pooled.b) == pytest.approx((exact["alpha"], exact["beta"]), rel=1e-3)
    assert pooled.mean == pytest.approx(exact["theta_mean"], rel=1e-3)
    assert pooled.sd == pytest.approx(exact["theta_sd"], rel=1e-3)
    assert pooled.mean == pytest.approx(printed["theta_mean"], rel=0.02)
    assert pooled.sd == pytest.approx(printed["theta_sd"], rel=0.04)


def test_lmdi_splits_add_up_as_published():
    found = case("lmdi_simple")
    years = [np.array(found["inputs"][year], float) for year in ("1971", "1972", "1973", "1974")]
    for place, year in enumerate(("1972", "1973", "1974")):
        before, after = years[place], years[place + 1]
        parts = additive_split(before, after)
        assert parts == pytest.approx(found["published_additive"][year], abs=1e-6)
        assert parts.sum() == pytest.approx(found["totals"]["dV"][place])
        ratios = multiplicative_split(before, after)
        assert ratios == pytest.approx(found["published_multiplicative"][year], abs=1e-6)
    with pytest.raises(ValueError, match="positive"):
        additive_split(np.array([[1.0, 0.0]]), np.array([[1.0, 2.0]]))


def test_das_gupta_tables_under_lmdi():
    for table in case("das_gupta_1993_decomposition")["tables"].values():
        parts = additive_split(np.array([table["pop1"]]), np.array([table["pop2"]]))
        assert parts == pytest.approx(table["lmdi_recomputed"], rel=1e-9)


def test_the_sleep_study_by_the_library_our_pooling_is_compared_with():
    """Random intercepts and slopes: the published fit, and our group means given its variances."""
    rows = np.genfromtxt(
        shared("published-cases", "sleepstudy_mixed_model", "sleepstudy.csv"), delimiter=",", skip_header=1
    )
    subject, days, reaction = rows.T
    found = case("sleepstudy_mixed_model")
    design = np.column_stack([np.ones_like(days), days])
    fit = sm.MixedLM(reaction, design, subject, exog_re=design).fit(reml=True)
    assert fit.fe_params == pytest.approx(found["published"]["fixef"], abs=0.002)
    assert fit.bse_fe == pytest.approx(found["published"]["se"], abs=0.002)
    assert np.sqrt(np.diag(fit.cov_re)) == pytest.approx(
        (found["published"]["sd_intercept"], found["published"]["sd_slope"]), abs=0.02
    )
    assert np.sqrt(fit.scale) == pytest.approx(found["published"]["sd_resid"], abs=0.02)
    # slopes of people alone, pooled by our own method with the published spread
    people = np.unique(subject)
    slopes = np.array([np.polyfit(days[subject == s], reaction[subject == s], 1)[0] for s in people])
    noise = fit.scale / ((days[subject == people[0]] - days[subject == people[0]].mean()) ** 2).sum()
    pooled = pool_means(slopes, np.full(people.size, noise))
    assert pooled.mean == pytest.approx(found["published"]["fixef"][1], abs=0.002)
    assert np.sqrt(pooled.tau2) == pytest.approx(found["published"]["sd_slope"], abs=0.02)


def test_benjamini_and_hochberg():
    found = case("benjamini_hochberg_1995")
    adjusted = benjamini_hochberg(np.array(found["inputs"]["p_values"]))
    assert adjusted == pytest.approx(found["recomputed"]["bh_adjusted"])
    assert (adjusted <= 0.05).sum() == found["published"]["bh_rejections"]


def test_funnel_plot():
    found = case("funnel_plot_formulas")
    events, n = (np.array(found["inputs"][key]) for key in ("events", "n"))
    wanted = found["recomputed"]
    limits = binomial_limits(n, target=wanted["target"], levels=np.array([0.001, 0.025, 0.975, 0.999]))
    assert limits == pytest.approx(np.array(wanted["limits_001_025_975_999"]), abs=1e-9)
    spread = rate_overdispersion(events, n, target=wanted["target"])
    assert spread.phi == pytest.approx(wanted["phi"])
    assert spread.tau2 == pytest.approx(wanted["tau2"])
    assert spread.z_adjusted == pytest.approx(wanted["z_od"])


def test_reliability_of_profiling():
    found = case("reliability_of_profiling")
    for row in found["sales_table_recomputed"]:
        rate = row["win_rate"]
        seen = reliability(row["sd_true_rate"] ** 2, rate * (1 - rate), row["deals_decided"])
        assert float(seen) == pytest.approx(row["reliability"], abs=0.005)
    assert needed_for(0.7, between=0.06**2, within=0.25 * 0.75) == pytest.approx(found["deals_needed_for_0_70"])


def test_das_gupta_decompositions():
    for table in case("das_gupta_1993_decomposition")["tables"].values():
        first, second = np.array(table["pop1"]), np.array(table["pop2"])
        parts = product_split(first, second)
        assert parts == pytest.approx(table["shapley_recomputed"], rel=1e-9)
        assert parts.sum() == pytest.approx(second.prod() - first.prod(), rel=1e-12)


def test_steiner_weights():
    for example in case("steiner_2000_ra_cusum")["cases"]:
        rows = np.array(example["rows"])
        expected = 1 / (1 + np.exp(-(example["model"]["b0"] + example["model"]["b1"] * rows[:, 0])))
        weights = risk_adjusted_weights(rows[:, 1], expected, odds_ratio=example["RA"])
        assert weights == pytest.approx(rows[:, 2], abs=6e-4)
    other = case("steiner_2000_ra_cusum")["second_example"]
    chance = 1 / (1 + np.exp(-(other["model"]["b0"] + other["model"]["b1"] * other["parsonnet"])))
    weight = risk_adjusted_weights(np.array([other["died"]]), np.array([chance]), odds_ratio=other["RA"])
    assert weight[0] == pytest.approx(other["weight"], abs=2e-4)


def test_nist_charts():
    found = case("nist_cusum_ewma")
    e, c = found["ewma"], found["cusum"]
    chart, low, high = ewma(np.array(e["x"]), start=e["start"], weight=e["lam"], sd=e["s"], width=e["k"])
    assert chart.values == pytest.approx(e["published_ewma"], abs=e["tolerance"])
    assert (low, high) == pytest.approx((e["LCL"], e["UCL"]), abs=2e-3)
    assert chart.first_signal is None
    up, down = tabular_cusum(np.array(c["x"]), target=c["target"], slack=c["k"], limit=c["h"])
    assert up.values == pytest.approx(c["recomputed_S_hi"], abs=1e-6)
    assert down.values == pytest.approx(c["recomputed_S_lo"], abs=1e-6)
    assert up.first_signal is not None
    assert up.first_signal + 1 == c["published"]["first_signal_index"]


def test_ramp_of_misra1a():
    found = case("nist_strd_misra1a_ramp")
    curve = fit_ramp(np.array(found["x"]), np.array(found["y"]))
    wanted = found["certified"]
    assert (curve.full, curve.speed) == pytest.approx((wanted["a"], wanted["b"]), rel=1e-6)
    assert (curve.se_full, curve.se_speed) == pytest.approx((wanted["se_a"], wanted["se_b"]), rel=1e-4)


def test_time_to_success_equals_kaplan_meier_on_freireich():
    found = case("freireich_survival")["six_mp"]
    weeks, event = np.array(found["weeks"]), np.array(found["event"])
    # no competing loss: open items leave the at-risk set when their observation ends
    delay = success_delay(np.where(event == 1, weeks, -1), weeks, weight=np.ones(21), periods=36, least_at_risk=1)
    surviving = 1 - delay.eventual * delay.cumulative
    for week, share in case("freireich_survival")["published"]["km_6mp"].items():
        assert surviving[int(week)] == pytest.approx(share, abs=1e-3)


def test_students_who_failed_come_back_by_themselves():
    found = case("regression_to_the_mean")["mee_chua"]
    before, after = np.array(found["before"], float), np.array(found["after"], float)
    for mean, wanted in found["regression_on_centred_baseline"].items():
        seen = effect_beyond_return(before, after, population_mean=float(mean))
        assert (seen.effect, seen.standard_error, seen.t, seen.p_value, seen.slope) == pytest.approx(
            (wanted["intercept_effect"], wanted["se"], wanted["t"], wanted["p_one_sided_gain"], wanted["slope"]),
            abs=1e-6,
        )


def test_those_picked_by_a_cut_come_back_as_barnett_printed():
    found = case("regression_to_the_mean")["barnett_formula"]
    mean, sd, cut = (found["population"][key] for key in ("mean", "sd", "cut"))
    for row in found["table"]:
        back = return_after_selection(mean=mean, cut=cut, between=row["rho"] * sd**2, within=(1 - row["rho"]) * sd**2)
        assert back == pytest.approx(row["formula"], abs=1e-6)
        assert back == pytest.approx(row["monte_carlo"], abs=0.06)


def test_smoking_ban_of_sicily():
    found = case("sicily_its")
    rows = np.genfromtxt(shared("published-cases", "sicily_its", "sicily.csv"), delimiter=",", names=True)
    counts, exposure = rows["aces"], rows["stdpop"]
    after = rows["smokban"] == 1
    plain = step_change(counts, exposure=exposure, after=after, overdispersed=False)
    season = step_change(counts, exposure=exposure, after=after, season_length=12)
    for seen, key in ((plain, "step_poisson_rr"), (season, "seasonal_rr")):
        assert (seen.ratio, seen.low, seen.high) == pytest.approx(found["published"][key], abs=1e-3)
        assert (seen.ratio, seen.low, seen.high) == pytest.approx(found["recomputed"][key], abs=1e-5)
    assert season.dispersion == pytest.approx(found["recomputed"]["dispersion"], abs=1e-5)
