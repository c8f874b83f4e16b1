"""Split the difference of a function of factors between two states: Shapley values, which add up exactly.

For a product of factors they equal Das Gupta's (1993) formula (checked on `published-cases`).
"""

from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np

from headway.stats.arrays import Floats


def shapley_split(value: Callable[[Floats], Floats], start: Floats, end: Floats) -> Floats:
    """Contribution of each factor to value(end) - value(start).

    start, end: (..., k) factors; value maps (..., k) to (...,). Returns (..., k), summing over the last axis
    to the difference. Exact: 2^k evaluations, so k <= 12.
    """
    k = start.shape[-1]
    if k > 12:
        raise ValueError("an exact split of more than twelve factors is too much; group them")
    worth: dict[tuple[int, ...], Floats] = {}
    for size in range(k + 1):
        for chosen in combinations(range(k), size):
            mixed = start.copy()
            mixed[..., list(chosen)] = end[..., list(chosen)]
            worth[chosen] = value(mixed)
    parts = np.zeros(np.broadcast_shapes(start.shape, end.shape))
    for factor in range(k):
        others = [j for j in range(k) if j != factor]
        for size in range(k):
            weight = factorial(size) * factorial(k - size - 1) / factorial(k)
            for chosen in combinations(others, size):
                with_it = tuple(sorted((*chosen, factor)))
                parts[..., factor] += weight * (worth[with_it] - worth[chosen])
    return parts


def product_split(start: Floats, end: Floats) -> Floats:
    """Shapley split of a plain product of factors (Das Gupta)."""
    return shapley_split(lambda factors: np.asarray(factors.prod(axis=-1)), start, end)
