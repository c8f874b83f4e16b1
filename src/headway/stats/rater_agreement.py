"""Do raters agree, and is one of them more lenient than the data support?

Sources: Shrout and Fleiss 1979 (six intraclass correlations); Krippendorff 2011 (alpha with missing ratings);
leniency pooled by the normal-normal model of `normal_means`. Checked against `published-cases/rater_agreement`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from headway.stats.arrays import Floats
from headway.stats.normal_means import paule_mandel


@dataclass(frozen=True)
class IntraclassCorrelations:
    """Shrout and Fleiss: raters differ from target to target (icc1), are a sample (icc2), are all there are (icc3);
    `k`: the mean of all raters."""

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float


def intraclass(ratings: Floats) -> IntraclassCorrelations:
    """From ratings (targets, raters) without gaps. Raises ValueError without two of each or any difference."""
    targets, raters = ratings.shape
    if targets < 2 or raters < 2 or not np.isfinite(ratings).all():
        raise ValueError("intraclass correlations need two targets and two raters, without gaps")
    grand = ratings.mean()
    between = raters * ((ratings.mean(axis=1) - grand) ** 2).sum()
    judges = targets * ((ratings.mean(axis=0) - grand) ** 2).sum()
    whole = ((ratings - grand) ** 2).sum()
    if whole == 0:
        raise ValueError("all ratings are the same: agreement cannot be told from habit")
    bms, jms = between / (targets - 1), judges / (raters - 1)
    wms = (whole - between) / (targets * (raters - 1))
    ems = (whole - between - judges) / ((targets - 1) * (raters - 1))
    if bms == 0:
        raise ValueError("the targets do not differ: there is nothing to agree about")
    return IntraclassCorrelations(
        float((bms - wms) / (bms + (raters - 1) * wms)),
        float((bms - ems) / (bms + (raters - 1) * ems + raters * (jms - ems) / targets)),
        float((bms - ems) / (bms + (raters - 1) * ems)),
        float((bms - wms) / bms),
        float((bms - ems) / (bms + (jms - ems) / targets)),
        float((bms - ems) / bms),
    )


class Scale(StrEnum):
    """What differences between ratings mean."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


_Difference = Callable[[Floats, Floats, Floats], Floats]


def krippendorff(ratings: Floats, *, scale: Scale) -> float:
    """Alpha of ratings (raters, units), NaN = not rated. 1 = agreement, 0 = what chance gives.

    Units rated once say nothing. Raises ValueError where nothing can be paired or nothing differs.
    """
    paired = ratings[:, np.isfinite(ratings).sum(axis=0) >= 2]
    values = np.unique(paired[np.isfinite(paired)])
    if values.size < 2:
        raise ValueError("alpha needs units rated twice and more than one value")
    counts = np.stack([(paired == value).sum(axis=0) for value in values]).astype(np.float64)
    rated = counts.sum(axis=0)
    coincidence = (counts / (rated - 1.0)) @ counts.T - np.diag((counts / (rated - 1.0)).sum(axis=1))
    totals = coincidence.sum(axis=1)
    delta = _difference(values, totals, scale)
    observed = float((coincidence * delta).sum())
    expected = float((np.outer(totals, totals) * delta).sum()) / float(totals.sum() - 1.0)
    return 1.0 - observed / expected


def _difference(values: Floats, totals: Floats, scale: Scale) -> Floats:
    """Squared difference of every pair of values on the scale."""
    first, second = values[:, None], values[None, :]
    if scale is Scale.NOMINAL:
        return np.asarray(first != second, dtype=np.float64)
    if scale is Scale.INTERVAL:
        return np.asarray((first - second) ** 2)
    if scale is Scale.RATIO:
        both = first + second
        return np.asarray(np.divide(first - second, both, out=np.zeros_like(both), where=both != 0) ** 2)
    ahead = totals.cumsum()
    low, high = np.minimum.outer(ahead, ahead), np.maximum.outer(ahead, ahead)
    half = (totals[:, None] + totals[None, :]) / 2.0
    smaller = np.where(ahead[:, None] <= ahead[None, :], totals[:, None], totals[None, :])
    between = np.where(first == second, 0.0, high - low + smaller - half)
    return np.asarray(between**2)


@dataclass(frozen=True)
class Leniency:
    """How much higher (positive) or lower each rater rates than the data support, pulled toward the middle rater
    by the share that chance explains. low, high: nine in ten. spread: true standard deviation between
    raters, 0 = none."""

    estimate: Floats
    low: Floats
    high: Floats
    raw: Floats
    n: Floats
    spread: float


def leniency(residual: Floats, rater: np.ndarray, *, raters: int) -> Leniency:
    """From residuals (rating minus what the data support) and the rater (0 .. raters - 1) of each.

    A rater with fewer than two ratings gets NaN. Raises ValueError with fewer than two raters or no spread.
    """
    n = np.bincount(rater, minlength=raters).astype(np.float64)
    known = n >= 2
    if known.sum() < 2:
        raise ValueError("leniency needs two raters with two ratings each")
    centred = residual - residual[known[rater]].mean()
    raw = np.divide(np.bincount(rater, centred, raters), n, out=np.full(raters, np.nan), where=n > 0)
    within = ((centred - np.nan_to_num(raw)[rater]) ** 2)[known[rater]].sum() / max(1.0, float((n[known] - 1).sum()))
    if within <= 0:
        raise ValueError("ratings without any spread cannot be told from a habit")
    variance = within / n[known]
    tau2 = paule_mandel(raw[known], variance)
    # the usual rater is the middle one: a single lenient rater must not make all others look strict
    mean = float(np.median(raw[known]))
    keep = tau2 / (tau2 + variance)
    estimate, sd = np.full(raters, np.nan), np.full(raters, np.nan)
    estimate[known] = keep * (raw[known] - mean)
    sd[known] = np.sqrt(keep * variance)
    return Leniency(estimate, estimate - 1.645 * sd, estimate + 1.645 * sd, raw, n, float(np.sqrt(tau2)))
