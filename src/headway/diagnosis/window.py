"""Effects over the days of a diagnosis: before a change at the earlier level, after it at the new one."""

from dataclasses import dataclass

import numpy as np

from headway.detection.estimate import Estimate, log_ratio
from headway.detection.index import IndexPosterior
from headway.detection.measure import Measure
from headway.stats.arrays import Floats, Ints


@dataclass(frozen=True)
class WindowLevels:
    """The last weeks' factors (bookings relative to colleagues, per measure) over candidates of a change.

    share: (people, candidates, k) part of the window's chances that came at the new level;
    factor: (people, k) posterior mean over the window.
    """

    estimate: Estimate
    posterior: IndexPosterior
    share: Floats
    factor: Floats


def window_levels(estimate: Estimate, posterior: IndexPosterior, *, weeks: int) -> WindowLevels:
    """Levels over the last `weeks` weeks, weighted by the successes colleagues would have had in each."""
    change = posterior.change
    people, candidates, k = change.mean.shape
    total = estimate.measures[0].chances.shape[1]
    begins = _begins(posterior.candidates, candidates)
    share = np.ones((people, candidates, k))
    factor = np.ones((people, k))
    for j, m in enumerate(estimate.measures):
        share[:, :, j] = _shares_after(_weight(m)[:, total - weeks :], np.maximum(begins - (total - weeks), 0))
        mixed = share[:, :, j] * level_factor(m, change.mean[:, :, j])
        mixed += (1.0 - share[:, :, j]) * level_factor(m, change.before[:, :, j])
        factor[:, j] = (change.weight * mixed).sum(axis=1)
    return WindowLevels(estimate, posterior, share, factor)


def draw_factors(levels: WindowLevels, person: int, *, draws: int, rng: np.random.Generator) -> Floats:
    """Draws (draws, k) of the window's factors of one person: a date (or none), then the levels around it."""
    change = levels.posterior.change
    weight = change.weight[person]
    picked = rng.choice(weight.size, draws, p=weight / weight.sum())
    noise = rng.standard_normal((2, draws, change.mean.shape[-1]))
    after = change.mean[person, picked] + _spread(change.covariance[person], picked, noise[0])
    dates = len(levels.posterior.candidates)
    early = np.where(picked == 0, 0, (picked - 1) % max(dates, 1) + 1)
    before = change.before[person, picked] + _spread(change.before_covariance[person], early, noise[1])
    factors = np.ones_like(after)
    for j, m in enumerate(levels.estimate.measures):
        share = levels.share[person, picked, j]
        factors[:, j] = share * level_factor(m, after[:, j]) + (1.0 - share) * level_factor(m, before[:, j])
    return np.asarray(factors)


def level_factor(measure: Measure, effect: Floats) -> Floats:
    """Successes (or money, for deal size) relative to colleagues at an effect."""
    return np.asarray(np.exp(log_ratio(measure.peer_rate, effect) if measure.kind == "conversion" else effect))


def _weight(m: Measure) -> Floats:
    return m.chances if m.kind == "size" else m.expected


def _begins(dates: Ints, candidates: int) -> Ints:
    """First week at the new level per candidate; no change = from the beginning."""
    kinds = (candidates - 1) // len(dates) if len(dates) else 0
    return np.concatenate([np.zeros(1, dtype=np.int64), np.tile(dates, kinds)])


def _shares_after(weight: Floats, begins: Ints) -> Floats:
    """(people, candidates) share of the weight (people, weeks) from each week on; by days without any weight."""
    weeks = weight.shape[1]
    total = weight.sum(axis=1, keepdims=True)
    even = np.where(total > 1e-9, weight, 1.0)
    ahead = np.concatenate([np.zeros((len(weight), 1)), even.cumsum(axis=1)], axis=1)
    return np.asarray(np.clip(1.0 - ahead[:, np.minimum(begins, weeks)] / ahead[:, -1:], 0.0, 1.0))


def _spread(covariance: Floats, picked: Ints, noise: Floats) -> Floats:
    """Normal noise with the covariance of each picked candidate."""
    kinds, place = np.unique(picked, return_inverse=True)
    roots = np.linalg.cholesky(covariance[kinds] + 1e-12 * np.eye(covariance.shape[-1]))
    return np.asarray(np.einsum("dij,dj->di", roots[place], noise))
