"""The days of the demo company: working days, seasons, office hours, and local time to UTC.

Instants are whole seconds of local wall-clock time since the first day at midnight; `NEVER` = did not happen.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

START = date(2024, 5, 20)  # a Monday
AS_OF = date(2026, 5, 17)  # a Sunday: 104 whole weeks
DAYS = (AS_OF - START).days + 1
HORIZON = DAYS + 1500  # room for deals that close after the last day; they are still open in the files
DAY_S = 86_400
END_S = DAYS * DAY_S
NEVER = -1
ZONE = ZoneInfo("Europe/Berlin")

_EASTER = {
    2024: (3, 31),
    2025: (4, 20),
    2026: (4, 5),
    2027: (3, 28),
    2028: (4, 16),
    2029: (4, 1),
    2030: (4, 21),
}
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31))
_MONTH_DEMAND = (1.0, 1.02, 1.08, 1.0, 1.0, 1.02, 0.92, 0.84, 1.08, 1.08, 1.06, 0.92)
_ASSIGNED_BY_WEEKDAY = (0.19, 0.19, 0.19, 0.18, 0.17, 0.05, 0.03)
_OWN_BY_WEEKDAY = (0.21, 0.21, 0.21, 0.20, 0.17, 0.0, 0.0)


def index(day: date) -> int:
    """Days since START (negative before it)."""
    return (day - START).days


def day(text: str) -> int:
    """Day index of an ISO date."""
    return index(date.fromisoformat(text))


def as_date(day_index: int) -> date:
    return START + timedelta(days=day_index)


def quarter_starts(first: date, last: date) -> list[date]:
    """First days of the calendar quarters from the one beginning at `first` to the one that holds `last`."""
    starts, current = [], first
    while current <= last:
        starts.append(current)
        current = date(current.year + (current.month == 10), (current.month + 2) % 12 + 1, 1)
    return starts


def _holidays(year: int) -> set[date]:
    easter = date(year, *_EASTER[year])
    moving = {easter + timedelta(days=d) for d in (-2, 1, 39, 50)}
    return moving | {date(year, m, d) for m, d in _FIXED_HOLIDAYS}


class Workdays:
    """Lookup tables over `HORIZON` days, built once per run."""

    def __init__(self) -> None:
        days = [as_date(i) for i in range(HORIZON)]
        holidays = set().union(*(_holidays(y) for y in {d.year for d in days}))
        self.is_working: Bools = np.array([d.weekday() < 5 and d not in holidays for d in days])
        self.next_working: Ints = self._next_working()
        self.last_of_quarter: Ints = np.array([_working_day_before_quarter(d) for d in days])
        self.days_into_quarter: Ints = np.array([_days_into_quarter(d) for d in days])
        demand = np.array([_demand(d) for d in days])
        closed = np.where(np.array([d in holidays for d in days]), 0.12, 1.0)
        self.assigned_weight: Floats = demand * closed * [_ASSIGNED_BY_WEEKDAY[d.weekday()] for d in days]
        self.own_weight: Floats = demand * self.is_working * [_OWN_BY_WEEKDAY[d.weekday()] for d in days]
        self._utc_offset_s: Ints = np.array([_offset_s(d) for d in days[: DAYS + 1]])

    def _next_working(self) -> Ints:
        at = np.where(self.is_working, np.arange(HORIZON), HORIZON - 1)
        return np.minimum.accumulate(at[::-1])[::-1]

    def office_time(self, days: Ints, rng: np.random.Generator) -> Ints:
        """A second within office hours of each day: a morning hill and an afternoon hill."""
        n = len(days)
        hour = np.where(rng.random(n) < 0.55, rng.normal(10.3, 1.1, n), rng.normal(15.0, 1.3, n))
        return days * DAY_S + (np.clip(hour, 7.6, 18.9) * 3600).astype(np.int64)

    def after(self, start_s: Ints, gap_days: Floats, rng: np.random.Generator) -> Ints:
        """An office-hours instant about `gap_days` after `start_s`, on a working day, always later."""
        days = np.minimum((start_s / DAY_S + gap_days).astype(np.int64), HORIZON - 10)
        at = self.office_time(self.next_working[days], rng)
        return np.where(at > start_s, at, start_s + rng.integers(600, 9000, len(at)))

    def to_utc(self, local_s: Ints) -> npt.NDArray[np.datetime64]:
        """Local seconds as UTC `datetime64[us]`; NEVER becomes NaT."""
        happened = local_s >= 0
        safe = np.where(happened, local_s, 0)
        # Clocks change at three in the morning: until then the day before still counts.
        utc = safe - self._utc_offset_s[np.maximum(safe - 3 * 3600, 0) // DAY_S]
        stamps = np.datetime64(START.isoformat(), "s") + utc.astype("timedelta64[s]")
        return np.where(happened, stamps, np.datetime64("NaT")).astype("datetime64[us]")


def to_dates(days: Ints) -> npt.NDArray[np.datetime64]:
    """Day indices as `datetime64[D]`; values below -40,000 (unknown) become NaT."""
    stamps = np.datetime64(START.isoformat(), "D") + days.astype("timedelta64[D]")
    return np.where(days > UNKNOWN_DAY, stamps, np.datetime64("NaT"))


UNKNOWN_DAY = -40_000


def _demand(d: date) -> float:
    quiet = (d.month == 12 and d.day >= 20) or (d.month == 1 and d.day <= 4)
    return 0.4 if quiet else _MONTH_DEMAND[d.month - 1]


def _quarter_start(d: date) -> date:
    return date(d.year, (d.month - 1) // 3 * 3 + 1, 1)


def _days_into_quarter(d: date) -> int:
    return (d - _quarter_start(d)).days


def _working_day_before_quarter(d: date) -> int:
    last = _quarter_start(d) - timedelta(days=1)
    while last.weekday() >= 5:
        last -= timedelta(days=1)
    return index(last)


def _offset_s(d: date) -> int:
    offset = datetime.combine(d, time(12), ZONE).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
