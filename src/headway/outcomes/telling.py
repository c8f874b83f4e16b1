"""What of a plan's end addresses outside are told: that a step was taken, never which outcome and no words of anybody.

How somebody's plan ended is read over the API by whoever may, with a token of their own. What is being prepared, and a
renewed drop, are not told: the first is the manager's desk, the second for the person and the manager alone.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.core.webhooks.published import Facts, publish
from headway.outcomes.models import Evaluation, FollowUp

EVENTS = {
    "outcome.proposed": _("an outcome was proposed to the person"),
    "outcome.answered": _("the person answered the proposed outcome"),
    "outcome.returned": _("HR sent an outcome back"),
    "outcome.confirmed": _("HR confirmed an outcome"),
    "outcome.appealed": _("the person appealed against the outcome"),
    "outcome.appeal_decided": _("an appeal against the outcome was decided"),
}


def of_evaluation(row: Evaluation) -> Facts:
    """Whose plan, and where its evaluation stands."""
    return {"plan": row.plan_id, "person_id": row.plan.person_id, "stage": str(row.stage), "version": row.version}


def of_follow_up(row: FollowUp) -> Facts:
    """Which refresher."""
    return {
        "plan": row.plan_id,
        "person_id": row.plan.person_id,
        "number": row.number,
        "due_on": row.due_on.isoformat(),
    }


def tell_outside() -> None:
    """Publish the steps. Called once at start."""
    for event, words in EVENTS.items():
        publish(event, words=words, facts=of_evaluation)
    publish("followup.done", words=_("a refresher after a plan took place"), facts=of_follow_up)
