"""What a plan rests on, copied out of the analysis and frozen: later corrections cannot change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """How a figure is written."""

    MONEY = "money"
    SHARE = "share"
    RATIO = "ratio"
    COUNT = "count"
    PER_WEEK = "per_week"
    DAYS = "days"
    SCORE = "score"


@dataclass(frozen=True)
class Figure:
    """One measured figure with everything that is needed to judge it.

    value: in `unit` (shares 0 to 1, money in the plan's currency); None = not evaluable, `reason` says why.
    n: the chances it was counted from. low, high: likely range (nine in ten). peer_*: comparable colleagues,
    middle 80 %. start, end: half-open period. version: of the definition it was computed by.
    """

    key: str
    name: str
    version: str
    unit: Unit
    value: float | None
    n: int | None = None
    observed: float | None = None
    low: float | None = None
    high: float | None = None
    peer: float | None = None
    peer_low: float | None = None
    peer_high: float | None = None
    start: date | None = None
    end: date | None = None
    higher_is_better: bool = True
    reason: str = ""


@dataclass(frozen=True)
class GapLine:
    """A part of the gap. amount: what it adds (+) or takes away (-), in money; the lines add up to the gap."""

    key: str
    name: str
    amount: float
    low: float | None
    high: float | None
    controllable: bool
    clear: bool
    note: str = ""


@dataclass(frozen=True)
class OutsideFactor:
    """Something outside the person's hands. counts: True = it holds them back, None = data cannot tell."""

    key: str
    name: str
    state: str
    sentence: str


@dataclass(frozen=True)
class Gap:
    """From what an average colleague would have won on an average territory to what was won.

    expected, actual: money over [start, end). difference = actual - expected, the sum of `lines`.
    """

    currency: str
    start: date
    end: date
    expected: float
    actual: float
    lines: tuple[GapLine, ...]

    @property
    def difference(self) -> float:
        """Negative where less was won than expected."""
        return self.actual - self.expected


@dataclass(frozen=True)
class Comparison:
    """Who the person was compared with, and how that came out (1.00 = comparable colleagues)."""

    label: str
    n: int
    start: date
    end: date
    estimate: float
    low: float
    high: float
    adjusted_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """The frozen basis of a plan.

    certain: True only where the finding is beyond what chance explains (a tier of support or formal).
    """

    as_of: date
    run_id: int | None
    policy_version: str
    evaluable: bool
    finding: str
    tier: str
    certain: bool
    why_not: str
    since: date | None
    sentences: tuple[str, ...]
    what_would_clear: str
    comparison: Comparison | None
    gap: Gap | None
    figures: tuple[Figure, ...]
    outside: tuple[OutsideFactor, ...]
    strengths: tuple[str, ...]
    diagnosis: tuple[str, ...] = ()

    def figure(self, key: str) -> Figure | None:
        """The figure of that key, if it was measured."""
        return next((f for f in self.figures if f.key == key and f.value is not None), None)
