"""How high an alarm must be set so that somebody who goes on as before is warned about as rarely as stated.

Evidence of a fall is a log likelihood ratio: of the last weeks after a fall, over the last weeks as before, with
doubt about what "before" was. Its largest sum over a last stretch of weeks is the level of a CUSUM; an alarm is a
level above a limit. Limits come from simulating the procedure as it is used: looked at every week for a year, each
time with the last weeks judged against the person's own past, which is only estimated. Sources: Lucas 1985 (counts),
Steiner et al. 2000 (risk-adjusted). Checked by simulation in tests.
"""

import numpy as np

from headway.stats.arrays import Floats, Ints

LOOKS = 52


def stretches(weekly: Floats) -> Floats:
    """Sums over every last stretch: (units, periods, …) -> the same shape, entry s from period s to the end."""
    return np.asarray(weekly[:, ::-1].cumsum(axis=1)[:, ::-1])


def cusum_level(evidence: Floats) -> tuple[Floats, Ints]:
    """(units,) level and where it began, from the evidence of every last stretch (units, periods); level >= 0."""
    begun = evidence.shape[1] - 1 - evidence[:, ::-1].argmax(axis=1)
    return np.maximum(evidence[np.arange(len(evidence)), begun], 0.0), begun


def count_evidence(counts: Floats, expected: Floats, past: Floats, dispersion: Floats, *, drop: float) -> Floats:
    """Evidence that counts fell to `drop` times the expected, for every last stretch.

    counts, expected: (units, periods) lately; past: (units,) counts that the expected rest on; dispersion:
    (units,) variance over mean, divided out.
    """
    gains = (counts * np.log(drop) + (1.0 - drop) * expected) / dispersion[:, None]
    return np.asarray(stretches(gains) / (1.0 + stretches(expected) / np.maximum(past, 1e-9)[:, None]))


def backed_by(lead: Floats, support: Floats, *, most: float) -> Floats:
    """Evidence of `lead` with that of `support`, which adds at most `most` times what the lead shows by itself, never
    flags alone and never speaks against it."""
    return np.asarray(lead + np.minimum(np.maximum(support, 0.0), most * np.maximum(lead, 0.0)))


def count_dispersion(counts: Floats, expected: Floats, pooled: float) -> Floats:
    """Variance over mean of each unit's counts, pulled toward everybody's as by twenty periods: a very regular
    person's drop shows sooner, a person whose weeks vary much needs more."""
    used = expected > 0.2
    ratio = np.where(used, np.minimum((counts - expected) ** 2 / np.maximum(expected, 0.2), 16.0), 0.0)
    own = (ratio.sum(axis=1) + 20.0 * max(pooled, 1.0)) / (used.sum(axis=1) + 20.0)
    return np.asarray(np.clip(own, 0.3, 10.0))


def shift_evidence(information: Floats, precision: Floats, usual: Floats, doubt: Floats, *, shifts: Floats) -> Floats:
    """Evidence that effects moved by one of `shifts` (kinds, effects), each as likely, for every last stretch.

    information, precision: (units, periods, effects); usual, doubt: (units, effects) mean and variance of the
    effects before. Doubt makes long stretches count for less, as it must.
    """
    seen = stretches(precision)
    off = stretches(information - precision * usual[:, None])
    held = 1.0 + seen * doubt[:, None]
    kinds = np.stack([((off * d - 0.5 * seen * d**2) / held).sum(axis=2) for d in shifts])
    most = kinds.max(axis=0)
    return np.asarray(most + np.log(np.exp(kinds - most).mean(axis=0)))


def count_peaks(
    level: float, support: float, rng: np.random.Generator, *, past: int, watched: int, drop: float, most: float,
    paths: int,
) -> Floats:  # fmt: skip
    """(paths,) highest level seen in a year of weekly looks by people with `level` counts a week, backed by `support`
    counts of another kind (0: none), who do not change."""
    size = (paths, past + watched + LOOKS)
    lead, other = rng.poisson(level, size).astype(np.float64), rng.poisson(support, size).astype(np.float64)

    def evidence(counts: Floats, look: int) -> Floats:
        before, lately = counts[:, look : look + past], counts[:, look + past : look + past + watched]
        usual = np.maximum(before.mean(axis=1), 1e-9)[:, None]
        dispersion = count_dispersion(before, np.broadcast_to(usual, before.shape), 1.0)
        expected = np.broadcast_to(usual, lately.shape)
        return count_evidence(lately, expected, before.sum(axis=1), dispersion, drop=drop)

    peak = np.zeros(paths)
    for look in range(LOOKS):
        found = evidence(lead, look)
        if support > 0:
            found = backed_by(found, evidence(other, look), most=most)
        peak = np.maximum(peak, cusum_level(found)[0])
    return peak


def shift_peaks(
    precision: Floats, rng: np.random.Generator, *, past: int, watched: int, variance: float, shifts: Floats,
    paths: int, rate: float = 0.35,
) -> Floats:  # fmt: skip
    """The same for evidence on results: `precision` (steps,) a week from as many decided chances as give it at a
    success rate of `rate`, people differing by `variance` in the log odds of each step."""
    weight = rate * (1.0 - rate)
    person = rng.normal(0.0, np.sqrt(variance), (paths, 1, precision.size))
    chance = 1.0 / (1.0 + (1.0 - rate) / rate * np.exp(-person))
    chances = rng.poisson(precision / weight, (paths, past + watched + LOOKS, precision.size))
    seen: Floats = np.asarray(weight * chances, dtype=np.float64)
    information: Floats = np.asarray(rng.binomial(chances, chance) - rate * chances, dtype=np.float64)
    peak = np.zeros(paths)
    for look in range(LOOKS):
        before, lately = slice(look, look + past), slice(look + past, look + past + watched)
        doubt: Floats = np.asarray(1.0 / (1.0 / variance + seen[:, before].sum(axis=1)))
        usual: Floats = np.asarray(information[:, before].sum(axis=1) * doubt)
        found = shift_evidence(information[:, lately], seen[:, lately], usual, doubt, shifts=shifts)
        peak = np.maximum(peak, cusum_level(found)[0])
    return peak
