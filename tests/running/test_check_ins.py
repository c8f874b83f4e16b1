from __future__ import annotations

from datetime import date

import pytest

from headway.core import audit
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.models import AuditEntry
from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.actions.check_ins import (
    Notes,
    Review,
    agree,
    confirm_notes,
    hold_check_in,
    keep_agreement,
    move_check_in,
    save_notes,
    save_review,
    schedule_check_ins,
    share_review,
    skip_check_in,
)
from headway.running.jobs import put_in_line
from headway.running.models import CheckIn
from tests.running.conftest import TODAY


def third(plan: Plan) -> CheckIn:
    return plan.meetings.get(number=3)


def test_the_plans_check_ins_come_on_the_calendar_once(running: Plan) -> None:
    days = [row.on for row in running.meetings.all()]
    assert days == [date.fromisoformat(one["on"]) for one in running.body["check_ins"]]
    assert schedule_check_ins(plan=running, by=SYSTEM) == 0


def test_a_later_plan_moves_what_is_still_to_come_and_keeps_what_was(running: Plan, people: dict[str, User]) -> None:
    hold_check_in(check_in=running.meetings.get(number=1), held_on=date(2026, 6, 4), by=people["manager"])
    later = [{**one, "on": f"2026-07-{n + 1:02d}"} for n, one in enumerate(running.body["check_ins"][:5])]
    running.body = {**running.body, "check_ins": later}
    running.save()
    schedule_check_ins(plan=running, by=SYSTEM)
    days = {row.number: row.on for row in running.meetings.all()}
    assert days == {1: date(2026, 6, 4), 2: date(2026, 7, 2), 3: date(2026, 7, 3), 4: date(2026, 7, 4),
                    5: date(2026, 7, 5)}  # fmt: skip


def test_the_round_of_the_day_mends_a_calendar_and_writes_nothing_where_none_is_to_mend(running: Plan) -> None:
    before = AuditEntry.objects.filter(event="checkin.planned").count()
    put_in_line()
    assert AuditEntry.objects.filter(event="checkin.planned").count() == before
    running.body = {
        **running.body,
        "check_ins": [*running.body["check_ins"][:4], {"on": "2026-08-20", "kind": "final"}],
    }
    running.save()
    CheckIn.objects.filter(plan=running, number=2).delete()
    put_in_line()
    assert [row.on for row in running.meetings.all()] == [
        date.fromisoformat(one["on"]) for one in running.body["check_ins"]
    ]
    assert AuditEntry.objects.filter(event="checkin.planned").count() == before + 1


def test_the_rep_writes_and_shares_and_the_manager_cannot_write_there(running: Plan, people: dict[str, User]) -> None:
    saved = save_review(check_in=third(running), review=Review(worked="Asked first."), seen_version=0, by=people["rep"])
    assert (saved.worked, saved.review_version, saved.shared_at) == ("Asked first.", 1, None)
    assert share_review(check_in=saved, by=people["rep"]).shared_at is not None
    with pytest.raises(NotFound):
        save_review(check_in=saved, review=Review(worked="No."), seen_version=1, by=people["manager"])
    assert third(running).worked == "Asked first."
    entry = AuditEntry.objects.filter(event="checkin.review_saved").get()
    assert (entry.person_id, entry.detail["changed"]) == ("P7", ["worked"])


def test_two_devices_do_not_overwrite_each_other(running: Plan, people: dict[str, User]) -> None:
    save_review(check_in=third(running), review=Review(worked="Phone"), seen_version=0, by=people["rep"])
    with pytest.raises(Conflict, match="somewhere else"):
        save_review(check_in=third(running), review=Review(worked="Desk"), seen_version=0, by=people["rep"])
    assert third(running).worked == "Phone"


def test_an_empty_page_cannot_be_shared(running: Plan, people: dict[str, User]) -> None:
    with pytest.raises(BadInput, match="still empty"):
        share_review(check_in=third(running), by=people["rep"])


