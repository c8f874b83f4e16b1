from __future__ import annotations

import pytest

from headway.core import audit
from headway.core.action import action
from headway.core.actors import SYSTEM
from headway.core.errors import NotFound
from headway.core.models import AuditEntry, Company
from headway.people.actions import PersonRow, give_access, sync_people
from headway.people.models import Person, User

pytestmark = pytest.mark.django_db


@action(permission="company.edit", event="company.renamed", locks="company")
def rename(*, company: Company, name: str, by: object) -> Company:
    company.name = name
    company.save()
    audit.detail(name=name)
    if name == "boom":
        raise RuntimeError("in the middle")
    return company


@pytest.fixture
def company() -> Company:
    return Company.objects.create(name="Before")


def user(role: str) -> User:
    return User.objects.create(email=f"{role}@x.example", name=role, role=role)


def test_the_happy_path_writes_and_leaves_an_entry(company: Company) -> None:
    rename(company=company, name="After", by=user("admin"))
    company.refresh_from_db()
    entry = AuditEntry.objects.latest("pk")
    assert company.name == "After"
    assert (entry.event, entry.actor_name, entry.detail) == ("company.renamed", "admin", {"name": "After"})
    assert entry.object_ref == f"core.company:{company.pk}"


def test_the_wrong_role_changes_nothing(company: Company) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(NotFound):
        rename(company=company, name="After", by=user("rep"))
    company.refresh_from_db()
    assert company.name == "Before"
    assert AuditEntry.objects.count() == before


def test_a_failure_in_the_middle_changes_nothing(company: Company) -> None:
    with pytest.raises(RuntimeError):
        rename(company=company, name="boom", by=SYSTEM)
    company.refresh_from_db()
    assert company.name == "Before"
    assert not AuditEntry.objects.filter(event="company.renamed").exists()


def test_the_body_sees_the_record_as_it_is_now(company: Company) -> None:
    stale = Company.objects.get(pk=company.pk)
    Company.objects.filter(pk=company.pk).update(currency="SEK")
    assert rename(company=stale, name="After", by=SYSTEM).currency == "SEK"


def test_arguments_are_given_by_name(company: Company) -> None:
    with pytest.raises(TypeError, match="keyword"):
        rename(company, name="x", by=SYSTEM)  # type: ignore[misc]


def test_the_chain_is_whole_until_somebody_touches_it(company: Company) -> None:
    for name in ("one", "two", "three"):
        rename(company=company, name=name, by=SYSTEM)
    assert audit.verify().whole
    second = AuditEntry.objects.order_by("pk")[1]
    AuditEntry.objects.filter(pk=second.pk).update(detail={"name": "Two"})
    assert audit.verify().broken_at == second.pk


def test_a_removed_entry_is_noticed(company: Company) -> None:
    for name in ("one", "two", "three"):
        rename(company=company, name=name, by=SYSTEM)
    _first, second, third = AuditEntry.objects.order_by("pk")
    second.delete()
    assert audit.verify().broken_at == third.pk


def test_people_follow_the_facts_and_accounts_find_their_person() -> None:
    give_access(email="Ada@x.example", role="rep", name="Ada", by=SYSTEM)
    sync_people(
        rows=[
            PersonRow("M", "Max", role="manager"),
            PersonRow("A", "Ada Lund", email="ada@x.example", manager_id="M"),
        ],
        by=SYSTEM,
    )
    assert User.objects.get(email="ada@x.example").person_id == "A"
    sync_people(rows=[PersonRow("M", "Max", role="manager")], by=SYSTEM)
    assert not Person.objects.get(pk="A").listed
