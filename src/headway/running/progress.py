"""How each goal of a running plan stands: its live value against its path, the same for rep, manager and HR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from headway.core import clock, company
from headway.core.actors import Actor
from headway.core.permissions import require
from headway.plans.keeping import goal_of
from headway.plans.models import Plan
from headway.plans.plan_draft import Goal
from headway.plans.states import PlanState
from headway.running.counting import reading_of_counts
from headway.running.measuring import Reading, counted_by_hand
from headway.running.models import GoalSnapshot
from headway.running.rules import Standing, path_at, standing

# A plan is running in these states; while it is paused nothing is asked of anybody.
RUNNING = (PlanState.ACTIVE, PlanState.AMENDED, PlanState.PAUSED)
MEASURED = (PlanState.ACTIVE, PlanState.AMENDED)


@dataclass(frozen=True)
class Correction:
    """The CRM tells a past day differently now: what was shown for `on` then, and what it reads now."""

    on: date
    then: float
    now: float


@dataclass(frozen=True)
class FanDay:
    """The forecast for a day: 5, 25, 50, 75 and 95 in 100."""

    on: date
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


@dataclass(frozen=True)
class GoalProgress:
    """A goal as it stands. Money in the plan's currency, shares 0 to 1.

    value None: not evaluable, `reason` says why (a sentence, or a code of `sentences.reason_words`). path_value: where
    the agreed path is on `as_of`. chance: of reaching the target by the goal's day, None where none is computed;
    chance_low and chance_high: what every look so far allows. course: (day, running total). rows: what lies behind.
    """

    goal: Goal
    as_of: date
    value: float | None
    low: float | None
    high: float | None
    n: int
    path_value: float | None
    standing: Standing
    chance: float | None
    chance_low: float | None
    chance_high: float | None
    reason: str
    course: tuple[tuple[date, float], ...]
    fan: tuple[FanDay, ...]
    later: tuple[FanDay, ...]
    rows: tuple[dict[str, Any], ...]
    correction: Correction | None
    by_hand: bool

    @property
    def ahead(self) -> bool | None:
        """Whether the value is on or past the path; None where either is unknown."""
        if self.value is None or self.path_value is None:
            return None
        if self.goal.higher_is_better:
            return self.value >= self.path_value - 1e-9
        return self.value <= self.path_value + 1e-9


def path_of(goal: Goal, on: date) -> float | None:
    """The goal's agreed path at the end of a day. Sums begin at nothing, levels at the baseline."""
    steps = [(step.on, step.value) for step in goal.path]
    begins = 0.0 if goal.metric_key in {"revenue", "deals_won"} else (goal.baseline or 0.0)
    return path_at(steps, on, start=goal.start, baseline=begins)


def reached(goal: Goal, value: float | None, *, on: date) -> bool:
    """Reached for good: a sum past its target, or a level at its target when its day has come."""
    if value is None:
        return False
    there = value >= goal.target - 1e-9 if goal.higher_is_better else value <= goal.target + 1e-9
    return there and (goal.metric_key in {"revenue", "deals_won", "customer_replies"} or on >= goal.by)


def progress_of(plan: Plan, *, by: Actor, on: date | None = None) -> tuple[GoalProgress, ...]:
    """Every goal of a plan as of its newest snapshot (not after `on`), in the plan's order.

    Raises:
        NotFound: the plan is none of the actor's business.
    """
    require(by, "progress.view", plan)
    newest = _newest(plan.snapshots.all(), on)
    day = on or clock.today()
    ladder = tuple(company.current().ladder)
    counts, practices, trainings = list(plan.counts.all()), list(plan.practices.all()), list(plan.trainings.all())
    found = []
    for row in plan.goals.all():
        goal = goal_of(row)
        if counted_by_hand(goal, ladder=ladder):
            reading = reading_of_counts(goal, counts, practices, trainings, on=min(day, goal.by))
            found.append(_by_hand(goal, reading, on=day))
        else:
            found.append(_measured(goal, newest.get(goal.key), on=day))
    return tuple(found)


def newest_snapshots(rows: QuerySet[GoalSnapshot]) -> QuerySet[GoalSnapshot]:
    """The newest of each goal of each plan: what pages and letters need of many weeks of measuring."""
    rank = Window(RowNumber(), partition_by=[F("plan_id"), F("goal_key")], order_by=[F("as_of").desc(), F("pk").desc()])
    return rows.annotate(rank=rank).filter(rank=1)


def _newest(rows: Iterable[GoalSnapshot], on: date | None) -> dict[str, GoalSnapshot]:
    found: dict[str, GoalSnapshot] = {}
    for row in sorted(rows, key=lambda row: (row.as_of, row.pk)):
        if on is None or row.as_of <= on:
            found[row.goal_key] = row
    return found


