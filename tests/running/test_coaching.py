"""Coaching inside a plan: half-days, scored talks marked by both sides, training results, the trend of a skill."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, HeadwayError, NotFound
from headway.core.models import AuditEntry
from headway.diagnosis.practice.competencies import competencies, rubric_of
from headway.diagnosis.practice.models import CoachingSession
from headway.people.models import User
from headway.plans.models import Plan
from headway.running.actions.coaching import (
    Appointment,
    HalfDayFound,
    Module,
    hold_half_day,
    keep_trainings,
    mark_own_practice,
    plan_half_day,
)
from headway.running.actions.measuring import score_practice
from headway.running.duties import duties_for
from headway.running.models import HalfDay, LedgerEntry, ScoredPractice
from headway.running.progress import progress_of
from headway.running.skill_trend import Alike, agreement_of, gain_of
from tests.plans.conftest import client_of
from tests.running.conftest import TODAY

People = dict[str, User]
THREE = tuple(Appointment(name, at="09:00", aim="First talk") for name in ("Praxis A", "Klinik B", "Labor C"))
FOUND = HalfDayFound(held_on=TODAY, wins=("asks", "waits", ""), improvements=("sum up",), seen=("She agreed.",))


def planned(plan: Plan, people: People) -> HalfDay:
    return plan_half_day(plan=plan, on=TODAY, appointments=THREE, competency="discovery", by=people["manager"])


def scored(plan: Plan, people: People, on: date = TODAY, mark: float = 3.0) -> ScoredPractice:
    marks = [(line, mark) for line in rubric_of("discovery")]
    return score_practice(
        plan=plan, kind="call_review", competency="discovery", marks=marks, held_on=on, by=people["manager"]
    )


def test_a_half_day_goes_into_the_persons_coaching_log(running: Plan, people: People) -> None:
    half_day = hold_half_day(half_day=planned(running, people), found=FOUND, by=people["manager"])
    kept = CoachingSession.objects.latest("pk")
    assert half_day.session == kept
    assert (kept.wins, kept.improvements, kept.kind, kept.minutes) == ("asks\nwaits", "sum up", "capability", 240)
    assert kept.notes.split("\n")[0] == "09:00 Praxis A: She agreed."
    assert AuditEntry.objects.filter(event="halfday.held").count() == 1
    with pytest.raises(Conflict):
        hold_half_day(half_day=half_day, found=FOUND, by=people["manager"])


def test_a_half_day_keeps_a_part_of_a_promise(running: Plan, people: People) -> None:
    promise = running.promises.exclude(kind="coaching").first()
    assert promise is not None
    found = HalfDayFound(TODAY, ("asks",), ("waits",), promise=promise.key)
    hold_half_day(half_day=planned(running, people), found=found, by=people["manager"])
    assert [(row.hours, row.whole) for row in LedgerEntry.objects.filter(key=promise.key)] == [(4.0, False)]


@pytest.mark.parametrize(
    "found",
    [
        HalfDayFound(TODAY, (), ("x",)),
        HalfDayFound(TODAY, ("x",), ("", " ")),
        HalfDayFound(TODAY, ("1", "2", "3", "4"), ("x",)),
        HalfDayFound(TODAY + timedelta(days=1), ("x",), ("x",)),
        HalfDayFound(TODAY, ("x",), ("x",), promise="nothing"),
    ],
)
def test_what_a_half_day_needs(running: Plan, people: People, found: HalfDayFound) -> None:
    half_day, before = planned(running, people), CoachingSession.objects.count()
    with pytest.raises(BadInput):
        hold_half_day(half_day=half_day, found=found, by=people["manager"])
    assert CoachingSession.objects.count() == before


def test_a_half_day_has_one_to_three_appointments(running: Plan, people: People) -> None:
    for listed in ((), (Appointment(" "),), (*THREE, Appointment("D"))):
        with pytest.raises(BadInput):
            plan_half_day(plan=running, on=TODAY, appointments=listed, by=people["manager"])
    with pytest.raises(HeadwayError):
        plan_half_day(plan=running, on=TODAY, appointments=THREE, by=people["rep"])
    assert not HalfDay.objects.exists()


def test_both_mark_the_same_lines_and_the_mean_counts(running: Plan, people: People) -> None:
    row = scored(running, people, mark=3.0)
    assert row.mean == 3.0
    row = mark_own_practice(practice=row, marks=[4.0, 4.0, 5.0], by=people["rep"])
    assert row.mean == pytest.approx((3 + 13 / 3) / 2)
    with pytest.raises(Conflict):
        mark_own_practice(practice=row, marks=[1.0, 1.0, 1.0], by=people["rep"])
    other = scored(running, people)
    for wrong in ([1.0], [0.0, 1.0, 1.0]):
        with pytest.raises(BadInput):
            mark_own_practice(practice=other, marks=wrong, by=people["rep"])
    with pytest.raises(NotFound):
        mark_own_practice(practice=other, marks=[1.0, 1.0, 1.0], by=people["manager"])


def test_the_person_marks_before_seeing_the_coachs_lines(running: Plan, people: People) -> None:
    scored(running, people, mark=2.0)
    address = f"/plans/{running.pk}/coaching/"
    rep, manager = client_of(people["rep"]), client_of(people["manager"])
    assert "Put my marks beside the others" in rep.get(address).content.decode()
    assert "Marks of" not in rep.get(address).content.decode()
    assert "Marks of" in manager.get(address).content.decode()
    practice = ScoredPractice.objects.get()
    said = {"practice": str(practice.pk), "mark-0": "2", "mark-1": "3", "mark-2": "2"}
    assert rep.post(f"{address}mark/", said).status_code == 302
    assert "Marks of" in rep.get(address).content.decode()


def test_the_page_plans_scores_and_keeps_words_that_cannot_be_kept(running: Plan, people: People) -> None:
    address, manager = f"/plans/{running.pk}/coaching/", client_of(people["manager"])
    typed = {"on": TODAY.isoformat(), "competency": "discovery", "who-0": "Praxis A", "at-0": "09:00", "aim-0": "offer"}
    assert manager.post(f"{address}plan/", typed).status_code == 302
    half_day = HalfDay.objects.get()
    wrong = manager.post(f"{address}hold/", {"half_day": str(half_day.pk), "win-0": "kept words"})
    assert wrong.status_code == 400
    assert "kept words" in wrong.content.decode()
    marks = {"competency": "closing", "kind": "role_play", "mark-0": "3", "mark-1": "4", "mark-2": "5"}
    assert manager.post(f"{address}score/", marks).status_code == 302
    assert ScoredPractice.objects.get().marks == [
        [line, m] for line, m in zip(rubric_of("closing"), (3, 4, 5), strict=True)
    ]
    assert manager.post(f"{address}score/", {**marks, "mark-2": "6"}).status_code == 400
    assert client_of(people["other"]).get(address).status_code == 404


def test_a_half_day_stands_in_the_week_until_it_is_written_down(running: Plan, people: People) -> None:
    half_day = planned(running, people)
    mine = [one for one in duties_for(people["manager"]).items if "side by side" in one.text]
    assert [(one.text, one.minutes) for one in mine] == [("Jonas Weber: Half-day side by side, 3 appointments", 240)]
    assert any("Half-day side by side" in one.text for one in duties_for(people["rep"]).items)
    hold_half_day(half_day=half_day, found=FOUND, by=people["manager"])
    assert not any("side by side" in one.text for one in duties_for(people["manager"]).items)


def test_training_results_count_for_a_goal(running: Plan, people: People) -> None:
    goal = running.goals.get(key="activity")
    goal.metric_key, goal.target = "training_score", 0.9
    goal.save()
    modules = [Module("Discovery", TODAY, 95.0), Module("Price", TODAY, 88.0), Module("CRM", TODAY, None)]
    assert keep_trainings(results={running.pk: modules}, by=SYSTEM) == 3
    assert keep_trainings(results={running.pk: modules}, by=SYSTEM) == 0
    found = next(one for one in progress_of(running, by=people["rep"]) if one.goal.key == "activity")
    assert (found.value, found.n, found.by_hand) == (pytest.approx(0.915), 2, True)
    better = [Module("Price", TODAY, 96.0)]
    assert keep_trainings(results={running.pk: better}, by=SYSTEM) == 1


def test_every_competency_has_a_rubric_in_both_languages() -> None:
    for language in ("en", "de"):
        assert all(len(one.rubric) == 3 for one in competencies(language))


DAY = date(2026, 4, 6)


def days(*values: float) -> list[tuple[date, float]]:
    return [(DAY + timedelta(days=10 * place), value) for place, value in enumerate(values)]


def test_a_gain_needs_scores_enough() -> None:
    assert gain_of(days(2, 3, 4)) is None
    assert gain_of([(DAY, 2.0)] * 6) is None
    found = gain_of(days(2.0, 2.3, 2.7, 3.0, 3.3))
    assert found is not None
    assert found.estimate == pytest.approx(0.033 * 28, abs=0.01)
    assert found.steady
    assert found.low < found.estimate < found.high


def test_ups_and_downs_are_no_gain() -> None:
    found = gain_of(days(2, 4, 2, 4, 2.5, 3.5))
    assert found is not None
    assert not found.steady


def test_agreement_says_when_it_cannot_tell() -> None:
    assert agreement_of([(3.0, 3.0)] * 9).alike is Alike.TOO_FEW
    assert agreement_of([(3.0, 3.0)] * 20).alike is Alike.TOO_FEW, "one mark for everything tells nothing"
    same = [(float(mark), float(mark)) for mark in (1, 2, 3, 4, 5, 2, 3, 4, 1, 5)]
    assert agreement_of(same).alike is Alike.ALIKE
    apart = [(mark, 6 - mark) for mark, _own in same]
    assert agreement_of(apart).alike is Alike.APART
