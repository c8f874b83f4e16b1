"""What plans bring to the tests of equal treatment: who got a plan that HR sees, within a year."""

from __future__ import annotations

from datetime import date, timedelta

from headway.detection.equal_treatment.decided import Decided
from headway.detection.equal_treatment.sentences import decision_label
from headway.plans.models import Plan
from headway.plans.states import WITH_HR, PlanState

YEAR = timedelta(days=365)
NOT_BEGUN = (PlanState.DRAFT, PlanState.DISCARDED)


def people_with_plans(as_of: date, active: frozenset[str]) -> Decided | None:
    """People active on a day whose success or formal plan left the manager's desk within the year before."""
    found = Plan.objects.filter(start_on__gt=as_of - YEAR, kind__in=sorted(WITH_HR), created_at__date__lte=as_of)
    hit = frozenset(found.exclude(state__in=NOT_BEGUN).values_list("person_id", flat=True)) & active
    return Decided("plans", decision_label("plans"), hit, active) if hit else None
