"""Reading signals of the newest analysis, always for a named actor."""

from __future__ import annotations

from django.db.models import QuerySet

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require, scoped
from headway.detection import serialise
from headway.detection.models import SignalRecord
from headway.detection.signal import NotEvaluable, Signal
from headway.metrics.queries import latest_run


def signals_for(actor: Actor) -> QuerySet[SignalRecord]:
    """What the newest analysis says of everybody `actor` may see."""
    run = latest_run()
    rows = SignalRecord.objects.filter(run=run) if run else SignalRecord.objects.none()
    return scoped(actor, "person.view", rows).order_by("person_id")


def signal_of(actor: Actor, person_id: str) -> Signal | NotEvaluable:
    """One person's signal; NotFound where there is none or it is none of the actor's business."""
    require(actor, "person.view", person_id)
    found = signals_for(actor).filter(person_id=person_id).first()
    if found is None:
        raise NotFound("There is no analysis of this person yet", value=person_id)
    return serialise.from_json(found.payload)
