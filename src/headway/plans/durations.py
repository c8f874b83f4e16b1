"""How long a plan should be: by the kind of gap and the sales cycle. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from headway.plans.timeline import LENGTHS


@dataclass(frozen=True)
class DurationAdvice:
    """30, 60 or 90 days; `reason` is an entry of the templates' texts."""

    days: int
    reason: str
    revenue_goal: bool


def fits_revenue(days: int, *, cycle_days: float | None, cycles_needed: float) -> bool:
    """Whether a revenue goal over `days` measures deals that began inside it."""
    return cycle_days is not None and days >= cycles_needed * cycle_days


def advise(*, kind: str, usual_days: int, cycle_days: float | None, cycles_needed: float) -> DurationAdvice:
    """The shortest length that shows a change of this kind, and lets new deals close where that is possible.

    Args:
        kind: when a change shows: "own_leads" within weeks, "early" in a deal, "late" in a deal.
        usual_days: the company's length for this gap.
        cycle_days: typical days of a deal, None if not known.
        cycles_needed: typical deals that must fit in for a revenue goal.
    """
    if cycle_days is None:
        return DurationAdvice(usual_days, f"days_kind_{kind}", False)
    fitting = [days for days in LENGTHS if days >= max(usual_days, cycles_needed * cycle_days)]
    if kind != "own_leads" and fitting:
        longer = fitting[0] > usual_days or kind == "late"
        return DurationAdvice(fitting[0], "days_result" if longer else f"days_kind_{kind}", True)
    fits = fits_revenue(usual_days, cycle_days=cycle_days, cycles_needed=cycles_needed)
    if kind == "late" and not fits:
        return DurationAdvice(LENGTHS[-1], "days_long_cycle", False)
    return DurationAdvice(usual_days, f"days_kind_{kind}", fits)
