"""What follows a load, whoever started it: the version is looked through once, and what is noticed is kept with it."""

from __future__ import annotations

from headway.core import events
from headway.core.actors import SYSTEM
from headway.facts.models import FactVersion


def examine_version(version: FactVersion) -> None:
    """Look through a version and keep what was noticed. Does nothing where that was done before."""
    from headway.facts.examining import examine  # the engine is read where it is needed, not at start
    from headway.facts.store import open_facts
    from headway.facts.web_loads.actions import keep_health

    if not isinstance(version, FactVersion) or "health" in version.summary:
        return
    with open_facts(version=version.number) as facts:
        found = examine(facts)
    keep_health(version=version, health=found.as_json(), by=SYSTEM)


def listen() -> None:
    """Called once at start."""
    events.on("facts.loaded", examine_version)
