"""Looking every week without fooling oneself: confidence sequences by the normal mixture.

An interval made for one look errs far more often than it says when it is drawn anew every week and read each time. A
confidence sequence holds at all looks together. Howard, Ramdas, McAuliffe and Sekhon (2021), Robbins (1970); checked
on `published-cases/confseq_reference_values`. With no end in sight the closed form is used (`two_sided_bound`,
`one_sided_bound`). Where the looks are planned (thirteen weeks), the same shape is tightened until the chance of ever
erring is exactly what is stated (`planned_looks`), by the recursive integration of Armitage, McPherson and Rowe (1969).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr, ndtri

from headway.stats.arrays import Floats

NODES = 121
# up to a quarter of weekly looks even the second look stays narrow; over longer times the late looks count
SHORT = 16


def best_rho(v: float, alpha: float) -> float:
    """The mixture's scale that is narrowest at intrinsic time `v` (> 0) for error `alpha`, as the library sets it."""
    odds = 2.0 * np.log(1.0 / alpha)
    return float(v / (odds + np.log(1.0 + odds)))


def one_sided_rho(v: float, alpha: float) -> float:
    """As `best_rho`, for a bound on one side."""
    return best_rho(v, 2.0 * alpha)


def two_sided_log_mixture(s: float, v: float, rho: float) -> float:
    """Log of the mixture martingale at a sum `s` of deviations with variance `v`; above log(1/alpha) is an error."""
    return float(0.5 * np.log(rho / (v + rho)) + s * s / (2.0 * (v + rho)))


def two_sided_bound(v: Floats | float, *, alpha: float, rho: float) -> Floats:
    """How far a sum of deviations with variance `v` strays, ever, with probability 1 - alpha (both sides)."""
    v = np.asarray(v, dtype=np.float64)
    return np.asarray(np.sqrt((v + rho) * np.log((v + rho) / (rho * alpha * alpha))))


def one_sided_log_mixture(s: float, v: float, rho: float) -> float:
    """As `two_sided_log_mixture`, for deviations upward alone."""
    spread = v + rho
    return float(0.5 * np.log(4.0 * rho / spread) + s * s / (2.0 * spread) + log_ndtr(s / np.sqrt(spread)))


def one_sided_bound(v: float, *, alpha: float, rho: float) -> float:
    """How far upward a sum of deviations with variance `v` strays, ever, with probability 1 - alpha."""
    high = 2.0 * float(two_sided_bound(v, alpha=alpha, rho=rho))
    return float(brentq(lambda s: one_sided_log_mixture(s, v, rho) - np.log(1.0 / alpha), 0.0, high, xtol=1e-10))


@dataclass(frozen=True)
class PlannedLooks:
    """Multipliers of the standard error, one per look. alpha: chance of ever erring over all of them."""

    alpha: float
    times: tuple[float, ...]
    multipliers: tuple[float, ...]

    @property
    def single(self) -> float:
        """The multiplier of somebody who looks once."""
        return float(ndtri(1.0 - self.alpha / 2.0))

    def _multiplier(self, look: int) -> float:
        if not 1 <= look <= len(self.multipliers):
            raise ValueError(f"Look {look} was not planned; there are {len(self.multipliers)}.")
        return self.multipliers[look - 1]

    def interval(self, look: int, *, estimate: float, standard_error: float) -> tuple[float, float]:
        """The interval at a look (counted from 1), valid together with those of all other looks.

        Raises:
            ValueError: the look was not planned, or the standard error is not positive.
        """
        if not standard_error > 0:
            raise ValueError("A standard error must be positive.")
        half = self._multiplier(look) * standard_error
        return estimate - half, estimate + half

    def share_interval(self, look: int, *, successes: float, trials: float) -> tuple[float, float]:
        """The same for a share of few trials: the shares under which the count is no surprise (Wilson's inversion).

        Raises:
            ValueError: the look was not planned, no trials, or more successes than trials.
        """
        if not 0 <= successes <= trials or trials <= 0:
            raise ValueError("There must be trials, and no more successes than trials.")
        z2, share = self._multiplier(look) ** 2, successes / trials
        centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
        half = np.sqrt(z2) / (1 + z2 / trials) * np.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
        return float(max(0.0, centre - half)), float(min(1.0, centre + half))


@lru_cache(maxsize=64)
def planned_looks(looks: int, *, alpha: float = 0.05) -> PlannedLooks:
    """Intervals for `looks` looks at equal steps of information (a week of a plan each).

    The mixture's shape, its scale set for the middle of a quarter; alpha split over the two sides.

    Raises:
        ValueError: no looks, or alpha not between 0 and 1.
    """
    if looks < 1 or not 0 < alpha < 1:
        raise ValueError("There must be a look, and alpha must lie between 0 and 1.")
    times = np.arange(1, looks + 1) / looks
    rho = best_rho(0.5 if looks <= SHORT else 1.0, alpha)

    def shape(level: float) -> Floats:
        return two_sided_bound(times, alpha=level, rho=rho)

    if looks == 1:
        return PlannedLooks(alpha, (1.0,), (float(ndtri(1.0 - alpha / 2.0)),))
    level = brentq(lambda a: crossing_probability(times, shape(a)) - alpha, alpha, min(0.9, 12 * alpha), xtol=1e-7)
    bound = shape(float(level))
    return PlannedLooks(alpha, tuple(times), tuple(float(x) for x in bound / np.sqrt(times)))


def crossing_probability(times: Floats, bound: Floats) -> float:
    """Probability that a Brownian motion lies outside +-bound at any of the times (increasing, > 0)."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    points, weights = bound[0] * x, bound[0] * w
    density = np.exp(-0.5 * points**2 / times[0]) / np.sqrt(2.0 * np.pi * times[0])
    inside = density * weights
    crossed = 2.0 * float(ndtr(-bound[0] / np.sqrt(times[0])))
    for step in range(1, len(times)):
        sd = np.sqrt(times[step] - times[step - 1])
        out = ndtr((points - bound[step]) / sd) + ndtr((-bound[step] - points) / sd)
        crossed += float(inside @ out)
        after, weights = bound[step] * x, bound[step] * w
        kernel = np.exp(-0.5 * ((after[:, None] - points[None, :]) / sd) ** 2) / (sd * np.sqrt(2.0 * np.pi))
        inside, points = (kernel @ inside) * weights, after
    return crossed
