"""Split the difference of a function of factors between two states: Shapley values, which add up exactly.

For a product of factors they equal Das Gupta's (1993) formula (checked on `published-cases`).
"""

from collections.abc import Callable
from math import factorial

import numpy as np

from headway.stats.arrays import Flags, Floats

# sets of factors whose worth is worked out at once
AT_ONCE = 64


def shapley_split(value: Callable[[Floats], Floats], start: Floats, end: Floats) -> Floats:
    """Contribution of each factor to value(end) - value(start).

    start, end: (..., k) factors; value maps (..., k) to (...,). Returns (..., k), summing over the last axis
    to the difference. Exact: 2^k evaluations, so k <= 12.
    """
    k = start.shape[-1]
    if k > 12:
        raise ValueError("an exact split of more than twelve factors is too much; group them")
    shape = np.broadcast_shapes(start.shape, end.shape)
    chosen = (np.arange(2**k)[:, None] >> np.arange(k)) & 1 == 1
    weight = _weights(chosen)
    parts = np.zeros(shape)
    for first in range(0, len(chosen), AT_ONCE):
        here = slice(first, first + AT_ONCE)
        sets = chosen[here].reshape(-1, *(1,) * (len(shape) - 1), k)
        worth = value(np.where(sets, end, start))
        parts += np.moveaxis(np.tensordot(weight[here], worth, axes=(0, 0)), 0, -1)
    return parts


def _weights(chosen: Flags) -> Floats:
    """(sets, k) how much the worth of each set counts for each factor: for those in it, against those who are not."""
    k = chosen.shape[1]
    joining = np.array([factorial(size) * factorial(k - size - 1) / factorial(k) for size in range(k)])
    size = chosen.sum(axis=1)
    inside, outside = joining[np.maximum(size - 1, 0)], joining[np.minimum(size, k - 1)]
    return np.asarray(np.where(chosen, inside[:, None], -outside[:, None]))


def product_split(start: Floats, end: Floats) -> Floats:
    """Shapley split of a plain product of factors (Das Gupta)."""
    return shapley_split(lambda factors: np.asarray(factors.prod(axis=-1)), start, end)
