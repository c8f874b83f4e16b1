"""Ridge-penalised binomial and Poisson regressions on grouped counts with an offset (Newton's method).

Trials may be fractional: an open deal that has had 40 % of the time it needs counts as 0.4 trials.
Checked against statsmodels' GLM with a vanishing penalty.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from headway.stats.arrays import Floats


@dataclass(frozen=True)
class Regression:
    """Coefficients and the inverse of the penalised information at the solution."""

    coefficients: Floats
    covariance: Floats
    converged: bool


def fit_binomial(
    design: Floats,
    *,
    successes: Floats,
    trials: Floats,
    offset: Floats,
    penalty: Floats,
    start: Floats | None = None,
    tolerance: float = 1e-5,
) -> Regression:
    """Logistic regression of successes out of trials.

    design: (cells, k); successes, trials, offset: (cells,); penalty: (k,) prior precisions (> 0 keeps the
    fit finite under separation).
    """

    def moments(eta: Floats) -> tuple[Floats, Floats]:
        rate = expit(eta)
        return trials * rate, trials * rate * (1.0 - rate)

    return _newton(design, successes, offset, penalty, moments, start, tolerance)


def fit_poisson(design: Floats, *, counts: Floats, exposure: Floats, offset: Floats, penalty: Floats) -> Regression:
    """Log-linear regression of counts with exposure > 0; shapes as in `fit_binomial`."""

    def moments(eta: Floats) -> tuple[Floats, Floats]:
        mean = exposure * np.exp(np.clip(eta, -30.0, 30.0))
        return mean, mean

    return _newton(design, counts, offset, penalty, moments, None, 1e-5)


def _newton(
    design: Floats,
    observed: Floats,
    offset: Floats,
    penalty: Floats,
    moments: Callable[[Floats], tuple[Floats, Floats]],
    start: Floats | None,
    tolerance: float,
) -> Regression:
    beta: Floats = np.zeros(design.shape[1]) if start is None else start.copy()
    covariance: Floats = np.diag(1.0 / penalty)
    for _ in range(50):
        expected, weight = moments(design @ beta + offset)
        # a matrix times its own transpose takes half the work of a general product
        root = design * np.sqrt(weight)[:, None]
        information = root.T @ root + np.diag(penalty)
        covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
        step = covariance @ (design.T @ (observed - expected) - penalty * beta)
        largest = float(np.abs(step).max())
        beta = np.asarray(beta + step * min(1.0, 2.0 / max(largest, 1e-12)), dtype=np.float64)
        # steps shrink quadratically: after one of 1e-5 the remaining error is about 1e-10
        if largest < tolerance:
            return Regression(beta, covariance, converged=True)
    return Regression(beta, covariance, converged=False)
