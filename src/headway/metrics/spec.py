"""What a metric is: one definition that is shown, computed and cited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from headway.metrics.canonical import Canonical, Column, Rows

Words = str | Promise
OWNER: Words = _("Revenue operations")
GRAIN: Words = _("one person and day, added up over the period")


class Unit(StrEnum):
    """What the number counts. Shares run from 0 to 1; money is in the facts' currency."""

    MONEY = "money"
    COUNT = "count"
    PER_WEEK = "per_week"
    SHARE = "share"
    RATIO = "ratio"
    DAYS = "days"


class Direction(StrEnum):
    """Which way is better, seen from the company's result. Neutral: neither by itself."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Kind(StrEnum):
    """How the sufficient statistics become the value."""

    TOTAL = "total"
    PER_WEEK = "per_week"
    MEAN = "mean"
    SHARE = "share"
    RATIO = "ratio"
    MEDIAN = "median"


class At(StrEnum):
    """How the rows of a measure meet a period `[start, end)`.

    IN_PERIOD: rows with a `day`; those whose day lies in the period.
    AT_END: rows with `since` and `until`; those that hold at the end of the period's last day.
    NOW: the same at the end of the as-of day, whatever the period (the past is not known).
    THROUGH: rows that held when the period began (`of`); x is 1 for those that still hold at its end.
    ACCRUED: x is an amount per day from `since` up to `until`; what accrued in the period.
    WAITS: `since` to `until`, opened within the 365 days before the period's end; open ones are censored there.
    """

    IN_PERIOD = "in_period"
    AT_END = "at_end"
    NOW = "now"
    THROUGH = "through"
    ACCRUED = "accrued"
    WAITS = "waits"


@dataclass(frozen=True)
class Measure:
    """Rows of sufficient statistics, as an Ibis expression over the canonical tables.

    `rows` gives one row per thing that counts, with `person_id`, `thing` (its key in the table it comes from), its
    time (`day`, or `since` and `until`), `x` (its contribution to the numerator; NULL where unknown), `of` (to the
    denominator of shares, else 1) and `foreign` (true for money in another currency). Summing them per person gives
    n, x, of and sums of squares; nothing is joined before it is at one row per thing. Measures with the same `rows`
    and `at` are read together.

    Args:
        rows: the expression; for rows in a period it may leave out what is not `Canonical.near` it.
        only: which of the rows count; all if None.
        x: their contribution where it is not the column x.
        foreign: which are money in another currency, where it is not the column `foreign`.
        at: how the rows meet a period.
        table: where somebody who can be measured has rows of their own.
        clock: table and column whose earliest value says from when on such things were recorded at all.
        lag_days: how long after that a thing is first counted.
    """

    rows: Callable[[Canonical], Rows]
    only: Callable[[Canonical, Rows], Column] | None = None
    x: Callable[[Canonical, Rows], Column] | None = None
    foreign: Callable[[Canonical, Rows], Column] | None = None
    at: At = At.IN_PERIOD
    table: str = "opportunities"
    clock: tuple[str, str] = ("opportunities", "closed_at")
    lag_days: int = 0


@dataclass(frozen=True)
class Source:
    """A canonical table and the columns of it that a metric reads."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class MetricSpec:
    """One metric: what a person reads and what the program computes, side by side.

    Args:
        key: stable name in the API and on the command line.
        version: raised whenever the value could change for the same facts.
        name: the field's term, as shown.
        words: the definition in plain words.
        formula: how to get the number by hand.
        unit, direction: see there.
        family: heading it stands under.
        kind: how sums become the value.
        numerator, denominator: the rows; a denominator only where it has rows of its own.
        sources: tables and columns without which it cannot be computed.
        minimum_n: fewest things (deals, leads, ...) a value may rest on.
        n_of: what those things are called, plural ("closed deals").
        owner: who decides about the definition.
        checks: names of further conditions on the facts, see `evaluable`.
    """

    key: str
    version: int
    name: Words
    words: Words
    formula: Words
    unit: Unit
    direction: Direction
    family: str
    kind: Kind
    numerator: Measure
    sources: tuple[Source, ...]
    n_of: Words
    denominator: Measure | None = None
    minimum_n: int = 0
    owner: Words = OWNER
    grain: Words = GRAIN
    checks: tuple[str, ...] = ()

    @property
    def at(self) -> At:
        """How its rows meet a period."""
        return self.numerator.at

    @property
    def grows_with_days(self) -> bool:
        """Whether days away make it smaller: totals of a period, also over a quota, which holds for all its days."""
        over_quota = self.denominator is not None and self.denominator.at is At.ACCRUED
        return self.at is At.IN_PERIOD and (self.kind is Kind.TOTAL or over_quota)
