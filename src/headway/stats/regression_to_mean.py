"""How far a measure that was picked for being low comes back by itself, and what is left beyond that.

Sources: Barnett, van der Pols and Dobson 2005, equation 1 (size of the return after selection by a cut); Mee and
Chua 1991 (test of an effect with the return taken out, the population mean being known).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, t

from headway.stats.arrays import Floats


def return_after_selection(*, mean: float, cut: float, between: float, within: float, measured: int = 1) -> float:
    """Expected rise of those selected for lying below `cut`, without any real change.

    between, within: variances of true values and of one measurement around them; measured: how many measurements
    were averaged for the selection.

    Raises:
        ValueError: a variance below zero, both zero, or nothing measured.
    """
    if min(between, within) < 0 or between + within <= 0 or measured < 1:
        raise ValueError("variances must not be negative, and something must vary and be measured")
    noise = within / measured
    spread = float(np.sqrt(between + noise))
    z = (mean - cut) / spread
    # the hazard of the normal distribution, stable far in the tail
    return float(noise / spread * np.exp(norm.logpdf(z) - norm.logsf(z)))


@dataclass(frozen=True)
class EffectBeyondReturn:
    """`effect` with its standard error, Student's t, and the one-sided chance of as much by luck."""

    effect: float
    standard_error: float
    t: float
    p_value: float
    slope: float


def effect_beyond_return(before: Floats, after: Floats, *, population_mean: float) -> EffectBeyondReturn:
    """Mean change of a selected group beyond its return: the intercept of (after - mean) on (before - mean).

    before, after: (people,), the same people, at least three, not all equal before.

    Raises:
        ValueError: fewer than three people, or no spread before.
    """
    if before.size < 3 or float(np.ptp(before)) == 0.0:
        raise ValueError("needs three people who differ before")
    design = np.column_stack([np.ones(before.size), before - population_mean])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ (after - population_mean)
    residual = after - population_mean - design @ beta
    freedom = before.size - 2
    error = float(np.sqrt(residual @ residual / freedom * inverse[0, 0]))
    ratio = float(beta[0]) / error
    return EffectBeyondReturn(float(beta[0]), error, ratio, float(t.sf(ratio, freedom)), float(beta[1]))
