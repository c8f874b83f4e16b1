"""One entry per check-in in every calendar, from the papers and by mail: moved, called off, gone at the end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from icalendar import Calendar, Event

from headway.core import clock, outbox
from headway.core.actors import SYSTEM
from headway.core.models import Company, Letter
from headway.people.models import User
from headway.plans import actions as plan_actions
from headway.plans.models import Plan
from headway.plans.papers.invitations import uid_of
from headway.running.actions.check_ins import move_check_in, skip_check_in
from headway.running.reminding import remind
from tests.plans.conftest import client_of

People = dict[str, User]


@pytest.fixture(autouse=True)
def berlin(running: Plan) -> None:
    Company.objects.update(time_zone="Europe/Berlin")


def entries(content: bytes | str) -> dict[str, Event]:
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def downloaded(plan: Plan, people: People) -> dict[str, Event]:
    return entries(client_of(people["rep"]).get(f"/plans/{plan.pk}/check-ins.ics").content)


def by_mail(words: str, who: User) -> dict[str, Event]:
    """The calendar of the newest letter to somebody whose subject has these words."""
    letter = Letter.objects.filter(subject__contains=words, user_id=who.pk).latest("pk")
    return entries(letter.calendar)


def remind_on(day: int) -> None:
    with clock.at(datetime(2026, 6, day, 9, tzinfo=UTC)):
        remind(by=SYSTEM)


def test_papers_and_letters_carry_the_same_entry(running: Plan, people: People) -> None:
    one = running.meetings.get(number=4)
    remind_on(one.on.day - 1)
    mailed, all_of_them = by_mail("Check-in 4", people["rep"]), downloaded(running, people)
    uid = uid_of(running, 4)
    assert set(mailed) == {uid}
    for name in ("dtstart", "duration", "sequence", "summary", "status"):
        assert mailed[uid].decoded(name) == all_of_them[uid].decoded(name), name
    assert len(all_of_them) == running.meetings.count()


def test_a_move_reaches_both_calendars_as_a_change_of_the_same_entry(running: Plan, people: People) -> None:
    uid = uid_of(running, 4)
    before = downloaded(running, people)[uid]
    one = running.meetings.get(number=4)
    move_check_in(check_in=one, to=date(2026, 6, 26), why="Fair in Hanover", by=people["manager"])
    remind_on(18)
    for who in ("rep", "manager"):
        after = by_mail("is now on 26 June", people[who])[uid]
        assert after.decoded("dtstart").isoformat() == "2026-06-26T14:00:00+02:00"
        assert after["sequence"] > before["sequence"]
        assert after["status"] == "CONFIRMED"
    assert downloaded(running, people)[uid]["sequence"] == by_mail("is now on 26 June", people["rep"])[uid]["sequence"]
    remind_on(18)
    assert Letter.objects.filter(kind="moved").count() == 2, "told once"


def test_a_skipped_one_is_cancelled_and_its_letter_says_so(running: Plan, people: People) -> None:
    one = running.meetings.get(number=4)
    skip_check_in(check_in=one, why="Public holiday", by=people["manager"])
    remind_on(18)
    assert by_mail("does not take place", people["rep"])[uid_of(running, 4)]["status"] == "CANCELLED"
    Letter.objects.exclude(kind="moved").delete()
    with clock.at(datetime(2026, 6, 19, 9, tzinfo=UTC)):
        outbox.deliver_due()
    parts = [part.get_content_type() + str(part.get_param("method")) for part in mail.outbox[0].message().walk()]
    assert "text/calendarCANCEL" in parts


def test_what_was_still_to_come_leaves_the_calendar_with_the_plan(running: Plan, people: People) -> None:
    before = downloaded(running, people)
    plan = plan_actions.close_plan(plan=running, reason="Everything reached.", by=people["hr"])
    remind_on(18)
    gone = by_mail("is over", people["manager"])
    coming = {uid_of(plan, row.number) for row in plan.meetings.filter(on__gte=date(2026, 6, 18))}
    assert set(gone) == coming
    for uid, event in gone.items():
        assert event["status"] == "CANCELLED"
        assert event["sequence"] > before[uid]["sequence"]


def test_the_number_never_falls(running: Plan, people: People) -> None:
    uid, seen = uid_of(running, 4), []
    seen.append(downloaded(running, people)[uid]["sequence"])
    for day in (25, 26):
        one = running.meetings.get(number=4)
        move_check_in(check_in=one, to=date(2026, 6, day), why="", by=people["rep"])
        seen.append(downloaded(running, people)[uid]["sequence"])
    skip_check_in(check_in=running.meetings.get(number=4), why="Ill", by=people["rep"])
    seen.append(downloaded(running, people)[uid]["sequence"])
    assert seen == sorted(set(seen)), "each change raises it"
