"""Two ways to end: how long success and loss take, with what is still open censored (Aalen and Johansen 1978).

Checked against lifelines' AalenJohansenFitter and, with losses alone censoring, `published-cases/freireich_survival`.
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Floats, Ints


@dataclass(frozen=True)
class Course:
    """Cumulative incidence by the end of each period after entry. What never ended is one minus both."""

    success: Floats
    loss: Floats

    @property
    def eventual(self) -> float:
        """Share that succeeds in the end, as far as periods were seen."""
        return float(self.success[-1])


def course(
    success: Ints,
    loss: Ints,
    observed_for: Ints,
    *,
    periods: int,
    weight: Floats | None = None,
    seen_from: Ints | None = None,
    least_at_risk: float = 5.0,
) -> Course:
    """Cumulative incidence of success and loss.

    success, loss: periods from entry to the event, -1 where it has not happened; observed_for: periods each item could
    be seen (>= 0); seen_from: age at which each item came under observation (default: on entry). What was won or
    lost at a younger age was never seen, so an item is at risk from that age on (delayed entry), and one that ended
    before does not count. An item that is open leaves the risk set at the end of its observation. Periods with fewer
    than `least_at_risk` items at risk add nothing.
    """
    weight = np.ones(success.size) if weight is None else weight
    won, lost = success >= 0, (success < 0) & (loss >= 0)
    last = periods - 1
    end = np.minimum(np.where(won, success, np.where(lost, loss, observed_for)), last)
    first = np.zeros(success.size, dtype=np.int64) if seen_from is None else np.maximum(seen_from, 0)
    weight = np.where(end >= first, weight, 0.0)
    successes = np.bincount(end[won], weight[won], periods)
    losses = np.bincount(end[lost], weight[lost], periods)
    still = np.bincount(end, weight, periods)[::-1].cumsum()[::-1]
    begun = np.bincount(np.minimum(first, last), weight, periods).cumsum()
    # those who have not left yet, without those who have not come yet
    at_risk = np.maximum(still - (weight.sum() - begun), 0.0)
    safe = np.where(at_risk >= least_at_risk, at_risk, np.inf)
    to_success, to_loss = successes / safe, losses / safe
    still = np.concatenate([[1.0], np.cumprod(np.clip(1.0 - to_success - to_loss, 0.0, 1.0))])[:-1]
    return Course(np.cumsum(still * to_success), np.cumsum(still * to_loss))
