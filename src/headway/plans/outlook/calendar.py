"""The calendar's part: quarter ends pull signatures forward, and leads come by season."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

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
    """pace: (13,) how fast deals close in each week of the quarter, 1 = as usual."""

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


def fit_calendar(
    as_of: date, entered: Floats, won: Floats, ended: Floats, hazard: Floats, *, since: float = -np.inf
) -> Calendar:
    """Pace of closing in each week of the quarter: wins against what the deals then open would usually have given.

    A quarter's end leaves fewer deals open; comparing with the open ones keeps that from looking like a slow start.

    entered, won, ended: days on which the last step was entered, won (NaN never) and over (0 = still open);
    hazard: (ages,) usual chance to be won on a day at that age, of all deals alike; since: ends before are not known.
    """
    use = np.isfinite(entered) & (entered >= -728)
    entered, won, ended = entered[use], won[use], ended[use]
    if np.isfinite(won).sum() < 200:
        return Calendar(as_of, np.ones(WEEKS))
    expected = np.zeros(729)
    dwell = np.floor(ended - entered)
    for age, chance in enumerate(hazard[:366]):
        there = dwell >= age
        if not there.any():
            break
        back = np.clip(np.floor(-(entered[there] + age)), 0, 728).astype(np.int64)
        expected += chance * np.bincount(back, minlength=729)
    seen = np.bincount(np.clip(np.floor(-won[np.isfinite(won)]), 0, 728).astype(np.int64), minlength=729)
    known = -np.arange(729) >= since
    seen, expected = seen * known, expected * known
    week = np.array([week_of_quarter(as_of, -back) for back in range(729)])
    pace = (np.bincount(week, seen, WEEKS) + ORDINARY) / (np.bincount(week, expected, WEEKS) + ORDINARY)
    return Calendar(as_of, np.asarray(pace, dtype=np.float64))


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
