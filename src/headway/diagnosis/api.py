"""Diagnoses over the API, in the shape of `headway diagnose --json`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.diagnosis import serialise
from headway.diagnosis.models import DiagnosisRecord
from headway.metrics.queries import latest_run
from headway.web.api import actor

router = Router(tags=["diagnoses"])


class PartOut(Schema):
    """A part of the gap, in the diagnosis's currency; the parts add up to the gap."""

    key: str
    name: str
    amount: float
    low: float | None
    high: float | None
    controllable: bool


class DiagnosisOut(Schema):
    """Where one person's gap lies."""

    person_id: str
    as_of: str
    currency: str
    gap: float
    parts: list[PartOut]
    skill: float | None
    effort: float | None
    cannot_tell: float | None
    external: list[dict[str, Any]]
    sentences: list[str]


@router.get("people/{path:person_id}/diagnosis", response=DiagnosisOut)
def diagnosis(request: HttpRequest, person_id: str) -> dict[str, Any]:
    """Why a person is where they are, in money; 404 where that cannot be told."""
    by = actor(request)
    require(by, "person.view", person_id)
    run = latest_run()
    found = DiagnosisRecord.objects.filter(run=run, person_id=person_id, evaluable=True).first() if run else None
    if found is None:
        raise NotFound("There is no diagnosis of this person", value=person_id)
    return serialise.contract(serialise.from_json(found.payload))
