"""A measure: what was observed and expected, per person and week, and how much that tells."""

from dataclasses import dataclass

import numpy as np

from headway.detection.roster import VETERAN_WEEKS, Roster
from headway.stats.arrays import Floats, Ints

# prior precision of case-mix coefficients on the log-odds scale: sd 1 for kinds, 0.7 for slopes
KIND, SLOPE = 1.0, 2.0


@dataclass(frozen=True)
class Measure:
    """One measure for everybody. Weekly arrays are (people, weeks).

    observed, expected: events (own leads, successes) or sums of log amounts; chances: exposure-weighted
    chances (conversions), weeks (own leads), deals (size); precision: information on the person's effect.
    kind: "conversion", "effort" or "size"; peer_rate: pooled rate per chance; delay_weeks: median.
    """

    key: str
    kind: str
    observed: Floats
    expected: Floats
    chances: Floats
    precision: Floats
    peer_rate: float
    rates: Floats
    delay_weeks: int
    dispersion: float


def tenure_basis(roster: Roster, rep: Ints, week: Ints) -> Floats:
    """Two saturating ramps, 1 on the first day and 0 when fully ramped: a(1 - exp(-bt)), fast and slow."""
    begun = np.where(np.isnan(roster.hired_week), -VETERAN_WEEKS, roster.hired_week)[rep]
    tenure = np.clip(week + 0.5 - begun, 0.0, None)
    return np.column_stack([np.exp(-tenure / 8.0), np.exp(-tenure / 20.0)])


def sums(cell: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(cell, values, size).astype(np.float64)


def dispersion_of(observed: Floats, expected: Floats, variance: Floats, people: int) -> float:
    use = expected >= 1.0
    if use.sum() < 2 * people or use.sum() < 30:
        return 1.0
    ratio = ((observed - expected) ** 2 / np.maximum(variance, 1e-9))[use]
    return float(max(1.0, np.minimum(ratio, 9.0).sum() / (use.sum() - 0.5 * people)))


def shared_by_week(observed: Floats, expected: Floats, dispersion: float) -> Floats:
    """What everybody shares in a week, pulled toward 1 by the size of ordinary luck."""
    prior = 8.0 * dispersion
    return np.asarray((observed.sum(axis=0) + prior) / (expected.sum(axis=0) + prior))
