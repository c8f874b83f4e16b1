"""Early warning on results: a risk-adjusted CUSUM on every stage event against the person's own past.

Each chance counts by what a comparable colleague would have made of it, when it becomes known. Looked for, all at
once: odds that halve at one step, or fall by a third at all of them. The limits are simulated (`stats.alarm_limits`)
to RATE a year among all who go on as before, which is fewer among those who do well. Source: Steiner et al. 2000.
"""

import numpy as np

from headway.detection.estimate import Estimate
from headway.detection.evidence import Evidence
from headway.detection.roster import Roster
from headway.detection.watch import EFFORT, RESULTS, STRIP_WEEKS, WatchChart, charts_of, effort_charts
from headway.stats.alarm_limits import cusum_level, shift_evidence
from headway.stats.arrays import Floats

PAST_WEEKS, WATCHED_WEEKS, LEAST_PAST = 78, 39, 26
HALVED, A_THIRD_LESS = -0.70, -0.40
# variance between people in each step, as the limits take it
VARIANCE = 0.04
RATE = 0.07
# limit by number of steps (down) and information a week on all of them (across), at RATE false alarms a year
STEPS, INFORMATION = (1, 2, 3, 4, 6), (0.02, 0.1, 0.3, 1.0, 3.0)
LIMITS = (
    (0.95, 2.11, 3.17, 4.04, 4.47),
    (0.55, 1.33, 2.15, 3.21, 4.01),
    (0.43, 1.06, 1.82, 2.79, 3.75),
    (0.35, 0.90, 1.60, 2.61, 3.54),
    (0.26, 0.71, 1.31, 2.31, 3.25),
)


def result_charts(estimate: Estimate, roster: Roster, *, strip: int = STRIP_WEEKS) -> tuple[WatchChart, ...]:
    """Charts of everybody whose results lately look worse than their own before; strip: weeks shown."""
    steps = [j for j, m in enumerate(estimate.measures) if m.kind == "conversion"]
    start = roster.weeks - WATCHED_WEEKS
    if start < LEAST_PAST or not steps:
        return ()
    past = slice(max(0, start - PAST_WEEKS), start)
    b, p = estimate.information[:, :, steps], estimate.weekly_precision[:, :, steps]
    usual, doubt = _own_past(b[:, past].sum(axis=1), p[:, past].sum(axis=1), estimate.sigma[np.ix_(steps, steps)])
    lately, seen = b[:, start:], p[:, start:]
    rate = seen.sum(axis=(1, 2)) / WATCHED_WEEKS
    able = roster.active & (np.nan_to_num(roster.first_week, nan=1e9) <= start - LEAST_PAST)
    able &= rate >= INFORMATION[0]
    levels, begun = np.zeros((len(able), strip)), np.zeros(len(able), dtype=np.int64)
    for place in range(strip):
        weeks = WATCHED_WEEKS - strip + place + 1
        shown = shift_evidence(lately[:, :weeks], seen[:, :weeks], usual, doubt, shifts=shifts(len(steps)))
        levels[:, place], begun = cusum_level(shown)
    carried = _carried(lately, seen, usual, begun)
    keys = np.array(estimate.keys)[np.array(steps)[carried]]
    return charts_of(RESULTS, keys, start + begun, levels, limits(len(steps), rate), able)


def shifts(steps: int) -> Floats:
    """(kinds, steps) changes of log odds that are looked for."""
    alone = np.diag(np.full(steps, HALVED))
    return np.vstack([alone, np.full(steps, A_THIRD_LESS)]) if steps > 1 else alone


def limits(steps: int, information: Floats) -> Floats:
    """Limit at `information` a week on all steps."""
    table = np.array(LIMITS)
    row = np.array([np.interp(min(steps, STEPS[-1]), STEPS, table[:, j]) for j in range(len(INFORMATION))])
    return np.asarray(np.interp(np.log(np.maximum(information, 1e-9)), np.log(INFORMATION), row))


def _carried(b: Floats, p: Floats, usual: Floats, begun: np.ndarray) -> np.ndarray:
    """(people,) step with most evidence of halved odds since the chart began to rise."""
    since = np.arange(b.shape[1])[None, :, None] >= begun[:, None, None]
    gains = ((b - p * usual[:, None]) * HALVED - 0.5 * p * HALVED**2) * since
    return np.asarray(gains.sum(axis=1).argmax(axis=1))


def _own_past(b: Floats, p: Floats, sigma: Floats) -> tuple[Floats, Floats]:
    """Pooled effects (people, steps) as the past alone shows them, and their variances."""
    posterior = np.linalg.inv(np.linalg.inv(sigma) + p[:, None, :] * np.eye(p.shape[1]))
    return np.asarray(np.einsum("rij,rj->ri", posterior, b)), np.asarray(np.einsum("rii->ri", posterior))


def watch_charts(
    roster: Roster, evidence: Evidence, meetings: Floats | None, estimate: Estimate
) -> tuple[WatchChart, ...]:
    """Both charts of everybody. Without own leads there is none on effort: meetings never flag alone."""
    found: tuple[WatchChart, ...] = ()
    if evidence.own is not None:
        found += effort_charts(evidence.own, meetings, roster)
    return found + (result_charts(estimate, roster) if (estimate.spreads > 0).any() else ())


def warnings_of(charts: tuple[WatchChart, ...]) -> dict[int, WatchChart]:
    """By person the chart beyond its limit; on effort where both are."""
    return {c.person: c for c in sorted(charts, key=lambda c: c.kind == EFFORT) if c.warns}
