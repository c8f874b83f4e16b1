"""Early warning on results: a risk-adjusted CUSUM on every stage event against the person's own past.

Each chance counts by what a comparable colleague would have made of it. Looked for: odds that halve at one
step, or fall by a third at all of them. The limits are simulated (`stats.alarm_limits`) so that somebody who
goes on as before is warned about once in 25 years. Source: Steiner et al. 2000.
"""

import numpy as np

from headway.detection.estimate import Estimate
from headway.detection.roster import Roster
from headway.detection.watch import EffortWarning
from headway.stats.alarm_limits import cusum_now
from headway.stats.arrays import Floats

PAST_WEEKS, WATCHED_WEEKS, LEAST_PAST = 78, 39, 26
HALVED, A_THIRD_LESS = -0.70, -0.40
# variance between people in units of the drop looked for
SPREAD = 0.2
# limit by information a week, at one false alarm in a hundred years for each of the drops looked for
INFORMATION = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
LIMITS = (2.63, 3.96, 5.35, 6.75, 7.78, 8.12)
RATE = 0.01


def result_warnings(estimate: Estimate, roster: Roster) -> tuple[EffortWarning, ...]:
    """People whose results lately are worse than their own, and still are."""
    steps = [j for j, m in enumerate(estimate.measures) if m.kind == "conversion"]
    start = roster.weeks - WATCHED_WEEKS
    if start < LEAST_PAST or not steps:
        return ()
    past = slice(max(0, start - PAST_WEEKS), start)
    b, p = estimate.information[:, :, steps], estimate.weekly_precision[:, :, steps]
    usual = _own_past(b[:, past].sum(axis=1), p[:, past].sum(axis=1), estimate.sigma[np.ix_(steps, steps)])
    able = roster.active & (np.nan_to_num(roster.first_week, nan=1e9) <= start - LEAST_PAST)
    found: dict[int, EffortWarning] = {}
    for drop in _drops(len(steps)):
        gains = (b[:, start:] - p[:, start:] * usual[:, None, :]) * drop - 0.5 * p[:, start:] * drop**2
        level, begun = cusum_now(gains.sum(axis=2))
        rate = (p[:, start:] * drop**2).sum(axis=(1, 2)) / WATCHED_WEEKS
        limit = np.interp(np.log(np.maximum(rate, 1e-9)), np.log(INFORMATION), LIMITS)
        for person in np.flatnonzero(able & (rate >= INFORMATION[0]) & (level > limit)):
            carried = gains[person, begun[person] :].sum(axis=0)
            key = estimate.keys[steps[int(carried.argmax())]]
            strength = float(1.0 - np.exp(-level[person]))
            if int(person) not in found or found[int(person)].strength < strength:
                found[int(person)] = EffortWarning(int(person), key, int(start + begun[person]), strength)
    return tuple(found.values())


def _drops(steps: int) -> list[Floats]:
    alone = [np.where(np.arange(steps) == j, HALVED, 0.0) for j in range(steps)]
    return [*alone, np.full(steps, A_THIRD_LESS)] if steps > 1 else alone


def _own_past(b: Floats, p: Floats, sigma: Floats) -> Floats:
    """Pooled effects (people, steps) as the past alone shows them."""
    posterior = np.linalg.inv(np.linalg.inv(sigma) + p[:, None, :] * np.eye(p.shape[1]))
    return np.asarray(np.einsum("rij,rj->ri", posterior, b))
