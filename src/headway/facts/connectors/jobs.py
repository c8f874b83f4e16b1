"""Sources are read when their turn comes."""

from __future__ import annotations

from headway.core import jobs


def look_for_due() -> None:
    """Called again and again by the worker: asks for a job when a source is due."""
    from headway.facts.connectors.sources import is_due, sync_due  # read where needed, not at start

    if is_due():
        jobs.later(f"{sync_due.__module__}.{sync_due.__name__}", name="sync")


def listen() -> None:
    """Called once at start."""
    jobs.every(30, look_for_due)
