"""A person's metrics over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from headway.metrics.queries import metrics_of
from headway.metrics.values import MetricValue
from headway.web.api import actor

router = Router(tags=["metrics"])


class PeersOut(Schema):
    """Comparable colleagues: median and the middle 80 %."""

    median: float
    low: float
    high: float
    count: int


class MetricOut(Schema):
    """One figure, or the reason why there is none: never a zero in its place."""

    metric: str
    name: str
    version: str
    unit: str
    period_start: date
    period_end: date
    value: float | None
    low: float | None
    high: float | None
    n: int
    currency: str
    peers: PeersOut | None
    not_evaluable: str | None
    sentence: str


class MetricsOut(Schema):
    """A person's figures of the newest analysis."""

    person_id: str
    rows: list[MetricOut]


def _shown(found: MetricValue) -> dict[str, Any]:
    why = found.not_evaluable
    return {
        "metric": found.metric,
        "name": str(found.spec.name),
        "version": str(found.spec.version),
        "unit": str(found.spec.unit),
        "period_start": found.period.start,
        "period_end": found.period.end,
        "value": found.value,
        "low": getattr(found.result, "low", None),
        "high": getattr(found.result, "high", None),
        "n": found.n,
        "currency": found.currency,
        "peers": found.peers,
        "not_evaluable": why.sentence if why else None,
        "sentence": found.sentence,
    }


@router.get("people/{path:person_id}/metrics", response=MetricsOut)
def metrics(request: HttpRequest, person_id: str) -> dict[str, Any]:
    """A person's newest value of every metric, with comparable colleagues."""
    return {"person_id": person_id, "rows": [_shown(found) for found in metrics_of(actor(request), person_id)]}
