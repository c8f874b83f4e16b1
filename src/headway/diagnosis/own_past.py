"""A person against their own past: the level before a lasting change, or half a year ago, and each step's figure then.

Comparable colleagues say what is usual; only the person's own past says whether something changed. A step's figures are
plain counts; the levels are estimates with their ranges.
"""

import numpy as np

from headway.detection.analysis import Analysis, first_name
from headway.detection.before_after import BeforeAfter
from headway.detection.index import IndexPosterior, index_posterior, log_index
from headway.detection.reasons import before_after
from headway.detection.signal import Signal
from headway.diagnosis import sentences as say
from headway.diagnosis.diagnosis import Level, OwnPast, OwnStep
from headway.stats.arrays import Floats

# without half a year before the day there is no past to compare with
SEED = 8
LEAST_WEEKS = 26
STEP, DRAWS = 6, 2_000


def earlier_index(analysis: Analysis, *, weeks: int) -> IndexPosterior | None:
    """Everybody's index as it was `weeks` weeks ago; None where the record is too short to tell."""
    until = analysis.roster.weeks - weeks
    if analysis.estimate is None or analysis.posterior is None or until < LEAST_WEEKS:
        return None
    return index_posterior(
        analysis.estimate,
        analysis.roster,
        policy=analysis.policy,
        until=until,
        step=STEP,
        like=analysis.posterior.posterior,
    )


def own_past(analysis: Analysis, earlier: IndexPosterior | None, person: int, entry: Signal) -> OwnPast | None:
    """One person's past and present; None where fewer than half a year of work lies before.

    earlier: `earlier_index` at the beginning of the diagnosis' window.
    """
    posterior, roster = analysis.posterior, analysis.roster
    if posterior is None or earlier is None:
        return None
    changed = bool(entry.p_change >= analysis.policy.change_probability and posterior.change_week[person] >= 0)
    week = int(posterior.change_week[person]) if changed else earlier_week(analysis, earlier)
    if not roster.first_week[person] <= week - LEAST_WEEKS:
        return None
    before = _before_change(analysis, person) if changed else _level(earlier, person)
    now = _rounded(entry.index.estimate, entry.index.low, entry.index.high)
    since, name = roster.day(week), first_name(roster.names[person])
    sentence = say.own_past_sentence(name, since, before, now, changed=changed, p_change=entry.p_change)
    return OwnPast(since, changed, before, now, _steps(analysis, person, week), sentence)


def earlier_week(analysis: Analysis, earlier: IndexPosterior) -> int:
    """The week up to which `earlier` looks."""
    # the last date at which a change may have begun is the last week looked at
    return int(earlier.candidates[-1]) + 1 if len(earlier.candidates) else analysis.roster.weeks


def _level(index: IndexPosterior, person: int) -> Level:
    return _rounded(index.estimate[person], index.low[person], index.high[person])


def _rounded(estimate: float, low: float, high: float) -> Level:
    return Level(round(float(estimate), 4), round(float(low), 4), round(float(high), 4))


def _before_change(analysis: Analysis, person: int) -> Level:
    """The level before the change, over all dates and kinds it may have had."""
    estimate, posterior = analysis.estimate, analysis.posterior
    assert estimate is not None
    assert posterior is not None
    change = posterior.change
    moved = log_index(change.mean[person], estimate) - log_index(change.before[person], estimate)
    fell = posterior.p_fall[person] >= posterior.p_rise[person]
    weight = np.where((moved < 0) == fell, change.weight[person], 0.0)
    weight[0] = 0.0
    rng = np.random.default_rng(SEED)  # the same draws for everybody: renaming people changes nobody’s range
    picked = rng.choice(weight.size, DRAWS, p=weight / weight.sum())
    draws = change.before[person, picked] + _noise(change.before_covariance[person], picked, posterior, rng)
    levels = np.exp(log_index(draws, estimate) - posterior.log_centre)
    low, middle, high = np.quantile(levels, [0.05, 0.5, 0.95])
    return _rounded(middle, low, high)


def _noise(covariance: Floats, picked: np.ndarray, posterior: IndexPosterior, rng: np.random.Generator) -> Floats:
    """Normal draws with the covariance that each date leaves of the level before it."""
    roots = np.linalg.cholesky(covariance + 1e-12 * np.eye(covariance.shape[-1]))
    dates = (picked - 1) % max(len(posterior.candidates), 1) + 1
    return np.asarray(np.einsum("dij,dj->di", roots[dates], rng.standard_normal((picked.size, covariance.shape[-1]))))


def _steps(analysis: Analysis, person: int, week: int) -> tuple[OwnStep, ...]:
    """What was counted in each measure in the year before the week and since; those with too little left out."""
    assert analysis.estimate is not None
    found = []
    for key in analysis.estimate.keys:
        counts = before_after(analysis.evidence, analysis.roster, person, key, week)
        if counts is not None:
            found.append(_step(counts))
    return tuple(found)


def _step(counts: BeforeAfter) -> OwnStep:
    return OwnStep(counts.key, counts.before, counts.after, counts.total_before, counts.total_after)
