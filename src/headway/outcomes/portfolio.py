"""A leader's plans in figures, by team: open, on track, how they ended, support given, what it cost and returned.

Small numbers stay small: a count from one to four is shown as "fewer than five", and where one team alone would be
hidden, the total is hidden with it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
from django.db.models import QuerySet

from headway.core.actors import Actor
from headway.core.permissions import require
from headway.outcomes.judged import Verdict, verdict_from_json
from headway.outcomes.models import Evaluation, VerdictRecord
from headway.outcomes.queries import evaluations_for
from headway.outcomes.states import DECIDED, Outcome
from headway.plans.evidence import Evidence
from headway.plans.json_form import from_json
from headway.plans.models import Plan
from headway.plans.queries import plans_for
from headway.plans.states import BEFORE_RUNNING, RUNNING, PlanState
from headway.running.ledger import ledger_of
from headway.running.models import GoalSnapshot
from headway.running.rules import Standing

FEWEST = 5
GOOD = frozenset({Standing.ON_TRACK, Standing.REACHED})
BAD = frozenset({Standing.AT_RISK, Standing.OUT_OF_REACH})


@dataclass(frozen=True)
class Money:
    """Money a year with its likely range (nine in ten)."""

    amount: float
    low: float
    high: float


@dataclass
class TeamFigures:
    """One team's plans. promised, given: times support was due and given; hours: what the company spent."""

    team: str
    being_agreed: int = 0
    running: int = 0
    on_track: int = 0
    behind: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    promised: int = 0
    given: int = 0
    hours: float = 0.0
    hours_promised: float = 0.0
    returns: list[tuple[float, float]] = field(default_factory=list)

    @property
    def plans(self) -> int:
        """All plans counted here."""
        return self.being_agreed + self.running + sum(self.outcomes.values())

    @property
    def returned(self) -> Money | None:
        """Real gains of finished plans in bookings a year; None where fewer than five plans tell."""
        if len(self.returns) < FEWEST:
            return None
        amount = sum(value for value, _sd in self.returns)
        spread = 1.645 * float(np.sqrt(sum(sd**2 for _value, sd in self.returns)))
        return Money(amount, amount - spread, amount + spread)


def shown(count: int) -> str | None:
    """A count as it may be shown: None stands for "fewer than five"."""
    return None if 0 < count < FEWEST else str(count)


def total_may_be_shown(counts: list[int]) -> bool:
    """Whether the sum may stand beside its parts: not where exactly one part is hidden and could be worked out."""
    return sum(shown(count) is None for count in counts) != 1


def portfolio_of(actor: Actor) -> tuple[TeamFigures, ...]:
    """The plans of everybody below, by team. A fixed number of queries, however many plans."""
    require(actor, "portfolio.view")
    teams: dict[str, TeamFigures] = {}
    plans = list(_plans(actor))
    standing = _standings([plan.pk for plan in plans if plan.state in RUNNING])
    ended = _ended(actor)
    gains = _gains([row.plan_id for row in ended.values()])
    for plan in plans:
        row = teams.setdefault(plan.person.team or "–", TeamFigures(plan.person.team or "–"))
        if plan.state in BEFORE_RUNNING:
            row.being_agreed += 1
            continue
        if plan.state in RUNNING or plan.state == PlanState.PAUSED:
            row.running += 1
            row.on_track += standing.get(plan.pk) is True
            row.behind += standing.get(plan.pk) is False
        evaluation = ended.get(plan.pk)
        if evaluation is not None and evaluation.outcome != Outcome.EXTENDED:
            row.outcomes[evaluation.outcome] += 1
        _support(row, plan)
        _return(row, plan, gains.get(plan.pk))
    return tuple(teams[name] for name in sorted(teams))


def _plans(actor: Actor) -> QuerySet[Plan]:
    wanted = sorted(BEFORE_RUNNING | RUNNING | {PlanState.PAUSED, PlanState.CLOSED, PlanState.APPEALED})
    rows = plans_for(actor).filter(state__in=wanted)
    return rows.prefetch_related("goals", "promises", "ledger_entries", "meetings")


def _standings(ids: list[int]) -> dict[int, bool | None]:
    """Per running plan: True on track, False behind, None cannot tell; from the newest measurement of each goal."""
    newest: dict[tuple[int, str], str] = {}
    for row in (
        GoalSnapshot.objects.filter(plan_id__in=ids).order_by("as_of", "pk").only("plan_id", "goal_key", "status")
    ):
        newest[(row.plan_id, row.goal_key)] = row.status
    by_plan: dict[int, list[str]] = defaultdict(list)
    for (plan_id, _key), status in newest.items():
        by_plan[plan_id].append(status)
    return {
        plan_id: False if BAD & set(found) else True if GOOD & set(found) else None
        for plan_id, found in by_plan.items()
    }


def _ended(actor: Actor) -> dict[int, Evaluation]:
    rows = evaluations_for(actor).filter(stage__in=sorted(DECIDED)).order_by("pk")
    return {row.plan_id: row for row in rows}


def _gains(ids: list[int]) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    for look in VerdictRecord.objects.filter(plan_id__in=ids).order_by("as_of", "pk"):
        verdict = verdict_from_json(json.loads(look.payload))
        if isinstance(verdict, Verdict):
            found[look.plan_id] = verdict
    return found


def _support(row: TeamFigures, plan: Plan) -> None:
    ledger = ledger_of(plan)
    row.promised += sum(line.planned for line in ledger.company)
    row.given += sum(min(line.given, line.planned) for line in ledger.company)
    row.hours += ledger.hours_given
    row.hours_promised += ledger.hours_planned


def _return(row: TeamFigures, plan: Plan, verdict: Verdict | None) -> None:
    """The real gain times what an average colleague books in a year on this territory; with its doubt."""
    gap = from_json(Evidence, plan.evidence).gap
    if verdict is None or gap is None or gap.end <= gap.start:
        return
    usual = gap.expected * 365.0 / (gap.end - gap.start).days
    sd = (verdict.gain_high - verdict.gain_low) / 3.29
    row.returns.append((verdict.gain * usual * verdict.expected, sd * usual * verdict.expected))
