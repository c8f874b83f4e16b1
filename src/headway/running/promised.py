"""What was promised in running plans, for first pages: what is still to give, by day, and how much was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock
from headway.core.actors import Actor
from headway.plans.models import PlanPromise
from headway.running.duties import WEEK, when_words
from headway.running.ledger import REGULAR, LedgerLine, company_line
from headway.running.queries import promises_to_keep
from headway.running.rules import Kept

MOST = 5
GIVEN = frozenset({Kept.KEPT, Kept.LATE})


@dataclass(frozen=True)
class ToGive:
    """A promise that is not given yet. owner: empty where it is the reader. hours: what is still missing of them.

    one_click: it can be written down as given from here; what is counted from check-ins cannot.
    """

    plan_id: int
    key: str
    text: str
    person: str
    owner: str
    when: str
    late: bool
    soon: bool
    hours: str
    one_click: bool


@dataclass(frozen=True)
class Promised:
    """The reader's side: the next promises to give, how many more, and how many of those due were given."""

    rows: tuple[ToGive, ...]
    more: int
    note: str

    @property
    def all_mine(self) -> bool:
        """Whether all that is shown stands beside the reader's own name."""
        return not any(row.owner for row in self.rows)


def promised(actor: Actor) -> Promised:
    """What the actor promised, and what others promised in plans that the actor leads. Four queries."""
    today = clock.today()
    found = [(row, company_line(row, on=today)) for row in promises_to_keep(actor)]
    rows = [_to_give(row, line, actor, today) for row, line in found if line.state not in GIVEN]
    due = [line for row, line in found if row.source != REGULAR and row.due <= today]
    return Promised(tuple(rows[:MOST]), max(0, len(rows) - MOST), _note(due))


def _to_give(row: PlanPromise, line: LedgerLine, actor: Actor, today: date) -> ToGive:
    regular = row.source == REGULAR
    mine = row.owner.strip().casefold() == actor.name.strip().casefold()
    missing = max(0.0, (line.hours_planned or 0.0) - line.hours_given)
    when = _("%(given)d of %(planned)d held") % {"given": line.given, "planned": line.planned} if regular else ""
    return ToGive(
        plan_id=row.plan_id,
        key=row.key,
        text=row.text.rstrip("."),
        person=row.plan.person.name,
        owner="" if mine else row.owner,
        when=when or when_words(row.due, today),
        late=not regular and row.due < today,
        soon=not regular and row.due <= today + WEEK,
        hours=f"{missing:g}" if missing else "",
        one_click=not regular,
    )


def _note(due: list[LedgerLine]) -> str:
    """ "3 of 3 promises that were due are given, 1 of them late."; empty where none was due yet."""
    if not due:
        return ""
    given = [line for line in due if line.state in GIVEN]
    late = sum(line.state is Kept.LATE for line in given)
    words = ngettext(
        "%(given)d of %(due)d promise that was due is given",
        "%(given)d of %(due)d promises that were due are given",
        len(due),
    ) % {"given": len(given), "due": len(due)}
    return f"{words}, {ngettext('%d of them late', '%d of them late', late) % late}." if late else f"{words}."
