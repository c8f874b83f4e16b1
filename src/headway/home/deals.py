"""The deals behind a person's figures, read from the facts of the run that the figures came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from headway.core.actors import Actor
from headway.core.permissions import require
from headway.facts.store import open_facts
from headway.metrics.models import AnalysisRun

OUTCOMES = ("open", "won", "lost")
_DEALS = """
    SELECT o.opportunity_id, coalesce(a.name, o.account_id), o.stage, o.outcome, o.amount,
           CAST(o.created_at AS DATE), CAST(o.closed_at AS DATE), o.expected_close_on, o.source, o.next_step,
           o.lost_reason
    FROM opportunities o LEFT JOIN (SELECT account_id, any_value(name) AS name FROM accounts GROUP BY 1) a
         USING (account_id)
    WHERE o.owner_id = ? AND (? = '' OR o.outcome = ?)
    ORDER BY coalesce(o.closed_at, o.created_at) DESC NULLS LAST, o.opportunity_id
"""


@dataclass(frozen=True)
class Deal:
    """One opportunity as the facts hold it."""

    opportunity_id: str
    account: str
    stage: str
    outcome: str
    amount: float | None
    created_on: date | None
    closed_on: date | None
    expected_close_on: date | None
    source: str
    next_step: str
    lost_reason: str


def deals_of(actor: Actor, run: AnalysisRun, *, person_id: str, outcome: str, number: str | None) -> Page[Deal]:
    """A page of the person's deals, newest first. NotFound outside the actor's reach."""
    require(actor, "person.view", person_id)
    wanted = outcome if outcome in OUTCOMES else ""
    with open_facts(as_of=run.as_of, version=run.facts_version) as facts:
        rows = facts.con.execute(_DEALS, [person_id, wanted, wanted]).fetchall()
    deals = [Deal(*row[:2], *(r or "" for r in row[2:4]), *row[4:8], *(r or "" for r in row[8:])) for row in rows]
    return Paginator(deals, 25).get_page(number)
