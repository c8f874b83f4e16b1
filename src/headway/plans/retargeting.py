"""A goal's words follow its target where they name the old one. Pure."""

from __future__ import annotations

from headway.plans.plan_draft import Goal
from headway.plans.wording import figure_text


def words_for(goal: Goal, target: float, *, currency: str) -> str:
    """The goal's words with the new target in place of the old one; unchanged where they do not name it."""
    before, after = (figure_text(value, goal.unit, currency) for value in (goal.target, target))
    return goal.text.replace(before, after)
