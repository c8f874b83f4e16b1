"""Where deals stall in a team: time in a stage beyond what comparable colleagues take. Pure.

Each person's time (days until half of the deals have left the stage) is held against the middle of their own comparable
colleagues; the middle of these ratios gets a range from the order of people alone (Conover 1999, sign test), so that
one slow deal or one slow person makes no finding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from scipy.stats import binom

from headway.diagnosis.journey import MOST

LEAST_PEOPLE = 5


@dataclass(frozen=True)
class Stay:
    """One person's time in a stage in days, and that of the middle comparable colleague."""

    days: float
    usual: float


@dataclass(frozen=True)
class Stall:
    """A stage of a team. days, usual: middle of its people and of their comparable colleagues; ratio: middle of each
    person's days over the usual, low to high nine in ten; longer: of `people` take longer. stalls: beyond luck, and
    for most of the team."""

    stage: str
    people: int
    longer: int
    days: float
    usual: float
    ratio: float
    low: float
    high: float
    stalls: bool


def stalls_of(stays: Mapping[str, Sequence[Stay]]) -> tuple[Stall, ...]:
    """Every stage that at least five people have figures for, in the order given. Times of zero count as half a day."""
    return tuple(_stall(stage, rows) for stage, rows in stays.items() if len(rows) >= LEAST_PEOPLE)


def _stall(stage: str, rows: Sequence[Stay]) -> Stall:
    days = np.maximum([r.days for r in rows], 0.5)
    usual = np.maximum([r.usual for r in rows], 0.5)
    ratios = np.sort(days / usual)
    n = ratios.size
    # as many from each end as chance leaves beyond the middle at most five times in a hundred
    cut = int(binom.ppf(0.05, n, 0.5))
    cut = cut if binom.cdf(cut, n, 0.5) <= 0.05 else cut - 1
    low, high = (float(ratios[cut]), float(ratios[n - 1 - cut])) if cut >= 0 else (0.0, float("inf"))
    longer = int((days > usual).sum())
    return Stall(
        stage,
        n,
        longer,
        float(np.median(days)),
        float(np.median(usual)),
        float(np.median(ratios)),
        low,
        high,
        low > 1.0 and longer / n >= MOST,
    )


def stall_sentence(found: Stall, *, stage: str) -> str:
    """'Half of the deals have left Proposal after 21 days, with comparable colleagues after 14: …'"""
    values = {
        "stage": stage,
        "days": f"{found.days:.0f}",
        "usual": f"{found.usual:.0f}",
        "longer": found.longer,
        "n": found.people,
        "low": f"{found.low:.1f}",
        "high": f"{found.high:.1f}",
    }
    if found.stalls:
        return (
            _(
                "Half of the deals have left %(stage)s after %(days)s days (middle of %(n)s people), with comparable "
                "colleagues after %(usual)s. %(longer)s of %(n)s people take longer: deals stall here for most of the "
                "team, likely %(low)s to %(high)s times as long."
            )
            % values
        )
    return (
        _(
            "Half of the deals have left %(stage)s after %(days)s days (middle of %(n)s people), with comparable "
            "colleagues after %(usual)s. %(longer)s of %(n)s people take longer; luck alone does that."
        )
        % values
        if found.longer * 2 > found.people
        else _(
            "Half of the deals have left %(stage)s after %(days)s days (middle of %(n)s people), with comparable "
            "colleagues after %(usual)s; %(longer)s of %(n)s people take longer."
        )
        % values
    )
