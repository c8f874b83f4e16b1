"""What may come: the distribution of a person's result over a span of days. Pure, and small enough to keep."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Metric(StrEnum):
    """What is forecast from the pipeline, by the names of the metrics' catalogue."""

    REVENUE = "revenue"
    DEALS_WON = "deals_won"


@dataclass(frozen=True)
class Spread:
    """Equally likely running totals by the end of a day, ascending: the (i + .5)/n quantiles of what may come."""

    on: date
    values: tuple[float, ...]

    def quantile(self, level: float) -> float:
        """The total that is not exceeded with probability `level` (0 to 1)."""
        n = len(self.values)
        place = min(max(level * n - 0.5, 0.0), n - 1.0)
        before = min(int(place), max(n - 2, 0))
        low, high = self.values[before], self.values[min(before + 1, n - 1)]
        return low + (place - before) * (high - low)

    def chance(self, target: float) -> float:
        """P(total >= target), between the quantiles straight lines; 0 to 1."""
        if target <= 0:
            return 1.0
        values, n = self.values, len(self.values)
        below = bisect_left(values, target)  # how many lie under the target
        if below == 0:
            low, left = 0.0, 0.0
            right, high = 0.5 / n, values[0]
        elif below == n:
            # beyond the last quantile the tail thins out over as much again as the last twentieth
            width = max(values[-1] - values[-max(2, n // 20)], 1e-9)
            return 0.5 / n * math.exp(-2.0 * (target - values[-1]) / width)
        else:
            low, high = values[below - 1], values[below]
            left, right = (below - 0.5) / n, (below + 0.5) / n
        share = 1.0 if high <= low else (target - low) / (high - low)
        # a value that many quantiles share is one possible total, and reaching it counts
        if target == high and below < n - 1 and values[below + 1] == high:
            share = 0.5
        return 1.0 - (left + share * (right - left))


@dataclass(frozen=True)
class Outlook:
    """A forecast of one person's result over [start, end), as the facts stood at the end of `as_of`.

    already: what the span brought until `as_of` (0 for a span still to come); it is part of every total.
    spreads: by the end of each week and of the last day. expected: mean total. pending: open deals that can still be
    won in it; from_pending: expected wins among them; from_new: expected wins from what is still to be created.
    index: None for the person as they sell today, else the index of the colleague in the same seat.
    inputs: a hash of the facts and settings it was made from.
    """

    person_id: str
    metric: Metric
    as_of: date
    start: date
    end: date
    already: float
    expected: float
    pending: int
    from_pending: float
    from_new: float
    spreads: tuple[Spread, ...]
    index: float | None = None
    inputs: str = ""

    @property
    def last(self) -> Spread:
        """The whole span."""
        return self.spreads[-1]

    @property
    def days(self) -> int:
        """Length of the span."""
        return (self.end - self.start).days

    @property
    def quantiles(self) -> tuple[float, ...]:
        """Equally likely results of the whole span: a hundred of them, the dots of the picture."""
        return self.last.values

    def on(self, day: date) -> Spread:
        """By the end of a day within the span; between the weeks' ends in a straight line."""
        before = Spread(
            max(self.start, self.as_of + timedelta(days=1)) - timedelta(days=1), (self.already,) * len(self.last.values)
        )
        for spread in self.spreads:
            if spread.on >= day:
                return _between(before, spread, day)
            before = spread
        return self.last

    def chance(self, target: float, *, on: date | None = None) -> float:
        """P(result >= target) by the end of `on` (the whole span if None); 0 to 1."""
        return (self.last if on is None else self.on(on)).chance(target)

    def reached_with(self, chance: float) -> float:
        """The result that is reached with a probability."""
        return self.last.quantile(1.0 - chance)

    def fan(self, days: Sequence[date] | None = None) -> list[tuple[date, float, float, float, float, float]]:
        """(day, q05, q25, q50, q75, q95) on the given days, by default at the weeks' ends."""
        chosen = self.spreads if days is None else [self.on(day) for day in days]
        levels = (0.05, 0.25, 0.5, 0.75, 0.95)
        return [(s.on, *(s.quantile(level) for level in levels)) for s in chosen]  # type: ignore[misc]

    def path(self, target: float) -> list[tuple[date, float]]:
        """Weeks' ends on the way to `target`, in the shape of the forecast's mean: slow where deals close late."""
        means = [(spread.on, math.fsum(spread.values) / len(spread.values)) for spread in self.spreads]
        new = means[-1][1] - self.already
        way = target - self.already
        if new <= 0:
            return [(on, target) for on, _mean in means]
        return [(on, self.already + way * (mean - self.already) / new) for on, mean in means]


def _between(before: Spread, after: Spread, day: date) -> Spread:
    width = (after.on - before.on).days
    share = 1.0 if width <= 0 else min(1.0, max(0.0, (day - before.on).days / width))
    n = len(after.values)
    levels = [(i + 0.5) / n for i in range(n)]
    early = before.values if len(before.values) == n else tuple(before.quantile(level) for level in levels)
    return Spread(day, tuple(a + share * (b - a) for a, b in zip(early, after.values, strict=True)))
