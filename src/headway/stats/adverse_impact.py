"""Are groups treated alike? Ratios of retention, exact tests, standard deviations, strata.

Sources: Uniform Guidelines 29 CFR 1607.4(D) and Questions and Answers, 44 FR 11996, Q11 (four-fifths);
Castaneda v. Partida 430 U.S. 482 fn. 17 (standard deviations); Fisher 1935, Lancaster 1961 (mid-p);
Mantel and Haenszel 1959, Robins, Breslow and Greenland 1986 (interval); Breslow and Day 1980.
Checked against `published-cases/adverse_impact`, scipy and statsmodels. Ratios of rare bad outcomes fire
mostly by chance: `four_fifths` takes retention (the share not flagged) and nothing else.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, hypergeom, norm

from headway.stats.arrays import Floats

FOUR_FIFTHS = 0.8


def impact_ratios(rates: Floats) -> Floats:
    """Each group's favourable rate over the highest one; 1 for the highest. Rates in [0, 1], one above 0."""
    if rates.size == 0 or not np.isfinite(rates).all() or (rates < 0).any() or (rates > 1).any():
        raise ValueError("rates lie between 0 and 1")
    highest = float(rates.max())
    if highest == 0.0:
        raise ValueError("an impact ratio needs a group with a favourable rate above zero")
    return np.asarray(rates / highest)


def four_fifths(rates: Floats) -> np.ndarray:
    """Whether a group's favourable rate is less than four fifths of the highest (True = adverse)."""
    return np.asarray(impact_ratios(rates) < FOUR_FIFTHS - 1e-12)


@dataclass(frozen=True)
class Deviation:
    """Observed against expected: `z` in standard deviations (negative: fewer than expected)."""

    expected: float
    sd: float
    z: float


def binomial_deviation(observed: float, *, drawn: float, share: float) -> Deviation:
    """How far `observed` of `drawn` lies from what a population share leads to expect (Castaneda)."""
    if not 0.0 < share < 1.0 or drawn <= 0:
        raise ValueError("a deviation needs a share between 0 and 1 and somebody drawn")
    expected, sd = drawn * share, float(np.sqrt(drawn * share * (1.0 - share)))
    return Deviation(expected, sd, (observed - expected) / sd)


def group_deviation(hit: int, of: int, other_hit: int, other_of: int) -> Deviation | None:
    """Hits in a group against what its share of all people leads to expect (hypergeometric); None where
    everybody or nobody was hit, or a group is empty."""
    everybody, hits = of + other_of, hit + other_hit
    if of <= 0 or other_of <= 0 or hits <= 0 or hits >= everybody:
        return None
    expected = hits * of / everybody
    variance = hits * (of / everybody) * (other_of / everybody) * (everybody - hits) / (everybody - 1)
    sd = float(np.sqrt(variance))
    return Deviation(expected, sd, (hit - expected) / sd)


@dataclass(frozen=True)
class Fisher:
    """Exact test of a 2 x 2 table with its margins fixed. one_sided: as many hits in the first row, or more;
    two_sided: tables at most as likely; mid_p: two-sided, the tables as likely as this one counting half."""

    one_sided: float
    two_sided: float
    mid_p: float


def fisher(hit: int, of: int, other_hit: int, other_of: int) -> Fisher:
    """Exact test of `hit` of `of` against `other_hit` of `other_of`. Raises ValueError on impossible counts."""
    if not (0 <= hit <= of and 0 <= other_hit <= other_of and of > 0 and other_of > 0):
        raise ValueError("hits lie between 0 and the number of people, and no group is empty")
    everybody, hits = of + other_of, hit + other_hit
    possible = np.arange(max(0, hits - other_of), min(of, hits) + 1)
    chance = hypergeom.pmf(possible, everybody, of, hits)
    here = float(hypergeom.pmf(hit, everybody, of, hits))
    as_likely = np.isclose(chance, here, rtol=1e-7)
    rarer = float(chance[(chance < here) & ~as_likely].sum())
    equal = float(chance[as_likely].sum())
    return Fisher(
        min(1.0, float(chance[possible >= hit].sum())), min(1.0, rarer + equal), min(1.0, rarer + 0.5 * equal)
    )


@dataclass(frozen=True)
class RatioRange:
    """A ratio of two rates with its nine-in-ten range."""

    ratio: float
    low: float
    high: float


