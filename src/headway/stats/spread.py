"""Do people differ by more than chance? Chi-square over units (rates) or Cochran's Q (means)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from headway.stats.arrays import Floats


@dataclass(frozen=True)
class Spread:
    """Chi-square statistic, degrees of freedom and the chance of at least this much if all were equal."""

    statistic: float
    df: int
    p_value: float


def rate_spread(successes: Floats, trials: Floats) -> Spread | None:
    """Homogeneity of rates over units with trials > 0 (Pearson chi-square, units x outcome).

    None where nothing can be compared: fewer than two units, all or none succeeded.
    """
    used = trials > 0
    wins, n = successes[used], trials[used]
    rate = wins.sum() / n.sum() if n.size else 0.0
    if n.size < 2 or not 0.0 < rate < 1.0:
        return None
    statistic = float(((wins - n * rate) ** 2 / (n * rate * (1.0 - rate))).sum())
    return Spread(statistic, n.size - 1, float(chdtrc(n.size - 1, statistic)))


def mean_spread(y: Floats, variance: Floats) -> Spread | None:
    """Cochran's Q over units with a finite variance > 0; None with fewer than two."""
    used = np.isfinite(variance) & (variance > 0)
    if used.sum() < 2:
        return None
    weight = 1.0 / variance[used]
    mean = (weight * y[used]).sum() / weight.sum()
    statistic = float((weight * (y[used] - mean) ** 2).sum())
    return Spread(statistic, int(used.sum()) - 1, float(chdtrc(used.sum() - 1, statistic)))
