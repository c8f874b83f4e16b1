"""Early warning: tabular CUSUM, EWMA, and the risk-adjusted CUSUM on single outcomes.

Sources: NIST/SEMATECH handbook 6.3.2.3-4; Steiner et al. 2000. Checked against `published-cases`.
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Flags, Floats


@dataclass(frozen=True)
class Chart:
    """Statistic at each look and the first look beyond the limit (None: never)."""

    values: Floats
    first_signal: int | None


def risk_adjusted_weights(failed: Floats, expected: Floats, *, odds_ratio: float) -> Floats:
    """Log-likelihood weights of outcomes (1 = failed) against failing with `odds_ratio` times the odds.

    expected: probability of failing of a comparable colleague, in (0, 1).
    """
    if odds_ratio <= 0:
        raise ValueError("an odds ratio is positive")
    return np.asarray(failed * np.log(odds_ratio) - np.log(1.0 - expected + odds_ratio * expected))


def upper_cusum(increments: Floats, *, limit: float) -> Chart:
    """C[t] = max(0, C[t-1] + increment); signals where C exceeds the limit."""
    values, level = np.empty(increments.size), 0.0
    for look, step in enumerate(increments):
        level = max(0.0, level + float(step))
        values[look] = level
    return _chart(values, values > limit)


def tabular_cusum(x: Floats, *, target: float, slack: float, limit: float) -> tuple[Chart, Chart]:
    """Upper and lower CUSUM of a mean with slack (k) and limit (h) in units of x."""
    return (
        upper_cusum(x - target - slack, limit=limit),
        upper_cusum(target - slack - x, limit=limit),
    )


def ewma(x: Floats, *, start: float, weight: float, sd: float, width: float) -> tuple[Chart, float, float]:
    """Exponentially weighted mean (first value = start), with its lower and upper asymptotic limits."""
    values = np.empty(x.size + 1)
    values[0] = start
    for look, value in enumerate(x, 1):
        values[look] = weight * float(value) + (1.0 - weight) * values[look - 1]
    half = width * sd * float(np.sqrt(weight / (2.0 - weight)))
    low, high = start - half, start + half
    return _chart(values, (values < low) | (values > high)), low, high


def _chart(values: Floats, beyond: Flags) -> Chart:
    hits = np.flatnonzero(beyond)
    return Chart(values, int(hits[0]) if hits.size else None)
