"""What runs in the background: after every load, forecasts whose days are over are settled."""

from __future__ import annotations

from typing import Any

from headway.core import events
from headway.core.jobs import later


def settle_forecasts() -> None:
    """Settle what is due. Running it twice settles nothing twice."""
    from headway.plans.outlook.settling import settle_due  # the engines are read where they are needed

    settle_due()


def settle_later(_result: Any) -> None:
    """Ask the worker to settle; it does so as soon as it has time."""
    later(f"{__name__}.settle_forecasts", name="forecasts")


def keep_reaches_of_newest() -> None:
    """Make what plans are drafted from, for the newest analysis. Running it twice keeps nothing twice."""
    from headway.metrics.queries import latest_run
    from headway.plans.outlook.reaches import keep_for_run

    run = latest_run()
    if run is not None:
        keep_for_run(run)


def keep_later(_result: Any) -> None:
    """Ask the worker for the reaches of a new analysis."""
    later(f"{__name__}.keep_reaches_of_newest", name="reaches")


def log_plan(plan: Any) -> None:
    """Keep the chances that a plan states once somebody else reads it. The same plan shared again adds nothing."""
    from headway.core.actors import SYSTEM
    from headway.plans.keeping import draft_of
    from headway.plans.outlook.actions import log_forecast
    from headway.plans.outlook.stated import stated_in

    for stated in stated_in(draft_of(plan).goals):
        log_forecast(person_id=plan.person_id, answer=stated, made_for="plan", by=SYSTEM)


def listen() -> None:
    """Settle after every load; make the reaches after every analysis; keep what shared plans state."""
    events.on("plan.shared", log_plan)
    events.on("facts.loaded", settle_later)
    events.on("analysis.kept", keep_later)
