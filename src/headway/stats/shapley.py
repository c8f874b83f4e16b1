"""Split the difference of a function of factors between two states: Shapley values, which add up exactly.

For a product of factors they equal Das Gupta's (1993) formula (checked on `published-cases`).
"""

from collections.abc import Callable
from math import factorial

import numpy as np

from headway.stats.arrays import Floats

MOST_FACTORS = 12


def shapley_of(worth: Floats) -> Floats:
    """Contribution of each factor to worth[-1] - worth[0].

    worth: (2^k, ...) the value of every subset of k factors; bit i of the place says whether factor i is at its end.
    Returns (..., k), summing over the last axis to the difference.
    """
    k = worth.shape[0].bit_length() - 1
    if worth.shape[0] != 1 << k:
        raise ValueError("a value for every subset is needed: 2 to the number of factors")
    if not k:
        return np.zeros((*worth.shape[1:], 0))
    size = np.array([place.bit_count() for place in range(1 << (k - 1))])
    weight = np.array([factorial(n) * factorial(k - n - 1) / factorial(k) for n in range(k)])[size]
    parts = []
    for factor in range(k):
        pairs = worth.reshape(-1, 2, 1 << factor, *worth.shape[1:])
        gained = (pairs[:, 1] - pairs[:, 0]).reshape(1 << (k - 1), *worth.shape[1:])
        parts.append(np.tensordot(weight, gained, axes=1))
    return np.stack(parts, axis=-1)


def shapley_split(value: Callable[[Floats], Floats], start: Floats, end: Floats) -> Floats:
    """Contribution of each factor to value(end) - value(start).

    start, end: (..., k) factors; value maps (..., k) to (...,). Returns (..., k), summing over the last axis
    to the difference. Exact: 2^k evaluations, so k <= 12.
    """
    k = start.shape[-1]
    if k > MOST_FACTORS:
        raise ValueError("an exact split of more than twelve factors is too much; group them")
    chosen = (np.arange(1 << k)[:, None] >> np.arange(k) & 1).astype(bool)
    return shapley_of(np.stack([value(np.where(subset, end, start)) for subset in chosen]))


def product_split(start: Floats, end: Floats) -> Floats:
    """Shapley split of a plain product of factors (Das Gupta)."""
    return shapley_split(lambda factors: np.asarray(factors.prod(axis=-1)), start, end)
