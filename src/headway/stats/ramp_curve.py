"""The saturating ramp y = a (1 - exp(-b x)), fitted by least squares (checked on NIST StRD Misra1a)."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from headway.stats.arrays import Floats


@dataclass(frozen=True)
class RampCurve:
    """Full level a, speed b (per unit of x), their standard errors and the residual sd."""

    full: float
    speed: float
    se_full: float
    se_speed: float
    residual_sd: float

    def at(self, x: Floats) -> Floats:
        """Level at tenure x."""
        return np.asarray(-self.full * np.expm1(-self.speed * x))

    def reaches(self, share: float) -> float:
        """Tenure at which `share` (0..1) of the full level is reached."""
        return float(-np.log1p(-share) / self.speed)


def fit_ramp(x: Floats, y: Floats) -> RampCurve:
    """Fit to points with x >= 0; needs three different x and a level that is not zero throughout."""
    if np.unique(x).size < 3 or not (np.isfinite(x).all() and np.isfinite(y).all()) or not np.any(y != 0):
        raise ValueError("a ramp needs at least three different tenures and some level")
    scale_x, scale_y = float(np.abs(x).max()), float(np.abs(y).max())
    u, v = x / scale_x, y / scale_y

    def residual(p: Floats) -> Floats:
        return np.asarray(-p[0] * np.expm1(-p[1] * u) - v)

    found = min(
        (
            least_squares(residual, [full, speed], method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15)
            for full, speed in ((1.0, 2.0), (2.0, 0.5), (1.0, 8.0))
        ),
        key=lambda fit: float(fit.cost),
    )
    variance = 2.0 * float(found.cost) / max(x.size - 2, 1)
    spread = np.sqrt(np.diag(np.linalg.pinv(found.jac.T @ found.jac)) * variance)
    return RampCurve(
        float(found.x[0]) * scale_y,
        float(found.x[1]) / scale_x,
        float(spread[0]) * scale_y,
        float(spread[1]) / scale_x,
        float(np.sqrt(variance)) * scale_y,
    )
