"""Every write about forecasts: one made, and what came of those whose days are over."""

from __future__ import annotations

from collections.abc import Mapping

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.metrics.models import AnalysisRun
from headway.plans.json_form import to_json
from headway.plans.models import ForecastLog, ReachRecord
from headway.plans.outlook.reach import Reach
from headway.plans.outlook.reaching import Answer
from headway.plans.outlook.stated import Stated


@action(permission="forecast.make", event="forecast.made", about="person_id")
def log_forecast(*, person_id: str, answer: Answer | Stated, made_for: str, by: Actor) -> ForecastLog | None:
    """Keep a forecast that was told to somebody; one that could not be told says nothing and is not kept."""
    if answer.p_person is None:
        return None
    kept, _new = ForecastLog.objects.get_or_create(
        person_id=person_id,
        metric=answer.metric,
        as_of=answer.as_of,
        start_on=answer.start,
        end_on=answer.end,
        target=answer.target,
        inputs=answer.inputs,
        defaults={
            "made_at": clock.now(),
            "made_for": made_for,
            "chance": answer.p_person,
            "chance_adequate": answer.p_adequate_peer,
        },
    )
    audit.detail(metric=answer.metric, until=answer.end.isoformat(), made_for=made_for)
    return kept


@action(permission="forecast.settle", event="forecast.reaches_kept")
def keep_reaches(*, run: AnalysisRun, reaches: Mapping[str, Reach], by: Actor) -> int:
    """Keep what plans are drafted from beside the run; what is kept stays as it is."""
    known = set(ReachRecord.objects.filter(run=run).values_list("person_id", flat=True))
    rows = [
        ReachRecord(run=run, person_id=person, payload=to_json(reach))
        for person, reach in reaches.items()
        if person not in known
    ]
    ReachRecord.objects.bulk_create(rows, ignore_conflicts=True)
    audit.detail(run=run.pk, reaches=len(rows))
    return len(rows)


@action(permission="forecast.settle", event="forecast.settled")
def settle(*, outcomes: Mapping[int, float], by: Actor) -> int:
    """Write down what came of forecasts whose days are over; `outcomes` by the forecast's number."""
    rows = list(ForecastLog.objects.select_for_update().filter(pk__in=list(outcomes), reached__isnull=True))
    for row in rows:
        row.outcome = outcomes[row.pk]
        row.reached = row.outcome >= row.target
        row.settled_at = clock.now()
    ForecastLog.objects.bulk_update(rows, ["outcome", "reached", "settled_at"])
    audit.detail(settled=len(rows))
    return len(rows)
