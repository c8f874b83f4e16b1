"""A running plan's check-ins as calendar meetings, on the days and at the times they have now."""

from __future__ import annotations

from headway.documents.calendar import Meeting
from headway.plans.models import Plan
from headway.plans.papers.invitations import title_of, uid_of
from headway.running.models import CheckIn


def meetings(plan: Plan) -> list[Meeting] | None:
    """The check-ins of a plan; None before it runs. One that did not take place is cancelled."""
    rows = list(CheckIn.objects.filter(plan=plan))
    if not rows:
        return None
    return [
        Meeting(
            uid=uid_of(plan, row.number),
            title=title_of(plan, row.kind),
            words="",
            on=row.on,
            at=row.at,
            minutes=row.minutes,
            cancelled=row.state == CheckIn.SKIPPED,
        )
        for row in rows
    ]
