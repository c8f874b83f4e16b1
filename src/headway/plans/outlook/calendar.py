"""The calendar's part: quarter ends pull signatures forward, and leads come by season."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from headway.plans.outlook.pipeline import Walks
from headway.stats.arrays import Floats
from headway.stats.logistic import fit_poisson

WEEKS = 13
# a week of the quarter is pulled toward the usual pace as if so many ordinary wins had been seen in it
ORDINARY = 40.0
# a season is only told from growth over more than a year
LEAST_DAYS, LEAST_ARRIVALS = 500, 500
HORIZON = 400


@dataclass(frozen=True)
class Calendar:
    """pace: (13,) how fast deals close in each week of the quarter, mean 1."""

    as_of: date
    pace: Floats

    def closing_days(self, days: Floats) -> Floats:
        """Days ahead of as_of, counted by how many closings an ordinary day holds (at a quarter's end: more)."""
        grid = np.concatenate(
            [[0.0], np.cumsum([self.pace[week_of_quarter(self.as_of, n)] for n in range(1, HORIZON)])]
        )
        return np.asarray(np.interp(days, np.arange(HORIZON), grid))


@dataclass(frozen=True)
class Season:
    """The year's wave of arrivals: logs of the factor's sine and cosine parts, zero where it cannot be told."""

    wave: Floats

    def on(self, day: Floats) -> Floats:
        """Arrivals on days counted from as_of, relative to the mean of the year."""
        return np.asarray(np.exp(year_wave(day) @ self.wave))


def year_wave(day: Floats) -> Floats:
    """Sine and cosine of the year at days counted from as_of, (days, 2)."""
    turn = 2.0 * np.pi * np.asarray(day) / 365.25
    return np.column_stack([np.sin(turn), np.cos(turn)])


def week_of_quarter(as_of: date, ahead: int) -> int:
    """Which of the quarter's thirteen weeks, counted back from its end, the day `ahead` days after as_of lies in."""
    day = as_of + timedelta(days=ahead)
    month = (day.month - 1) // 3 * 3 + 4
    end = date(day.year + (month > 12), 1 if month > 12 else month, 1)
    return WEEKS - 1 - min(WEEKS - 1, ((end - day).days - 1) // 7)


def fit_calendar(as_of: date, walks: Walks) -> Calendar:
    """Read the pace from the walks; even where there is too little to tell."""
    return Calendar(as_of, _pace(as_of, walks))


def _pace(as_of: date, walks: Walks) -> Floats:
    won = walks.won[np.isfinite(walks.won) & (walks.won >= -728)]
    if won.size < 200:
        return np.ones(WEEKS)
    ahead = np.ceil(won).astype(np.int64)
    seen, exposed = np.zeros(WEEKS), np.zeros(WEEKS)
    per_day = np.bincount(-ahead, minlength=729)
    level = np.convolve(np.pad(per_day, 45, mode="edge").astype(float), np.full(91, 1 / 91), mode="valid")
    begin = int(np.quantile(-ahead, 0.995))
    for back in range(min(begin, 728)):
        week = week_of_quarter(as_of, -back)
        seen[week] += per_day[back]
        exposed[week] += level[back]
    pace = (seen + ORDINARY) / (exposed + ORDINARY)
    return np.asarray(pace / pace.mean())


def fit_season(born: Floats) -> Season:
    """A yearly wave beside a straight growth, from the days (before as_of, negative) on which everything arrived."""
    born = born[np.isfinite(born) & (born >= -728)]
    if born.size < LEAST_ARRIVALS or -born.min() < LEAST_DAYS:
        return Season(np.zeros(2))
    weeks = int(-born.min() // 7)
    place = np.minimum((-born) // 7, weeks).astype(np.int64)
    counts = np.bincount(place, minlength=weeks + 1)[:weeks].astype(np.float64)
    when = np.asarray(-7.0 * (np.arange(weeks) + 0.5), dtype=np.float64)
    design = np.column_stack([np.ones(weeks), when / 365.25, year_wave(when)])
    # weekly counts scatter more than chance: the prior (sd .15 of each part) is scaled by as much
    scatter = max(1.0, float(np.var(np.diff(counts)) / 2.0 / max(counts.mean(), 1.0)))
    penalty = np.array([1e-6, 1e-6, scatter / 0.15**2, scatter / 0.15**2])
    fitted = fit_poisson(design, counts=counts, exposure=np.ones(weeks), offset=np.zeros(weeks), penalty=penalty)
    return Season(np.asarray(fitted.coefficients[2:]))
