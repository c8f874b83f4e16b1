"""How high an alarm must be set so that somebody who goes on as before is warned about as rarely as stated.

Both procedures are simulated as they are used: looked at every week for a year, each time with the last weeks
judged against the person's own past, which is itself only estimated. Checked by simulation in tests.
"""

import numpy as np

from headway.stats.arrays import Floats

LOOKS = 52


def cusum_now(gains: Floats) -> tuple[Floats, np.ndarray]:
    """Level of a CUSUM after its last gain, and where it began: gains (units, periods); level >= 0.

    The level is the largest sum over a last stretch (0 if none is positive); `begun` its first period.
    """
    tail = gains[:, ::-1].cumsum(axis=1)
    longest = tail.argmax(axis=1)
    level = np.maximum(tail[np.arange(len(tail)), longest], 0.0)
    return level, gains.shape[1] - 1 - longest


def count_gains(counts: Floats, expected: Floats, dispersion: Floats, *, drop: float) -> Floats:
    """Log-likelihood of `drop` times the expected count over the expected count, over-dispersion divided out
    (Lucas 1985); counts, expected: (units, periods); dispersion: (units,)."""
    return np.asarray((counts * np.log(drop) + (1.0 - drop) * expected) / dispersion[:, None])


def count_dispersion(counts: Floats, expected: Floats, pooled: float) -> Floats:
    """Variance over mean of each unit's counts, pulled toward everybody's as by twenty periods: a very regular
    person's drop shows sooner, a person whose weeks vary much needs more."""
    used = expected > 0.2
    ratio = np.where(used, np.minimum((counts - expected) ** 2 / np.maximum(expected, 0.2), 16.0), 0.0)
    own = (ratio.sum(axis=1) + 20.0 * max(pooled, 1.0)) / (used.sum(axis=1) + 20.0)
    return np.asarray(np.clip(own, 0.3, 10.0))


def count_peaks(level: float, rng: np.random.Generator, *, past: int, watched: int, drop: float, paths: int) -> Floats:
    """(paths,) highest CUSUM seen in a year of weekly looks by people with `level` a week who do not change."""
    counts = rng.poisson(level, (paths, past + watched + LOOKS)).astype(np.float64)
    peak = np.zeros(paths)
    for look in range(LOOKS):
        before, lately = counts[:, look : look + past], counts[:, look + past : look + past + watched]
        usual = np.maximum(before.mean(axis=1), 1e-9)[:, None]
        dispersion = count_dispersion(before, np.broadcast_to(usual, before.shape), 1.0)
        gains = count_gains(lately, np.broadcast_to(usual, lately.shape), dispersion, drop=drop)
        peak = np.maximum(peak, cusum_now(gains)[0])
    return peak


def score_peaks(
    information: float, rng: np.random.Generator, *, past: int, watched: int, spread: float, paths: int
) -> Floats:
    """The same for evidence on results: `information` a week about a shift of one unit (drop looked for), people
    differing by a variance of `spread` squared units."""
    person = rng.normal(0.0, np.sqrt(spread), paths)[:, None]
    size = (paths, past + watched + LOOKS)
    scores = rng.normal(information * person, np.sqrt(information), size)
    peak = np.zeros(paths)
    for look in range(LOOKS):
        usual = scores[:, look : look + past].sum(axis=1) / (1.0 / spread + past * information)
        lately = scores[:, look + past : look + past + watched]
        gains = lately - information * usual[:, None] - 0.5 * information
        peak = np.maximum(peak, cusum_now(gains)[0])
    return peak
