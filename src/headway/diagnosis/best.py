"""What the best do differently: the few habits and ratios that set the top quarter apart, if any do beyond chance.

Pure. Figures are taken relative to the segment; differences of many figures are pulled together toward none (partial
pooling), and with many looked at, only what stands after allowing for all of them counts (Mann-Whitney, Benjamini and
Hochberg). A difference is no proof that the habit makes the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import mannwhitneyu

from headway.stats.arrays import Flags, Floats, Ints
from headway.stats.false_discovery import benjamini_hochberg

SHARE, LEAST_TOP, LEAST_PEOPLE, ALPHA = 0.25, 4, 16, 0.10


@dataclass(frozen=True)
class Habit:
    """One figure. top, rest: medians in its own unit; difference: in standard deviations between people, pooled;
    low, high: nine in ten; adjusted_p: as different by chance, all figures allowed for."""

    key: str
    top: float
    rest: float
    top_n: int
    rest_n: int
    difference: float
    low: float
    high: float
    adjusted_p: float
    stands_out: bool


@dataclass(frozen=True)
class Best:
    """Every figure that could be compared; empty with the reason's code where there are too few people."""

    habits: tuple[Habit, ...]
    top: int
    people: int
    reason: str | None


def best_habits(keys: Sequence[str], values: Floats, *, index: Floats, segment: Ints) -> Best:
    """Compare the top quarter by index with everybody else.

    values: (people, figures), NaN unknown; index: (people,) estimate of the index; segment: (people,) code.
    """
    people = index.size
    if people < LEAST_PEOPLE:
        return Best((), 0, people, "too_few")
    top = np.zeros(people, dtype=bool)
    top[np.argsort(-index, kind="stable")[: max(LEAST_TOP, round(SHARE * people))]] = True
    raw = [_compared(values[:, j], top, segment) for j in range(len(keys))]
    usable = [(keys[j], values[:, j], found) for j, found in enumerate(raw) if found is not None]
    if not usable:
        return Best((), int(top.sum()), people, "nothing_varies")
    effect = np.array([found[0] for _k, _v, found in usable])
    variance = np.array([found[1] for _k, _v, found in usable])
    adjusted = benjamini_hochberg(np.array([found[2] for _k, _v, found in usable]))
    tau2 = max(0.0, float((effect**2 - variance).mean()))
    keep = tau2 / (tau2 + variance)
    sd = np.sqrt(keep * variance)
    habits = [
        _habit(key, column, top, float(keep[j] * effect[j]), float(sd[j]), float(adjusted[j]))
        for j, (key, column, _found) in enumerate(usable)
    ]
    return Best(tuple(habits), int(top.sum()), people, None)


def _compared(column: Floats, top: Flags, segment: Ints) -> tuple[float, float, float] | None:
    """Standardised difference, its variance and p-value; None with too few people or no variation."""
    known = np.isfinite(column)
    mine, others = known & top, known & ~top
    if mine.sum() < LEAST_TOP or others.sum() < 2 * LEAST_TOP:
        return None
    centred = column.copy()
    for group in np.unique(segment[known]):
        here = known & (segment == group)
        centred[here] -= np.median(column[here])
    a, b = centred[mine], centred[others]
    spread = float(np.sqrt(((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / (a.size + b.size - 2)))
    if spread <= 1e-12:
        return None
    effect = float((a.mean() - b.mean()) / spread)
    variance = 1.0 / a.size + 1.0 / b.size + effect**2 / (2.0 * (a.size + b.size))
    return effect, variance, float(mannwhitneyu(a, b, alternative="two-sided").pvalue)


def _habit(key: str, column: Floats, top: Flags, difference: float, sd: float, adjusted: float) -> Habit:
    known = np.isfinite(column)
    low, high = difference - 1.645 * sd, difference + 1.645 * sd
    return Habit(
        key,
        float(np.median(column[known & top])),
        float(np.median(column[known & ~top])),
        int((known & top).sum()),
        int((known & ~top).sum()),
        difference,
        low,
        high,
        adjusted,
        adjusted <= ALPHA and (low > 0 or high < 0),
    )
