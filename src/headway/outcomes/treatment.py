"""What outcomes bring to the tests of equal treatment: how plans ended, of those that ended within two years."""

from __future__ import annotations

from datetime import date, timedelta

from headway.detection.equal_treatment.decided import Decided
from headway.detection.equal_treatment.sentences import decision_label
from headway.outcomes.models import Evaluation
from headway.outcomes.states import Outcome, Stage

SPAN = timedelta(days=730)
ENDED_AGAINST = (Outcome.NOT_MET, Outcome.ROLE_CHANGE, Outcome.TRANSITION)


def people_with_outcomes(as_of: date, active: frozenset[str]) -> Decided | None:
    """Everybody whose plan's outcome was decided, gone or not: who leaves after a plan still counts."""
    found = Evaluation.objects.filter(
        stage__in=(Stage.CONFIRMED, Stage.FINAL), decided_on__gt=as_of - SPAN, decided_on__lte=as_of
    ).values_list("plan__person_id", "outcome")
    newest = dict(found.order_by("decided_on", "pk"))
    if not newest:
        return None
    hit = frozenset(person for person, outcome in newest.items() if outcome in ENDED_AGAINST)
    return Decided("outcomes", decision_label("outcomes"), hit, frozenset(newest))
