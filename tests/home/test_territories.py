"""Territories further than 15 % from the average are named, the poor ones as what to mend first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from headway.detection.signal import Finding
from headway.home.territories import balance_of
from headway.home.week import PersonRow, row_of
from headway.people.models import Person
from tests.home.conftest import a_signal


def _row(name: str, potential: float | None) -> PersonRow:
    person = Person(person_id=name, name=name, team="North", hired_on=date(2023, 5, 1))
    return row_of(person, replace(a_signal(name, Finding.STEADY), territory_potential=potential))


def test_the_poor_territory_is_named_with_its_share() -> None:
    found = balance_of([_row("Zoe", 1.2), _row("Mateusz", 0.62), _row("Ann", 0.9), _row("Bo", None)])
    assert found is not None
    assert found.poor == ("Mateusz’s territory holds 62% of the average potential: mend that first.",)
    assert found.sentence == "Clearly more or less than the average: 2 of 3 territories."
    # by name, never by size
    assert [(s.label, s.value_text) for s in found.steps] == [("Mateusz", "62%"), ("Zoe", "120%")]
    # by hand: (2 (1*0.62 + 2*0.9 + 3*1.2) / 2.72 - 4) / 3 * 3 / 2 = 0.21
    assert "(Gini) 0.21" in found.even


def test_even_territories_give_nothing_to_mend_and_two_say_nothing() -> None:
    found = balance_of([_row("A", 1.0), _row("B", 1.15), _row("C", 0.85)])
    assert found is not None
    assert (found.poor, found.steps) == ((), ())
    assert balance_of([_row("A", 1.0), _row("B", 0.5)]) is None
