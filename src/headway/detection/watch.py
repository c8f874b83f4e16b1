"""Early warning on effort: own leads a week against the person's own past, backed by meetings.

A downward CUSUM on over-dispersed counts; its limits are simulated (`stats.alarm_limits`) so that somebody who goes
on as before is warned about as seldom as RATE says. What everybody does less of (holidays, season) is taken out. Logged
activity can be gamed: it adds to what own leads show, never flags alone, and more of it hides nothing. A warning can
raise somebody to "watch", never further. Source: Lucas 1985 (count CUSUM).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster, week_sql
from headway.stats.alarm_limits import backed_by, count_dispersion, count_evidence, cusum_level
from headway.stats.arrays import Flags, Floats, Ints

MEETINGS, OWN_LEADS = "meetings", "own_leads"
EFFORT, RESULTS = "effort", "results"
STRIP_WEEKS = 26
BASELINE_WEEKS, WATCHED_WEEKS, LEAST_BASELINE, LEAST_WATCHED = 52, 26, 26, 4
DROP, RATE = 0.5, 0.06
# meetings add at most this many times what own leads show
MOST = 3.0
# somebody who does this much more than before counts for nobody's season
FAR_MORE = 1.5
# limit by usual own leads a week (down) and usual meetings a week (across), each over its dispersion, at RATE a year
LEVELS, SUPPORTS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0), (0.0, 1.0, 4.0, 16.0)
LIMITS = (
    (2.56, 3.93, 3.63, 2.64),
    (3.42, 4.44, 4.46, 3.61),
    (4.14, 4.95, 5.09, 4.50),
    (4.95, 5.43, 5.60, 5.21),
    (5.35, 5.75, 6.00, 5.77),
    (5.49, 5.95, 6.05, 6.02),
    (5.56, 5.85, 6.10, 6.07),
)


@dataclass(frozen=True)
class WatchChart:
    """How evidence of a fall added up for one person, and whether it passed the limit.

    kind: "effort" or "results"; key: the measure that carries it; week: since when it builds up; strength, 0 to 1: one
    minus the likelihood of no change over that of a fall; levels: at the end of each of the last weeks, oldest first,
    1 = the limit.
    """

    person: int
    kind: str
    key: str
    week: int
    strength: float
    levels: tuple[float, ...]

    @property
    def warns(self) -> bool:
        """Beyond the limit now."""
        return self.levels[-1] > 1.0


@dataclass(frozen=True)
class _Counts:
    """Counts as they are judged: lately and expected (people, watched weeks); past and level (usual a week over its
    dispersion) (people,)."""

    lately: Floats
    expected: Floats
    past: Floats
    dispersion: Floats
    level: Floats

    def evidence(self, weeks: int) -> Floats:
        """For every last stretch of the first `weeks` watched weeks."""
        lately, expected = self.lately[:, :weeks], self.expected[:, :weeks]
        return count_evidence(lately, expected, self.past, self.dispersion, drop=DROP)


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


def effort_charts(
    own: Floats, meetings: Floats | None, roster: Roster, *, strip: int = STRIP_WEEKS
) -> tuple[WatchChart, ...]:
    """Charts of everybody whose own leads show any fall; own, meetings: (people, weeks); strip: weeks shown."""
    watched = min(WATCHED_WEEKS, roster.weeks - LEAST_BASELINE)
    if watched < LEAST_WATCHED:
        return ()
    lead, able = _counts(own, roster, watched, logged=False)
    support = _counts(meetings, roster, watched, logged=True)[0] if meetings is not None else None
    able &= roster.active & np.isfinite(roster.first_week) & (lead.level >= LEVELS[0])
    limit = _limits(lead.level, support.level if support else np.zeros(len(able)))
    shown = min(strip, watched)
    levels, begun = np.zeros((len(able), shown)), np.zeros(len(able), dtype=np.int64)
    for place in range(shown):
        weeks = watched - shown + place + 1
        evidence = lead.evidence(weeks)
        if support is not None:
            evidence = backed_by(evidence, support.evidence(weeks), most=MOST)
        levels[:, place], begun = cusum_level(evidence)
    carried = np.full(len(able), OWN_LEADS)
    return charts_of(EFFORT, carried, roster.weeks - watched + begun, levels, limit, able)


def charts_of(
    kind: str, keys: np.ndarray, begun: Ints, levels: Floats, limit: Floats, able: Flags
) -> tuple[WatchChart, ...]:
    """One chart per person with any evidence now or lately; levels (people, weeks) in log likelihood."""
    shares = np.round(levels / limit[:, None], 4)
    strength = 1.0 - np.exp(-levels[:, -1])
    return tuple(
        WatchChart(int(r), kind, str(keys[r]), int(begun[r]), float(strength[r]), tuple(shares[r].tolist()))
        for r in np.flatnonzero(able & (shares.max(axis=1) > 0.0))
    )


def _counts(counts: Floats, roster: Roster, watched: int, *, logged: bool) -> tuple[_Counts, Flags]:
    """Counts against the person's own past, and for whom that past is long enough; logged: activity, which can be
    gamed."""
    start = roster.weeks - watched
    exposure = roster.present * (np.arange(roster.weeks) >= np.nan_to_num(roster.first_week, nan=1e9)[:, None])
    past = slice(max(0, start - BASELINE_WEEKS), start)
    seen = exposure[:, past].sum(axis=1)
    enough = seen >= LEAST_BASELINE
    usual = np.divide(counts[:, past].sum(axis=1), seen, out=np.zeros(len(seen)), where=enough)
    expected = exposure * usual[:, None]
    # whoever has no past to be held against says nothing about the season either
    counted = enough[:, None] & (_ordinary(counts, expected) if logged else exposure > 0)
    expected *= _shared(counts, expected, counted)
    dispersion = count_dispersion(counts[:, past], expected[:, past], _pooled(counts[:, past], expected[:, past]))
    lately = counts[:, start:] * (exposure[:, start:] > 0)
    return _Counts(lately, expected[:, start:], counts[:, past].sum(axis=1), dispersion, usual / dispersion), enough


def _limits(level: Floats, support: Floats) -> Floats:
    """Limits between those simulated: linear in the logarithm of the levels."""
    table = np.array(LIMITS)
    down = np.interp(np.log(np.maximum(level, LEVELS[0])), np.log(LEVELS), np.arange(len(LEVELS)))
    across = np.interp(np.log1p(support), np.log1p(SUPPORTS), np.arange(len(SUPPORTS)))
    row = np.minimum(down.astype(np.int64), len(LEVELS) - 2)
    column = np.minimum(across.astype(np.int64), len(SUPPORTS) - 2)
    a, b = down - row, across - column
    return np.asarray(
        (1 - a) * ((1 - b) * table[row, column] + b * table[row, column + 1])
        + a * ((1 - b) * table[row + 1, column] + b * table[row + 1, column + 1])
    )


def _shared(counts: Floats, expected: Floats, counted: Flags) -> Floats:
    """What everybody does in a week relative to their own past, pulled toward 1; `counted`: whose weeks."""
    return np.asarray(((counts * counted).sum(axis=0) + 20.0) / ((expected * counted).sum(axis=0) + 20.0))


def _ordinary(counts: Floats, expected: Floats) -> Flags:
    """Weeks in which somebody logs not far more than before, and than colleagues lately: where somebody logs more,
    nobody else must look worse for it."""
    lately, usual = _trailing(counts), _trailing(expected)
    ratio = np.where(usual > 0, lately / np.maximum(usual, 1e-9), np.nan)
    known = np.isfinite(ratio).any(axis=0)
    middle = np.ones(counts.shape[1])
    middle[known] = np.maximum(np.nanmedian(ratio[:, known], axis=0), 1e-9)
    return np.asarray(lately <= FAR_MORE * middle * usual + 2.0)


def _trailing(counts: Floats) -> Floats:
    """Sums of each week and the three before it."""
    total = np.pad(counts, ((0, 0), (4, 0))).cumsum(axis=1)
    return np.asarray(total[:, 4:] - total[:, :-4])


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
