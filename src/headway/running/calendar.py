"""A running plan's check-ins as calendar meetings, on the days and at the times they have now.

What is downloaded with the plan's papers and what comes by mail are the same entries: one name for ever, and a number
that rises with every version of the plan, every move, and when one is called off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headway.documents.calendar import Meeting, to_ics
from headway.plans.models import Plan
from headway.plans.papers.invitations import invitation_of, title_of, uid_of
from headway.plans.states import PlanState
from headway.running.models import CheckIn

# Nobody meets about a plan any more once it is closed.
OVER = frozenset({PlanState.CLOSED, PlanState.WITHDRAWN})


def meetings(plan: Plan) -> list[Meeting] | None:
    """The check-ins of a plan; None before it runs. One that does not take place is cancelled."""
    rows = list(CheckIn.objects.filter(plan=plan))
    if not rows:
        return None
    over = plan.state in OVER
    return [
        Meeting(
            uid=uid_of(plan, row.number),
            title=title_of(plan, row.kind),
            words="",
            on=row.on,
            at=row.at,
            minutes=row.minutes,
            cancelled=called_off(row, over=over),
            sequence=plan.version + len(row.moves) + called_off(row, over=over),
        )
        for row in rows
    ]


def called_off(row: CheckIn, *, over: bool) -> bool:
    """Whether a check-in does not take place: skipped, or still to come when the plan was over."""
    return row.state == CheckIn.SKIPPED or (over and row.state == CheckIn.PLANNED)


def calendar_of(plan: Plan, numbers: Sequence[int], *, link: str) -> str:
    """An iCalendar text with the entries of some check-ins, as a letter carries it."""
    whole = invitation_of(plan)
    wanted = {uid_of(plan, number) for number in numbers}
    some = tuple(replace(one, link=link) for one in whole.meetings if one.uid in wanted)
    return to_ics(replace(whole, meetings=some)).decode()
