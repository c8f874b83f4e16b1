"""From effects to the index: a change in time allowed for, an honest prior, probabilities and intervals."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.special import ndtr

from headway.detection.estimate import Estimate, log_ratio, rate_with
from headway.detection.policy import Policy
from headway.detection.roster import Roster
from headway.stats.arrays import Floats, Ints
from headway.stats.change_point import PORTION, ChangePosterior, before_given_all, change_posterior, with_learnt_rate
from headway.stats.changed_level import Levels, present_density, usual_likelihood
from headway.stats.mixture_prior import (
    GridPosterior,
    PriorFamily,
    average_posterior,
    fixed_posterior,
    prior_family,
    shifted_by_doubt,
)

GRID = np.arange(-2.4, 1.605, 0.02)
# one lasting change every three years of work, as if ten had been seen; a change is about as large as people differ
CHANGES_PER_WEEK, CHANGES_SEEN = 0.35 / 52, 10.0
# sd of the log index that looks like the person where leads have no score: their quality
UNSCORED = 0.06


@dataclass(frozen=True)
class IndexPosterior:
    """Posterior of log index relative to the typical colleague, arrays over people.

    grid: posterior on the log index (centre already taken out); change_*: probability of a lasting fall or
    rise, its most likely week (-1: none) and which measures carry it; change: the levels before and after each
    possible date, candidates: those weeks.
    """

    posterior: GridPosterior
    log_centre: float
    estimate: Floats
    low: Floats
    high: Floats
    low50: Floats
    high50: Floats
    p_under: Floats
    p_fine: Floats
    reliability: Floats
    p_fall: Floats
    p_rise: Floats
    change_week: Ints
    fall: Floats
    effect: Floats
    effect_sd: Floats
    change: ChangePosterior
    candidates: Ints


def candidate_weeks(weeks: int, step: int) -> Ints:
    """Weeks at which a new level may have begun: from the 9th to the last (what nobody can see yet widens ranges)."""
    return np.arange(weeks - 1, 7, -step, dtype=np.int64)[::-1]


def change_covariances(sigma: Floats) -> Floats:
    """Kinds of a lasting change (kinds, k, k): everything at once, about as far as people differ; or one
    measure alone, further."""
    k = len(sigma)
    together = sigma + np.diag(np.full(k, 0.2**2))
    alone = [np.diag(np.where(np.arange(k) == j, 0.5**2, 1e-4)) for j in range(k)]
    return np.stack([together, *alone]) if k > 1 else together[None]


def index_posterior(
    estimate: Estimate,
    roster: Roster,
    *,
    policy: Policy,
    until: int | None = None,
    step: int = 2,
    like: GridPosterior | None = None,
) -> IndexPosterior:
    """Index of everybody as the weeks before `until` (default: all) show it.

    step: weeks between candidate dates of a change; like: take the averaged prior of this posterior.
    """
    weeks = roster.weeks if until is None else until
    b, p = estimate.information[:, :weeks], estimate.weekly_precision[:, :weeks]
    candidates = candidate_weeks(weeks, step)
    started = np.where(np.isnan(roster.first_week), 0.0, roster.first_week)
    allowed = candidates[None, :] >= started[:, None] + 8
    prior = np.where(allowed, CHANGES_PER_WEEK * step, 0.0)
    kinds = change_covariances(estimate.sigma)
    change = change_posterior(
        b,
        p,
        candidates=candidates,
        sigma=estimate.sigma,
        change=kinds,
        prior_change=prior,
    )
    change = with_learnt_rate(change, prior, strength=CHANGES_SEEN)
    levels = _on_log_index(change, estimate, kinds)
    hidden = 0.0 if estimate.scored else UNSCORED**2
    posterior = _reweighted(levels, hidden, _group_doubt(estimate), like)
    return _summary(posterior, change, estimate, candidates, levels.now, policy)


def reliability_of(estimate: Estimate) -> Floats:
    """(people,) share of the true differences in log index that chances like a person's explain: one minus
    posterior over prior variance, with the information an ordinary colleague's results would have given on them."""
    slope, k = estimate.slope, len(estimate.slope)
    posterior = np.linalg.inv(np.linalg.inv(estimate.sigma) + estimate.usual_precision[:, None, :] * np.eye(k))
    left = np.einsum("i,rij,j->r", slope, posterior, slope) / (slope @ estimate.sigma @ slope)
    return np.asarray(np.clip(1.0 - left, 0.0, 1.0)) if (estimate.spreads > 0).any() else np.zeros(len(left))


def _group_doubt(estimate: Estimate) -> Floats:
    """(people,) variance of the log index from not knowing exactly what the group is like."""
    return estimate.groups.variance(np.broadcast_to(estimate.slope, estimate.effect.shape))


def log_index(effect: Floats, estimate: Estimate) -> Floats:
    """Log bookings relative to colleagues for effects (..., k), on the standard mix."""
    total = np.zeros(effect.shape[:-1])
    for j, measure in enumerate(estimate.measures):
        value = effect[..., j]
        if measure.kind == "conversion":
            total = total + log_ratio(measure.peer_rate, value)
        elif measure.kind == "effort":
            share = estimate.slope[j]
            total = total + np.log1p(share * np.expm1(np.clip(value, -5.0, 3.0)))
        else:
            total = total + value
    return np.asarray(total)


