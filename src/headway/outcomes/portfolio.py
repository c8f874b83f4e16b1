"""A leader's plans in figures, by team: open, on track, how they ended, support given, what it cost and returned.

Small numbers stay small: a count from one to four is shown as "fewer than five", and where one team alone would be
hidden, the total is hidden with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from django.db.models import QuerySet

from headway.core.actors import Actor
from headway.core.permissions import require
from headway.outcomes.figures import figures_of
from headway.outcomes.models import Evaluation, PlanFigures
from headway.outcomes.states import DECIDED, Outcome
from headway.plans.models import Plan
from headway.plans.queries import plans_for
from headway.plans.states import BEFORE_RUNNING, RUNNING, PlanState

FEWEST = 5
ADDED = ("promised", "given", "hours", "hours_promised", "gain", "gain_sd", "on_track")


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
    """The plans of everybody below, by team. A fixed number of queries, however many plans.

    Support, hours and standing of running plans are those of the last nightly round, where there was one.
    """
    require(actor, "portfolio.view")
    teams: dict[str, TeamFigures] = {}
    plans = _plans(actor)
    ended, team_of = _ended(), {}
    for pk, state, team in plans.values_list("pk", "state", "person__team"):
        row = teams.setdefault(team or "–", TeamFigures(team or "–"))
        if state in BEFORE_RUNNING:
            row.being_agreed += 1
            continue
        team_of[pk] = row
        if state in RUNNING or state == PlanState.PAUSED:
            row.running += 1
        outcome = ended.get(pk)
        if outcome is not None and outcome != Outcome.EXTENDED:
            row.outcomes[outcome] += 1
    _figures(team_of, frozenset(ended))
    return tuple(teams[name] for name in sorted(teams))


def _plans(actor: Actor) -> QuerySet[Plan]:
    wanted = sorted(BEFORE_RUNNING | RUNNING | {PlanState.PAUSED, PlanState.CLOSED, PlanState.APPEALED})
    return plans_for(actor).filter(state__in=wanted).order_by()


def _ended() -> dict[int, str]:
    """The newest decided outcome of each plan; who asks reads those of the plans below alone."""
    rows = Evaluation.objects.filter(stage__in=sorted(DECIDED)).order_by("pk")
    return dict(rows.values_list("plan_id", "outcome"))


def _figures(team_of: dict[int, TeamFigures], decided: frozenset[int]) -> None:
    """Add support, hours, standing and real gains of each plan to its team: as kept, or reckoned now."""
    rows = PlanFigures.objects.values_list("plan_id", *ADDED)
    kept = {plan_id: values for plan_id, *values in rows if plan_id in team_of}
    missing = [pk for pk in team_of if pk not in kept]
    for one in figures_of(Plan.objects.filter(pk__in=missing)) if missing else []:
        kept[one.plan_id] = [getattr(one, name) for name in ADDED]
    for pk, (promised, given, hours, hours_promised, gain, gain_sd, on_track) in kept.items():
        row = team_of[pk]
        row.promised += promised
        row.given += given
        row.hours += hours
        row.hours_promised += hours_promised
        row.on_track += on_track is True
        row.behind += on_track is False
        if gain is not None and gain_sd is not None and pk in decided:
            row.returns.append((gain, gain_sd))
