"""Open deals that somebody should look at, and why: the pipeline's quality, deal by deal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from headway.facts.store import open_facts
from headway.metrics.canonical import FactsLike
from headway.metrics.catalogue.pipeline import STAGNANT_DAYS
from headway.metrics.models import AnalysisRun


class Flaw(StrEnum):
    """What is missing or late on an open deal."""

    STILL = "still"
    PAST = "past"
    NO_DATE = "no_date"
    NO_STEP = "no_step"
    NO_AMOUNT = "no_amount"
    UNQUALIFIED = "unqualified"


# One row per open deal: moved is its last change of stage, or the day it was opened.
_OPEN = """
WITH moves AS (SELECT opportunity_id, max(entered_at) AS moved, bool_or(stage IN ({later})) AS qualified
               FROM stage_changes WHERE entered_at IS NOT NULL GROUP BY 1),
     names AS (SELECT account_id, any_value(name) AS name FROM accounts GROUP BY 1)
SELECT o.opportunity_id, o.owner_id, coalesce(n.name, o.account_id, ''), coalesce(o.stage, ''), o.amount,
       CAST(o.created_at AS DATE), CAST(greatest(m.moved, o.created_at) AS DATE), o.expected_close_on,
       coalesce(trim(o.next_step), ''), NOT coalesce(m.qualified, FALSE)
FROM opportunities o LEFT JOIN moves m USING (opportunity_id) LEFT JOIN names n USING (account_id)
WHERE o.outcome = 'open' AND o.owner_id IN ({owners})
ORDER BY o.amount DESC NULLS LAST, o.opportunity_id
"""


@dataclass(frozen=True)
class OpenDeal:
    """An open deal as the facts hold it, with what somebody should look at."""

    opportunity_id: str
    owner_id: str
    account: str
    stage: str
    amount: float | None
    created_on: date | None
    moved_on: date | None
    expected_close_on: date | None
    next_step: str
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True)
class Quality:
    """The open deals of some people: those with a flaw, the largest first, and how many have which.

    known: the flaws that the facts allow to be seen at all.
    """

    deals: tuple[OpenDeal, ...]
    open: int
    counts: dict[Flaw, int]
    known: tuple[Flaw, ...]


def quality_of(run: AnalysisRun, owner_ids: Sequence[str]) -> Quality:
    """The quality of the pipeline of these people, as the facts of the run had it."""
    with open_facts(as_of=run.as_of, version=run.facts_version) as facts:
        return quality_in(facts, owner_ids)


def quality_in(facts: FactsLike, owner_ids: Sequence[str]) -> Quality:
    """The same in facts that are open already. What the facts do not hold for anybody is no flaw of a deal."""
    known = _known(facts)
    if not owner_ids:
        return Quality((), 0, {}, known)
    later = _quoted(facts.ladder[1:]) or "''"
    rows = facts.con.execute(_OPEN.format(owners=_quoted(owner_ids), later=later)).fetchall()
    deals = [OpenDeal(*(*row[:9], _flaws(row, facts.as_of, known))) for row in rows]
    counts = Counter(flaw for deal in deals for flaw in deal.flaws)
    return Quality(tuple(deal for deal in deals if deal.flaws), len(deals), dict(counts), known)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)


def _known(facts: FactsLike) -> tuple[Flaw, ...]:
    asked = {
        Flaw.STILL: facts.has_column("stage_changes", "entered_at"),
        Flaw.PAST: facts.has_column("opportunities", "expected_close_on"),
        Flaw.NO_DATE: facts.has_column("opportunities", "expected_close_on"),
        Flaw.NO_STEP: facts.has_column("opportunities", "next_step"),
        Flaw.NO_AMOUNT: facts.has_column("opportunities", "amount"),
        Flaw.UNQUALIFIED: facts.has_column("stage_changes", "stage"),
    }
    return tuple(flaw for flaw, there in asked.items() if there)


def _flaws(row: tuple[Any, ...], as_of: date, known: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
    amount, moved_on, expected, next_step, unqualified = row[4], row[6], row[7], row[8], row[9]
    found = {
        Flaw.STILL: isinstance(moved_on, date) and (as_of - moved_on).days >= STAGNANT_DAYS,
        Flaw.PAST: isinstance(expected, date) and expected < as_of,
        Flaw.NO_DATE: expected is None,
        Flaw.NO_STEP: not next_step,
        Flaw.NO_AMOUNT: amount is None,
        Flaw.UNQUALIFIED: bool(unqualified),
    }
    return tuple(flaw for flaw in known if found[flaw])
