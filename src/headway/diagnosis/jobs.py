"""What runs in the background: the analysis after a load."""

from __future__ import annotations

from typing import Any

from headway.core import events
from headway.core.actors import SYSTEM
from headway.core.jobs import Wait, every, later, waits
from headway.facts.models import FactVersion
from headway.metrics.age import JOB, age_for

AGAIN_SECONDS = 3600.0


def analyse_current() -> None:
    """Analyse the facts as they are now. Running it twice finds the first run's result."""
    # Listening must not make every command wait for the engines.

    from headway.diagnosis.analysis import analyse  # the engines are read where they are needed, not at start

    analyse(by=SYSTEM)


def analyse_later(_result: Any) -> None:
    """Ask the worker to analyse; it does so as soon as it has time."""
    later(f"{__name__}.analyse_current", name=JOB)


def settled_anew(_result: Any) -> None:
    """Figures rest on the company's stages, days and fiscal years: ask for new ones, if there is anything to read."""
    if FactVersion.objects.filter(is_current=True).exists():
        analyse_later(None)


def try_again() -> None:
    """Ask for the analysis that is missing: it failed (the disk was full), or nobody was there to ask for it."""
    age = age_for(SYSTEM)
    if age.behind and waits(JOB) is Wait.NONE:
        analyse_later(None)


def listen() -> None:
    """Analyse after every load and undo, every new policy, and every change of the company's own metrics or settings.

    Once an hour, what failed is tried again.
    """
    every(AGAIN_SECONDS, try_again)
    for event in ("facts.loaded", "facts.undone", "policy.adopted", "metric.defined", "metric.retired"):
        events.on(event, analyse_later)
    events.on("company.changed", settled_anew)
