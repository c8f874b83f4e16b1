"""People over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from headway.people.models import Person
from headway.people.queries import people_for, person_for
from headway.web.api import Page, PageNumber, PageSize, actor, page_of

router = Router(tags=["people"])


class PersonOut(Schema):
    """Somebody the data speaks of."""

    person_id: str
    name: str
    role: str
    manager_id: str | None
    team: str
    segment: str
    territory_id: str
    hired_on: date | None
    left_on: date | None


def _shown(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in PersonOut.model_fields}


@router.get("people", response=Page[PersonOut])
def people(request: HttpRequest, page: PageNumber, size: PageSize) -> dict[str, Any]:
    """The people whose figures you may see, by name."""
    return page_of(people_for(actor(request)), page=page, size=size, shown=_shown)


@router.get("people/{path:person_id}", response=PersonOut)
def person(request: HttpRequest, person_id: str) -> dict[str, Any]:
    """One person."""
    return _shown(person_for(actor(request), person_id))
