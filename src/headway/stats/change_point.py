"""One possible lasting change in a person's effects, at an unknown time: Bayesian average over dates.

Before the change theta ~ N(0, Sigma); after it theta + delta, delta ~ N(0, change). The evidence comes as
information sums b and precisions P per period, so that log-likelihood = b'theta - theta'P theta / 2.
Source: the product-partition view of Barry and Hartigan 1993 with at most one change.
Checked against brute-force integration.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from headway.stats.arrays import Floats, Ints

# units worked out at a time
PORTION = 1_000


@dataclass(frozen=True)
class ChangePosterior:
    """Posterior of the *current* effects, per unit and candidate date (candidate 0 = no change).

    weight: (units, c); mean: (units, c, k); covariance: (units, c, k, k);
    before: (units, c, k) mean effects before the change; before_covariance: (units, 1 + d, k, k) theirs, by date
    (the same for every kind of change; first: no change).
    """

    weight: Floats
    mean: Floats
    covariance: Floats
    before: Floats
    before_covariance: Floats

    def rows(self, pick: slice) -> "ChangePosterior":
        """The posterior of some units."""
        return ChangePosterior(*(getattr(self, field.name)[pick] for field in fields(self)))


def change_posterior(
    information: Floats,
    precision: Floats,
    *,
    candidates: Ints,
    sigma: Floats,
    change: Floats,
    prior_change: Floats,
) -> ChangePosterior:
    """Average over dates and kinds of a change.

    information, precision: (units, periods, k); candidates: (d,) periods at which a new level may begin;
    change: (kinds, k, k) covariances of a change, equally likely (everything at once, one measure alone);
    prior_change: (units, d) prior probabilities, the remainder being "no change".
    The c = 1 + kinds * d candidates run: no change, then kind by kind the dates. What is worked out on the way takes
    several times the result, so it is done for a thousand units at a time.
    """
    found: ChangePosterior | None = None
    for first in range(0, max(len(information), 1), PORTION):
        rows = slice(first, first + PORTION)
        part = _of_portion(information[rows], precision[rows], candidates, sigma, change, prior_change[rows])
        if found is None:
            found = part if len(information) <= PORTION else _empty(part, len(information))
        if found is not part:
            for field in fields(part):
                getattr(found, field.name)[rows] = getattr(part, field.name)
    assert found is not None
    return found


def _empty(like: ChangePosterior, units: int) -> ChangePosterior:
    return ChangePosterior(*(np.empty((units, *getattr(like, field.name).shape[1:])) for field in fields(like)))


def _of_portion(
    information: Floats, precision: Floats, candidates: Ints, sigma: Floats, change: Floats, prior_change: Floats
) -> ChangePosterior:
    k = sigma.shape[0]
    total_b, total_p = information.sum(axis=1), precision.sum(axis=1)
    ahead_b = np.concatenate([np.zeros_like(total_b)[:, None], information.cumsum(axis=1)], axis=1)
    ahead_p = np.concatenate([np.zeros_like(total_p)[:, None], precision.cumsum(axis=1)], axis=1)
    first_b, first_p = ahead_b[:, candidates], ahead_p[:, candidates]
    last_b, last_p = total_b[:, None] - first_b, total_p[:, None] - first_p

    still = _update(np.zeros(k), sigma, total_b[:, None], total_p[:, None])
    early = _update(np.zeros(k), sigma, first_b, first_p)
    kinds = len(change)
    later = [_update(early[0], early[1] + change[kind], last_b, last_p) for kind in range(kinds)]
    late = tuple(np.concatenate([part[i] for part in later], axis=1) for i in range(3))
    early_score, early_mean = np.tile(early[2], (1, kinds)), np.tile(early[0], (1, kinds, 1))
    prior_change = np.tile(prior_change / kinds, (1, kinds))

    stay = np.maximum(1.0 - prior_change.sum(axis=1, keepdims=True), 1e-12)
    score = np.concatenate(
        [np.log(stay) + still[2], np.log(np.maximum(prior_change, 1e-300)) + early_score + late[2]], axis=1
    )
    score -= score.max(axis=1, keepdims=True)
    weight = np.exp(score)
    return ChangePosterior(
        weight / weight.sum(axis=1, keepdims=True),
        np.concatenate([still[0], late[0]], axis=1),
        np.concatenate([still[1], late[1]], axis=1),
        np.concatenate([still[0], early_mean], axis=1),
        np.concatenate([still[1], early[1]], axis=1),
    )


@dataclass(frozen=True)
class Before:
    """Effects before the change with what came after it taken into account, per unit and candidate: mean
    (units, c, k), covariance (units, c, k, k), cross (units, c, k, k): their covariance with the current ones."""

    mean: Floats
    covariance: Floats
    cross: Floats


def before_given_all(posterior: ChangePosterior, *, change: Floats) -> Before:
    """What all the evidence says of the effects before a change (a step of Rauch, Tung and Striebel's smoother).

    change: (kinds, k, k) as given to `change_posterior`. Without a change (candidate 0) they are the current ones.
    """
    kinds = len(change)
    early = posterior.before_covariance[:, None, 1:]
    units, dates, k = early.shape[0], early.shape[2], early.shape[-1]
    shape = (units, kinds, dates, k)
    moved = early + change[:, None]
    gain = early @ np.linalg.inv(moved)
    now, late = posterior.mean[:, 1:].reshape(shape), posterior.covariance[:, 1:].reshape(*shape, k)
    first = posterior.before[:, 1:].reshape(shape)
    cross = gain @ late
    transposed = np.swapaxes(gain, -1, -2)
    mean = first + _times(gain, now - first)
    covariance = early - gain @ moved @ transposed + cross @ transposed
    still = posterior.covariance[:, :1]
    return Before(
        np.concatenate([posterior.mean[:, :1], mean.reshape(units, -1, k)], axis=1),
        np.concatenate([still, covariance.reshape(units, -1, k, k)], axis=1),
        np.concatenate([still, cross.reshape(units, -1, k, k)], axis=1),
    )


def with_learnt_rate(posterior: ChangePosterior, prior_change: Floats, *, strength: float) -> ChangePosterior:
    """The posterior with the rate of changes that everybody together shows (EM on one factor for all).

    prior_change: (units, d) as given to `change_posterior`; strength: the given rate counts as if this many
    changes had been expected and seen. A steady team keeps its old evidence; a team in turmoil does not.
    """
    prior = np.clip(prior_change.sum(axis=1), 0.0, 0.9)
    usable = prior > 0
    if not usable.any():
        return posterior
    q, still = prior[usable], np.maximum(posterior.weight[usable, 0], 1e-12)
    odds = (1.0 - still) / still * (1.0 - q) / q
    factor = 1.0
    for _ in range(50):
        changed = factor * q * odds / (factor * q * odds + 1.0 - factor * q)
        factor = min(float((strength + changed.sum()) / (strength + q.sum())), 1.0 / 0.9)
    weight = posterior.weight.copy()
    weight[:, 0] *= (1.0 - factor * prior) / (1.0 - prior)
    weight[:, 1:] *= factor
    return replace(posterior, weight=weight / weight.sum(axis=1, keepdims=True))


def _update(mean: Floats, covariance: Floats, b: Floats, p: Floats) -> tuple[Floats, Floats, Floats]:
    """Posterior mean, covariance and log evidence after the information (b, p), batched."""
    k = b.shape[-1]
    prior_precision = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    after = np.asarray(np.linalg.inv(prior_precision + p[..., None, :] * np.eye(k)), dtype=np.float64)
    pull = _times(prior_precision, np.broadcast_to(mean, b.shape))
    new_mean = _times(after, pull + b)
    spread = np.linalg.slogdet(np.eye(k) + covariance * p[..., None, :])[1]
    evidence = -0.5 * spread + 0.5 * ((pull + b) * new_mean).sum(-1) - 0.5 * (mean * pull).sum(-1)
    return new_mean, np.broadcast_to(after, (*b.shape, k)), evidence


def _times(matrix: Floats, vector: Floats) -> Floats:
    return np.asarray(np.einsum("...ij,...j->...i", matrix, vector), dtype=np.float64)
