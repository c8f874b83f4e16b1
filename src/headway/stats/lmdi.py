"""Split a change of a sum of products over the factors: the logarithmic mean Divisia index (LMDI-I).

Adds up exactly; every factor must be positive. Source: Ang 2005. Checked on `published-cases/lmdi_simple`.
"""

import numpy as np

from headway.stats.arrays import Floats


def log_mean(a: Floats, b: Floats) -> Floats:
    """(a - b) / ln(a / b), and a where both are equal; a, b > 0."""
    same = np.isclose(a, b, rtol=1e-12, atol=0.0)
    ratio = np.where(same, 2.0, a / b)
    return np.asarray(np.where(same, a, (a - b) / np.log(ratio)))


def additive_split(start: Floats, end: Floats) -> Floats:
    """Contribution of each factor to the change of the sum of products.

    start, end: (parts, k), e.g. segments x factors, all > 0; returns (k,), summing to the difference.
    Raises ValueError on a factor that is not positive (use `shapley_split` there).
    """
    _check(start, end)
    weight = log_mean(end.prod(axis=1), start.prod(axis=1))
    return np.asarray(weight @ np.log(end / start))


def multiplicative_split(start: Floats, end: Floats) -> Floats:
    """Ratio that each factor contributes; shapes as in `additive_split`; the product is the ratio of the sums."""
    _check(start, end)
    before, after = start.prod(axis=1), end.prod(axis=1)
    weight = log_mean(after, before) / log_mean(np.array(after.sum()), np.array(before.sum()))
    return np.asarray(np.exp(weight @ np.log(end / start)))


def _check(start: Floats, end: Floats) -> None:
    if start.shape != end.shape or not ((start > 0).all() and (end > 0).all()):
        raise ValueError("this split needs positive factors in the same shape before and after")
