"""When a letter may arrive: never in somebody's quiet hours, in the person's own time zone. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_TO = time(18, 0), time(8, 0)


def next_open(moment: datetime, *, zone: str, quiet_from: time | None = None, quiet_to: time | None = None) -> datetime:
    """The first moment from `moment` on that lies outside the quiet hours and the weekend of a time zone.

    Args:
        moment: aware.
        zone: the person's time zone.
        quiet_from, quiet_to: the quiet hours, usually over midnight; 18:00 to 8:00 where none are given. The same
            time twice means no quiet hours.
    """
    start, end = quiet_from or QUIET_FROM, quiet_to or QUIET_TO
    here = moment.astimezone(ZoneInfo(zone))
    for _turn in range(10):
        if here.weekday() >= 5:
            here = _at(here + timedelta(days=1), end)
        elif _quiet(here.time(), start, end):
            here = _at(here + timedelta(days=0 if here.time() < end else 1), end)
        else:
            break
    return here.astimezone(moment.tzinfo)


def _quiet(now: time, start: time, end: time) -> bool:
    if start == end:
        return False
    return start <= now < end if start < end else now >= start or now < end


def _at(day: datetime, when: time) -> datetime:
    return day.replace(hour=when.hour, minute=when.minute, second=0, microsecond=0)
