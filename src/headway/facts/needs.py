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


# What a column holds matters as well: (table, name) -> the rows that must be there.
CONDITIONS: dict[tuple[str, str], str] = {
    ("opportunities", "lost with owner"): "outcome = 'lost' AND owner_id IS NOT NULL",
    ("leads", "unconverted with owner"): "owner_id IS NOT NULL AND opportunity_id IS NULL AND qualified_at IS NULL",
}

NEEDS: tuple[Need, ...] = (
    Need(
        _("Deals won"),
        (("opportunities", "outcome"), ("opportunities", "owner_id"), ("opportunities", "closed_at")),
        _("deals with owner, outcome and the day they closed"),
    ),
    Need(
        _("Win rate"),
        (("opportunities", "closed_at"), ("opportunities", "lost with owner")),
        _("the deals that were lost as well, each with its owner"),
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
    Need(
        _("Quota attainment"), (("quotas", "target"), ("opportunities", "closed_at")), _("quotas per person and period")
    ),
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
        (("leads", "created_at"), ("leads", "unconverted with owner")),
        _("all leads, also those that came to nothing, each with the person who worked on it"),
    ),
    Need(
        _("Activities logged within 24 hours"),
        (("activities", "logged_at"),),
        _("activities with the time they were logged"),
    ),
    Need(
        _("Close dates in the past"),
        (("opportunities", "expected_close_on"),),
        _("deals with the expected close date"),
    ),
    Need(
        _("Retention"),
        (("accounts", "owner_id"), ("accounts", "churned_on")),
        _("accounts with their owner and the day they left"),
    ),
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
    now: list[Need] = []
    missing: list[Need] = []
    for need in needs:
        (now if all(filled(table, column) for table, column in need.columns) else missing).append(need)
    return Possible(tuple(now), tuple(missing))
