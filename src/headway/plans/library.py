"""What can be picked as support for a plan: selling methods and the company's library, each with owner, day, hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from headway.plans.content import load
from headway.plans.plan_draft import PlanDraft
from headway.plans.timeline import working_day


@dataclass(frozen=True)
class Pick:
    """One entry ready to be promised: the words, who answers for it, by when, how many hours of the company."""

    key: str
    name: str
    text: str
    owner: str
    role: str
    due: date
    hours: float | None
    fits: bool
    taken: bool


def picks_for(plan: PlanDraft, *, owners: dict[str, str] | None = None) -> tuple[Pick, ...]:
    """Everything that can be promised in this plan, what fits its gap first.

    Args:
        plan: the draft; its language, gap, dates and manager are used.
        owners: name by role ("RevOps": "Tomás Oliveira"); the manager arranges the rest.
    """
    gap = _gap_of(plan)
    manager = plan.manager.name if plan.manager else plan.company
    given = {promise.text for promise in plan.promises}
    found = []
    for entry in load(plan.language).library(gap):
        text = f"{entry.name}: {entry.text}" if entry.kind == "method" else entry.text
        found.append(
            Pick(
                key=entry.key, name=entry.name, text=text, owner=(owners or {}).get(entry.role, manager),
                role=entry.role, hours=entry.hours, fits=gap in entry.gaps, taken=text in given,
                due=working_day(plan.start + timedelta(days=entry.after_days), latest=plan.last_day),
            )
        )  # fmt: skip
    return tuple(found)


def _gap_of(plan: PlanDraft) -> str:
    """The key of the gap the plan's goals are bound to."""
    return next((goal.gap_key for goal in plan.goals if goal.gap_key), "general")
