"""What of a running plan addresses outside are told: ids, numbers, states and days; no words of anybody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from headway.core.webhooks.published import Facts, publish
from headway.running.models import CheckIn

OF_CHECK_INS = {
    "checkin.review_shared": _("the person shared the own page of a check-in"),
    "checkin.held": _("a check-in took place"),
    "checkin.moved": _("a check-in was put on another day"),
    "checkin.skipped": _("a check-in does not take place"),
    "checkin.confirmed": _("somebody confirmed the notes of a check-in"),
}
OF_BOTH_SIDES = {
    "support.given": _("promised support was given"),
    "support.answered": _("somebody answered for support that was not given"),
}
OF_COACHING = {
    "checkin.agreed": _("something was agreed at a check-in"),
    "agreement.kept": _("an agreement was kept"),
    "win.celebrated": _("a win was put on a plan"),
    "halfday.planned": _("a half-day side by side was planned"),
    "halfday.held": _("a half-day side by side took place"),
    "practice.scored": _("a talk was scored"),
}


def _whose(result: Any) -> Facts:
    return {"plan": result.plan.pk, "person_id": result.plan.person_id}


def of_check_in(row: CheckIn) -> Facts:
    """Which check-in, on which day, and what became of it."""
    return {**_whose(row), "number": row.number, "on": row.on.isoformat(), "state": row.state}


def of_line(row: Any) -> Facts:
    """Which promise, and the day."""
    return {**_whose(row), "promise": row.key, "on": row.on.isoformat()}


def of_thing(row: Any) -> Facts:
    """Something that belongs to a plan, by its id."""
    return {**_whose(row), "id": row.pk}


def tell_outside() -> None:
    """Publish the steps. Called once at start."""
    for events, facts in ((OF_CHECK_INS, of_check_in), (OF_BOTH_SIDES, of_line), (OF_COACHING, of_thing)):
        for event, words in events.items():
            publish(event, words=words, facts=facts)
