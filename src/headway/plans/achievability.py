"""Reckoning a chance again when a person writes another target. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from headway.plans.plan_draft import Chance, Goal, Step
from headway.plans.targets import DealFlow, chance_of_share, fair_revenue


def reckon(chance: Chance | None, *, target: float, by: date | None = None) -> Chance | None:
    """The same chance for another target, and another last day where it was forecast; unchanged where nothing was
    computed."""
    if chance is None or chance.method == "none":
        return chance
    if chance.reach is not None:
        mine, theirs = chance.reach.by(by or chance.reach.today[-1].on)
        return replace(
            chance,
            adequate_colleague=theirs.chance(target),
            person_today=mine.chance(target),
            fair_target=fair_revenue(mine, theirs) if by is not None else chance.fair_target,
        )
    if chance.method == "deals":
        adequate = DealFlow(chance.deals_adequate, chance.mean_size, chance.spread).chance_of(target)
        today = DealFlow(chance.deals_today, chance.mean_size, chance.spread).chance_of(target)
        return replace(chance, adequate_colleague=adequate, person_today=today if chance.deals_today else None)
    return replace(
        chance,
        adequate_colleague=chance_of_share(rate=chance.rate_adequate, n=chance.n, target=target),
        person_today=chance_of_share(rate=chance.rate_today, n=chance.n, target=target),
    )


def with_target(goal: Goal, target: float) -> Goal:
    """The goal with another target: its path ends there, its chance is reckoned again."""
    return replace(goal, target=target, path=_moved(goal, target), chance=reckon(goal.chance, target=target))


def _moved(goal: Goal, target: float) -> tuple[Step, ...]:
    """Totals from zero are stretched; levels move by the same share of the way."""
    if not goal.path or goal.target == target:
        return goal.path
    start = 0.0 if goal.kind == "revenue" or goal.baseline is None else goal.baseline
    way = goal.target - start
    if way == 0:
        return tuple(replace(step, value=target) for step in goal.path)
    return tuple(replace(step, value=start + (step.value - start) / way * (target - start)) for step in goal.path)
