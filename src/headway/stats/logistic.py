"""Ridge-penalised binomial and Poisson regressions on grouped counts with an offset (Newton's method).

Trials may be fractional: an open deal that has had 40 % of the time it needs counts as 0.4 trials.
Checked against statsmodels' GLM with a vanishing penalty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from headway.stats.arrays import Floats

# rows of a design that are made at a time
BLOCK = 2**18


@dataclass(frozen=True)
class Blocks:
    """A design that is made a block of rows at a time and never held whole: `part` gives the rows of a slice."""

    rows: int
    columns: int
    part: Callable[[slice], Floats]

    def __iter__(self) -> Iterator[slice]:
        return blocks(self.rows)


def blocks(rows: int) -> Iterator[slice]:
    """Slices of at most BLOCK rows, in order; one empty slice where there is no row."""
    return (slice(first, min(first + BLOCK, rows)) for first in range(0, max(rows, 1), BLOCK))


@dataclass(frozen=True)
class Regression:
    """Coefficients and the inverse of the penalised information at the solution."""

    coefficients: Floats
    covariance: Floats
    converged: bool


def fit_binomial(
    design: Floats | Blocks,
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

    def moments(eta: Floats, rows: slice) -> tuple[Floats, Floats]:
        rate = expit(eta)
        return trials[rows] * rate, trials[rows] * rate * (1.0 - rate)

    return _newton(design, successes, offset, penalty, moments, start, tolerance)


def fit_poisson(design: Floats, *, counts: Floats, exposure: Floats, offset: Floats, penalty: Floats) -> Regression:
    """Log-linear regression of counts with exposure > 0; shapes as in `fit_binomial`."""

    def moments(eta: Floats, rows: slice) -> tuple[Floats, Floats]:
        mean = exposure[rows] * np.exp(np.clip(eta, -30.0, 30.0))
        return mean, mean

    return _newton(design, counts, offset, penalty, moments, None, 1e-5)


def _newton(
    design: Floats | Blocks,
    observed: Floats,
    offset: Floats,
    penalty: Floats,
    moments: Callable[[Floats, slice], tuple[Floats, Floats]],
    start: Floats | None,
    tolerance: float,
) -> Regression:
    parts = design if isinstance(design, Blocks) else Blocks(len(design), design.shape[1], design.__getitem__)
    beta: Floats = np.zeros(parts.columns) if start is None else start.copy()
    covariance: Floats = np.diag(1.0 / penalty)
    for _ in range(50):
        information, slope = np.diag(penalty), -penalty * beta
        for rows in parts:
            x = parts.part(rows)
            expected, weight = moments(x @ beta + offset[rows], rows)
            slope = slope + x.T @ (observed[rows] - expected)
            # a matrix times its own transpose takes half the work of a general product
            root = x * np.sqrt(weight)[:, None]
            information = information + root.T @ root
        covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
        step = covariance @ slope
        largest = float(np.abs(step).max())
        beta = np.asarray(beta + step * min(1.0, 2.0 / max(largest, 1e-12)), dtype=np.float64)
        # steps shrink quadratically: after one of 1e-5 the remaining error is about 1e-10
        if largest < tolerance:
            return Regression(beta, covariance, converged=True)
    return Regression(beta, covariance, converged=False)
