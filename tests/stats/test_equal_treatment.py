"""Adverse impact, agreement of raters, evenness: published cases, libraries, error rates."""

import csv

import numpy as np
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.contingency_tables import StratifiedTable

from headway.stats.adverse_impact import (
    binomial_deviation,
    fisher,
    four_fifths,
    group_deviation,
    impact_ratios,
    mantel_haenszel,
    ratio_range,
)
from headway.stats.gini import gini, load_index
from headway.stats.rater_agreement import Scale, intraclass, krippendorff, leniency
from tests.paths import shared
from tests.stats.cases import case


def test_four_fifths_as_the_guidelines_print_it():
    found = case("adverse_impact")["eeoc_qa_11"]
    names, rates = list(found["rates"]), np.array(list(found["rates"].values()))
    ratios = dict(zip(names, impact_ratios(rates), strict=True))
    assert {k: round(ratios[k], 2) for k in found["impact_ratio"]} == found["impact_ratio"]
    assert [n for n, adverse in zip(names, four_fifths(rates), strict=True) if adverse] == found["adverse"]


def test_standard_deviations_of_castaneda():
    found = case("adverse_impact")["castaneda_v_partida"]
    seen = binomial_deviation(found["observed"], drawn=found["drawn"], share=found["population_share"])
    wanted = found["recomputed"]
    assert (seen.expected, seen.sd, seen.z) == pytest.approx((wanted["expected"], wanted["sd"], wanted["z"]))


def test_fisher_tea_and_scipy():
    found = case("adverse_impact")["fisher_tea"]
    assert fisher(3, 4, 1, 4).one_sided == pytest.approx(found["p_one_sided"], abs=5e-5)
    rng = np.random.default_rng(3)
    for _ in range(40):
        of, other = (int(v) for v in rng.integers(2, 40, 2))
        hit, other_hit = int(rng.integers(0, of + 1)), int(rng.integers(0, other + 1))
        table = [[hit, of - hit], [other_hit, other - other_hit]]
        ours = fisher(hit, of, other_hit, other)
        assert ours.two_sided == pytest.approx(fisher_exact(table).pvalue, abs=1e-9)
        assert ours.one_sided == pytest.approx(fisher_exact(table, alternative="greater").pvalue, abs=1e-9)
        assert ours.mid_p <= ours.two_sided


def test_admissions_at_berkeley():
    rows = list(csv.reader(shared("published-cases", "adverse_impact", "ucb.csv").read_text().splitlines()))
    wanted = case("adverse_impact")["ucb_admissions"]
    tables = _ucb(rows[1:])
    ours = mantel_haenszel(tables)
    assert ours is not None
    published, exact = wanted["published"], wanted["recomputed"]
    assert ours.odds_ratio == pytest.approx(published["common_or"], abs=1e-6)
    assert (ours.low, ours.high) == pytest.approx(published["or_ci"], abs=1e-6)
    assert ours.chi2 == pytest.approx(published["mh_chi2_corrected"], abs=5e-5)
    assert ours.p_value == pytest.approx(published["p"], abs=5e-5)
    assert ours.chi2_uncorrected == pytest.approx(exact["chi2_uncorrected"])
    assert ours.breslow_day == pytest.approx(exact["breslow_day"])
    assert ours.breslow_day_p == pytest.approx(exact["breslow_day_p"])
    assert ours.crude_odds_ratio == pytest.approx(exact["crude_or"])
    theirs = StratifiedTable(np.moveaxis(tables, 0, 2))
    assert ours.odds_ratio == pytest.approx(theirs.oddsratio_pooled)


def _ucb(rows: list[list[str]]) -> np.ndarray:
    """Departments as tables: men and women, admitted and rejected."""
    return np.array([[float(v) for v in row[1:]] for row in rows]).reshape(-1, 2, 2)


def test_equal_groups_rarely_look_unequal_by_retention():
    """The simulation of the published case: on flags the ratio fires mostly by chance, on retention hardly ever."""
    rng = np.random.default_rng(11)
    for row in case("adverse_impact")["chance_of_rule_firing_without_any_difference"]:
        a, b = (rng.binomial(row[n], row["retain_rate"], 40_000) / row[n] for n in ("nA", "nB"))
        assert np.mean(np.minimum(a, b) / np.maximum(a, b) < 0.8) == pytest.approx(
            row["p_retention_ratio_below_0_8"], abs=0.005
        )


def test_mid_p_keeps_its_error_rate():
    rng = np.random.default_rng(5)
    p = [fisher(int(rng.binomial(35, 0.1)), 35, int(rng.binomial(65, 0.1)), 65).mid_p for _ in range(2000)]
    assert 0.02 < np.mean(np.array(p) <= 0.05) <= 0.055


def test_nothing_to_compare_is_said():
    assert group_deviation(0, 10, 0, 10) is None
    assert ratio_range(0, 5, 5, 5) is None
    assert mantel_haenszel(np.array([[[0.0, 5], [0, 7]]])) is None
    with pytest.raises(ValueError, match="above zero"):
        impact_ratios(np.zeros(2))


def test_shrout_and_fleiss():
    found = case("rater_agreement")["shrout_fleiss"]
    seen = intraclass(np.array(found["ratings"]))
    ours = (seen.icc1, seen.icc2, seen.icc3, seen.icc1k, seen.icc2k, seen.icc3k)
    assert ours == pytest.approx(found["recomputed"])
    assert [round(v, 2) for v in ours] == list(found["published"].values())


def test_krippendorff():
    found = case("rater_agreement")["krippendorff"]
    ratings = np.array([[np.nan if v is None else v for v in row] for row in found["ratings"]], dtype=float)
    for scale in Scale:
        assert krippendorff(ratings, scale=scale) == pytest.approx(found["recomputed"][scale])


def test_leniency_finds_the_lenient_and_spares_the_rest():
    rng = np.random.default_rng(2)
    rater = np.repeat(np.arange(10), 8)
    equal = [leniency(rng.normal(0, 1, 80), rater, raters=10) for _ in range(200)]
    wrong = np.mean([((found.low > 0) | (found.high < 0)).any() for found in equal])
    assert wrong <= 0.20  # any of ten raters
    shifted = leniency(rng.normal(0, 0.5, 80) + np.where(rater == 3, 1.5, 0.0), rater, raters=10)
    assert shifted.low[3] > 0
    assert (np.flatnonzero(shifted.low > 0) == [3]).all()


def test_gini_and_load():
    found = case("gini_territory")
    x = np.array(found["x"])
    assert gini(x) == pytest.approx(found["published"]["gini"], abs=5e-8)
    slow = np.abs(x[:, None] - x[None, :]).sum() / (2 * x.size**2 * x.mean())
    assert gini(x) == pytest.approx(slow)
    assert gini(x, corrected=True) == pytest.approx(slow * x.size / (x.size - 1))
    load = load_index(np.array([1.0, 1.1, 0.6, 1.3]))
    assert load.index.mean() == pytest.approx(1.0)
    assert load.balanced.tolist() == [True, True, False, False]
