"""A person's metrics over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from headway.core import company
from headway.core.period import Grain
from headway.core.permissions import require
from headway.metrics.explore.board import BY_NAME
from headway.metrics.explore.reading import figure_behind
from headway.metrics.queries import board_of, everything, metrics_of
from headway.metrics.values import MetricValue
from headway.people.queries import rep_ids_of
from headway.web.api import PageNumber, actor

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


class FigureOut(MetricOut):
    """One figure of a person in a period."""

    person_id: str


class FiguresOut(Schema):
    """A page of figures: everybody within reach, fifty people to a page; nothing while no analysis has been made."""

    as_of: date | None
    period: str
    period_start: date | None
    period_end: date | None
    page: int
    pages: int
    people: int
    rows: list[FigureOut]


class ThingOut(Schema):
    """One row of the CRM that a figure counts; `counts`: whether it adds to the numerator."""

    table: str
    key: str
    since: date
    until: date | None
    amount: float | None
    counts: bool


class BehindOut(Schema):
    """What a figure of a person is made of."""

    person_id: str
    metric: str
    period_start: date
    period_end: date
    value: float | None
    numerator: float
    denominator: float | None
    things: list[ThingOut]


@router.get("figures", response=FiguresOut)
def figures(
    request: HttpRequest,
    metric: Annotated[list[str], Query(default_factory=list)],
    page: PageNumber,
    period: Grain = Grain.MONTH,
    start: date | None = None,
    team: str = "",
) -> dict[str, Any]:
    """Figures of everybody within reach in one period, the newest without `start`; all metrics where none is named."""
    who = actor(request)
    specs = everything(tuple(company.current().ladder))
    keys = metric or [spec.key for spec in specs]
    people = rep_ids_of(who, team=team, at_most=BY_NAME)
    board = board_of(who, people, metric_keys=keys, grain=period, start=start, page=page, kept_only=not metric)
    if board is None:
        return {"as_of": None, "period": period, "period_start": None, "period_end": None, "page": 1, "pages": 0,
                "people": 0, "rows": []}  # fmt: skip
    rows = [{**_shown(row.values[key]), "person_id": row.person_id} for row in board.rows for key in row.values]
    return {"as_of": board.as_of, "period": period, "period_start": board.period.start,
            "period_end": board.period.end, "page": board.page, "pages": board.pages, "people": board.total,
            "rows": rows}  # fmt: skip


@router.get("people/{path:person_id}/metrics/{key}/things", response=BehindOut)
def things(
    request: HttpRequest, person_id: str, key: str, period: Grain = Grain.MONTH, start: date | None = None
) -> dict[str, Any]:
    """The deals, leads, activities or accounts that a figure counts: added up they give the figure again."""
    who = actor(request)
    require(who, "figures.view", person_id)
    value, made = figure_behind(who, person_id, key, grain=period, start=start)
    return {
        "person_id": person_id, "metric": key, "period_start": value.period.start, "period_end": value.period.end,
        "value": value.value, "numerator": made.numerator, "denominator": made.denominator,
        "things": [
            {"table": made.table, "key": of.key, "since": of.since, "until": of.until, "amount": of.x,
             "counts": of.fits}
            for of in made.things
        ],
    }  # fmt: skip


@router.get("people/{path:person_id}/metrics", response=MetricsOut)
def metrics(request: HttpRequest, person_id: str) -> dict[str, Any]:
    """A person's newest value of every metric, with comparable colleagues."""
    return {"person_id": person_id, "rows": [_shown(found) for found in metrics_of(actor(request), person_id)]}
