"""A plan that was received begins on its first day by itself; on record as the system's step."""

from __future__ import annotations

import logging

from headway.core import clock, events, jobs, rounds
from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError
from headway.plans.models import Plan
from headway.plans.states import ANSWERED

# A signature on the first day or later starts the plan at once, not a day later.
SIGNED = ("plan.acknowledged", "plan.witnessed")
log = logging.getLogger(__name__)


def start_what_begins() -> int:
    """Start every received plan whose first day has come. What waits for a witness waits on. Returns how many began."""
    from headway.plans import actions  # read where needed, not at start

    begun = 0
    for plan in Plan.objects.filter(state__in=ANSWERED, start_on__lte=clock.today()).order_by("start_on", "pk"):
        try:
            actions.start_plan(plan=plan, by=SYSTEM)
        except HeadwayError as reason:
            log.info("Plan %s does not start: %s", plan.pk, reason.sentence)
        else:
            begun += 1
    return begun


def _signed(_result: object) -> None:
    jobs.later("headway.plans.starting.start_what_begins", name="start plans")


def listen() -> None:
    """Start plans once a day and after each signature. Called once at start."""
    rounds.every_day("start plans", start_what_begins)
    for event in SIGNED:
        events.on(event, _signed)
