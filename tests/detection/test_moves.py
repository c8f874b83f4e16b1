"""What changed around a person is found on its day and named with the names in the facts; small things are not."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.simulation.memory_facts import MemoryFacts, memory_facts
from headway.detection.change_sentences import move_sentence
from headway.detection.engine import signals
from headway.detection.moves import Move, moves_in
from headway.detection.policy import DEFAULT
from headway.detection.roster import read_roster
from headway.detection.signal import Signal
from tests.detection.test_engine import AS_OF, _people
from tests.detection.test_reasons_and_watch import _noise_deals

APRIL, LONG_AGO = date(AS_OF.year, 4, 1), date(AS_OF.year - 3, 1, 1)


def _facts() -> MemoryFacts:
    places = [
        ("P0", LONG_AGO, APRIL, "P11", "North", "mid", "T1"),
        ("P0", APRIL, None, "P10", "South", "mid", "T2"),
        ("P1", LONG_AGO, date(AS_OF.year - 2, 1, 1), "P11", "North", "mid", "T1"),
        ("P1", date(AS_OF.year - 2, 1, 1), None, "P11", "South", "mid", "T1"),
        ("P2", LONG_AGO, APRIL, "P11", "North", "mid", "T1"),
        ("P2", APRIL, None, "P10", "North", "mid", "T1"),
        ("P3", LONG_AGO, APRIL, "P11", "North", None, "T1"),
        ("P3", APRIL, None, "P11", "North", "mid", "T1"),
    ]
    names = ("person_id", "valid_from", "valid_to", "manager_id", "team", "segment", "territory_id")
    quotas = [
        ("P4", date(AS_OF.year, 1, 1), date(AS_OF.year, 3, 31), 90_000.0),
        ("P4", APRIL, date(AS_OF.year, 6, 30), 126_000.0),
        ("P5", date(AS_OF.year, 1, 1), date(AS_OF.year, 3, 31), 90_000.0),
        ("P5", APRIL, date(AS_OF.year, 6, 30), 90_000.0),
    ]
    quota = pa.table({
        "person_id": [q[0] for q in quotas], "metric": ["revenue"] * 4, "period_start": [q[1] for q in quotas],
        "period_end": [q[2] for q in quotas], "target": [q[3] for q in quotas],
    })  # fmt: skip
    return memory_facts(
        {
            "people": _people(12),
            "opportunities": _noise_deals(),
            "territories": pa.table({"territory_id": ["T1", "T2"], "name": ["Harbour", "Hills"]}),
            "assignments": pa.table({name: [row[k] for row in places] for k, name in enumerate(names)}),
            "quotas": quota,
        },
        AS_OF,
    )


def test_changes_of_the_last_year_are_found_on_their_day() -> None:
    facts = _facts()
    roster = read_roster(facts, policy=DEFAULT)
    found = {
        roster.ids[p]: {(m.what, m.before, m.after) for m in moves} for p, moves in moves_in(facts, roster).items()
    }
    # another team has another manager as a rule: that is one change, told once
    assert found["P0"] == {("territory", "Harbour", "Hills"), ("team", "North", "South")}
    assert {what for what, _b, _a in found["P2"]} == {"manager"}
    # two years ago; a segment that was only unknown; the same quota in a quarter that is a day longer
    assert not {"P1", "P3", "P5"} & found.keys()
    ((what, _before, after),) = found["P4"]
    assert what == "quota"
    assert float(after) == pytest.approx(126_000 / 90 / (90_000 / 89), abs=1e-4)


def test_they_stand_among_the_sentences_of_the_person() -> None:
    entry = next(e for e in signals(_facts(), history_weeks=0).people if e.person_id == "P0")
    assert isinstance(entry, Signal)
    text = " ".join(entry.sentences)
    assert f"territory changed on 1 April {AS_OF.year}: from Harbour to Hills." in text
    assert f"team changed on 1 April {AS_OF.year}: from North to South." in text


@settings(max_examples=40, deadline=None)
@given(st.floats(0.2, 3.0).filter(lambda r: abs(r - 1) > 0.04), st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_the_numbers_of_a_changed_quota_are_those_of_the_move(ratio: float, day: date) -> None:
    text = move_sentence(Move(day, "quota", "1", f"{ratio:.4f}"), "Ann")
    assert f"{abs(float(f'{ratio:.4f}') - 1) * 100:.0f}%" in text
    assert ("up" in text) == (ratio > 1)
    assert f"{day.day} " in text
    assert str(day.year) in text
