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
    """`mean` (units,) is the fitted group mean of each unit and `variance` its uncertainty."""

    mean: Floats
    variance: Floats


def fit_group_means(z: Floats, precision: Floats, design: Floats, *, tau2: float, penalty: Floats) -> GroupEffects:
    """Generalised least squares of unit effects on unit-level covariates, units weighted 1/(tau2 + noise).

    z, precision: (units,), precision 0 = not measured; design: (units, k); penalty: (k,) prior precisions.
    """
    noise = np.where(precision > 0, 1.0 / np.maximum(precision, 1e-12), np.inf)
    weight = np.where(precision > 0, 1.0 / (tau2 + noise), 0.0)
    covariance = np.linalg.inv(design.T @ (design * weight[:, None]) + np.diag(penalty))
    beta = covariance @ (design.T @ (weight * z))
    return GroupEffects(design @ beta, np.einsum("ri,ij,rj->r", design, covariance, design))


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
