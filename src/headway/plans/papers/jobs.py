"""Signed papers are frozen after the signature; what a killed process left open is made by the worker."""

from __future__ import annotations

import logging
from typing import Any

from headway.core import events, jobs
from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError

SIGNED = ("plan.acknowledged", "plan.refused", "plan.witnessed", "plan.amended")
log = logging.getLogger(__name__)


def freeze_what_is_due() -> int:
    """Freeze every signed paper that is not kept yet. Returns how many were."""
    from headway.plans.actions.papers import freeze_paper  # read where needed, not at start
    from headway.plans.papers.freezing import due

    done = 0
    for one in due():
        try:
            freeze_paper(version=one.version, one=one, by=SYSTEM)
        except HeadwayError as trouble:
            log.warning("%s: %s", one.file, trouble.sentence)
        else:
            done += 1
    return done


def _signed(_result: Any) -> None:
    jobs.later("headway.plans.papers.jobs.freeze_what_is_due", name="freeze signed papers")


def listen() -> None:
    """Freeze after each signature, and look every ten minutes whether one was missed. Called once at start."""
    jobs.every(600, freeze_what_is_due)
    for event in SIGNED:
        events.on(event, _signed)