def chance_without(key: str, bound: float, posterior: IndexPosterior, estimate: Estimate) -> Floats:
    """P(index < bound) per person as the measures other than `key` show it (normal approximation)."""
    here = np.array([k != key for k in estimate.keys])
    effect, sd = posterior.effect * here, posterior.effect_sd * here
    mean = log_index(effect, estimate) - posterior.log_centre
    spread = np.sqrt(((gradient(effect, estimate) * sd) ** 2).sum(axis=-1))
    return np.asarray(ndtr((np.log(bound) - mean) / np.maximum(spread, 1e-6)))


def gradient(effect: Floats, estimate: Estimate) -> Floats:
    """Derivative of the log index by each effect; shape of `effect`."""
    columns = []
    for j, measure in enumerate(estimate.measures):
        value = effect[..., j]
        if measure.kind == "conversion":
            columns.append(1.0 - rate_with(measure.peer_rate, value))
        elif measure.kind == "effort":
            grown = estimate.slope[j] * np.exp(np.clip(value, -5.0, 3.0))
            columns.append(grown / (1.0 - estimate.slope[j] + grown))
        else:
            columns.append(np.ones(value.shape))
    return np.stack(columns, axis=-1)


def _on_log_index(change: ChangePosterior, estimate: Estimate, kinds: Floats) -> Levels:
    """Log index before and after each candidate change (delta method)."""
    usual, usual_variance, now, now_variance, cross, prior = (np.empty(change.weight.shape) for _ in range(6))
    for first in range(0, len(now), PORTION):
        rows = slice(first, first + PORTION)
        part = change.rows(rows)
        before = before_given_all(part, change=kinds)
        early, late = gradient(before.mean, estimate), gradient(part.mean, estimate)
        usual[rows], now[rows] = log_index(before.mean, estimate), log_index(part.mean, estimate)
        usual_variance[rows] = np.einsum("rci,rcij,rcj->rc", early, before.covariance, early)
        now_variance[rows] = np.einsum("rci,rcij,rcj->rc", late, part.covariance, late)
        cross[rows] = np.einsum("rci,rcij,rcj->rc", early, before.cross, late)
        prior[rows] = np.einsum("rci,ij,rcj->rc", early, estimate.sigma, early)
    return Levels(change.weight, usual, usual_variance, now, now_variance, cross, prior)


def _reweighted(levels: Levels, hidden: float, extra: Floats, like: GridPosterior | None) -> GridPosterior:
    """Replace the normal prior of the usual level by the averaged two-group prior.

    What no data show (`hidden`) is more noise; doubt about where the comparison group lies (`extra`, (people,))
    widens the result.
    """
    likelihood = usual_likelihood(levels, GRID, hidden=hidden)
    # sampling noise of somebody who did not change; doubt about a change widens the posterior by itself
    noise = 1.0 / likelihood.precision[:, 0] + extra
    log_likelihood = likelihood.on_grid()
    usual = (
        average_posterior(log_likelihood, _family(), noise=noise)
        if like is None
        else fixed_posterior(log_likelihood, like, noise=noise)
    )
    return shifted_by_doubt(replace(usual, density=present_density(levels, likelihood, usual)), extra)


@lru_cache(maxsize=1)
def _family() -> PriorFamily:
    return prior_family(GRID)


def _summary(
    posterior: GridPosterior,
    change: ChangePosterior,
    estimate: Estimate,
    candidates: Ints,
    mean: Floats,
    policy: Policy,
) -> IndexPosterior:
    # 1.00 is what colleagues book on average, not the middle colleague: a few stars count as much as they book
    centre = float(np.log(posterior.prior @ np.exp(posterior.grid)))

    def at(probability: float) -> Floats:
        return np.exp(posterior.quantile(probability) - centre)

    effect = np.einsum("rc,rcj->rj", change.weight, change.mean)
    second = np.einsum("rc,rcjj->rj", change.weight, change.covariance) + np.einsum(
        "rc,rcj->rj", change.weight, (change.mean - effect[:, None]) ** 2
    )
    moved = mean - log_index(change.before, estimate)
    dates = max(len(candidates), 1)
    falls = np.where(moved < -0.05, change.weight, 0.0)[:, 1:]
    rises = np.where(moved > 0.05, change.weight, 0.0)[:, 1:]
    likely = (
        np.where(falls.sum(1) >= rises.sum(1), 1, 0)[:, None] * falls
        + np.where(falls.sum(1) >= rises.sum(1), 0, 1)[:, None] * rises
    )
    by_date = likely.reshape(len(likely), -1, dates).sum(axis=1)
    where = (by_date.cumsum(1) < 0.5 * by_date.sum(1, keepdims=True)).sum(1)
    week = np.where(
        likely.sum(1) > 0, candidates[np.minimum(where, len(candidates) - 1)] if len(candidates) else -1, -1
    )
    delta = change.mean - change.before
    shift = np.einsum("rc,rcj->rj", np.concatenate([np.zeros((len(likely), 1)), likely], 1), delta)
    total = np.maximum(likely.sum(1), 1e-12)[:, None]
    return IndexPosterior(
        posterior,
        centre,
        at(0.5),
        at(0.05),
        at(0.95),
        at(0.25),
        at(0.75),
        posterior.below(np.log(policy.under) + centre),
        1.0 - posterior.below(np.log(policy.fine) + centre),
        reliability_of(estimate),
        falls.sum(1),
        rises.sum(1),
        week.astype(np.int64),
        shift / total,
        effect,
        np.sqrt(second),
        change,
        candidates,
    )
