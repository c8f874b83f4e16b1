"""Early warning on effort: own leads and meetings a week against the person's own past.

A downward CUSUM on over-dispersed counts; its limit is simulated so that somebody who goes on as before is
warned about at most once in ten years. What everybody does less of (holidays, season) is taken out. Activity
can be gamed and is never proof: it can raise somebody to "watch", never further.
Source: Lucas 1985 (count CUSUM); the limits come from `effort_limit`.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster, week_sql
from headway.stats.arrays import Floats

MEETINGS, OWN_LEADS = "meetings", "own_leads"
FALSE_ALARMS_PER_YEAR = 0.10
BASELINE_WEEKS, WATCHED_WEEKS = 52, 26
DROP = 0.6
LEVELS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
SEED = 20260517


@dataclass(frozen=True)
class EffortWarning:
    """Fewer of `key` since `week`; strength 0..1: one minus the likelihood of no change over that of a drop."""

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
    if weeks < WATCHED_WEEKS + 13:
        return ()
    active = roster.active & np.isfinite(roster.first_week)
    start = weeks - WATCHED_WEEKS
    exposure = roster.present * (np.arange(weeks) >= np.nan_to_num(roster.first_week, nan=1e9)[:, None])
    past = slice(max(0, start - BASELINE_WEEKS), start)
    seen = exposure[:, past].sum(axis=1)
    usual = np.divide(counts[:, past].sum(axis=1), seen, out=np.zeros(len(seen)), where=seen >= 13)
    share = _shared(counts, exposure * usual[:, None])
    expected = exposure * usual[:, None] * share
    dispersion = _dispersion(counts[:, past], expected[:, past])
    gain = (counts[:, start:] * np.log(DROP) + (1.0 - DROP) * expected[:, start:]) / dispersion[:, None]
    level, begun = np.zeros(len(usual)), np.full(len(usual), start)
    for week in range(WATCHED_WEEKS):
        begun = np.where(level <= 0.0, start + week, begun)
        level = np.maximum(0.0, level + gain[:, week])
    limit = np.interp(np.log(np.maximum(usual / dispersion, LEVELS[0])), np.log(LEVELS), effort_limits())
    named = active & (usual / dispersion >= LEVELS[0]) & (seen >= 13) & (level > limit)
    return tuple(
        EffortWarning(int(r), key, int(begun[r]), float(1.0 - np.exp(-level[r]))) for r in np.flatnonzero(named)
    )


def _shared(counts: Floats, expected: Floats) -> Floats:
    """What everybody does in a week relative to their own past; pulled toward 1."""
    return np.asarray((counts.sum(axis=0) + 20.0) / (expected.sum(axis=0) + 20.0))


def _dispersion(counts: Floats, expected: Floats) -> Floats:
    """Variance over mean of each person's weekly counts, pulled toward everybody's as by twenty weeks: a
    very regular person's drop shows sooner, a person whose weeks vary much needs more."""
    used = expected > 0.2
    ratio = np.where(used, np.minimum((counts - expected) ** 2 / np.maximum(expected, 0.2), 16.0), 0.0)
    pooled = float(ratio.sum() / used.sum()) if used.sum() >= 30 else 1.0
    own = (ratio.sum(axis=1) + 20.0 * max(pooled, 1.0)) / (used.sum(axis=1) + 20.0)
    return np.asarray(np.clip(own, 0.3, 10.0))


@lru_cache(maxsize=1)
def effort_limits() -> tuple[float, ...]:
    """Limit of the CUSUM at each of LEVELS, for FALSE_ALARMS_PER_YEAR when looked at every week."""
    rng = np.random.default_rng(SEED)
    return tuple(effort_limit(level, rng) for level in LEVELS)


def effort_limit(level: float, rng: np.random.Generator, *, paths: int = 3000) -> float:
    """Limit that a person with `level` a week, measured over a year, passes once in ten years of no change."""
    usual = np.maximum(rng.poisson(level, (paths, BASELINE_WEEKS)).mean(axis=1), 0.1)
    worst, value = np.zeros(paths), np.zeros(paths)
    for _ in range(52):
        value = np.maximum(0.0, value + rng.poisson(level, paths) * np.log(DROP) + (1.0 - DROP) * usual)
        worst = np.maximum(worst, value)
    return float(np.quantile(worst, 1.0 - FALSE_ALARMS_PER_YEAR))


@dataclass(frozen=True)
class EarlyWarning:
    """An early warning as `headway watch` gives it. kind: conversion or effort; strength 0..1."""

    person_id: str
    since: date
    kind: str
    strength: float
    sentence: str
