"""Signals over the API, in the shape of `headway signals --json`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from headway.detection import serialise
from headway.detection.models import SignalRecord
from headway.detection.queries import signal_of, signals_for
from headway.web.api import Page, PageNumber, PageSize, actor, page_of

router = Router(tags=["signals"])


class IndexOut(Schema):
    """Expected bookings relative to comparable colleagues; 1.0 = like them. low, high: nine in ten."""

    estimate: float
    low: float
    high: float


class SignalOut(Schema):
    """What detection says of a person. Where it is not evaluable the figures are null and `reason` says why."""

    person_id: str
    evaluable: bool
    reason: str | None
    tier: str
    finding: str
    index: IndexOut | None
    p_under: float | None
    reliability: float | None
    since: str | None
    sentences: list[str]
    comparison_group: dict[str, Any] | None
    what_would_clear: str


def _shown(record: SignalRecord) -> dict[str, Any]:
    return serialise.person_contract(serialise.from_json(record.payload))


@router.get("signals", response=Page[SignalOut])
def signals(request: HttpRequest, page: PageNumber, size: PageSize) -> dict[str, Any]:
    """The newest analysis: everybody you may see."""
    return page_of(signals_for(actor(request)), page=page, size=size, shown=_shown)


@router.get("people/{path:person_id}/signal", response=SignalOut)
def signal(request: HttpRequest, person_id: str) -> dict[str, Any]:
    """One person's signal."""
    return serialise.person_contract(signal_of(actor(request), person_id))
