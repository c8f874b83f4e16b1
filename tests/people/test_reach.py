from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from headway.core.actors import SYSTEM
from headway.core.errors import NotFound
from headway.core.permissions import RULES, can, reachable
from headway.people.actions import PersonRow, sync_people
from headway.people.models import Person, User
from headway.people.queries import people_for, person_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> None:
    sync_people(
        rows=[
            PersonRow("L", "Lea", role="leader"),
            PersonRow("M1", "Mia", role="manager", manager_id="L"),
            PersonRow("M2", "Moe", role="manager", manager_id="L"),
            PersonRow("A", "Ada", manager_id="M1"),
            PersonRow("B", "Bo", manager_id="M1"),
            PersonRow("C", "Cy", manager_id="M2"),
        ],
        by=SYSTEM,
    )


def sign_in(role: str, person_id: str | None = None) -> User:
    person = Person.objects.get(pk=person_id) if person_id else None
    return User.objects.create(email=f"{role}{person_id}@x.example", name=role, role=role, person=person)


@pytest.mark.parametrize(
    ("role", "person_id", "seen"),
    [
        ("rep", "A", {"A"}),
        ("manager", "M1", {"A", "B"}),
        ("manager", "M2", {"C"}),
        ("leader", "L", {"A", "B", "C", "M1", "M2"}),
        ("manager", None, set()),
        ("revops", None, set()),
        ("admin", None, set()),
    ],
)
def test_whose_figures_each_role_sees(people: None, role: str, person_id: str | None, seen: set[str]) -> None:
    user = sign_in(role, person_id)
    assert set(people_for(user).values_list("person_id", flat=True)) == seen
    for other in "ABC":
        assert bool(can(user, "person.view", other)) == (other in seen)


def test_a_person_out_of_reach_does_not_exist_for_the_asker(people: None) -> None:
    with pytest.raises(NotFound) as hidden:
        person_for(sign_in("rep", "A"), "B")
    with pytest.raises(NotFound):
        person_for(sign_in("manager", "M1"), "nobody")
    assert "Bo" not in hidden.value.sentence


def test_a_circle_of_managers_ends(people: None) -> None:
    Person.objects.filter(pk="M1").update(manager="M2")
    Person.objects.filter(pk="M2").update(manager="M1")
    assert reachable(sign_in("manager", "M1"), "person.view") == {"A", "B", "C", "M2"}


def test_who_reports_to_somebody_else_after_a_load_is_out_of_reach_at_once(people: None) -> None:
    before = User.objects.get(pk=sign_in("manager", "M1").pk)
    assert reachable(before, "person.view") == {"A", "B"}
    with CaptureQueriesContext(connection) as asked:
        assert reachable(User.objects.get(pk=before.pk), "person.view") == {"A", "B"}
    assert len(asked) == 2, "the user, and whether the list of people is still the same"
    rows = [PersonRow("M1", "Mia", role="manager"), PersonRow("M2", "Moe", role="manager")]
    sync_people(rows=[*rows, PersonRow("A", "Ada", manager_id="M2"), PersonRow("B", "Bo", manager_id="M1")], by=SYSTEM)
    assert reachable(User.objects.get(pk=before.pk), "person.view") == {"B"}


def test_a_load_that_was_undone_changes_nobodys_reach(people: None) -> None:
    boss = sign_in("manager", "M1")
    with transaction.atomic():
        sync_people(rows=[PersonRow("M1", "Mia", role="manager")], by=SYSTEM)
        assert reachable(User.objects.get(pk=boss.pk), "person.view") == frozenset()
        transaction.set_rollback(True)
    assert reachable(User.objects.get(pk=boss.pk), "person.view") == {"A", "B"}


def test_every_permission_says_what_it_allows_in_words() -> None:
    assert all(rule.words and rule.reach for rule in RULES.values())
