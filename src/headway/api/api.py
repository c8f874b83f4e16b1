"""Operations about oneself: who am I to the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from headway.core import clock, company
from headway.web.api import actor

router = Router(tags=["self"])


class Me(Schema):
    """Who asks, and the day it is for the company."""

    name: str
    role: str
    person_id: str | None
    company: str
    currency: str
    today: str


@router.get("me", response=Me)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who you are here."""
    by, settings = actor(request), company.current()
    return {
        "name": by.name,
        "role": by.role,
        "person_id": by.person_id,
        "company": settings.name,
        "currency": settings.currency,
        "today": clock.today().isoformat(),
    }
