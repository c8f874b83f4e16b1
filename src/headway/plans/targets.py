"""The first fair-target rule: from today's level to an adequate colleague's, as far as the time allows. Pure.

An adequate colleague reaches `adequate` (0.85) of what comparable colleagues reach with the same leads. A target
is fair if such a colleague reaches it with `fair_chance` (0.80). The chance is counted from deals alone: their
number is Poisson, their sizes spread by `size_spread` (standard deviation over mean); the sum is described by a
gamma distribution with the same mean and variance. Where the pipeline could be forecast, `from_reach` takes its place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from scipy.special import bdtrc, gammaincc, gammainccinv

from headway.plans.outlook.outlook import Spread
from headway.plans.outlook.reach import Reach
from headway.plans.plan_draft import Step
from headway.plans.timeline import Window

# A revenue target less than this above today's pace asks for nothing.
SMALLEST_STEP = 0.05


@dataclass(frozen=True)
class DealFlow:
    """Deals won as a flow: mean deals over a time and mean size; spread = standard deviation of size over mean."""

    deals: float
    mean_size: float
    spread: float

    @property
    def mean(self) -> float:
        """Expected revenue."""
        return self.deals * self.mean_size

    @property
    def _shape(self) -> float:
        return self.deals / (1 + self.spread**2)

    def chance_of(self, target: float) -> float:
        """Probability that revenue reaches `target` (0 to 1)."""
        if target <= 0:
            return 1.0
        if self.mean <= 0:
            return 0.0
        return float(gammaincc(self._shape, target * self._shape / self.mean))

    def reached_with(self, chance: float) -> float:
        """The revenue that is reached with probability `chance`."""
        return float(gammainccinv(self._shape, chance)) * self.mean / self._shape


@dataclass(frozen=True)
class FairTarget:
    """A revenue target with its reasons. *_week: money a week; chances 0 to 1, None where not computed.

    baseline: what today's pace gives over the plan, with the same certainty as the target where that is computed,
    so that like is compared with like.
    """

    target: float
    baseline: float
    baseline_week: float
    adequate_week: float
    chance_adequate: float | None
    chance_today: float | None
    deals_adequate: float
    path: tuple[Step, ...]

    @property
    def is_step(self) -> bool:
        """Whether the target asks for more than today's pace gives."""
        return self.target > self.baseline * (1 + SMALLEST_STEP)


FAIR_CHANCE = 0.80


def fair_revenue(today: Spread, adequate: Spread, *, chance: float = FAIR_CHANCE) -> float | None:
    """What an adequate colleague reaches with the chance, as people say it; None where it asks for no step from what
    the person reaches as surely today."""
    baseline = today.quantile(1.0 - chance)
    value = said_above(adequate.quantile(1.0 - chance), baseline)
    return value if value > baseline * (1 + SMALLEST_STEP) else None


def from_reach(window: Window, reach: Reach, *, chance: float) -> FairTarget:
    """The fair target from a forecast over the plan's days; its weekly path has the forecast's shape."""
    today, adequate = reach.today[-1], reach.adequate[-1]
    baseline = nice(today.quantile(1.0 - chance))
    target = fair_revenue(today, adequate, chance=chance) or baseline
    middle_today, middle = (sum(s.values) / len(s.values) for s in (today, adequate))
    ends = week_ends(window)
    shape = [sum(values := reach.by(on)[1].values) / len(values) for on in ends]
    factor = target / shape[-1] if shape[-1] else 0.0
    marks = milestone_weeks(len(ends))
    steps = [
        Step(n, on, round(v * factor, 2), n in marks) for n, (on, v) in enumerate(zip(ends, shape, strict=True), 1)
    ]
    return FairTarget(
        target=target,
        baseline=baseline,
        baseline_week=middle_today / window.weeks,
        adequate_week=middle / window.weeks,
        chance_adequate=adequate.chance(target),
        chance_today=today.chance(target),
        deals_adequate=reach.from_pending + reach.from_new,
        path=(*steps[:-1], Step(len(ends), ends[-1], target, True)),
    )


def share_of_change(day: int, *, cycle_days: float) -> float:
    """How much of a change made on day 0 is visible in closed deals on `day`: 0 until half a cycle, 1 after one."""
    if cycle_days <= 0:
        return 1.0
    return min(1.0, max(0.0, day / cycle_days * 2 - 1))


