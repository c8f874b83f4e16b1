"""Limits of a funnel plot: the band in which ordinary luck puts equal units (Spiegelhalter 2005).

Exact binomial limits, interpolated; overdispersion multiplicative (phi) and additive (tau2) from winsorised
z-scores. Checked against `published-cases/funnel_plot_formulas`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from headway.stats.arrays import Floats


@dataclass(frozen=True)
class Overdispersion:
    """z-scores against the target, their winsorised mean square phi, additive variance tau2, adjusted z."""

    z: Floats
    phi: float
    tau2: float
    z_adjusted: Floats


def binomial_limits(n: Floats, *, target: float, levels: Floats) -> Floats:
    """Limits (units, levels) on the rate for n trials each at a target rate in (0, 1)."""
    if not 0.0 < target < 1.0:
        raise ValueError("a funnel plot needs a target rate between 0 and 1")
    trials, level = n[:, None], levels[None, :]
    edge = binom.ppf(level, trials, target)
    reached, before = binom.cdf(edge, trials, target), binom.cdf(edge - 1, trials, target)
    share = (reached - level) / (reached - before)
    return np.asarray((edge - share) / trials)


def rate_overdispersion(events: Floats, n: Floats, *, target: float) -> Overdispersion:
    """Overdispersion of rates on the arcsine scale; needs at least two units."""
    if events.size < 2:
        raise ValueError("overdispersion needs at least two units")
    y, centre = np.arcsin(np.sqrt(events / n)), float(np.arcsin(np.sqrt(target)))
    sd = 1.0 / (2.0 * np.sqrt(n))
    z = (y - centre) / sd
    low, high = np.quantile(z, [0.1, 0.9])
    phi = float((np.clip(z, low, high) ** 2).mean())
    weight = 1.0 / sd**2
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, float((z.size * phi - (z.size - 1)) / scale))
    return Overdispersion(z, phi, tau2, (y - centre) / np.sqrt(sd**2 + tau2))
