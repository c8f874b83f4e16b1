"""What runs in the background: after every load, forecasts whose days are over are settled."""

from __future__ import annotations

from typing import Any

from django_q.tasks import async_task

from headway.core import events


def settle_forecasts() -> None:
    """Settle what is due. Running it twice settles nothing twice."""
    from headway.plans.outlook.settling import settle_due  # the engines are read where they are needed

    settle_due()


def settle_later(_result: Any) -> None:
    """Ask the worker to settle; it does so as soon as it has time."""
    async_task(f"{__name__}.settle_forecasts", task_name="forecasts")


def listen() -> None:
    """Settle after every load."""
    events.on("facts.loaded", settle_later)
