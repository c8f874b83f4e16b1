"""Partial pooling of counts: gamma-Poisson and beta-binomial with the prior fitted by marginal likelihood.

Sources: Gaver and O'Muircheartaigh 1987 (pumps; checked on `published-cases/pumps_gamma_poisson`);
Griffiths 1973 (beta-binomial; checked against scipy's betabinom).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from headway.stats.arrays import Floats


@dataclass(frozen=True)
class PooledRates:
    """Prior parameters (a, b) and each unit's posterior mean and sd. For gamma-Poisson b is a rate."""

    a: float
    b: float
    mean: Floats
    sd: Floats


def pool_event_rates(events: Floats, exposure: Floats) -> PooledRates:
    """Event rates per unit of exposure (> 0); needs two units and at least one event."""
    if events.size < 2 or events.sum() <= 0 or (exposure <= 0).any():
        raise ValueError("pooling rates needs two units, positive exposure and some event")

    def loss(p: Floats) -> float:
        a, b = np.exp(p)
        return -float((gammaln(a + events) - gammaln(a) + a * np.log(b) - (a + events) * np.log(b + exposure)).sum())

    rate = events.sum() / exposure.sum()
    a, b = _fit(loss, np.log([1.0, 1.0 / rate]))
    shape, speed = a + events, b + exposure
    return PooledRates(a, b, shape / speed, np.sqrt(shape) / speed)


def averaged_event_rates(events: Floats, exposure: Floats, *, points: int = 240) -> PooledRates:
    """Event rates with the prior's own uncertainty: a ~ Exp(1), b ~ Gamma(0.1, 1) averaged by quadrature.

    Mean and sd of every unit, a and b their posterior means. Honest where few units tell the prior's shape.
    Checked on `published-cases/pumps_gamma_poisson` (BUGS Examples).
    """
    if events.size < 1 or (exposure <= 0).any():
        raise ValueError("rates need positive exposure")
    log_a, log_b = np.linspace(-4.5, 2.5, points), np.linspace(-7.0, 3.5, points)
    a, b = (grid.ravel() for grid in np.meshgrid(np.exp(log_a), np.exp(log_b), indexing="ij"))
    score = -a + np.log(a) - 0.9 * np.log(b) - b + np.log(b)
    for count, seen in zip(events, exposure, strict=True):
        score += gammaln(a + count) - gammaln(a) + a * np.log(b) - (a + count) * np.log(b + seen)
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    shape, speed = a[:, None] + events, b[:, None] + exposure
    mean = weight @ (shape / speed)
    second = weight @ (shape * (shape + 1.0) / speed**2)
    return PooledRates(float(weight @ a), float(weight @ b), mean, np.sqrt(second - mean**2))


def pool_success_rates(successes: Floats, trials: Floats) -> PooledRates:
    """Success rates; needs two units with trials and neither all nor none succeeding."""
    if successes.size < 2 or not 0 < successes.sum() < trials.sum():
        raise ValueError("pooling success rates needs two units and both outcomes")

    def loss(p: Floats) -> float:
        a, b = np.exp(p)
        return -float((betaln(a + successes, b + trials - successes) - betaln(a, b)).sum())

    rate = successes.sum() / trials.sum()
    a, b = _fit(loss, np.log([10 * rate, 10 * (1 - rate)]))
    total = a + b + trials
    mean = (a + successes) / total
    return PooledRates(a, b, mean, np.sqrt(mean * (1 - mean) / (total + 1)))


def _fit(loss, start: Floats) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    # bounded: with no spread between units the likelihood rises forever; e^12 is a prior of no spread
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(-8.0, 12.0)] * 2, options={"ftol": 1e-14, "gtol": 1e-9})
    return float(np.exp(found.x[0])), float(np.exp(found.x[1]))
