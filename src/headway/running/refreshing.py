"""All running plans measured in one pass over the facts; what is new is kept."""

from __future__ import annotations

from collections.abc import Sequence

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.facts.store import Facts, open_facts
from headway.plans.keeping import goal_of
from headway.plans.models import Plan
from headway.running.actions.coaching import keep_trainings
from headway.running.actions.measuring import keep_snapshots
from headway.running.chances import Odds, odds_of
from headway.running.measuring import Asked, measure
from headway.running.models import GoalSnapshot
from headway.running.progress import MEASURED, newest_snapshots, snapshot_of
from headway.running.trainings import trainings_of


def refresh(*, by: Actor) -> int:
    """Measure every running plan as of today and keep the snapshots. Returns how many are new.

    Running it twice on the same facts and day keeps nothing twice.
    """
    require(by, "progress.measure")
    plans = list(Plan.objects.filter(state__in=MEASURED).prefetch_related("goals"))
    if not plans:
        return 0
    try:
        opened = open_facts()
    except NotFound:
        return 0  # nothing is loaded: there is nothing to measure by
    with opened as facts:
        found = _snapshots(facts, plans)
        modules = trainings_of(facts, plans)
    if modules:
        keep_trainings(results=modules, by=by)
    return keep_snapshots(snapshots=found, by=by) if found else 0


def _snapshots(facts: Facts, plans: Sequence[Plan]) -> list[GoalSnapshot]:
    goals = {plan.pk: [goal_of(row) for row in plan.goals.all()] for plan in plans}
    asked = [Asked(plan.pk, plan.person_id, goal) for plan in plans for goal in goals[plan.pk]]
    readings = measure(facts, asked)
    due = [one for one in asked if (one.plan_id, one.goal.key) in readings]
    odds = odds_of(facts, due, readings)
    before = _before([plan.pk for plan in plans])
    found = []
    for plan in plans:
        for goal in goals[plan.pk]:
            reading = readings.get((plan.pk, goal.key))
            last = before.get((plan.pk, goal.key))
            if reading is None or _same(last, min(facts.as_of, goal.by), facts.version):
                continue
            likely = odds.get((plan.pk, goal.key), Odds())
            found.append(
                snapshot_of(
                    plan, goal, reading, as_of=facts.as_of, facts_version=facts.version, before=last,
                    outlook=(likely.chance, likely.low, likely.high), fan=likely.fan, later=likely.later,
                )
            )  # fmt: skip
    return found


def _same(last: GoalSnapshot | None, day: object, version: int) -> bool:
    return last is not None and last.as_of == day and last.facts_version == version


def _before(ids: Sequence[int]) -> dict[tuple[int, str], GoalSnapshot]:
    rows = newest_snapshots(GoalSnapshot.objects.filter(plan_id__in=ids)).defer("fan", "later", "rows")
    return {(row.plan_id, row.goal_key): row for row in rows}
