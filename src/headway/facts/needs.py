"""Which tables each group of metrics needs: what can be judged from what is loaded, and what to load for the rest.

The rooms above know the metrics; this list only says which table is missing, in words for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Filled = Callable[[str, str], bool]


@dataclass(frozen=True)
class Need:
    """A group of metrics and what it stands on.

    Args:
        what: the metrics in words.
        columns: (table, column) pairs that must hold something.
        load: what to load where they do not.
    """

    what: Text
    columns: tuple[tuple[str, str], ...]
    load: Text


NEEDS: tuple[Need, ...] = (
    Need(
        _("Win rate and deals won"),
        (("opportunities", "outcome"), ("opportunities", "owner_id"), ("opportunities", "closed_at")),
        _("deals with owner, outcome and the day they closed"),
    ),
    Need(
        _("Revenue and average deal size"),
        (("opportunities", "amount"), ("opportunities", "closed_at")),
        _("deals with their amount"),
    ),
    Need(
        _("Sales-cycle length"),
        (("opportunities", "created_at"), ("opportunities", "closed_at")),
        _("deals with the days they were opened and closed"),
    ),
    Need(_("Quota attainment"), (("quotas", "target"), ("opportunities", "closed_at")), _("quotas per person and period")),
    Need(
        _("Calls, meetings, demos and follow-ups on time"),
        (("activities", "occurred_at"), ("activities", "person_id")),
        _("activities with person and time"),
    ),
    Need(
        _("Conversion from stage to stage and time in stage"),
        (("stage_changes", "stage"),),
        _("the history of stages (opportunity, stage, day)"),
    ),
    Need(
        _("Lead conversion"),
        (("leads", "owner_id"), ("leads", "created_at")),
        _("leads with the person who works on them"),
    ),
    Need(_("Activities logged within 24 hours"), (("activities", "logged_at"),), _("activities with the time they were logged")),
    Need(
        _("Close dates in the past"),
        (("opportunities", "expected_close_on"),),
        _("deals with the expected close date"),
    ),
    Need(_("Retention"), (("accounts", "owner_id"), ("accounts", "churned_on")), _("accounts with their owner and the day they left")),
    Need(_("Ramp of new hires"), (("people", "hired_on"),), _("people with the day they were hired")),
    Need(_("Territory potential"), (("territories", "potential"),), _("territories with their potential")),
    Need(_("Trainings"), (("trainings", "score"),), _("training results")),
    Need(_("Feedback of customers and peers"), (("feedback", "score"),), _("feedback")),
)


@dataclass(frozen=True)
class Possible:
    """What can be judged now, and what cannot yet."""

    now: tuple[Need, ...]
    missing: tuple[Need, ...]


def possible(filled: Filled, needs: Iterable[Need] = NEEDS) -> Possible:
    """Split the needs by whether `filled(table, column)` says yes to all their columns."""
    now, missing = [], []
    for need in needs:
        (now if all(filled(table, column) for table, column in need.columns) else missing).append(need)
    return Possible(tuple(now), tuple(missing))
