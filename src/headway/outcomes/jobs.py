"""What runs in the background: verdicts and drops after each analysis, refreshers after each decision."""

from __future__ import annotations

from typing import Any

from headway.core import events, rounds
from headway.core.actors import SYSTEM
from headway.core.jobs import later


def look_now() -> None:
    """Keep verdicts and renewed drops. Running it twice keeps nothing twice."""
    from headway.outcomes.looking import look  # the engines are read where they are needed, not at start

    look(by=SYSTEM)


def look_later(_result: Any) -> None:
    """Ask the worker to look; it does so as soon as it has time."""
    later(f"{__name__}.look_now", name="verdicts")


def reckon_now() -> None:
    """Keep what each plan adds to figures over many plans. Running it twice changes nothing."""
    from headway.outcomes.figures import refresh

    refresh(by=SYSTEM)


def reckon_later(_evaluation: Any) -> None:
    """Ask the worker to reckon; pages reckon a plan without kept figures themselves."""
    later(f"{__name__}.reckon_now", name="figures over plans")


def follow_up(evaluation: Any) -> None:
    """As soon as an outcome holds: end a plan that HR has no part in, and put refreshers on the calendar."""
    from headway.outcomes.actions import end_plan, plan_follow_ups

    end_plan(evaluation=evaluation, by=SYSTEM)
    plan_follow_ups(evaluation=evaluation, by=SYSTEM)


def daily() -> None:
    """What a process killed right after a decision left undone: a plan to be closed, refreshers to be planned."""
    from headway.outcomes.models import Evaluation
    from headway.outcomes.states import DECIDED, FOLLOWED_UP, Outcome
    from headway.plans.states import RUNNING, PlanState

    rows = Evaluation.objects.filter(stage__in=sorted(DECIDED)).select_related("plan")
    still_open = rows.filter(plan__state__in=sorted({*RUNNING, PlanState.PAUSED})).exclude(outcome=Outcome.EXTENDED)
    without = rows.filter(outcome__in=sorted(FOLLOWED_UP), plan__follow_ups__isnull=True)
    for evaluation in {row.pk: row for row in (*still_open, *without)}.values():
        follow_up(evaluation)
    reckon_now()


def listen() -> None:
    """After every analysis, whenever an outcome is decided, and once a day."""
    rounds.every_day("outcomes", daily)
    events.on("analysis.kept", look_later)
    for event in ("outcome.confirmed", "outcome.answered", "outcome.appeal_decided"):
        events.on(event, follow_up)
    events.on("plan.closed", reckon_later)
