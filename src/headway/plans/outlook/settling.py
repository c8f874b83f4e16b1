"""What came of forecasts: read from the facts once their days are over."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from headway.core import company
from headway.core.actors import SYSTEM
from headway.core.period import Period
from headway.facts.store import Facts, open_facts
from headway.metrics.engine import values_over
from headway.plans.models import ForecastLog
from headway.plans.outlook import actions


def settle_due() -> int:
    """Settle every forecast whose last day lies in the data. Running it twice settles nothing twice."""
    with open_facts() as facts:
        outcomes = outcomes_in(facts)
    return actions.settle(outcomes=outcomes, by=SYSTEM) if outcomes else 0


def outcomes_in(facts: Facts) -> dict[int, float]:
    """What came of each forecast that is due, as the facts know it; one whose metric cannot be told yet waits."""
    due = ForecastLog.objects.filter(reached__isnull=True, end_on__lte=facts.as_of + timedelta(days=1))
    spans: dict[tuple[str, date, date], list[ForecastLog]] = defaultdict(list)
    for row in due:
        spans[(row.metric, row.start_on, row.end_on)].append(row)
    found: dict[int, float] = {}
    for (metric, start, end), rows in spans.items():
        values = values_over(
            facts,
            metrics=[metric],
            period=Period(start, end),
            persons=sorted({row.person_id for row in rows}),
            calendar=company.current(),
        )
        known = {value.person_id: value.value for value in values}
        for row in rows:
            value = known.get(row.person_id)
            if value is not None:
                found[row.pk] = value
    return found
