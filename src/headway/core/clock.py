"""The one clock: what day and what moment it is for the company.

Everything that people do in Headway is dated by this clock, never by the machine's directly. A demo company carries a
day of its own, so that its story can be walked week by week; a real company's clock is the machine's, read in the
company's time zone.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from headway.core import company

_set_to: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """The moment it is, in UTC: the machine's, or the demo company's day at the machine's time of day."""
    fixed = _set_to.get()
    if fixed is not None:
        return fixed
    moment = datetime.now(UTC)
    day = company.current().demo_today
    return moment if day is None else datetime.combine(day, moment.timetz())


def today() -> date:
    """The day it is where the company is (its time zone), or the demo company's day."""
    settings = company.current()
    fixed = _set_to.get()
    if fixed is None and settings.demo_today is not None:
        return settings.demo_today
    return (fixed or datetime.now(UTC)).astimezone(ZoneInfo(settings.time_zone)).date()


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` (aware) inside the block: for the demo company's story and for tests.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
