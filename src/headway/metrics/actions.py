"""Keeping metric values with the run that computed them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.core.period import Grain
from headway.metrics.catalogue import specs
from headway.metrics.cube.book import Book
from headway.metrics.cube.records import columns, never_of, peers, period_row, rep_weeks
from headway.metrics.models import (
    AnalysisRun,
    FigureColumn,
    FigurePeriod,
    FigureSet,
    MetricAvailability,
    MetricValueRecord,
    OwnMetric,
    Peer,
    RepWeek,
)
from headway.metrics.own.recipe import Recipe, check
from headway.metrics.values import Measured, MetricValue, NotEvaluable

# Values of a batch; Django makes it smaller where the database takes fewer parameters in a statement.
BATCH = 1000


@action(permission="analysis.run", event="metrics.kept")
def store_metrics(*, run: AnalysisRun, values: Sequence[MetricValue], by: Actor) -> AnalysisRun:
    """Write the newest value of every metric and person and, per metric, for how many people there is one.

    The period before is kept as far as the newest values carry it. Call it once per run.
    """
    newest = _newest(values)
    MetricValueRecord.objects.bulk_create((_record(run, v) for v in newest), batch_size=BATCH)
    MetricAvailability.objects.bulk_create(_availability(run, newest))
    audit.detail(values=len(newest))
    return run


@action(permission="analysis.run", event="figures.kept")
def store_figures(*, run: AnalysisRun, book: Book, by: Actor) -> FigureSet:
    """Write what pages read: each rep's weeks with their peers, and everybody's figures of weeks, months and quarters.

    They replace those of the analysis before; nobody sees half of them.
    """
    for model in (FigureColumn, FigurePeriod, FigureSet, RepWeek, Peer):
        model.objects.all().delete()
    kept = FigureSet(
        run=run, stamp=uuid.uuid4().hex, as_of=book.as_of, currency=book.currency,
        metrics=[spec.key for spec in book.metrics], never=never_of(book),
    )  # fmt: skip
    kept.save(force_insert=True)
    weeks = [page for page in book.pages if page.grain is Grain.WEEK]
    RepWeek.objects.bulk_create((week for page in weeks for week in rep_weeks(book, page)), batch_size=BATCH)
    Peer.objects.bulk_create((group for page in weeks for group in peers(page)), batch_size=BATCH)
    for page in book.pages:
        period = FigurePeriod.objects.create(figures=kept, **vars(period_row(book, page)))
        FigureColumn.objects.bulk_create(
            (FigureColumn(period=period, **vars(column)) for column in columns(book, page)), batch_size=BATCH
        )
    audit.detail(people=len(book.roster.person_ids), periods=len(book.pages))
    return kept


@action(permission="figures.look", event="figures.exported")
def note_export(*, figures: int, fmt: str, by: Actor) -> None:
    """Put on record that somebody took figures as a file: how many, and of what kind."""
    audit.detail(figures=figures, kind=fmt)


def _newest(values: Sequence[MetricValue]) -> list[MetricValue]:
    latest: dict[str, date] = {}
    for value in values:
        latest[value.metric] = max(latest.get(value.metric, value.period.start), value.period.start)
    return [value for value in values if value.period.start == latest[value.metric]]


def _reason(why: NotEvaluable | None) -> dict[str, Any] | None:
    return {"code": why.code, "about": dict(why.about)} if why else None


def _previous(of: Measured | NotEvaluable | None) -> dict[str, Any] | None:
    return {"value": of.value, "low": of.low, "high": of.high} if isinstance(of, Measured) else _reason(of)


def _record(run: AnalysisRun, value: MetricValue) -> MetricValueRecord:
    of = value.result if isinstance(value.result, Measured) else None
    peers = value.peers
    return MetricValueRecord(
        run=run,
        person_id=value.person_id,
        first_name=value.first_name,
        metric=value.metric,
        metric_version=value.spec.version,
        grain=value.grain,
        period_start=value.period.start,
        period_end=value.period.end,
        newest=True,
        value=of.value if of else None,
        low=of.low if of else None,
        high=of.high if of else None,
        n=value.n,
        unknown=value.unknown,
        currency=value.currency,
        weeks_present=value.weeks_present,
        reason=_reason(value.not_evaluable),
        peer_median=peers.median if peers else None,
        peer_low=peers.low if peers else None,
        peer_high=peers.high if peers else None,
        peer_count=peers.count if peers else 0,
        peer_segment=peers.segment if peers else "",
        no_peers=_reason(value.no_peers),
        previous=_previous(value.previous),
    )


def _availability(run: AnalysisRun, values: Sequence[MetricValue]) -> list[MetricAvailability]:
    grouped: dict[str, list[MetricValue]] = defaultdict(list)
    for value in values:
        grouped[value.metric].append(value)
    found = []
    for key, of_metric in grouped.items():
        reasons = {str(_reason(v.not_evaluable)) for v in of_metric}
        shared = of_metric[0].not_evaluable if len(reasons) == 1 else None
        first = of_metric[0]
        found.append(
            MetricAvailability(
                run=run,
                metric=key,
                metric_version=first.spec.version,
                period_start=first.period.start,
                period_end=first.period.end,
                people=len(of_metric),
                evaluable=sum(v.not_evaluable is None for v in of_metric),
                reason=_reason(shared),
            )
        )
    return found


@action(permission="metric.define", event="metric.defined")
def define_metric(*, recipe: Recipe, seen_version: int, by: Actor) -> OwnMetric:
    """Keep a metric of the company's own, or a new version of it. The analysis that follows computes it.

    Args:
        recipe: what it is; its version is set here.
        seen_version: the version that the person had before them; 0 for a new metric.

    Raises:
        BadInput: the parts do not fit together, or the key is one of Headway's own.
        Conflict: there is such a metric already, or somebody else has changed it meanwhile.
    """
    check(recipe)
    if recipe.key in {spec.key for spec in specs()}:
        raise BadInput(_("Headway has a metric of this key already"), value=recipe.key, todo=_("Choose another key."))
    last = _last_version(recipe.key, seen_version)
    fresh = replace(recipe, version=last + 1)
    row = OwnMetric(
        key=fresh.key, version=fresh.version, recipe=fresh.as_json(), made_by=by.name, made_at=clock.now()
    )  # fmt: skip
    row.save(force_insert=True)
    audit.detail(metric=fresh.key, version=fresh.version)
    return row


@action(permission="metric.define", event="metric.retired")
def retire_metric(*, key: str, seen_version: int, by: Actor) -> OwnMetric:
    """Take a metric of the company's own off the catalogue. What it once showed stays with the analyses of then.

    Raises:
        Conflict: somebody else has changed it meanwhile.
    """
    last = _last_version(key, seen_version)
    before = OwnMetric.objects.get(key=key, version=last)
    row = OwnMetric(
        key=key, version=last + 1, recipe=before.recipe, retired=True, made_by=by.name, made_at=clock.now()
    )  # fmt: skip
    row.save(force_insert=True)
    audit.detail(metric=key, version=row.version)
    return row


def _last_version(key: str, seen: int) -> int:
    """The newest version; 0 where the key is free."""
    last = OwnMetric.objects.select_for_update().filter(key=key).order_by("-version").first()
    newest = last.version if last else 0
    if seen != newest and not (seen == 0 and last is not None and last.retired):
        raise Conflict(
            _("This metric was changed, or made, since you opened the page"),
            todo=_("Open it again from the list of metrics, then make your change."),
        )
    return newest
