"""Who acts in the demo company's stories: accounts made when somebody is needed, moments in working hours."""

from __future__ import annotations

from datetime import UTC, date, datetime

from headway.core.actors import SYSTEM
from headway.people.actions import give_access
from headway.people.models import Person, User

PASSWORD = "headway-demo"  # printed for everybody: the demo company is invented


def account(name: str) -> User:
    """The account of a person by full name; made on the first call.

    Raises:
        Person.DoesNotExist: nobody is called so.
    """
    person = Person.objects.get(name=name)
    found = User.objects.filter(person=person).first()
    if found is not None:
        return found
    given = give_access(
        email=person.email, name=person.name, role=person.role, person_id=person.pk, password=PASSWORD, by=SYSTEM
    )
    return given.user


def at(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day ("2026-04-06"), UTC."""
    on = date.fromisoformat(day)
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)
