"""Is somebody's level really higher since a known day, or is it what was to be expected of them anyway?

What was to be expected is a mixture of normal levels: what all evidence before the day says, pulled toward the
group, so that a low spell which led to a selection counts for no more than its information (the return to the mean
is in the expectation). Afterwards the level is the same, or moved along one of a few directions (everything at once,
one measure alone) by g ~ N(0, 1). The score is the likelihood ratio of a move upward over none, averaged over the
directions; its chance under "the same" is found by simulation. Sources: Ederer and Holland 1965 (mixed
alternatives); the half-normal alternative of Robbins 1970. Checked by simulation and against brute force.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from headway.stats.arrays import Floats

DRAWS = 8000
SEED = 20260518


@dataclass(frozen=True)
class RealChange:
    """ratio: likelihood of a gain over that of no change; p_value: chance of at least this ratio without one.

    loss_ratio: the same for a loss; expected, expected_sd: (k,) level expected without a change and its doubt;
    weight: chance of each direction given a change; means, sds: the move along each on the log scale.
    """

    ratio: float
    loss_ratio: float
    p_value: float
    expected: Floats
    expected_sd: Floats
    weight: Floats
    means: Floats
    sds: Floats

    def probability(self, *, prior_gain: float, prior_loss: float) -> float:
        """Chance of a real gain, given how often people gain and lose beforehand."""
        gain, loss = prior_gain * self.ratio, prior_loss * self.loss_ratio
        return gain / (gain + loss + 1.0 - prior_gain - prior_loss)

    def above(self, bound: float, *, prior_gain: float, prior_loss: float) -> float:
        """Chance that the change exceeds `bound` (log scale; "no change" is exactly 0)."""
        gain = self.probability(prior_gain=prior_gain, prior_loss=prior_loss)
        loss = prior_loss * self.loss_ratio
        loss = loss / (loss + prior_gain * self.ratio + 1.0 - prior_gain - prior_loss)
        up = self._tail(max(bound, 0.0)) / max(self._tail(0.0), 1e-12)
        down = 1.0 if bound >= 0 else (1.0 - self._tail(bound)) / max(1.0 - self._tail(0.0), 1e-12)
        still = 1.0 - gain - loss if bound < 0 else 0.0
        return float(gain * up + still + loss * (1.0 - down))

    def mean(self, *, prior_gain: float, prior_loss: float) -> float:
        """Best estimate of the change (log scale), "none" counted with its chance."""
        up = self._tail(0.0)
        parts = self.means * ndtr(self.means / self.sds) + self.sds * _density(self.means / self.sds)
        above = float(self.weight @ parts)
        below = float(self.weight @ self.means) - above
        gain, loss = prior_gain * self.ratio, prior_loss * self.loss_ratio
        total = gain + loss + 1.0 - prior_gain - prior_loss
        return (gain * above / max(up, 1e-12) + loss * below / max(1.0 - up, 1e-12)) / total

    def _tail(self, bound: float) -> float:
        return float(self.weight @ ndtr((self.means - bound) / self.sds))

    def quantile(self, share: float, *, prior_gain: float, prior_loss: float) -> float:
        """The change (log scale) that lies above the true one with this chance."""
        low, high = -4.0, 4.0
        for _ in range(40):
            middle = 0.5 * (low + high)
            below = 1.0 - self.above(middle, prior_gain=prior_gain, prior_loss=prior_loss)
            low, high = (middle, high) if below < share else (low, middle)
        return 0.5 * (low + high)


def real_change(
    weight: Floats,
    mean: Floats,
    covariance: Floats,
    *,
    b: Floats,
    p: Floats,
    directions: Floats,
    shares: Floats,
    slope: Floats,
) -> RealChange:
    """Compare the evidence since the day with the level expected.

    weight: (c,), mean: (c, k), covariance: (c, k, k) of the level before; b, p: (k,) information sum and precision
    since the day; directions: (a, k) one usual step each (prior standard deviation 1), shares: (a,) how likely
    each is beforehand; slope: (k,) what a unit of each measure is worth on the log scale.

    Raises:
        ValueError: no evidence at all since the day.
    """
    if not (p > 0).any():
        raise ValueError("there is no evidence since the day")
    expected = weight @ mean
    off = mean - expected
    spread = np.einsum("c,cij->ij", weight, covariance) + np.einsum("c,ci,cj->ij", weight, off, off)
    pull = _pull(spread, p)
    information = np.maximum(np.einsum("aj,jk,ak->a", directions, pull, directions), 1e-9)
    surprise = np.where(p > 0, b / np.where(p > 0, p, 1.0), 0.0) - np.where(p > 0, expected, 0.0)
    root = np.sqrt(information)
    z = (directions @ pull @ surprise) / root
    together = directions @ pull @ directions.T / np.outer(root, root)
    ratios, losses = _ratios(z, information), _ratios(-z, information)
    either = shares * (ratios + losses)
    worth = directions @ slope
    shrink = 1.0 / (1.0 + information)
    return RealChange(
        float(shares @ ratios),
        float(shares @ losses),
        _p_value(float(shares @ ratios), together, information, shares),
        expected,
        np.sqrt(np.diag(spread)),
        either / either.sum(),
        worth * shrink * root * z,
        np.maximum(np.abs(worth) * np.sqrt(shrink), 1e-9),
    )


def _ratios(z: Floats, information: Floats) -> Floats:
    """Likelihood ratio of g ~ |N(0, 1)| over g = 0, per direction (last axis)."""
    share = information / (1.0 + information)
    fit = np.minimum(0.5 * z * z * share, 600.0)
    return np.asarray(2.0 / np.sqrt(1.0 + information) * np.exp(fit) * ndtr(z * np.sqrt(share)))


def _p_value(seen: float, together: Floats, information: Floats, shares: Floats) -> float:
    """Share of draws without a change whose ratio is at least the one seen, never zero."""
    values, vectors = np.linalg.eigh(together)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    draws = np.random.default_rng(SEED).standard_normal((DRAWS, together.shape[0])) @ root.T
    hits = int((_ratios(draws, information) @ shares >= seen).sum())
    return (hits + 1) / (DRAWS + 1)


def _density(z: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))


def _pull(covariance: Floats, p: Floats) -> Floats:
    """(covariance + noise)^-1 with noise 1/p; rows of measures without evidence are zero."""
    root = np.sqrt(p)
    inner = np.eye(p.size) + root[:, None] * covariance * root
    return np.asarray(root[:, None] * np.linalg.inv(inner) * root, dtype=np.float64)
