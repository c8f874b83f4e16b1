from __future__ import annotations

from datetime import date, timedelta

import pytest

from headway.core.errors import BadInput, NotFound
from headway.people.models import Person, User
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.running.actions.check_ins import Review, hold_check_in, save_review, share_review, skip_check_in
from headway.running.actions.ledger import answer_support, give_support, mark_action
from headway.running.ledger import REGULAR, LedgerLine, action_key, ledger_of, unanswered
from headway.running.rules import Given, Kept, kept
from tests.running.conftest import TODAY


def line(plan: Plan, key: str) -> LedgerLine:
    fresh = Plan.objects.get(pk=plan.pk)
    return next(one for one in ledger_of(fresh).company if one.key == key)


def overdue_promise(plan: Plan) -> str:
    row = plan.promises.exclude(source=REGULAR).first()
    assert row is not None
    row.due = TODAY - timedelta(days=4)
    row.hours = 2
    row.save()
    return row.key


def test_what_was_promised_and_not_given_is_overdue_until_somebody_gives_it(
    running: Plan, people: dict[str, User]
) -> None:
    key = overdue_promise(running)
    assert (line(running, key).state, line(running, key).days_late) == (Kept.OVERDUE, 4)
    promise = running.promises.get(key=key)
    give_support(promise=promise, on=TODAY - timedelta(days=1), hours=1, whole=False, note="half", by=people["manager"])
    assert (line(running, key).state, line(running, key).hours_given) == (Kept.PARTLY, 1)
    give_support(promise=promise, on=TODAY, hours=1, whole=False, by=people["manager"])
    given = line(running, key)
    assert (given.state, given.days_late, given.hours_given) == (Kept.LATE, 4, 2)


def test_an_answer_is_asked_for_before_not_met_and_given_once(running: Plan, people: dict[str, User]) -> None:
    key = overdue_promise(running)
    assert key in [one.key for one in unanswered(running)]
    with pytest.raises(BadInput, match="needs words"):
        answer_support(plan=running, key=key, answer=" ", by=people["manager"])
    answer_support(plan=running, key=key, answer="Trainer was ill; the goal moves by two weeks.", by=people["manager"])
    fresh = Plan.objects.get(pk=running.pk)
    assert key not in [one.key for one in unanswered(fresh)]
    assert line(running, key).short  # answered is not given


def test_the_owner_marks_the_own_promise_and_nobody_elses(running: Plan, people: dict[str, User]) -> None:
    first, second = running.promises.exclude(source=REGULAR)[:2]
    first.owner = "Tomás Oliveira"
    first.save()
    person = Person.objects.create(person_id="R1", name="Tomás Oliveira", role="revops")
    tomas = User.objects.create(email="t@x.example", name="Tomás Oliveira", role="revops", person=person)
    give_support(promise=first, on=TODAY, by=tomas)
    with pytest.raises(NotFound):
        give_support(promise=second, on=TODAY, by=tomas)
    with pytest.raises(NotFound):
        give_support(promise=second, on=TODAY, by=people["other"])
    assert running.ledger_entries.count() == 1


def test_weekly_coaching_counts_the_check_ins_that_took_place(running: Plan, people: dict[str, User]) -> None:
    one, two = running.meetings.filter(on__lt=TODAY)
    hold_check_in(check_in=one, held_on=one.on, by=people["manager"])
    skip_check_in(check_in=two, why="Marta was ill", by=people["manager"])
    coaching = running.promises.get(source=REGULAR)
    seen = line(running, coaching.key)
    assert (seen.given, seen.planned, seen.state, seen.short) == (1, 2, Kept.PARTLY, True)
    assert "11 June" in seen.note
    give_support(promise=coaching, on=TODAY, note="Made up for on the phone", by=people["manager"])
    assert line(running, coaching.key).given == 2


def test_the_reps_side_is_counted_with_the_same_strictness(running: Plan, people: dict[str, User]) -> None:
    key = action_key(draft_of(running).actions[0])
    for days, done in ((9, True), (2, False)):
        mark_action(plan=running, key=key, done=done, on=TODAY - timedelta(days=days), by=people["rep"])
    meeting = running.meetings.get(number=1)
    save_review(check_in=meeting, review=Review(worked="a"), seen_version=0, by=people["rep"])
    share_review(check_in=meeting, by=people["rep"])
    hold_check_in(check_in=meeting, held_on=meeting.on, by=people["manager"])
    rep = {one.key: one for one in ledger_of(Plan.objects.get(pk=running.pk)).rep}
    assert (rep[key].given, rep[key].planned, rep[key].state) == (1, 2, Kept.PARTLY)
    assert (rep["self-review"].given, rep["self-review"].planned) == (1, 1)


@pytest.mark.parametrize(
    ("entries", "planned", "state", "late"),
    [
        ([], None, Kept.OVERDUE, 3),
        ([Given(date(2026, 6, 10))], None, Kept.KEPT, 0),
        ([Given(date(2026, 6, 17))], None, Kept.LATE, 2),
        ([Given(date(2026, 6, 10), 1.5, whole=False)], 3.0, Kept.PARTLY, 3),
        ([Given(date(2026, 6, 10), 1.5, whole=False), Given(date(2026, 6, 12), 1.5, whole=False)], 3.0, Kept.KEPT, 0),
        ([Given(date(2026, 6, 10), given=False)], None, Kept.OVERDUE, 3),
    ],
)
def test_kept_late_or_missing(entries: list[Given], planned: float | None, state: Kept, late: int) -> None:
    assert kept(due=date(2026, 6, 15), on=date(2026, 6, 18), planned=planned, entries=entries) == (state, late)
