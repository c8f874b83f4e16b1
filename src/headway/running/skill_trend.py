"""Whether a skill rises over scored talks, and whether two raters see the same. Pure.

The trend is a straight line through the scores (ordinary least squares, Student's t for its range): with a handful of
scores nothing finer can be told. Agreement is Krippendorff's alpha on ordered marks; .8 and .667 are the bounds he
gives (Content Analysis, 4th ed., p. 356).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from headway.stats.rater_agreement import Scale, krippendorff

FEWEST_SCORES, SHORTEST_DAYS, FEWEST_PAIRS = 4, 21, 10
ALIKE, MOSTLY = 0.8, 0.667
FOUR_WEEKS = 28.0


@dataclass(frozen=True)
class Gain:
    """Steps on the scale of 1 to 5 gained in four weeks, with the range that holds nine times in ten."""

    estimate: float
    low: float
    high: float
    n: int

    @property
    def steady(self) -> bool:
        """Whether even the low end of the range rises."""
        return self.low > 0


def gain_of(scores: Sequence[tuple[date, float]]) -> Gain | None:
    """The gain in four weeks; None where fewer than four scores, or less than three weeks, say too little."""
    if len(scores) < FEWEST_SCORES:
        return None
    days = np.array([on.toordinal() for on, _score in scores], dtype=np.float64)
    values = np.array([score for _on, score in scores], dtype=np.float64)
    if days.max() - days.min() < SHORTEST_DAYS:
        return None
    weeks = (days - days.mean()) / FOUR_WEEKS
    spread = float(weeks @ weeks)
    slope = float(weeks @ values) / spread
    rest = values - values.mean() - slope * weeks
    free = len(scores) - 2
    # Marks are given in steps: perfectly straight scores are not known to better than half a step.
    error = max(float(rest @ rest) / free, 1.0 / 48.0)
    half = float(stdtrit(free, 0.95)) * float(np.sqrt(error / spread))
    return Gain(slope, slope - half, slope + half, len(scores))


class Alike(StrEnum):
    """How far two raters see the same."""

    ALIKE = "alike"
    MOSTLY = "mostly"
    APART = "apart"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Agreement:
    """How alike two raters marked the same lines. alpha: 1 = always, 0 = as chance would have it; None = too few."""

    alike: Alike
    alpha: float | None
    pairs: int


def agreement_of(pairs: Sequence[tuple[float, float]]) -> Agreement:
    """The agreement over (first rater's mark, second rater's mark) of the same lines."""
    if len(pairs) < FEWEST_PAIRS:
        return Agreement(Alike.TOO_FEW, None, len(pairs))
    try:
        alpha = krippendorff(np.array(pairs, dtype=np.float64).T, scale=Scale.ORDINAL)
    except ValueError:  # every mark is the same: agreement cannot be told from habit
        return Agreement(Alike.TOO_FEW, None, len(pairs))
    alike = Alike.ALIKE if alpha >= ALIKE else Alike.MOSTLY if alpha >= MOSTLY else Alike.APART
    return Agreement(alike, alpha, len(pairs))
