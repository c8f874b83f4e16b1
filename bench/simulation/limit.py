"""The limit: what a judge could say who knew every chance's difficulty and how people differ (Bayes, by
importance sampling from the generator's own distribution of people). No estimator can do better on average."""

from dataclasses import dataclass, replace

import numpy as np

from bench.simulation.truth import KEYS, Draws, Ideal
from headway.detection.estimate import Estimate

DRAWS = 20_000


@dataclass(frozen=True)
class Limit:
    """Per person: P(index < 0.70), P(index >= 0.85), mean effects (people, effects) on the last day."""

    p_under: np.ndarray
    p_fine: np.ndarray
    effects: np.ndarray


def limit(ideal: Ideal, *, seed: int) -> Limit:
    """What could be known of everybody in a world."""
    draws = ideal.draw(np.random.default_rng([seed, 7]), DRAWS)
    score = _log_likelihood(ideal, draws)
    weight = np.exp(score - score.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    now = draws.effects + np.where(draws.day[:, None] >= 0, draws.after, 0.0)
    under, fine = np.zeros(len(weight)), np.zeros(len(weight))
    for code in np.unique(ideal.segment):
        here = ideal.segment == code
        index = ideal.index(now, int(code))
        under[here] = weight[here] @ (index < 0.7)
        fine[here] = weight[here] @ (index >= 0.85)
    return Limit(under, fine, weight @ now)


def limit_on_evidence(ideal: Ideal, estimate: Estimate, *, seed: int) -> Limit | None:
    """What a judge could say who sees no more than the engine but knows how people differ: where this judge errs as
    well, it is for want of evidence. None where the engine could not use every measure."""
    if estimate.keys != KEYS:
        return None
    # the engine's effects are around the team's mean, the draws around people without any effect
    usual = ideal.draw(np.random.default_rng([seed, 8]), DRAWS).effects.mean(axis=0)
    precision = estimate.weekly_precision
    seen = replace(ideal, information=estimate.information + precision * usual, precision=precision)
    return limit(seen, seed=seed)


def _log_likelihood(ideal: Ideal, draws: Draws) -> np.ndarray:
    b = np.concatenate([np.zeros_like(ideal.information[:, :1]), ideal.information.cumsum(axis=1)], axis=1)
    p = np.concatenate([np.zeros_like(ideal.precision[:, :1]), ideal.precision.cumsum(axis=1)], axis=1)
    week = np.where(draws.day >= 0, draws.day // 7, b.shape[1] - 1).astype(int)
    score = np.empty((len(b), len(week)))
    for w in np.unique(week):
        here = week == w
        before, after = draws.effects[here], draws.effects[here] + draws.after[here]
        score[:, here] = (
            b[:, w] @ before.T - 0.5 * p[:, w] @ before.T**2
            + (b[:, -1] - b[:, w]) @ after.T - 0.5 * (p[:, -1] - p[:, w]) @ after.T**2
        )  # fmt: skip
    return score
