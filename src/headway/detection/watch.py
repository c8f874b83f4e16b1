"""Early warning on effort: own leads and meetings a week against the person's own past.

A downward CUSUM on over-dispersed counts; its limits are simulated (`stats.alarm_limits`) so that somebody who
goes on as before is warned about once in 40 years for each of the two. What everybody does less of (holidays,
season) is taken out. Activity can be gamed and is never proof: it can raise somebody to "watch", never further.
Source: Lucas 1985 (count CUSUM).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster, week_sql
from headway.stats.alarm_limits import count_dispersion, count_gains, cusum_now
from headway.stats.arrays import Floats

MEETINGS, OWN_LEADS = "meetings", "own_leads"
BASELINE_WEEKS, WATCHED_WEEKS, LEAST_BASELINE = 52, 26, 26
DROP, RATE = 0.5, 0.025
# limit by usual counts a week, at RATE false alarms a year
LEVELS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
LIMITS = (5.70, 6.82, 7.40, 7.44, 6.99, 6.86, 6.51)


@dataclass(frozen=True)
class EffortWarning:
    """Less of `key` (own leads, meetings, a step's results) since `week`.

    strength, 0 to 1: one minus the likelihood of no change over that of a drop.
    """

    person: int
    key: str
    week: int
    strength: float


def meetings_per_week(facts: FactsLike, roster: Roster) -> Floats | None:
    """Meetings per person and week; None where none is recorded."""
    week = week_sql("a.occurred_at", facts, roster.weeks)
    rows = facts.con.execute(
        f"""SELECT * FROM (SELECT p.rep, {week} AS week, sum(coalesce(a."count", 1)) AS n FROM activities a
            JOIN _pool p ON p.person_id = a.person_id
            WHERE lower(a.kind) = 'meeting' AND a.occurred_at IS NOT NULL GROUP BY ALL)
            WHERE week >= 0 AND week < {roster.weeks}"""
    ).fetchnumpy()
    rep = np.asarray(rows["rep"], dtype=np.int64)
    if rep.size == 0:
        return None
    found = np.zeros((len(roster.ids), roster.weeks))
    found[rep, np.asarray(rows["week"], dtype=np.int64)] = np.asarray(rows["n"], dtype=np.float64)
    return found


def effort_warnings(counts: Floats, roster: Roster, key: str) -> tuple[EffortWarning, ...]:
    """People whose weekly counts (people, weeks) have fallen below their own past and are still there."""
    weeks = roster.weeks
    if weeks < WATCHED_WEEKS + LEAST_BASELINE:
        return ()
    active = roster.active & np.isfinite(roster.first_week)
    start = weeks - WATCHED_WEEKS
    exposure = roster.present * (np.arange(weeks) >= np.nan_to_num(roster.first_week, nan=1e9)[:, None])
    past = slice(max(0, start - BASELINE_WEEKS), start)
    seen = exposure[:, past].sum(axis=1)
    enough = seen >= LEAST_BASELINE
    usual = np.divide(counts[:, past].sum(axis=1), seen, out=np.zeros(len(seen)), where=enough)
    share = _shared(counts, exposure * usual[:, None])
    expected = exposure * usual[:, None] * share
    dispersion = count_dispersion(counts[:, past], expected[:, past], _pooled(counts[:, past], expected[:, past]))
    level, begun = cusum_now(count_gains(counts[:, start:], expected[:, start:], dispersion, drop=DROP))
    limit = np.interp(np.log(np.maximum(usual / dispersion, LEVELS[0])), np.log(LEVELS), LIMITS)
    named = active & (usual / dispersion >= LEVELS[0]) & enough & (level > limit)
    return tuple(
        EffortWarning(int(r), key, int(start + begun[r]), float(1.0 - np.exp(-level[r]))) for r in np.flatnonzero(named)
    )


def _shared(counts: Floats, expected: Floats) -> Floats:
    """What everybody does in a week relative to their own past; pulled toward 1."""
    return np.asarray((counts.sum(axis=0) + 20.0) / (expected.sum(axis=0) + 20.0))


def _pooled(counts: Floats, expected: Floats) -> float:
    """Variance over mean of everybody's weeks; 1 where there are too few."""
    used = expected > 0.2
    ratio = np.minimum((counts - expected) ** 2 / np.maximum(expected, 0.2), 16.0)
    return float(ratio[used].mean()) if used.sum() >= 30 else 1.0


@dataclass(frozen=True)
class EarlyWarning:
    """An early warning as `headway watch` gives it. kind: conversion or effort; strength 0..1."""

    person_id: str
    since: date
    kind: str
    strength: float
    sentence: str
