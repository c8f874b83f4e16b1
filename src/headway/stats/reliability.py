"""How much of what is seen is the person and not luck: signal-to-noise reliability (Adams 2010)."""

import numpy as np

from headway.stats.arrays import Floats


def reliability(between: float, within: float | Floats, n: float | Floats) -> Floats:
    """Between-unit variance over total variance at n observations; 0 without observations."""
    count = np.asarray(n, dtype=np.float64)
    noise = np.where(count > 0, within / np.maximum(count, 1e-300), np.inf)
    return np.asarray(between / (between + noise))


def needed_for(target: float, *, between: float, within: float) -> float:
    """Observations needed for a reliability (0 < target < 1); infinite when nobody differs."""
    if not 0.0 < target < 1.0:
        raise ValueError("a reliability lies between 0 and 1")
    return float("inf") if between <= 0 else target / (1.0 - target) * within / between


def beta_between(a: float, b: float) -> float:
    """Variance between units of a beta(a, b)."""
    return a * b / ((a + b + 1.0) * (a + b) ** 2)
