"""Reading metrics, always for a named actor. Only the relational database is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headway.core import company
from headway.core.actors import Actor
from headway.core.period import Grain, Period
from headway.core.permissions import require
from headway.metrics import catalogue
from headway.metrics.boards import board_of
from headway.metrics.figures import weeks_of
from headway.metrics.models import AnalysisRun, MetricAvailability, MetricValueRecord
from headway.metrics.own.queries import own_specs
from headway.metrics.spec import MetricSpec
from headway.metrics.values import Measured, MetricValue, NotEvaluable, Peers

__all__ = [
    "Available",
    "CatalogueEntry",
    "board_of",
    "catalogue_for",
    "entry_for",
    "everything",
    "latest_run",
    "metrics_of",
    "weeks_of",
]


def everything(ladder: tuple[str, ...]) -> tuple[MetricSpec, ...]:
    """The built-in metrics and the company's own. One query."""
    return (*catalogue.specs(ladder), *own_specs(ladder))


def latest_run() -> AnalysisRun | None:
    """The newest finished analysis, which is what all pages show; it names nobody."""
    return AnalysisRun.objects.filter(finished_at__isnull=False).order_by("-pk").first()


def metrics_of(actor: Actor, person_id: str, *, run: AnalysisRun | None = None) -> tuple[MetricValue, ...]:
    """A person's newest value of every metric, in the catalogue's order, each with the one before it.

    NotFound outside the actor's reach; empty while no analysis has been made. One query (two without `run`).
    """
    require(actor, "person.view", person_id)
    run = run or latest_run()
    if run is None:
        return ()
    specs = {spec.key: spec for spec in everything(tuple(company.current().ladder))}
    records = MetricValueRecord.objects.filter(run=run, person_id=person_id, newest=True)
    # A stage taken off the ladder since has no definition any more, and is not shown.
    found = {r.metric: _value(r, specs[r.metric]) for r in records if r.metric in specs}
    return tuple(found[key] for key in specs if key in found)


def _reason(kept: Mapping[str, Any] | None) -> NotEvaluable | None:
    return NotEvaluable(kept["code"], kept["about"]) if kept else None


def _result(record: MetricValueRecord) -> Measured | NotEvaluable:
    why = _reason(record.reason)
    if why is not None or record.value is None:
        return why or NotEvaluable("past_unknown")
    return Measured(record.value, record.low, record.high)


def _previous(kept: Mapping[str, Any] | None) -> Measured | NotEvaluable | None:
    if kept is None or "code" in kept:
        return _reason(kept)
    return Measured(kept["value"], kept["low"], kept["high"])


def _peers(record: MetricValueRecord) -> Peers | None:
    if record.peer_median is None or record.peer_low is None or record.peer_high is None:
        return None
    return Peers(record.peer_median, record.peer_low, record.peer_high, record.peer_count, record.peer_segment)


def _value(record: MetricValueRecord, spec: MetricSpec) -> MetricValue:
    return MetricValue(
        record.person_id,
        record.first_name,
        spec,
        Grain(record.grain),
        Period(record.period_start, record.period_end),
        _result(record),
        record.n,
        record.currency,
        record.weeks_present,
        record.unknown,
        _peers(record),
        _reason(record.no_peers),
        _previous(record.previous),
    )


@dataclass(frozen=True)
class Available:
    """Whether the loaded facts allow a metric: for how many of how many people, and why not for the rest."""

    people: int
    evaluable: int
    reason: NotEvaluable | None
    period: Period


@dataclass(frozen=True)
class CatalogueEntry:
    """One metric of the catalogue; `available` None while no analysis has been made."""

    spec: MetricSpec
    available: Available | None


def catalogue_for(actor: Actor) -> tuple[CatalogueEntry, ...]:
    """Every metric with its definition and whether the loaded facts allow it."""
    require(actor, "catalogue.view")
    run = latest_run()
    known = {a.metric: a for a in MetricAvailability.objects.filter(run=run)} if run else {}
    return tuple(
        CatalogueEntry(spec, _available(known.get(spec.key))) for spec in everything(tuple(company.current().ladder))
    )


def entry_for(actor: Actor, key: str) -> CatalogueEntry | None:
    """One metric of the catalogue, None if there is none of that key."""
    return next((entry for entry in catalogue_for(actor) if entry.spec.key == key), None)


def _available(kept: MetricAvailability | None) -> Available | None:
    if kept is None:
        return None
    return Available(kept.people, kept.evaluable, _reason(kept.reason), Period(kept.period_start, kept.period_end))
