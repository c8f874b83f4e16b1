from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import NotAllowed
from headway.core.models import Letter
from headway.people.models import User
from headway.plans.actions import pause_plan
from headway.plans.models import Plan
from headway.running.actions.check_ins import Review, hold_check_in, save_review, share_review
from headway.running.actions.ledger import give_support
from headway.running.actions.notices import choose_mail
from headway.running.ledger import REGULAR
from headway.running.mail_times import next_open
from headway.running.models import MailChoice, Notice
from headway.running.reminding import remind
from tests.plans.conftest import client_of
from tests.running.conftest import TODAY
from tests.running.test_ledger import overdue_promise


def letters(kind: str) -> list[str]:
    return sorted(Letter.objects.filter(kind=kind).values_list("to", flat=True))


@pytest.fixture
def calm(running: Plan, people: dict[str, User]) -> Plan:
    """A plan in which everything so far is on record and given."""
    for one in running.meetings.filter(on__lt=TODAY):
        save_review(check_in=one, review=Review(worked="x"), seen_version=0, by=people["rep"])
        share_review(check_in=one, by=people["rep"])
        hold_check_in(check_in=one, held_on=one.on, by=people["manager"])
    for promise in running.promises.exclude(source=REGULAR).filter(due__lte=TODAY):
        give_support(promise=promise, on=promise.due, by=people["manager"])
    return running


def test_where_all_is_well_nobody_is_bothered(calm: Plan) -> None:
    remind(by=SYSTEM)
    assert not Notice.objects.exists()
    assert letters("reminder") == []


def test_the_day_before_both_are_reminded_once_with_an_entry_for_the_calendar(calm: Plan) -> None:
    with clock.at(datetime(2026, 6, 17, 9, tzinfo=UTC)):
        for _turn in range(3):
            remind(by=SYSTEM)
    assert letters("reminder") == ["M1@x.example", "P7@x.example"]
    one = Letter.objects.filter(kind="reminder").first()
    assert one is not None
    assert "UID:plan-" in one.calendar


def test_on_friday_monday_is_the_next_working_day(calm: Plan) -> None:
    monday = calm.meetings.get(number=4)
    monday.on = date(2026, 6, 22)
    monday.save()
    with clock.at(datetime(2026, 6, 19, 9, tzinfo=UTC)):
        remind(by=SYSTEM)
    assert len(letters("reminder")) == 2


def test_late_support_is_told_to_who_can_act_once_until_it_is_given(calm: Plan, people: dict[str, User]) -> None:
    key = overdue_promise(calm)
    calm.ledger_entries.filter(key=key).delete()
    calm.promises.filter(key=key).update(owner="Olav Berg", due=TODAY - timedelta(days=8))
    for day in (18, 19, 22):
        with clock.at(datetime(2026, 6, day, 9, tzinfo=UTC)):
            remind(by=SYSTEM)
    told = {(notice.user.role, notice.kind) for notice in Notice.objects.all()}
    assert {("leader", "support"), ("manager", "support")} <= told
    assert letters("support").count("M1@x.example") == 1
    assert "hr" not in {role for role, _kind in told}
    with clock.at(datetime(2026, 6, 23, 9, tzinfo=UTC)):
        give_support(promise=calm.promises.get(key=key), on=date(2026, 6, 23), by=people["leader"])
        remind(by=SYSTEM)
    assert not Notice.objects.filter(kind="support", settled_on=None).exists()


def test_a_check_in_nobody_wrote_about_is_noticed(running: Plan) -> None:
    remind(by=SYSTEM)
    missed = Notice.objects.filter(kind="missed")
    assert {notice.user.role for notice in missed} == {"manager"}
    assert missed.count() == 2  # 4 and 11 June


def test_a_paused_plan_is_left_in_peace(running: Plan, people: dict[str, User]) -> None:
    pause_plan(plan=running, from_on=TODAY, reason="Leave", by=people["manager"])
    remind(by=SYSTEM)
    assert not Letter.objects.exists()


def test_on_mondays_the_manager_reads_the_week(calm: Plan, people: dict[str, User]) -> None:
    with clock.at(datetime(2026, 6, 22, 6, tzinfo=UTC)):
        remind(by=SYSTEM)
        remind(by=SYSTEM)
    assert letters("digest") == ["M1@x.example"]
    assert "Jonas Weber: check-in on 25 June" in Letter.objects.get(kind="digest").body


def test_what_is_not_required_can_be_switched_off_and_what_is_cannot(running: Plan, people: dict[str, User]) -> None:
    choose_mail(off=["digest", "reminder", "missed"], by=people["manager"])
    with clock.at(datetime(2026, 6, 22, 9, tzinfo=UTC)):
        remind(by=SYSTEM)
    assert letters("digest") == []
    assert letters("missed") != []


def test_the_link_in_a_letter_asks_first_and_then_switches_off(calm: Plan, people: dict[str, User]) -> None:
    from django.test import Client

    with clock.at(datetime(2026, 6, 22, 9, tzinfo=UTC)):
        remind(by=SYSTEM)
    path = "/" + Letter.objects.get(kind="digest").stop_link.split("/", 3)[3]
    client = Client()  # nobody signed in
    assert "Switch this mail off?" in client.get(path).content.decode()
    assert not MailChoice.objects.exists()
    client.post(path)
    assert MailChoice.objects.get().off == ["digest"]
    assert client.get(path.replace("digest", "missed")).status_code == 404


def test_the_mail_page_shows_the_own_letters_only(calm: Plan, people: dict[str, User]) -> None:
    with clock.at(datetime(2026, 6, 17, 9, tzinfo=UTC)):
        remind(by=SYSTEM)
    assert "Your page is open" in client_of(people["rep"]).get("/mail/").content.decode()
    assert "Your page is open" not in client_of(people["other"]).get("/mail/").content.decode()
    answer = client_of(people["rep"]).post("/mail/choose/", {"time_zone": "Mars/Base"}, follow=True)
    assert "There is no such time zone: Mars/Base" in answer.content.decode()


@pytest.mark.parametrize(
    ("moment", "zone", "opens"),
    [
        ("2026-06-18T09:00+00:00", "Europe/Berlin", "2026-06-18T09:00+00:00"),
        ("2026-06-18T17:30+00:00", "Europe/Berlin", "2026-06-19T06:00+00:00"),  # 19:30 there
        ("2026-06-18T09:00+00:00", "America/New_York", "2026-06-18T12:00+00:00"),  # five in the morning there
        ("2026-06-19T18:00+00:00", "Europe/Berlin", "2026-06-22T06:00+00:00"),  # Friday evening
        ("2026-06-20T10:00+00:00", "UTC", "2026-06-22T08:00+00:00"),
    ],
)
def test_nothing_arrives_in_quiet_hours(moment: str, zone: str, opens: str) -> None:
    assert next_open(datetime.fromisoformat(moment), zone=zone) == datetime.fromisoformat(opens)


def test_own_quiet_hours_count() -> None:
    at = datetime(2026, 6, 18, 12, 30, tzinfo=UTC)
    assert next_open(at, zone="UTC", quiet_from=time(12), quiet_to=time(14)).hour == 14
    assert next_open(at, zone="UTC", quiet_from=time(0), quiet_to=time(0)) == at


def test_only_the_program_reminds(people: dict[str, User]) -> None:
    with pytest.raises(NotAllowed):
        remind(by=people["rep"])
