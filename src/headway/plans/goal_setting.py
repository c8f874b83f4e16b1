"""What the goals of a draft are made from."""

from __future__ import annotations

from dataclasses import dataclass

from headway.plans.content import Content, GapContent
from headway.plans.evidence import Evidence, Unit
from headway.plans.outlook.reach import Reach
from headway.plans.timeline import Window
from headway.plans.wording import day, figure_text


@dataclass(frozen=True)
class GoalSetting:
    """What the goals are made from. cycle_days: typical days of a deal, None if not known.
    reach: what the pipeline may bring over the plan's days, None where it could not be forecast."""

    evidence: Evidence
    content: Content
    window: Window
    currency: str
    gap_key: str
    gap: GapContent
    cycle_days: float | None
    reach: Reach | None = None

    @property
    def dates(self) -> dict[str, str]:
        """The plan's days in words."""
        return {"start": day(self.window.start), "last_day": day(self.window.last_day)}

    def text(self, value: float, unit: Unit) -> str:
        """A figure in words."""
        return figure_text(value, unit, self.currency)
