"""Targets that do not wait for deals to close: shares of decisions, and counts a week. Pure.

What is known of the person (or assumed of a colleague) is a rate with its doubt; the chance of a target adds the luck
of the days to come: beta-binomial for shares, negative binomial for counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betaln, gammaln, logsumexp, nbdtrc, pdtrc

# the middle 80 % of colleagues lie within so many standard deviations of the middle one
BAND = 2.5631
# counts of one person's weeks scatter more than chance alone
SCATTER = 2.0


@dataclass(frozen=True)
class Share:
    """A share of decisions as a beta distribution: `good` and `bad` decisions' worth of knowledge."""

    good: float
    bad: float

    @property
    def mean(self) -> float:
        """The expected share."""
        return self.good / (self.good + self.bad)

    def chance(self, target: float, *, n: int) -> float:
        """P(at least `target` of `n` decisions go well); beta-binomial, checked against scipy's."""
        needed = math.ceil(target * n - 1e-9)
        if needed <= 0:
            return 1.0
        if needed > n:
            return 0.0
        base = betaln(self.good, self.bad)
        terms = [
            gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + betaln(k + self.good, n - k + self.bad) - base
            for k in range(needed, n + 1)
        ]
        return float(min(1.0, math.exp(logsumexp(terms))))

    def reached_with(self, chance: float, *, n: int) -> float:
        """The highest share of `n` decisions that is reached with the chance, in whole decisions."""
        low, high = 0, n
        while low < high:
            middle = (low + high + 1) // 2
            if self.chance(middle / n, n=n) >= chance:
                low = middle
            else:
                high = middle - 1
        return low / n


@dataclass(frozen=True)
class Pace:
    """A count a week as a gamma distribution: mean, and variance over squared mean."""

    mean: float
    doubt: float

    def chance(self, target: float, *, weeks: float) -> float:
        """P(at least `target` a week over `weeks`)."""
        needed = math.ceil(target * weeks - 1e-9)
        total = self.mean * weeks
        if needed <= 0:
            return 1.0
        if total <= 0:
            return 0.0
        # scatter of the weeks and doubt about the rate, as one negative binomial
        spread = self.doubt + (SCATTER - 1.0) / total
        if spread < 1e-9:
            return float(pdtrc(needed - 1, total))
        shape = 1.0 / spread
        return float(_negative_binomial_tail(needed, shape, shape / (shape + total)))

    def reached_with(self, chance: float, *, weeks: float) -> float:
        """The highest count a week that is reached with the chance."""
        low, high = 0, max(1, math.ceil(self.mean * weeks * 4))
        while low < high:
            middle = (low + high + 1) // 2
            if self.chance(middle / weeks, weeks=weeks) >= chance:
                low = middle
            else:
                high = middle - 1
        return low / weeks


def _negative_binomial_tail(needed: int, shape: float, p: float) -> float:
    if shape.is_integer():
        return float(nbdtrc(needed - 1, int(shape), p))
    from scipy.special import betainc

    return float(betainc(needed, shape, 1.0 - p))


def person_share(*, rate: float, n: int, peer: float, low: float, high: float) -> Share:
    """What `n` decisions of one's own say, beside what is usual: the colleagues' band is the prior."""
    peer = min(0.99, max(0.01, peer))
    sd = max((high - low) / BAND, 0.02)
    weight = max(2.0, peer * (1 - peer) / sd**2 - 1.0)
    return Share(peer * weight + rate * n, (1 - peer) * weight + (1 - rate) * n)


def colleague_share(rate: float) -> Share:
    """A colleague whose rate is known: luck alone remains."""
    rate = min(0.999, max(0.001, rate))
    return Share(rate * 1e5, (1 - rate) * 1e5)


def person_pace(*, per_week: float, weeks: float, peer: float, low: float, high: float) -> Pace:
    """What the person's own weeks say, beside what is usual."""
    between = max((high - low) / BAND, 0.05 * max(peer, 1e-9)) ** 2
    within = SCATTER * max(per_week, 0.2 * peer, 1e-9) / max(weeks, 0.1)
    pull = between / (between + within)
    mean = max(peer + pull * (per_week - peer), 1e-9)
    return Pace(mean, pull * within / mean**2)
