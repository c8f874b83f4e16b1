"""When a plan starts and ends, and the days on which people meet. Pure; days off are given."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from headway.plans.plan_draft import CheckIn

LENGTHS = (30, 60, 90)


@dataclass(frozen=True)
class Window:
    """The days of a plan, `[start, end)`, and the length it was planned for."""

    start: date
    end: date
    days: int

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.end - timedelta(days=1)

    @property
    def weeks(self) -> float:
        """Length in weeks."""
        return (self.end - self.start).days / 7


def window_from(as_of: date, *, days: int, notice_days: int) -> Window:
    """The first Monday after the notice, for `days` days, ending on a working day."""
    first = as_of + timedelta(days=notice_days)
    start = first + timedelta(days=-first.weekday() % 7)
    last = start + timedelta(days=days - 1)
    last -= timedelta(days=max(0, last.weekday() - 4))
    return Window(start, last + timedelta(days=1), days)


def working_day(on: date, *, days_off: Collection[date] = (), latest: date | None = None) -> date:
    """The day itself, or the next one on which people work; earlier where `latest` would be passed."""
    found = on
    while found.weekday() >= 5 or found in days_off:
        found += timedelta(days=1)
    if latest is None or found <= latest:
        return found
    found = min(on, latest)
    while found.weekday() >= 5 or found in days_off:
        found -= timedelta(days=1)
    return found


def milestones(window: Window, *, days_off: Collection[date] = ()) -> tuple[date, ...]:
    """Day 30, 60 and 90 as far as the plan goes, on working days; the last one is the last day."""
    found = [
        working_day(window.start + timedelta(days=n - 1), days_off=days_off, latest=window.last_day)
        for n in LENGTHS
        if n < window.days
    ]
    return (*found, working_day(window.last_day, days_off=days_off, latest=window.last_day))


def check_ins(
    window: Window, *, weekday: int, every_weeks: int = 1, days_off: Collection[date] = ()
) -> tuple[CheckIn, ...]:
    """One meeting per one or two weeks on `weekday`; moved within its week where that is a day off.

    A week in which nobody works has none. The meetings in the weeks of the milestones look at the whole plan.
    """
    whole = milestones(window, days_off=days_off)
    found: list[CheckIn] = []
    monday = window.start - timedelta(days=window.start.weekday())
    week = 0
    while monday <= window.last_day:
        on = _meeting_day(monday, window=window, weekday=weekday, days_off=days_off)
        last_week = monday + timedelta(days=7) > window.last_day
        if on is not None and (week % every_weeks == every_weeks - 1 or last_week):
            here = any(monday <= day < monday + timedelta(days=7) for day in whole[:-1])
            found.append(CheckIn(on, "final" if last_week else "milestone" if here else "check_in"))
        monday += timedelta(days=7)
        week += 1
    return tuple(found)


def _meeting_day(monday: date, *, window: Window, weekday: int, days_off: Collection[date]) -> date | None:
    wanted = monday + timedelta(days=weekday)
    week = [monday + timedelta(days=n) for n in range(5)]
    free = [day for day in week if window.start <= day < window.end and day not in days_off]
    return min(free, key=lambda day: (abs((day - wanted).days), day)) if free else None