def test_both_confirm_and_then_nothing_changes_any_more(running: Plan, people: dict[str, User]) -> None:
    meeting = hold_check_in(check_in=third(running), held_on=TODAY, by=people["manager"])
    save_notes(check_in=meeting, notes=Notes(recognition="Kept the price."), seen_version=0, by=people["manager"])
    confirm_notes(check_in=meeting, seen_version=1, by=people["rep"])
    save_notes(check_in=meeting, notes=Notes(feedback="Ask who signs."), seen_version=1, by=people["manager"])
    assert third(running).rep_confirmed_at is None  # what was confirmed is not what stands there now
    for who in ("rep", "manager"):
        confirm_notes(check_in=meeting, seen_version=2, by=people[who])
    with pytest.raises(Conflict, match="Both of you"):
        save_notes(check_in=meeting, notes=Notes(feedback="New"), seen_version=2, by=people["manager"])
    with pytest.raises(Conflict, match="Both of you"):
        save_review(check_in=meeting, review=Review(worked="New"), seen_version=0, by=people["rep"])
    assert audit.verify().whole


def test_moving_and_skipping_stay_on_record_with_who_and_why(running: Plan, people: dict[str, User]) -> None:
    moved = move_check_in(check_in=third(running), to=date(2026, 6, 19), why="Fair", by=people["manager"])
    assert [(move["by"], move["why"], move["to"]) for move in moved.moves] == [
        ("Marta Lindqvist", "Fair", "2026-06-19")
    ]
    skipped = skip_check_in(check_in=moved, why="Marta was ill", by=people["manager"])
    assert (skipped.state, skipped.skipped_by) == (CheckIn.SKIPPED, "Marta Lindqvist")
    with pytest.raises(Conflict):
        hold_check_in(check_in=skipped, held_on=TODAY, by=people["manager"])
    with pytest.raises(BadInput, match="reason"):
        skip_check_in(check_in=running.meetings.get(number=4), why=" ", by=people["manager"])


@pytest.mark.parametrize("day", [date(2026, 6, 17), date(2026, 6, 20), date(2026, 7, 20)])
def test_a_check_in_is_not_moved_to_a_day_that_cannot_be(day: date, running: Plan, people: dict[str, User]) -> None:
    with pytest.raises(BadInput):
        move_check_in(check_in=third(running), to=day, why="", by=people["manager"])
    assert third(running).moves == []


def test_agreements_have_an_owner_and_a_day_and_are_kept_once(running: Plan, people: dict[str, User]) -> None:
    made = agree(check_in=third(running), text="Send the questionnaire", side="company", owner="Marta",
                 due=date(2026, 6, 25), by=people["manager"])  # fmt: skip
    kept = keep_agreement(agreement=made, done_on=TODAY, by=people["rep"])
    assert kept.done_on == TODAY
    with pytest.raises(Conflict):
        keep_agreement(agreement=made, done_on=TODAY, by=people["rep"])
    with pytest.raises(BadInput, match="on or after"):
        agree(check_in=third(running), text="x", side="rep", owner="Jonas", due=date(2026, 6, 1), by=people["manager"])


@pytest.mark.parametrize("who", ["other", "hr"])
def test_strangers_and_readers_write_nothing(who: str, running: Plan, people: dict[str, User]) -> None:
    meeting, before = third(running), AuditEntry.objects.count()
    for attempt in (
        lambda: hold_check_in(check_in=meeting, held_on=TODAY, by=people[who]),
        lambda: save_notes(check_in=meeting, notes=Notes(feedback="x"), seen_version=0, by=people[who]),
        lambda: confirm_notes(check_in=meeting, seen_version=0, by=people[who]),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert AuditEntry.objects.count() == before


def test_nothing_is_written_to_a_closed_plan(running: Plan, people: dict[str, User]) -> None:
    Plan.objects.filter(pk=running.pk).update(state=PlanState.CLOSED)
    with pytest.raises(Conflict, match="closed"):
        hold_check_in(check_in=third(running), held_on=TODAY, by=people["manager"])
