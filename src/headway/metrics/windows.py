"""From rows of measures to sufficient statistics per person in a period. Measures with the same rows share a query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from headway.core.period import Period
from headway.metrics.canonical import Canonical, Column, MeasuredFacts, Rows
from headway.metrics.compiled import Statements, name_of
from headway.metrics.databases import Question, database_of
from headway.metrics.spec import At, Measure

# Deals opened within a year before the end of the period speak for the sales cycle.
COHORT_DAYS = 365
STATISTICS = ("n", "x", "xx", "of", "unknown", "foreign")


@dataclass(frozen=True)
class Sums:
    """Sufficient statistics of one person in one period.

    n: things whose contribution is known; x: their sum; xx: sum of squares; of: sum of the denominator;
    unknown: things whose value is missing; foreign: things in another currency.
    """

    n: int = 0
    x: float = 0.0
    xx: float = 0.0
    of: float = 0.0
    unknown: int = 0
    foreign: int = 0


@dataclass(frozen=True)
class Wait:
    """Kaplan-Meier median of one person: `median` None where fewer than half are decided."""

    n: int
    decided: int
    median: float | None


def sums(
    facts: MeasuredFacts, statements: Statements, *, measures: Collection[Measure], period: Period
) -> dict[Measure, dict[str, Sums]]:
    """Sufficient statistics per measure of everybody who has any row of it in the period."""
    groups = together(measures)
    asked = [
        (statements.of(name_of_group(group), partial(_statistics, group=group)), _asked(facts, group[0], period),
         ("person_id", *_column_names(group)))
        for group in groups
    ]  # fmt: skip
    found: dict[Measure, dict[str, Sums]] = {}
    for group, rows in zip(groups, database_of(facts).compute_all(asked), strict=True):
        for position, measure in enumerate(group):
            found[measure] = _of_measure(rows, 1 + position * len(STATISTICS))
    return found


def _of_measure(rows: list[tuple[Any, ...]], at: int) -> dict[str, Sums]:
    """The statistics that begin in column `at`; somebody for whom nothing is counted has no row of this measure."""
    found = {}
    for row in rows:
        n, x, xx, of, unknown, foreign = row[at : at + len(STATISTICS)]
        if n or unknown or foreign:
            # Literals of 1.0 come back as decimals, and so do whole numbers from some engines.
            found[row[0]] = Sums(round(n), float(x), float(xx), float(of), round(unknown), round(foreign))
    return found


def medians(
    facts: MeasuredFacts, statements: Statements, *, measures: Sequence[Measure], period: Period
) -> dict[Measure, dict[str, Wait]]:
    """Kaplan-Meier medians of everybody who opened anything in the year before the period's end, per measure."""

    def question(measure: Measure) -> Question:
        sql = statements.of(name_of_group([measure]), lambda c: _median(c, measure.rows(c)))
        return sql, _asked(facts, measure, period), ("person_id", "n", "decided", "median")

    answers = database_of(facts).compute_all([question(measure) for measure in measures])
    return {
        measure: {
            who: Wait(round(n), round(decided), None if median is None else float(median))
            for who, n, decided, median in rows
        }
        for measure, rows in zip(measures, answers, strict=True)
    }


def together(measures: Collection[Measure]) -> list[list[Measure]]:
    """Measures by their rows: those of a group are read in one query."""
    groups: dict[tuple[str, At], list[Measure]] = {}
    for measure in dict.fromkeys(measures):
        groups.setdefault((name_of(measure.rows), measure.at), []).append(measure)
    return list(groups.values())


def name_of_group(group: Sequence[Measure]) -> str:
    """Names the query of these measures for as long as the definitions stay as they are."""
    parts = [name_of(group[0].rows), group[0].at.value]
    parts += ["/".join(name_of(part) for part in (m.only, m.x, m.foreign)) for m in group]
    return " ".join(parts)


def ask(facts: MeasuredFacts, sql: str, measure: Measure, period: Period) -> list[tuple[Any, ...]]:
    return database_of(facts).compute(sql, _asked(facts, measure, period))