def _by_hand(goal: Goal, reading: Reading, *, on: date) -> GoalProgress:
    day = min(on, goal.by)
    path = path_of(goal, day)
    over = reached(goal, reading.value, on=day)
    return GoalProgress(
        goal=goal, as_of=day, value=reading.value, low=reading.low, high=reading.high, n=reading.n, path_value=path,
        standing=_standing(goal, day, reached_now=over), chance=None, chance_low=None, chance_high=None,
        reason=reading.reason, course=reading.course, fan=(), later=(),
        rows=tuple(row.as_json() for row in reading.rows),
        correction=None, by_hand=True,
    )  # fmt: skip


def _standing(
    goal: Goal, on: date, *, reached_now: bool, low: float | None = None, high: float | None = None
) -> Standing:
    if on < goal.start:
        return Standing.NOT_STARTED
    return standing(reached=reached_now, chance_low=low, chance_high=high)


def _measured(goal: Goal, kept: GoalSnapshot | None, *, on: date) -> GoalProgress:
    if kept is None:
        return GoalProgress(
            goal=goal, as_of=on, value=None, low=None, high=None, n=0, path_value=path_of(goal, on),
            standing=_standing(goal, on, reached_now=False), chance=None, chance_low=None, chance_high=None,
            reason="not_measured", course=(), fan=(), later=(), rows=(), correction=None, by_hand=False,
        )  # fmt: skip
    return GoalProgress(
        goal=goal, as_of=kept.as_of, value=kept.value, low=kept.low, high=kept.high, n=kept.n,
        path_value=kept.path_value, standing=Standing(kept.status), chance=kept.chance, chance_low=kept.chance_low,
        chance_high=kept.chance_high, reason=kept.reason,
        course=tuple((date.fromisoformat(day), total) for day, total in kept.course),
        fan=_fan(kept.fan), later=_fan(kept.later),
        rows=tuple(kept.rows), correction=_correction(kept.earlier), by_hand=False,
    )  # fmt: skip


def _fan(rows: Iterable[list[Any]]) -> tuple[FanDay, ...]:
    return tuple(FanDay(date.fromisoformat(day), *quantiles) for day, *quantiles in rows)


def _correction(kept: dict[str, Any] | None) -> Correction | None:
    if not kept or abs(kept["then"] - kept["now"]) < 1e-9:
        return None
    return Correction(date.fromisoformat(kept["on"]), kept["then"], kept["now"])


def snapshot_of(
    plan: Plan,
    goal: Goal,
    reading: Reading,
    *,
    as_of: date,
    facts_version: int,
    before: GoalSnapshot | None,
    outlook: tuple[float | None, float | None, float | None] = (None, None, None),
    fan: Sequence[tuple[date, float, float, float, float, float]] = (),
    later: Sequence[tuple[date, float, float, float, float, float]] = (),
) -> GoalSnapshot:
    """An unsaved snapshot. outlook: chance, and its lowest and highest under all looks so far."""
    day = min(as_of, goal.by)
    chance, low, high = outlook
    over = reached(goal, reading.value, on=day)
    if day >= goal.by and reading.value is not None and not over:
        chance = low = high = 0.0  # its day has come: what is not reached by now is not reached in time
    return GoalSnapshot(
        plan=plan,
        goal_key=goal.key,
        as_of=day,
        facts_version=facts_version,
        metric_key=goal.metric_key,
        metric_version=goal.metric_version,
        value=reading.value,
        low=reading.low,
        high=reading.high,
        n=reading.n,
        path_value=path_of(goal, day),
        status=_standing(goal, day, reached_now=over, low=low, high=high),
        chance=1.0 if over else chance,
        chance_low=low,
        chance_high=high,
        reason=reading.reason[:300],
        course=[(on.isoformat(), total) for on, total in reading.course],
        fan=[(on.isoformat(), *quantiles) for on, *quantiles in fan],
        later=[(on.isoformat(), *quantiles) for on, *quantiles in later],
        rows=[row.as_json() for row in reading.rows],
        earlier=_earlier(before, reading),
        made_at=clock.now(),
    )


def _earlier(before: GoalSnapshot | None, reading: Reading) -> dict[str, Any] | None:
    """What the last snapshot's day reads today, for sums; corrections already shown stay shown for a week."""
    if before is None or before.value is None or not (reading.course or before.course):
        return None
    now = max((total for on, total in reading.course if on <= before.as_of), default=0.0)
    if abs(now - before.value) < 1e-9:
        kept = before.earlier
        recent = kept and date.fromisoformat(kept["on"]) >= before.as_of - timedelta(days=7)
        return kept if recent else None
    return {"on": before.as_of.isoformat(), "then": before.value, "now": now}
