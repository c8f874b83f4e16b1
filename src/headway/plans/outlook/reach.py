"""What may come in a plan's time, frozen with it: enough to answer for any target and day without opening the facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from headway.plans.outlook.outlook import Outlook, Spread

DOTS = 100


@dataclass(frozen=True)
class Level:
    """A conversion as the person makes it today (0 to 1), which after a change differs from the half-year's share."""

    key: str
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Reach:
    """Two forecasts of revenue from `start` on, by the end of each week, as the facts stood at the end of `as_of`.

    today: the person as they sell today; adequate: an adequate colleague (.85) with the same open deals and leads.
    pending: open deals that can be won in the time; from_pending, from_new: expected wins today; inputs: see Outlook.
    """

    as_of: date
    start: date
    end: date
    pending: int
    from_pending: float
    from_new: float
    today: tuple[Spread, ...]
    adequate: tuple[Spread, ...]
    levels: tuple[Level, ...] = ()
    inputs: str = ""

    def by(self, day: date) -> tuple[Spread, Spread]:
        """What may have come by the end of a day: today's pace, an adequate colleague. A hundred values each."""
        return _by(self.today, self.start, day), _by(self.adequate, self.start, day)

    def until(self, day: date) -> Reach:
        """The same for a plan that ends on a day within the time."""
        if day >= self.today[-1].on:
            return self
        mine, theirs = self.by(day)
        return replace(
            self,
            end=day + timedelta(days=1),
            today=(*(s for s in self.today if s.on < day), mine),
            adequate=(*(s for s in self.adequate if s.on < day), theirs),
        )

    def level(self, key: str) -> Level | None:
        """A conversion's level today, where it was measured."""
        return next((level for level in self.levels if level.key == key), None)


def _by(spreads: tuple[Spread, ...], start: date, day: date) -> Spread:
    before = Spread(start - timedelta(days=1), (0.0, 0.0))
    for spread in spreads:
        if spread.on >= day:
            width = max((spread.on - before.on).days, 1)
            share = min(1.0, max(0.0, (day - before.on).days / width))
            levels = [(n + 0.5) / DOTS for n in range(DOTS)]
            values = (before.quantile(p) + share * (spread.quantile(p) - before.quantile(p)) for p in levels)
            return Spread(day, tuple(round(v, 2) for v in values))
        before = spread
    return replace(spreads[-1])


def reach_of(today: Outlook, adequate: Outlook, *, levels: tuple[Level, ...] = ()) -> Reach:
    """Freeze two outlooks over the same days. Money is kept to the unit."""
    return Reach(
        as_of=today.as_of,
        start=today.start,
        end=today.end,
        pending=today.pending,
        from_pending=round(today.from_pending, 2),
        from_new=round(today.from_new, 2),
        today=_whole(today.spreads),
        adequate=_whole(adequate.spreads),
        levels=levels,
        inputs=today.inputs,
    )


def _whole(spreads: tuple[Spread, ...]) -> tuple[Spread, ...]:
    return tuple(Spread(s.on, tuple(float(round(v)) for v in s.values)) for s in spreads)
