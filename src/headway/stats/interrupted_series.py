"""Did a series of counts step up or down at a known time, trend and season taken out?

Poisson regression with a step, quasi-Poisson errors. Source: Lopez Bernal, Cummins and Gasparrini 2017.
Checked against statsmodels' GLM.
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Flags, Floats
from headway.stats.logistic import fit_poisson

ALMOST_NO_PENALTY = 1e-9


@dataclass(frozen=True)
class StepChange:
    """Rate after over rate before, with its bounds; dispersion: variance over mean, 1 = as chance has it."""

    ratio: float
    low: float
    high: float
    dispersion: float


def step_change(
    counts: Floats,
    *,
    exposure: Floats,
    after: Flags,
    trend: bool = True,
    season_length: float = 0.0,
    harmonics: int = 2,
    overdispersed: bool = True,
    z: float = 1.959964,
) -> StepChange:
    """Step of the rate `counts / exposure` between the periods before and those `after`.

    counts, exposure (> 0), after: (periods,); trend: a straight line on the log scale runs through; season_length:
    periods of a whole season (0: none) drawn by `harmonics` pairs of waves; z: how many standard errors wide.

    Raises:
        ValueError: nothing before or after, nothing counted on one side, or too few periods for the curve.
    """
    time = np.arange(counts.size, dtype=np.float64)
    columns = [np.ones(counts.size), after.astype(np.float64)]
    if trend:
        columns.append((time - time.mean()) / max(counts.size, 1))
    for wave in range(1, harmonics + 1 if season_length > 0 else 1):
        angle = 2 * np.pi * wave * time / season_length
        columns.extend([np.sin(angle), np.cos(angle)])
    design = np.column_stack(columns)
    if counts.size <= design.shape[1] or not (counts[after].sum() > 0 and counts[~after].sum() > 0):
        raise ValueError("needs counts before and after, and more periods than the curve has parts")
    shift = np.full(counts.size, np.log(counts.sum() / exposure.sum()))
    found = fit_poisson(
        design, counts=counts, exposure=exposure, offset=shift, penalty=np.full(design.shape[1], ALMOST_NO_PENALTY)
    )
    mean = exposure * np.exp(design @ found.coefficients + shift)
    pearson = float(((counts - mean) ** 2 / mean).sum() / (counts.size - design.shape[1]))
    spread = float(np.sqrt(found.covariance[1, 1] * (max(pearson, 1e-9) if overdispersed else 1.0)))
    step = float(found.coefficients[1])
    return StepChange(float(np.exp(step)), float(np.exp(step - z * spread)), float(np.exp(step + z * spread)), pearson)