def nice(value: float) -> float:
    """Rounded down to a number people say: two leading digits, the second in steps of 5 above 20."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** math.floor(math.log10(value))
    lead = value / unit
    step = 0.1 if lead < 2 else 0.5
    return round(math.floor(lead / step + 1e-9) * step * unit, 6)


def said_above(value: float, floor: float) -> float:
    """`value` as people say it, in two digits where the rounder number would eat the step up from `floor`."""
    round_one = nice(value)
    if round_one > floor * (1 + SMALLEST_STEP) or value <= 0:
        return round_one
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.floor(value / unit + 1e-9) * unit, 6)


def revenue_target(
    window: Window,
    *,
    baseline_week: float,
    adequate_week: float,
    mean_size: float,
    cycle_days: float,
    size_spread: float,
    fair_chance: float,
    fewest_deals: float,
) -> FairTarget:
    """The revenue target that is both a step up and fair.

    Args:
        window: the plan's days.
        baseline_week: money won a week until today.
        adequate_week: money an adequate colleague wins a week with the same leads.
        mean_size: mean amount of a deal of comparable colleagues.
        cycle_days: typical days from opportunity to order.
        size_spread: standard deviation of deal size over its mean.
        fair_chance: how often an adequate colleague must reach the target.
        fewest_deals: below this many expected deals no chance is computed.
    """
    goal_week = max(baseline_week, adequate_week)
    raw = _path(window, today=baseline_week, later=goal_week, cycle_days=cycle_days)
    weeks = window.weeks
    adequate = DealFlow(adequate_week * weeks / mean_size, mean_size, size_spread)
    today = DealFlow(baseline_week * weeks / mean_size, mean_size, size_spread)
    computed = adequate.deals >= fewest_deals
    most = adequate.reached_with(fair_chance) if computed else raw[-1][1]
    baseline = nice(today.reached_with(fair_chance) if computed and today.deals > 0 else today.mean)
    target = said_above(min(raw[-1][1], most), baseline)
    return FairTarget(
        target=target,
        baseline=baseline,
        baseline_week=baseline_week,
        adequate_week=adequate_week,
        chance_adequate=adequate.chance_of(target) if computed else None,
        chance_today=today.chance_of(target) if computed and today.deals >= fewest_deals else None,
        deals_adequate=adequate.deals,
        path=scaled_path(window, raw=raw, target=target),
    )


def _path(window: Window, *, today: float, later: float, cycle_days: float) -> list[tuple[date, float]]:
    total, found = 0.0, []
    for n in range((window.end - window.start).days):
        here = today + (later - today) * share_of_change(n, cycle_days=cycle_days)
        total += here / 7
        found.append((window.start + timedelta(days=n), total))
    return found


def scaled_path(window: Window, *, raw: list[tuple[date, float]], target: float) -> tuple[Step, ...]:
    """The raw path, one step a week, drawn so that it ends at `target`."""
    factor = target / raw[-1][1] if raw[-1][1] else 0.0
    values = {day: value * factor for day, value in raw}
    ends = week_ends(window)
    marks = milestone_weeks(len(ends))
    steps = [Step(n, on, round(values[on], 2), n in marks) for n, on in enumerate(ends, 1)]
    return (*steps[:-1], Step(len(ends), ends[-1], target, True))


def straight_path(window: Window, *, baseline: float, target: float, first_weeks: float = 0.25) -> tuple[Step, ...]:
    """From `baseline` to `target`: nothing asked in the first quarter of the time, then evenly."""
    ends = week_ends(window)
    marks = milestone_weeks(len(ends))
    steps = []
    for n, on in enumerate(ends, 1):
        part = max(0.0, (n / len(ends) - first_weeks) / (1 - first_weeks))
        steps.append(Step(n, on, baseline + (target - baseline) * part, n in marks))
    return (*steps[:-1], Step(len(ends), ends[-1], target, True))


def week_ends(window: Window) -> list[date]:
    """The last day of each week of the plan; the last one is the plan's last day."""
    found = []
    end = window.start + timedelta(days=6)
    while end < window.last_day:
        found.append(end)
        end += timedelta(days=7)
    if found and (window.last_day - found[-1]).days < 3:
        found.pop()
    return [*found, window.last_day]


def milestone_weeks(weeks: int) -> frozenset[int]:
    """The weeks of day 30, 60 and 90: 4, 8 and the last one."""
    return frozenset({week for week in (4, 8) if week <= weeks - 2} | {weeks})


def share_target(*, baseline: float, peer: float, adequate: float) -> float:
    """The adequate level of a rate, in whole percent; the peers' own level for somebody already adequate."""
    wanted = adequate * peer if baseline < adequate * peer else max(peer, baseline)
    return max(math.ceil(wanted * 100 - 1e-9) / 100, math.ceil(baseline * 100 - 1e-9) / 100)


def fair_share(*, rate: float, n: int, most: float, fair_chance: float) -> float:
    """The highest share in whole percent, up to `most`, that somebody with `rate` reaches with `fair_chance`."""
    percent = math.floor(most * 100 + 1e-9)
    while percent > 0 and chance_of_share(rate=rate, n=n, target=percent / 100) < fair_chance:
        percent -= 1
    return percent / 100


def chance_of_share(*, rate: float, n: int, target: float) -> float:
    """Probability that at least `target` of `n` decisions go well when each does with probability `rate`."""
    needed = math.ceil(target * n - 1e-9)
    return 1.0 if needed <= 0 else float(bdtrc(needed - 1, n, rate))