def _asked(facts: MeasuredFacts, measure: Measure, period: Period) -> Period:
    return Period(facts.as_of, facts.as_of + timedelta(days=1)) if measure.at is At.NOW else period


def _column_names(group: Sequence[Measure]) -> list[str]:
    return [f"{name}{position}" for position in range(len(group)) for name in STATISTICS]


def _statistics(c: Canonical, group: Sequence[Measure]) -> Rows:
    """One row per person, six columns per measure."""
    rows = rows_in(c, group[0])
    columns: dict[str, Column] = {}
    for position, measure in enumerate(group):
        for name, column in zip(STATISTICS, summed(c, rows, measure), strict=True):
            columns[f"{name}{position}"] = column
    return rows.group_by("person_id").agg(**columns).select("person_id", *columns)


def summed(c: Canonical, rows: Rows, measure: Measure) -> tuple[Column, ...]:
    """n, x, xx, of, unknown and foreign of one measure."""
    only = measure.only(c, rows) if measure.only else None
    x = measure.x(c, rows) if measure.x else rows.x
    none, zero = c.ibis.literal(0), c.ibis.literal(0.0)
    foreign = measure.foreign(c, rows) if measure.foreign else rows.foreign if "foreign" in rows.columns else None
    unknown = x.isnull() if foreign is None else x.isnull() & ~foreign
    return (
        x.count(where=only),
        x.sum(where=only).fill_null(zero),
        (x * x).sum(where=only).fill_null(zero),
        c.ibis.ifelse(x.notnull(), rows.of, zero).sum(where=only).fill_null(zero),
        unknown.sum(where=only).fill_null(none).cast("int64"),
        none if foreign is None else foreign.sum(where=only).fill_null(none).cast("int64"),
    )


def rows_in(c: Canonical, measure: Measure) -> Rows:
    """The rows that meet the period."""
    rows = measure.rows(c)
    start, end = c.start, c.end
    match measure.at:
        case At.IN_PERIOD:
            return rows.filter((rows.day >= start) & (rows.day < end))
        case At.AT_END | At.NOW:
            return rows.filter((rows.since < end) & (rows.until.isnull() | (rows.until >= end)))
        case At.THROUGH:
            held = rows.filter((rows.since < start) & (rows.until.isnull() | (rows.until >= start)))
            return held.mutate(x=c.flag(held.until.isnull() | (held.until >= end)))
        case At.ACCRUED:
            some = rows.filter((rows.since < end) & (rows.until > start))
            first, last = c.ibis.greatest(some.since, start), c.ibis.least(some.until, end)
            days = last.delta(first, unit="day")
            return some.mutate(x=some.x * days, of=days.cast("float64"))
        case At.WAITS:
            raise ValueError("waits have medians, not sums")


def _median(c: Canonical, rows: Rows) -> Rows:
    start, end, last = c.after(c.end, -COHORT_DAYS), c.end, c.after(c.end, -1)
    rows = rows.filter((rows.since >= start) & (rows.since < end))
    rows = rows.mutate(decided=c.flag(rows.until.notnull() & (rows.until < end)))
    over = c.ibis.ifelse(rows.decided == 1.0, rows.until, last)
    rows = rows.mutate(age=over.delta(rows.since, unit="day"))
    ages = rows.group_by("person_id", "age").agg(here=rows.count(), decided=rows.decided.sum())
    older = c.ibis.window(group_by="person_id", order_by=c.ibis.desc("age"), preceding=None, following=0)
    ages = ages.mutate(at_risk=ages.here.sum().over(older))
    left = c.ibis.greatest(1.0 - ages.decided / ages.at_risk, 1e-300)
    younger = c.ibis.window(group_by="person_id", order_by="age", preceding=None, following=0)
    ages = ages.mutate(log_left=left.ln())
    ages = ages.mutate(log_survival=ages.log_left.sum().over(younger))
    # The small allowance keeps an exact half a half after logarithms.
    half = ages.log_survival <= c.ibis.literal(0.5).ln() + 1e-9
    return (
        ages.group_by("person_id")
        .agg(n=ages.here.sum(), decided=ages.decided.sum(), median=ages.age.min(where=half))
        .select("person_id", "n", "decided", "median")
    )
