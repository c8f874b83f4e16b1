"""Check-ins as calendar entries: the same entry stays the same, a moved one moves in people's calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from headway.core import clock, company
from headway.running.models import CheckIn


def calendar_of(check_ins: Iterable[CheckIn], *, link: str) -> str:
    """An iCalendar text with one entry per check-in. A skipped one is cancelled, a moved one has a higher SEQUENCE."""
    settings = company.current()
    book = Calendar()
    book.add("prodid", "-//Headway//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for one in check_ins:
        book.add_component(_entry(one, zone=ZoneInfo(settings.time_zone), link=link))
    text: bytes = book.to_ical()
    return text.decode()


def _entry(one: CheckIn, *, zone: ZoneInfo, link: str) -> Event:
    event = Event()
    start = datetime.combine(one.on, one.at, zone)
    event.add("uid", f"check-in-{one.plan_id}-{one.number}@headway.invalid")
    event.add("sequence", len(one.moves) + (one.state == CheckIn.SKIPPED))
    event.add("dtstamp", clock.now())
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=one.minutes))
    event.add("summary", str(one))
    event.add("url", link)
    if one.state == CheckIn.SKIPPED:
        event.add("status", "CANCELLED")
    return event
