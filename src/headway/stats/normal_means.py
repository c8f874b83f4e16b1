"""Partial pooling of noisy means: the normal-normal model with the spread estimated from the data.

Sources: DerSimonian and Laird 1986; Paule and Mandel 1982; Efron and Morris 1975, 1977.
Checked against `published-cases/eight_schools`, `efron_morris_baseball` and statsmodels' `combine_effects`.
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Floats


@dataclass(frozen=True)
class PooledMeans:
    """Shrunken means. `tau2` is the true spread (variance) between units; 0 means: nobody differs."""

    mean: float
    tau2: float
    estimates: Floats
    variances: Floats
    q_statistic: float


def fixed_effect_mean(y: Floats, variance: Floats) -> tuple[float, float]:
    """Inverse-variance mean and its standard error. Raises ValueError on an empty or non-positive input."""
    _check(y, variance)
    weight = 1.0 / variance
    return float((weight * y).sum() / weight.sum()), float(weight.sum() ** -0.5)


def heterogeneity_q(y: Floats, variance: Floats) -> float:
    """Cochran's Q: chi-square on k - 1 degrees of freedom when all units share one mean."""
    mean, _ = fixed_effect_mean(y, variance)
    return float(((y - mean) ** 2 / variance).sum())


def dersimonian_laird(y: Floats, variance: Floats) -> float:
    """Between-unit variance by moments (>= 0)."""
    weight = 1.0 / variance
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((heterogeneity_q(y, variance) - (y.size - 1)) / scale)) if scale > 0 else 0.0


def paule_mandel(y: Floats, variance: Floats, *, tolerance: float = 1e-10) -> float:
    """Between-unit variance that makes the generalised Q equal its expectation k - 1 (>= 0)."""
    _check(y, variance)
    if y.size < 2 or _generalised_q(y, variance, 0.0) <= y.size - 1:
        return 0.0
    low, high = 0.0, float(np.var(y)) + float(variance.max())
    while _generalised_q(y, variance, high) > y.size - 1:
        high *= 2.0
    while high - low > tolerance * max(1.0, high):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _generalised_q(y, variance, middle) > y.size - 1 else (low, middle)
    return 0.5 * (low + high)


def pool_means(y: Floats, variance: Floats) -> PooledMeans:
    """Each unit's mean pulled toward the common one by the share of its variance that is noise.

    y, variance: shape (k,), k >= 2, variance > 0. With tau2 = 0 every estimate equals the common mean.
    """
    tau2 = paule_mandel(y, variance)
    mean, _ = fixed_effect_mean(y, variance + tau2)
    keep = tau2 / (tau2 + variance)
    return PooledMeans(mean, tau2, mean + keep * (y - mean), keep * variance, heterogeneity_q(y, variance))


@dataclass(frozen=True)
class PooledColumns:
    """As PooledMeans for many metrics at once: mean, tau2 (metrics,); estimates, variances (units, metrics)."""

    mean: Floats
    tau2: Floats
    estimates: Floats
    variances: Floats


def pool_columns(y: Floats, variance: Floats) -> PooledColumns:
    """Every metric (column) pooled by itself in closed form (DerSimonian and Laird), all at once.

    y, variance: (units, metrics), finite, variance > 0; at least two units.
    """
    if y.ndim != 2 or y.shape != variance.shape or len(y) < 2:
        raise ValueError("pooling columns needs means and variances of the same shape, two units or more")
    weight = 1.0 / variance
    total = weight.sum(axis=0)
    mean = np.einsum("rm,rm->m", weight, y) / total
    q = np.einsum("rm,rm,rm->m", weight, y, y) - total * mean**2
    scale = total - np.einsum("rm,rm->m", weight, weight) / total
    tau2 = np.maximum((q - (len(y) - 1)) / np.maximum(scale, 1e-300), 0.0)
    noise = np.add(variance, tau2, out=weight)
    keep = np.divide(tau2, noise, out=noise)
    estimates = y - mean
    estimates *= keep
    estimates += mean
    return PooledColumns(mean, tau2, estimates, keep * variance)


def james_stein(y: Floats, variance: float) -> Floats:
    """Efron and Morris' estimator toward the grand mean for equal, known variance; needs k >= 4."""
    if y.size < 4:
        raise ValueError("the James-Stein estimator toward a grand mean needs at least four units")
    mean = y.mean()
    spread = float(((y - mean) ** 2).sum())
    keep = max(0.0, 1.0 - (y.size - 3) * variance / spread) if spread > 0 else 0.0
    return np.asarray(mean + keep * (y - mean), dtype=np.float64)


def _generalised_q(y: Floats, variance: Floats, tau2: float) -> float:
    weight = 1.0 / (variance + tau2)
    mean = (weight * y).sum() / weight.sum()
    return float((weight * (y - mean) ** 2).sum())


def _check(y: Floats, variance: Floats) -> None:
    if y.size == 0 or y.shape != variance.shape:
        raise ValueError("means and variances must be given for the same, non-empty set of units")
    if not (np.isfinite(y).all() and np.isfinite(variance).all() and (variance > 0).all()):
        raise ValueError("means must be finite and variances positive")
