"""What runs in the background: the analysis after a load."""

from __future__ import annotations

from typing import Any

from headway.core import events
from headway.core.actors import SYSTEM
from headway.core.jobs import later


def analyse_current() -> None:
    """Analyse the facts as they are now. Running it twice finds the first run's result."""
    # Listening must not make every command wait for the engines.

    from headway.diagnosis.analysis import analyse  # the engines are read where they are needed, not at start

    analyse(by=SYSTEM)


def analyse_later(_result: Any) -> None:
    """Ask the worker to analyse; it does so as soon as it has time."""
    later(f"{__name__}.analyse_current", name="analysis")


def listen() -> None:
    """Analyse after every load and undo, every new policy, and every change of the company's own metrics."""
    for event in ("facts.loaded", "facts.undone", "policy.adopted", "metric.defined", "metric.retired"):
        events.on(event, analyse_later)
