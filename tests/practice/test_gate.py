"""The gate before a formal plan: what has to be there, who lifts it, and what only HR may know."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from headway.core.errors import BadInput, Conflict, NotAllowed, NotFound
from headway.core.models import AuditEntry
from headway.detection.signal import Finding, Tier
from headway.diagnosis.models import AbsenceRecord
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.actions import FactorGiven, SessionGiven
from headway.diagnosis.practice.factors import FACTORS
from headway.diagnosis.practice.gate import gate_for
from headway.diagnosis.practice.models import ExceptionRequest
from headway.diagnosis.practice.rules import Gate, GateState
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from tests.practice.conftest import TODAY, a_diagnosis, a_signal, keep_run

People = dict[str, User]


def coach(people: People, *days_ago: int) -> None:
    for ago in days_ago:
        given = SessionGiven(held_on=TODAY - timedelta(days=ago), notes="Silence after the price.")
        actions.note_coaching(person_id="P7", given=given, by=people["manager"])


def answer_all(people: People, *, found: str = "clear", remedy: str = "") -> None:
    answers = [FactorGiven(key, found, "Looked at with sales ops.", remedy) for key in FACTORS]
    actions.answer_factors(person_id="P7", answers=answers, signed=True, by=people["manager"])


def states(gate: Gate) -> dict[str, str]:
    return {item.key: str(item.state) for item in gate.items}


def test_nothing_is_there_yet(people: People, run: AnalysisRun) -> None:
    gate = gate_for("P7", by=people["manager"])
    assert states(gate) == {
        "coaching": "todo", "ramp": "done", "leave": "done", "outside": "todo", "chance": "done", "axis": "open",
    }  # fmt: skip
    assert not gate.may_go_on
    assert "0 of 3" in gate.items[0].sentence


def test_three_talks_in_ninety_days_and_all_answers_open_it(people: People, run: AnalysisRun) -> None:
    coach(people, 89, 30, 6)
    answer_all(people)
    assert gate_for("P7", by=people["manager"]).may_go_on
    assert not gate_for("P7", as_of=TODAY + timedelta(days=1), by=people["manager"]).may_go_on  # the first is too old


def test_the_company_owns_the_number(people: People, run: AnalysisRun) -> None:
    from headway.core import templates

    templates.company_folder().mkdir(parents=True, exist_ok=True)
    file = templates.company_folder() / "practice.toml"
    file.write_text("[gate]\ncoaching_sessions = 1\n")
    try:
        coach(people, 6)
        assert states(gate_for("P7", by=people["manager"]))["coaching"] == "done"
        file.write_text("[gate]\ncoaching_session = 1\n")
        with pytest.raises(BadInput, match=r"nobody knows: coaching_session\. Use one of: .*coaching_sessions"):
            gate_for("P7", by=people["manager"])
    finally:
        file.unlink()


def test_a_factor_that_holds_back_needs_a_remedy(people: People, run: AnalysisRun) -> None:
    coach(people, 20, 10, 1)
    answer_all(people, found="holds_back")
    assert states(gate_for("P7", by=people["manager"]))["outside"] == "todo"
    answer_all(people, found="holds_back", remedy="RevOps redraws the map by 1 June.")
    gate = gate_for("P7", by=people["manager"])
    assert gate.may_go_on
    assert "something is being done about: Territory" in gate.items[3].sentence


@pytest.mark.parametrize("tier", [Tier.SUPPORT, Tier.WATCH, Tier.NONE])
def test_what_may_be_chance_needs_a_reason_that_the_person_reads(people: People, tier: Tier) -> None:
    keep_run(a_signal(tier=tier), diagnoses=(a_diagnosis(),))
    coach(people, 20, 10, 1)
    answer_all(people)
    assert [item.key for item in gate_for("P7", by=people["manager"]).missing] == ["chance"]
    actions.record_reason(person_id="P7", text="Two customers left over missed dates.", by=people["manager"])
    assert gate_for("P7", by=people["manager"]).may_go_on
    assert "Marta Lindqvist recorded a reason" in gate_for("P7", by=people["rep"]).items[4].sentence


def test_ramping_people_get_no_formal_plan(people: People) -> None:
    keep_run(a_signal(finding=Finding.RAMPING), diagnoses=(a_diagnosis(),))
    assert states(gate_for("P7", by=people["manager"]))["ramp"] == "todo"


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        (date(2026, 5, 4), date(2026, 6, 1), "todo"),  # away now
        (date(2026, 5, 4), None, "todo"),  # away, no end known
        (date(2026, 2, 2), date(2026, 5, 4), "todo"),  # back for two weeks after three months
        (date(2026, 4, 27), date(2026, 5, 4), "done"),  # a week of holiday
        (date(2026, 1, 5), date(2026, 4, 6), "done"),  # long back
        (date(2026, 6, 1), date(2026, 9, 1), "done"),  # not yet
    ],
)
def test_leave(people: People, run: AnalysisRun, start: date, end: date | None, state: str) -> None:
    AbsenceRecord.objects.create(run=run, person_id="P7", start_on=start, end_on=end)
    assert states(gate_for("P7", by=people["manager"]))["leave"] == state


def test_hr_lifts_one_item_in_writing(people: People, case: ExceptionRequest) -> None:
    answer_all(people)
    given = actions.grant_exception(
        person_id="P7", item="coaching", reason="Calendar shows six talks.", by=people["hr"]
    )
    gate = gate_for("P7", by=people["manager"])
    assert gate.may_go_on
    assert gate.exception is not None
    assert gate.exception.reason == "Calendar shows six talks."
    assert not gate_for("P7", as_of=given.until + timedelta(days=1), by=people["manager"]).may_go_on
    case.refresh_from_db()
    assert case.closed_at is not None


def test_hr_is_asked_once_and_only_for_what_is_missing(people: People, case: ExceptionRequest) -> None:
    with pytest.raises(Conflict, match="asked already"):
        actions.ask_for_exception(person_id="P7", item="coaching", reason="Again.", by=people["manager"])
    with pytest.raises(BadInput, match="Nothing is missing"):
        actions.ask_for_exception(person_id="P7", item="ramp", reason="So.", by=people["manager"])


def test_hr_sees_nobody_before_being_asked(people: People, run: AnalysisRun) -> None:
    with pytest.raises(NotFound):
        gate_for("P7", by=people["hr"])
    with pytest.raises(NotFound):
        actions.grant_exception(person_id="P7", item="coaching", reason="So.", by=people["hr"])


@pytest.mark.parametrize("who", ["manager", "rep", "leader", "other"])
def test_only_hr_lifts(people: People, case: ExceptionRequest, who: str) -> None:
    with pytest.raises((NotFound, NotAllowed)):
        actions.grant_exception(person_id="P7", item="coaching", reason="So.", by=people[who])
    assert not AuditEntry.objects.filter(event="exception.granted").exists()


def test_protected_events_exist_for_hr_alone(people: People, case: ExceptionRequest) -> None:
    coach(people, 20, 10, 1)
    answer_all(people)
    before = {who: gate_for("P7", by=people[who]) for who in ("manager", "rep", "leader")}
    actions.record_protected(
        person_id="P7", kind="complaint", happened_on=TODAY - timedelta(days=9), note="About overtime.", by=people["hr"]
    )
    actions.grant_exception(person_id="P7", item="protected", reason="Looked at: not connected.", by=people["hr"])
    for who, gate in before.items():
        assert gate_for("P7", by=people[who]) == gate  # word for word the same, exceptions too
    seen = gate_for("P7", by=people["hr"])
    assert seen.item("protected") is not None
    assert seen.item("protected").state is GateState.TODO  # type: ignore[union-attr]
    assert seen.may_go_on  # lifted by HR's own note


def test_a_protected_event_stops_hr(people: People, case: ExceptionRequest) -> None:
    coach(people, 20, 10, 1)
    answer_all(people)
    event = actions.record_protected(person_id="P7", kind="complaint", happened_on=TODAY, note="", by=people["hr"])
    assert [item.key for item in gate_for("P7", by=people["hr"]).missing] == ["protected"]
    actions.end_protected(event=event, because="Closed by the ombudsperson.", by=people["hr"])
    assert gate_for("P7", by=people["hr"]).may_go_on


@pytest.mark.parametrize("who", ["manager", "rep", "leader", "other"])
def test_nobody_else_records_protected_events(people: People, who: str) -> None:
    with pytest.raises((NotFound, NotAllowed)):
        actions.record_protected(person_id="P7", kind="complaint", happened_on=TODAY, note="", by=people[who])


def test_a_gap_of_the_whole_team_is_the_systems(people: People) -> None:
    from headway.people.models import Person

    for n in range(4):
        Person.objects.create(person_id=f"T{n}", name=f"Tom {n}", role="rep", team="North")
    others = tuple(a_diagnosis(f"T{n}", clear=n < 2) for n in range(4))
    keep_run(a_signal(), diagnoses=(a_diagnosis(), *others))
    gate = gate_for("P7", by=people["manager"])
    assert "Gap of the whole team" in gate.items[3].sentence
    keep_run(a_signal(), diagnoses=(a_diagnosis(), *others[1:], a_diagnosis("T0", clear=False)))
    assert "Gap of the whole team" not in gate_for("P7", by=people["manager"]).items[3].sentence
