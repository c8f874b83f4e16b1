"""What every action of this room asks of typed words, days and the plan's state."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.errors import BadInput, Conflict
from headway.plans.models import Plan
from headway.running.progress import RUNNING

LONGEST = 20_000


def clean(text: str) -> str:
    """Typed words without what no database keeps; a text that is too long is refused, never cut."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise BadInput(
            _("This text is too long"),
            value=_("%s characters") % len(text),
            todo=_("Shorten it to %s characters.") % LONGEST,
        )
    return text


def needed(text: str, *, what: str) -> str:
    """Clean words that must not be missing; `what` is the sentence that says so."""
    text = clean(text)
    if not text:
        raise BadInput(what)
    return text


def check_running(plan: Plan) -> None:
    """Raise Conflict unless the plan is running (or paused: what happened before may still be written down)."""
    if plan.state not in RUNNING:
        raise Conflict(_("This plan is %s: nothing is written to it any more") % plan.get_state_display())


def check_past(on: date) -> None:
    """Raise BadInput for a day that lies ahead."""
    if on > clock.today():
        raise BadInput(_("This day has not come yet"), value=on.isoformat(), todo=_("Give the day on which it was."))
