"""How evenly something is spread: Gini coefficient, and each unit's load against the mean.

Sources: Gini 1912; Zoltners and Lorimer 2000 (a load within 15 % of the mean is balanced).
Checked against `published-cases/gini_territory`.
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Flags, Floats

BALANCED = 0.15


def gini(x: Floats, *, corrected: bool = False) -> float:
    """0 = all the same, toward 1 = one has all. corrected: times n / (n - 1), for few units.

    Raises ValueError on fewer than two, on negative values, or where nobody has anything.
    """
    if x.size < 2 or not np.isfinite(x).all() or (x < 0).any() or x.sum() <= 0:
        raise ValueError("a Gini coefficient needs two or more values, none negative, one above zero")
    ordered = np.sort(x)
    rank = np.arange(1, x.size + 1)
    found = float((2.0 * (rank * ordered).sum() / ordered.sum() - (x.size + 1)) / x.size)
    return found * x.size / (x.size - 1) if corrected else found


@dataclass(frozen=True)
class Load:
    """Each unit over the mean (1.0 = average), and whether that is within the tolerance."""

    index: Floats
    balanced: Flags


def load_index(x: Floats, *, tolerance: float = BALANCED) -> Load:
    """Index of load or potential. Raises ValueError where the mean is not above zero."""
    if x.size == 0 or not np.isfinite(x).all() or x.mean() <= 0:
        raise ValueError("a load index needs a mean above zero")
    index = x / x.mean()
    return Load(np.asarray(index), np.asarray(np.abs(index - 1.0) <= tolerance + 1e-12))
