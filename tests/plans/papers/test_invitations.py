"""Check-ins in ordinary calendars: the same meeting keeps its name, changes rise, a withdrawn plan is cancelled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from headway.core import clock
from headway.core.models import Company
from headway.documents.calendar import Guest, Invitation, Meeting, to_ics
from headway.plans import actions
from headway.plans.papers.invitations import invitation_of
from headway.plans.states import PlanState
from tests.plans.conftest import client_of
from tests.plans.stories import on, pause, plan_in


def events(content: bytes) -> list:
    return Calendar.from_ical(content).walk("VEVENT")


def test_times_are_the_companys_on_both_sides_of_a_clock_change() -> None:
    days = (date(2026, 10, 22), date(2026, 10, 29))
    meetings = tuple(Meeting(f"m{n}@x", "Check-in", "", day, time(14), 30) for n, day in enumerate(days))
    stamp = datetime(2026, 5, 1, tzinfo=ZoneInfo("UTC"))
    made = to_ics(Invitation(meetings, "Europe/Berlin", 1, stamp, Guest("Marta", "m@x.example")))
    summer, winter = (event["dtstart"].dt for event in events(made))
    assert (summer.hour, winter.hour) == (14, 14)
    assert (summer.utcoffset(), winter.utcoffset()) == (timedelta(hours=2), timedelta(hours=1))
    assert b"BEGIN:VTIMEZONE" in made
    assert b"ORGANIZER" in made
    assert max(len(line) for line in made.split(b"\r\n")) <= 75


def test_words_cannot_break_out_of_the_file() -> None:
    nasty = "a\r\nBEGIN:VEVENT\r\nSUMMARY:x;,\\ 🎉 \x00"
    made = to_ics(Invitation((Meeting("u@x", nasty, nasty, date(2026, 6, 4)),), "UTC", 1, on(date(2026, 5, 1))))
    assert len(events(made)) == 1


def test_names_stay_and_the_number_rises_when_days_move(people, run) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    before = events(to_ics(invitation_of(plan)))
    pause(plan, people)
    with clock.at(on(date(2026, 7, 6))):
        actions.resume_plan(plan=plan, back_on=date(2026, 7, 6), by=people["manager"])
    plan.refresh_from_db()
    after = events(to_ics(invitation_of(plan)))
    assert [event["uid"] for event in after][: len(before)] == [event["uid"] for event in before]
    assert after[0]["sequence"] > before[0]["sequence"]
    assert {event["status"] for event in before} == {"CONFIRMED"}


def test_a_withdrawn_plan_cancels_its_meetings(people, run) -> None:
    plan = plan_in(PlanState.APPROVED, people=people, run=run)
    with clock.at(on(date(2026, 5, 22))):
        plan = actions.withdraw_plan(plan=plan, reason="Another team.", by=people["manager"])
    content = client_of(people["rep"]).get(f"/plans/{plan.pk}/check-ins.ics").content
    assert Calendar.from_ical(content)["method"] == "CANCEL"
    assert {event["status"] for event in events(content)} == {"CANCELLED"}


def test_those_who_may_not_see_the_plan_get_no_calendar(people, run) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    assert client_of(people["other"]).get(f"/plans/{plan.pk}/check-ins.ics").status_code == 404
    answer = client_of(people["rep"]).get(f"/plans/{plan.pk}/check-ins.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "Jonas and Marta" in str(events(answer.content)[0]["summary"])
    assert Company.objects.get().name == "Alderwick"
