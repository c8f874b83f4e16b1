"""How long success takes: cumulative incidence with items still open censored, not counted as failures.

The at-risk set is that of the subdistribution (Fine and Gray 1999) with known censoring times: an item
stays at risk until the day of observation unless it succeeded, so unrecorded losses do no harm.
With nothing but censoring it equals Kaplan-Meier (checked on `published-cases/freireich_survival`).
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Floats, Ints


@dataclass(frozen=True)
class SuccessDelay:
    """`density[l]` = share of the eventual successes that come in period l after entry; sums to 1."""

    density: Floats
    eventual: float

    @property
    def cumulative(self) -> Floats:
        return np.asarray(np.cumsum(self.density), dtype=np.float64)

    @property
    def median(self) -> int:
        """Periods until half of the eventual successes are in."""
        return int(np.searchsorted(self.cumulative, 0.5))


def success_delay(
    lag: Ints, observed_for: Ints, *, weight: Floats, periods: int, least_at_risk: float = 20.0
) -> SuccessDelay:
    """Delay from entry to success.

    lag: periods to success, -1 where none was seen; observed_for: periods each item could be seen (>= 0);
    weight: items per row. Ages at which fewer than `least_at_risk` items remain are not extrapolated, unless
    every success came at such an age (few items): then all ages count.

    Raises:
        ValueError: no success at all.
    """
    happened = lag >= 0
    events = np.bincount(np.minimum(lag[happened], periods - 1), weight[happened], periods)
    leave = np.bincount(np.minimum(np.where(happened, lag, observed_for), periods - 1), weight, periods)
    at_risk = leave[::-1].cumsum()[::-1]
    trusted = at_risk >= least_at_risk
    if not events[trusted].any():
        trusted = at_risk > 0.0
    hazard = np.where(trusted, events / np.maximum(at_risk, 1e-12), 0.0)
    survival = np.concatenate([[1.0], np.cumprod(1.0 - hazard)])
    density = -np.diff(survival)
    eventual = float(density.sum())
    if eventual <= 0.0:
        raise ValueError("no success was seen, so the time to success is unknown")
    return SuccessDelay(density / eventual, eventual)
