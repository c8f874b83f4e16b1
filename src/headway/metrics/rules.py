"""Pure arithmetic of the metrics: from sums to a value, intervals, and the band of comparable colleagues."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

LEVEL = 0.90
# More unknown amounts than this, and a sum says too little about the person.
UNKNOWN_SHARE = 0.2
# A quota of fewer of the days somebody was employed is no quota for the period.
QUOTA_COVERS = 0.95
_Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def share_interval(successes: float, n: float) -> tuple[float, float]:
    """Wilson's score interval for a share at the 90 % level.

    Args:
        successes: between 0 and n.
        n: number of tries, above 0.

    Source: Wilson (1927), JASA 22:209-212.
    """
    share = successes / n
    middle = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(n: int, total: float, squares: float) -> tuple[float, float]:
    """Student's interval for a mean at the 90 % level, from count (at least 2), sum and sum of squares."""
    mean = total / n
    variance = max(0.0, (squares - n * mean * mean) / (n - 1))
    half = _student(n - 1) * math.sqrt(variance / n)
    return mean - half, mean + half


@lru_cache(maxsize=4096)
def _student(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + LEVEL / 2))


@dataclass(frozen=True)
class Band:
    """Median and the 10 % and 90 % quantiles of the others, for each position of the array they came from."""

    median: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def band_of_others(values: npt.NDArray[np.float64]) -> Band:
    """For each of m values (at least 2) the quantiles of the other m - 1 (linear interpolation, numpy's default)."""
    order = np.argsort(values, kind="stable")
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    ordered = values[order]

    def quantile(q: float) -> npt.NDArray[np.float64]:
        place = (len(values) - 2) * q
        low = math.floor(place)
        high = min(low + 1, len(values) - 2)
        # Leaving out the value at `rank` moves everything from there on down by one.
        below = ordered[np.where(low < rank, low, low + 1)]
        above = ordered[np.where(high < rank, high, high + 1)]
        return np.asarray(below + (above - below) * (place - low), dtype=np.float64)

    return Band(quantile(0.5), quantile(0.1), quantile(0.9))
