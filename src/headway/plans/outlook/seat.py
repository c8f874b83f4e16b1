"""Who sits in the seat: the person as they sell today, or a colleague of a given index with the same deals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from headway.detection.analysis import Analysis
from headway.detection.chances import EFFORT
from headway.detection.index import log_index
from headway.plans.outlook.arrivals import Arrivals
from headway.plans.outlook.model import Effects, PipelineModel
from headway.stats.arrays import Floats

SEED = 20260401


def colleague(analysis: Analysis, model: PipelineModel, *, index: float) -> PipelineModel:
    """The same model with everybody replaced by a colleague whose performance index is `index` (1.00 = the average).

    The colleague is as far from the usual at every measure as people who differ in all of them usually are, and is
    known exactly: the doubt that remains is luck. Group effects (segment, territory, tenure) stay with the seat.
    """
    estimate, posterior = analysis.estimate, analysis.posterior
    if estimate is None or posterior is None:
        return replace(model, effects=Effects((), model.effects.mean, model.effects.sd))
    way = np.sqrt(np.maximum(np.diag(estimate.sigma), 1e-6))
    wanted = np.log(index) + posterior.log_centre

    def off(distance: float) -> float:
        return float(log_index(way * distance, estimate) - wanted)

    distance = float(brentq(off, -30.0, 30.0))
    mean = estimate.group + way * distance
    effects = Effects(estimate.keys, mean, np.zeros_like(mean))
    return replace(model, effects=effects, arrivals=_own_leads(model, effects))


def _own_leads(model: PipelineModel, effects: Effects) -> Arrivals:
    """Assigned leads stay the seat's; leads found alone are as many as such a colleague finds."""
    arrivals = model.arrivals
    if not model.walks.leads or EFFORT not in effects.keys:
        return arrivals
    mean, sd = effects.at(EFFORT)
    rate, doubt = arrivals.rate.copy(), arrivals.doubt.copy()
    rate[0], doubt[0] = arrivals.usual[0] * np.exp(mean), sd**2
    return replace(arrivals, rate=rate, doubt=doubt)


def draws_of(model: PipelineModel, *, draws: int) -> dict[str, Floats]:
    """Log-odds effects (draws, people) per measure, in pairs around the mean; the same for every call."""
    rng = np.random.default_rng(SEED)
    half = rng.standard_normal((max(draws // 2, 1), len(model.effects.keys)))
    # two values at one standard deviation each keep mean and variance exactly
    z = np.concatenate([half, -half])[:draws] if draws > 1 else np.zeros((1, len(model.effects.keys)))
    if draws > 1:
        z = z / np.maximum(np.sqrt((z**2).mean(axis=0)), 1e-9)
    found = {}
    for key in model.effects.keys:
        mean, sd = model.effects.at(key)
        found[key] = mean + z[:, [model.effects.keys.index(key)]] * sd
    return found