def ratio_range(kept: int, of: int, other_kept: int, other_of: int, *, level: float = 0.90) -> RatioRange | None:
    """Retention in a group over retention in the other (Katz log interval); None where a group kept nobody."""
    if min(kept, other_kept) <= 0 or min(of, other_of) <= 0:
        return None
    ratio = (kept / of) / (other_kept / other_of)
    half = float(norm.ppf(0.5 + level / 2.0)) * float(
        np.sqrt(max(1.0 / kept - 1.0 / of + 1.0 / other_kept - 1.0 / other_of, 0.0))
    )
    return RatioRange(ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half)))


@dataclass(frozen=True)
class Stratified:
    """Several 2 x 2 tables together. odds_ratio of row 1 for column 1, common over strata, with its range at the
    level asked for (None where zeros leave it open); crude_odds_ratio without strata; chi2 with continuity
    correction; breslow_day: whether the strata agree (None where that can't be asked)."""

    odds_ratio: float | None
    low: float | None
    high: float | None
    crude_odds_ratio: float | None
    chi2: float
    p_value: float
    chi2_uncorrected: float
    breslow_day: float | None
    breslow_day_p: float | None


def mantel_haenszel(tables: Floats, *, level: float = 0.95) -> Stratified | None:
    """Common odds ratio and test over strata, tables (strata, 2, 2) of counts; None where no stratum can tell.

    Strata with an empty row or column say nothing and are left out.
    """
    tables = np.asarray(tables, dtype=np.float64)
    crude = tables.sum(axis=0)
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    tables = tables[(rows > 0).all(axis=1) & (columns > 0).all(axis=1)]
    if tables.shape[0] == 0:
        return None
    a, b, c, d = (tables[:, i, j] for i in (0, 1) for j in (0, 1))
    n = a + b + c + d
    expected = (a + b) * (a + c) / n
    variance = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    shift = float(abs((a - expected).sum()))
    spread = float(variance.sum())
    # the correction never turns a small shift round (as R does)
    corrected = max(0.0, shift - min(0.5, shift)) ** 2 / spread
    ratio, low, high = _common_odds(a, b, c, d, n, level)
    agree = _breslow_day(a, b, c, d, ratio) if ratio is not None and tables.shape[0] > 1 else (None, None)
    crossed = float(crude[0, 1] * crude[1, 0])
    return Stratified(
        ratio,
        low,
        high,
        float(crude[0, 0] * crude[1, 1]) / crossed if crossed > 0 else None,
        corrected,
        float(chi2.sf(corrected, 1)),
        shift**2 / spread,
        *agree,
    )


def _common_odds(
    a: Floats, b: Floats, c: Floats, d: Floats, n: Floats, level: float
) -> tuple[float | None, float | None, float | None]:
    """Mantel-Haenszel odds ratio with the interval of Robins, Breslow and Greenland."""
    r, s = a * d / n, b * c / n
    if r.sum() <= 0 or s.sum() <= 0:
        return None, None, None
    p, q = (a + d) / n, (b + c) / n
    ratio = float(r.sum() / s.sum())
    variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    half = float(norm.ppf(0.5 + level / 2.0) * np.sqrt(variance))
    return ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half))


def _breslow_day(a: Floats, b: Floats, c: Floats, d: Floats, ratio: float) -> tuple[float | None, float | None]:
    """Do the strata share one odds ratio? (without Tarone's correction)"""
    first, column, n = a + b, a + c, a + b + c + d
    if abs(ratio - 1.0) < 1e-9:
        fitted = first * column / n
    else:
        square, linear = 1.0 - ratio, n - first - column + ratio * (first + column)
        root = np.sqrt(linear**2 + 4.0 * square * ratio * first * column)
        fitted = (-linear + root) / (2.0 * square)
    cells = (fitted, first - fitted, column - fitted, n - first - column + fitted)
    if any((cell <= 0).any() for cell in cells):
        return None, None
    weight = sum(1.0 / cell for cell in cells)
    found = float(((a - fitted) ** 2 * weight).sum())
    return found, float(chi2.sf(found, a.size - 1))


def chance_to_notice(of: int, other_of: int, *, rate: float, times: float = 2.0, alpha: float = 0.05) -> float:
    """Chance that a group hit `times` as often as the others (who are hit at `rate`) would be noticed at all with so
    many people (arcsine approximation; Cohen 1988)."""
    if of <= 0 or other_of <= 0 or not 0.0 < rate < 1.0:
        return 0.0
    raised = min(rate * times, 0.999)
    effect = 2.0 * float(np.arcsin(np.sqrt(raised)) - np.arcsin(np.sqrt(rate)))
    shift = effect * float(np.sqrt(of * other_of / (of + other_of)))
    return float(norm.cdf(shift - norm.ppf(1.0 - alpha / 2.0)))
