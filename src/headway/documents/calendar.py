"""Meetings as an iCalendar file that ordinary calendars take: invitations, changes of them, cancellations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from headway.documents.paper import without_controls

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Guest:
    """Somebody who comes."""

    name: str
    email: str


@dataclass(frozen=True)
class Meeting:
    """One meeting. uid: the same for ever; on, at: where the company is (at None = sometime on that day).

    sequence: higher each time this meeting changed (None: the invitation's); link: where it is prepared.
    """

    uid: str
    title: str
    words: str
    on: date
    at: time | None = None
    minutes: int = 30
    cancelled: bool = False
    sequence: int | None = None
    link: str = ""


@dataclass(frozen=True)
class Invitation:
    """Meetings that are sent together. sequence: higher each time something changed, or calendars keep the old day."""

    meetings: tuple[Meeting, ...]
    time_zone: str
    sequence: int
    stamp: datetime
    organiser: Guest | None = None
    guests: tuple[Guest, ...] = ()
    product: str = "-//Headway//Headway//EN"


def to_ics(invitation: Invitation) -> bytes:
    """The file. All meetings cancelled: a cancellation; else an invitation in which single ones may be cancelled."""
    from icalendar import Calendar  # read where it is needed, not at start

    calendar = Calendar()
    calendar.add("prodid", invitation.product)
    calendar.add("version", "2.0")
    over = bool(invitation.meetings) and all(meeting.cancelled for meeting in invitation.meetings)
    calendar.add("method", "CANCEL" if over else "REQUEST")
    for meeting in invitation.meetings:
        calendar.add_component(_event(meeting, invitation))
    if any(meeting.at for meeting in invitation.meetings):
        days = [meeting.on for meeting in invitation.meetings]
        calendar.add_missing_timezones(first_date=min(days), last_date=max(days) + timedelta(days=366))
    made: bytes = calendar.to_ical()
    return made


def _event(meeting: Meeting, invitation: Invitation) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", invitation.sequence if meeting.sequence is None else meeting.sequence)
    event.add("dtstamp", invitation.stamp)
    event.add("summary", str(without_controls(meeting.title)))
    if meeting.words:
        event.add("description", str(without_controls(meeting.words)))
    if meeting.link:
        event.add("url", meeting.link)
    if meeting.at is None:
        event.add("dtstart", meeting.on)
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", datetime.combine(meeting.on, meeting.at, ZoneInfo(invitation.time_zone)))
        event.add("duration", timedelta(minutes=meeting.minutes))
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if invitation.organiser and invitation.organiser.email:
        event.add("organizer", _address(invitation.organiser))
    for guest in invitation.guests:
        if guest.email:
            event.add("attendee", _address(guest, invited=True))
    return event


def _address(guest: Guest, *, invited: bool = False) -> vCalAddress:
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"MAILTO:{guest.email}")
    address.params["CN"] = vText(guest.name)
    if invited:
        address.params["ROLE"] = vText("REQ-PARTICIPANT")
        address.params["PARTSTAT"] = vText("NEEDS-ACTION")
        address.params["RSVP"] = vText("TRUE")
    return address
