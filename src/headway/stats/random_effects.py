"""Several noisy measures of each person, pooled together with their full covariance.

Model: z[r] ~ N(theta[r], P[r]^-1) with P diagonal (0 = not measured), theta[r] ~ N(0, Sigma).
EM for the multivariate normal-normal model (Dempster, Laird and Rubin 1977), started from Paule-Mandel
spreads so that a measure without true spread stays without.
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Floats
from headway.stats.normal_means import paule_mandel


@dataclass(frozen=True)
class GroupEffects:
    """`mean` (units, k): the fitted group mean of each unit; `covariance` (k * q, k * q): that of the
    coefficients, measure by measure; `design` (units, q) as given."""

    mean: Floats
    covariance: Floats
    design: Floats

    def variance(self, slope: Floats) -> Floats:
        """(units,) variance of slope' mean from not knowing exactly what the group is like; slope (units, k)."""
        row = (slope[:, :, None] * self.design[:, None, :]).reshape(len(slope), -1)
        return np.asarray(((row @ self.covariance) * row).sum(axis=1))


def fit_group_means(z: Floats, precision: Floats, design: Floats, *, sigma: Floats, penalty: Floats) -> GroupEffects:
    """Generalised least squares of all measures together on unit-level covariates.

    z, precision: (units, k), precision 0 = not measured; z[r] has covariance sigma (k, k) + 1 / precision[r];
    design: (units, q); penalty: (q,) prior precisions of the coefficients of every measure.
    Checked against statsmodels' weighted least squares (one measure, vanishing penalty).
    """
    units, k = z.shape
    q = design.shape[1]
    inverse = np.linalg.inv(sigma)
    # (sigma + 1/P)^-1 without dividing by a precision of zero
    weight = inverse - inverse @ np.linalg.inv(inverse + precision[:, None, :] * np.eye(k)) @ inverse
    crossed = (design[:, :, None] * design[:, None, :]).reshape(units, -1)
    information = (weight.reshape(units, -1).T @ crossed).reshape(k, k, q, q).transpose(0, 2, 1, 3)
    information = information.reshape(k * q, k * q) + np.diag(np.tile(penalty, k))
    pull = np.einsum("rij,rj->ri", weight, z).T @ design
    covariance = np.linalg.inv(information)
    beta = (covariance @ pull.ravel()).reshape(k, q)
    return GroupEffects(design @ beta.T, covariance, design)


def spread_between(z: Floats, precision: Floats) -> float:
    """Paule-Mandel variance between the units that were measured; 0 with fewer than three of them."""
    measured = precision > 1e-9
    return paule_mandel(z[measured], 1.0 / precision[measured]) if measured.sum() >= 3 else 0.0


def fit_covariance(z: Floats, precision: Floats, *, prior: Floats, prior_weight: float, rounds: int = 40) -> Floats:
    """Covariance Sigma (k, k) of the true effects.

    z, precision: (units, k). The estimate is pulled toward `prior` (k, k) as if `prior_weight` units had
    shown exactly that, which keeps it positive definite with few people.
    """
    k = z.shape[1]
    start = np.array([spread_between(z[:, j], precision[:, j]) for j in range(k)])
    sigma = np.diag(np.maximum(start, 1e-4))
    measured = (precision > 0).any(axis=1)
    count = float(measured.sum())
    information = precision[measured] * z[measured]
    for _ in range(rounds):
        inverse = np.linalg.inv(sigma)
        posterior = np.linalg.inv(inverse + precision[measured][:, None, :] * np.eye(k))
        mean = np.einsum("rij,rj->ri", posterior, information)
        second = posterior.sum(axis=0) + mean.T @ mean
        sigma = (second + prior_weight * prior) / (count + prior_weight)
    return np.asarray(sigma, dtype=np.float64)
