"""What the estimate works on: chances per step, won deals, own leads."""

from dataclasses import dataclass

import numpy as np

from headway.detection.signal import MetricNotEvaluable
from headway.stats.arrays import Flags, Floats, Ints

LEAST_AMOUNTS = 20


@dataclass(frozen=True)
class Chances:
    """Items that entered one step, aggregated: one row per rep, case mix, entry week and lag.

    lag: weeks to success, -1 not (yet); lost: weeks to the recorded loss, -1 none; source, product: codes of the
    commonest, 0 any other or not told; level: place in `levels`, the standardised scores (the first: 0, unknown). A
    large company has millions of rows, so codes and weeks are as narrow as they may be.
    """

    key: str
    rep: Ints
    segment: Ints
    source: Ints
    product: Ints
    level: Ints
    week: Ints
    lag: Ints
    lost: Ints
    count: Floats
    levels: Floats

    @property
    def scored(self) -> Flags:
        """Whether the score is known."""
        return np.asarray(self.level > 0)


@dataclass(frozen=True)
class WonDeals:
    """One row per won deal with an amount: closing week and log amount; log_list: log list price, NaN unknown."""

    rep: Ints
    segment: Ints
    source: Ints
    product: Ints
    week: Ints
    log_amount: Floats
    products: int
    log_list: Floats
    named_share: float

    @property
    def mix_known(self) -> bool:
        """Whether at least half of the deals tell what was sold: by product or by list price."""
        return max(self.named_share, float(np.isfinite(self.log_list).mean())) >= 0.5


@dataclass(frozen=True)
class Evidence:
    """Everything the estimate uses. own: (people, weeks) self-sourced leads, None when nothing says which;
    owned: (people,) leads and deals owned, ever."""

    steps: tuple[Chances, ...]
    won: WonDeals | None
    own: Floats | None
    self_share: float
    sources: tuple[str, ...]
    bookings: Floats
    owned: Floats
    not_evaluable: tuple[MetricNotEvaluable, ...]
    adjusts: tuple[str, ...]
