"""What the loaded facts allow at all: per metric, a reason why nobody can be measured by it, or None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from headway.core.period import Grain, Period
from headway.metrics.canonical import MeasuredFacts
from headway.metrics.databases import Database, database_of
from headway.metrics.spec import At, Measure, MetricSpec
from headway.metrics.values import NotEvaluable

# Days that records may start late or end early and still count as a whole period: a weekend, a holiday week.
GRACE_DAYS = {Grain.WEEK: 2, Grain.MONTH: 7, Grain.QUARTER: 10, Grain.TRAILING: 10}

# Per table: its latest day, its owners, and the earliest value of columns by which measures tell when records began.
_DAYS = {
    "opportunities": (("created_at", "closed_at"), ("created_at", "closed_at")),
    "leads": (("created_at", "qualified_at", "disqualified_at"), ("created_at",)),
    "activities": (("occurred_at",), ("occurred_at",)),
    "stage_changes": (("entered_at",), ("entered_at",)),
}
_OWNERS = {
    "opportunities": "owner_id",
    "leads": "owner_id",
    "activities": "person_id",
    "accounts": "owner_id",
    "quotas": "person_id",
}


@dataclass(frozen=True)
class Profile:
    """What is in the facts, looked at once."""

    kinds: frozenset[str]
    stages: frozenset[str]
    owners: dict[str, frozenset[str]]
    last_day: dict[str, date]
    first_day: dict[tuple[str, str], date]
    won: int
    won_owned: int
    lost: int
    lost_owned: int
    own_leads: bool
    open_amounts: bool


# What is counted of a table beside its days.
_COUNTS = {
    "opportunities": (
        "count(CASE WHEN outcome = 'won' THEN 1 END)",
        "count(CASE WHEN outcome = 'won' THEN owner_id END)",
        "count(CASE WHEN outcome = 'lost' THEN 1 END)",
        "count(CASE WHEN outcome = 'lost' THEN owner_id END)",
        "count(CASE WHEN outcome = 'open' THEN amount END)",
    ),
    "leads": ("count(CASE WHEN lower(source) = 'self' THEN 1 END)",),
}


def profile(facts: MeasuredFacts) -> Profile:
    """Look at the facts once, with two questions."""
    database = database_of(facts)
    columns = {"kinds": ("activities", "kind"), "stages": ("stage_changes", "stage"),
               **{table: (table, owner) for table, owner in _OWNERS.items()}}  # fmt: skip
    asked = " UNION ALL ".join(
        f"SELECT '{name}' AS what, CAST({column} AS VARCHAR) AS held FROM {table} GROUP BY {column}"
        for name, (table, column) in columns.items()
    )
    held: dict[str, set[str]] = {name: set() for name in columns}
    for name, value in database.ask(asked):
        if value is not None:
            held[name].add(str(value))
    (won, won_owned, lost, lost_owned, open_amounts, own), last, first = _days(database)
    return Profile(
        frozenset(held["kinds"]),
        frozenset(held["stages"]),
        {table: frozenset(held[table]) for table in _OWNERS},
        last,
        first,
        won,
        won_owned,
        lost,
        lost_owned,
        own > 0,
        open_amounts > 0,
    )


def _days(database: Database) -> tuple[list[int], dict[str, date], dict[tuple[str, str], date]]:
    """Six counts of deals and leads, the latest day of each table, and the earliest of each clock column."""
    parts, number = [], 0
    for table, (happened, clocks) in _DAYS.items():
        wanted = [*_COUNTS.get(table, ()), *(f"max({day})" for day in happened), *(f"min({day})" for day in clocks)]
        named = ", ".join(f"{one} AS v{number + at}" for at, one in enumerate(wanted))
        number += len(wanted)
        parts.append(f"(SELECT {named} FROM {table}) AS of_{table}")
    row = iter(database.ask(f"SELECT * FROM {' CROSS JOIN '.join(parts)}")[0])
    counts: list[int] = []
    last: dict[str, date] = {}
    first: dict[tuple[str, str], date] = {}
    for table, (happened, clocks) in _DAYS.items():
        counts += islice(row, len(_COUNTS.get(table, ())))
        newest = [day for day in islice(row, len(happened)) if day is not None]
        if newest:
            last[table] = max(newest).date()
        oldest = zip(clocks, islice(row, len(clocks)), strict=True)
        first |= {(table, clock): day.date() for clock, day in oldest if day is not None}
    return counts, last, first


def missing(facts: MeasuredFacts, spec: MetricSpec, seen: Profile) -> NotEvaluable | None:
    """Why nobody can be measured by this metric with these facts; None if it is possible."""
    for source in spec.sources:
        if not facts.has(source.table):
            return NotEvaluable("no_table", {"table": source.table})
        for column in source.columns:
            if not facts.has_column(source.table, column):
                return NotEvaluable("no_column", {"table": source.table, "column": column})
    return next(filter(None, (_check(check, seen) for check in spec.checks)), None)


def _check(check: str, seen: Profile) -> NotEvaluable | None:
    name, _colon, detail = check.partition(":")
    match name:
        case "lost_deals_owned":
            return _losses(seen)
        case "own_leads":
            return None if seen.own_leads else NotEvaluable("no_own_leads")
        case "open_amounts":
            return None if seen.open_amounts else NotEvaluable("no_open_amounts")
        case "kind":
            return None if seen.kinds & set(detail.split(",")) else NotEvaluable("no_kind", {"kinds": detail})
        case "stage":
            return None if seen.stages & set(detail.split(",")) else NotEvaluable("no_stage", {"stage": detail})
    raise ValueError(f"unknown check {check}")


def _losses(seen: Profile) -> NotEvaluable | None:
    if seen.lost == 0:
        return NotEvaluable("only_wins") if seen.won else None
    if seen.lost_owned == 0:
        return NotEvaluable("only_wins_owned")
    # Losses without an owner make everybody's share of wins look better than it is.
    if seen.lost_owned / seen.lost < 0.5 * seen.won_owned / max(seen.won, 1):
        return NotEvaluable("few_losses_owned", {"owned": seen.lost_owned, "all": seen.lost})
    return None


def first_day(seen: Profile, measure: Measure) -> date | None:
    """The first day on which something of this measure could be counted: when such things began to be recorded."""
    found = seen.first_day.get(measure.clock)
    return found + timedelta(days=measure.lag_days) if found is not None else None


def outside(
    spec: MetricSpec, period: Period, *, grain: Grain, seen: Profile, first: date | None, newest: bool
) -> NotEvaluable | None:
    """Why this period cannot be told although the metric can: records begin or end inside it."""
    if spec.at is At.NOW:
        return None if newest else NotEvaluable("past_unknown")
    grace = GRACE_DAYS[grain]
    if spec.at is At.IN_PERIOD and first is not None and (first - period.start).days > grace:
        return NotEvaluable("records_begin", {"day": first.isoformat()})
    last = seen.last_day.get(spec.numerator.table)
    if last is not None and (period.last_day - last).days > grace:
        return NotEvaluable("records_end", {"day": last.isoformat()})
    return None


def never(
    facts: MeasuredFacts, spec: MetricSpec, period: Period, *, grain: Grain, seen: Profile, newest: bool
) -> NotEvaluable | None:
    """Why nobody can be measured by a metric in a period; None if somebody may be."""
    found = missing(facts, spec, seen)
    if found is not None:
        return found
    return outside(spec, period, grain=grain, seen=seen, first=first_day(seen, spec.numerator), newest=newest)
