"""From rows of a measure to sufficient statistics per person: per day, and for a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from headway.core.period import Period
from headway.metrics.canonical import Canonical, FactsLike, Rows
from headway.metrics.spec import At, Measure

# Deals opened within a year before the end of the period speak for the sales cycle.
COHORT_DAYS = 365


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


def daily(c: Canonical, measure: Measure) -> Rows:
    """Sufficient statistics per person and day; what holds over a span gives +x on its first day and -x after.

    Summing the days of a period gives its total; summing all days up to one gives what held on it.
    """
    rows = _complete(c, measure.rows(c))
    if measure.at is At.IN_PERIOD:
        return _summed(c, rows, ["person_id", "day"])
    begun = rows.mutate(day=rows.since, sign=c.ibis.literal(1.0))
    over = rows.filter(rows.until.notnull())
    over = over.mutate(day=over.until, sign=c.ibis.literal(-1.0))
    both = begun.union(over)
    return both.group_by("person_id", "day").agg(
        n=c.ibis.ifelse(both.x.notnull(), both.sign, 0.0).sum(),
        x=(both.x * both.sign).sum().fill_null(0.0),
        of=(both.of * both.sign).sum().fill_null(0.0),
    )


def _complete(c: Canonical, rows: Rows) -> Rows:
    return rows if "foreign" in rows.columns else rows.mutate(foreign=c.ibis.literal(False))


def _summed(c: Canonical, rows: Rows, keys: list[str]) -> Rows:
    return rows.group_by(*keys).agg(
        n=rows.x.count(),
        x=rows.x.sum().fill_null(0.0),
        xx=(rows.x * rows.x).sum().fill_null(0.0),
        of=c.ibis.ifelse(rows.x.notnull(), rows.of, 0.0).sum(),
        unknown=(rows.x.isnull() & ~rows.foreign).sum(),
        foreign=rows.foreign.sum(),
    )


def _rows_in(c: Canonical, measure: Measure) -> Rows:
    rows = _complete(c, measure.rows(c))
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


@lru_cache(maxsize=512)
def _sql(c: Canonical, measure: Measure) -> str:
    """The query of a measure, written once: the period is put in by `_ask`."""
    if measure.at is At.WAITS:
        table = _median(c, measure.rows(c))
    else:
        table = _summed(c, _rows_in(c, measure), ["person_id"])
        table = table.select("person_id", "n", "x", "xx", "of", "unknown", "foreign")
    return str(c.ibis.to_sql(table, dialect="duckdb"))


def _ask(facts: FactsLike, c: Canonical, measure: Measure, period: Period) -> list[tuple[Any, ...]]:
    if measure.at is At.NOW:
        period = Period(facts.as_of, facts.as_of + timedelta(days=1))
    for name, day in (("window_start", period.start), ("window_end", period.end)):
        facts.con.execute(f"CREATE OR REPLACE TEMP MACRO {name}() AS DATE '{day.isoformat()}'")
    found: list[tuple[Any, ...]] = facts.con.execute(_sql(c, measure)).fetchall()
    return found


def sums(facts: FactsLike, c: Canonical, *, measure: Measure, period: Period) -> dict[str, Sums]:
    """Sufficient statistics of everybody who has any row in the period."""
    found = _ask(facts, c, measure, period)
    return {
        str(who): Sums(int(n), float(x), float(xx), float(of), int(unknown), int(foreign))
        for who, n, x, xx, of, unknown, foreign in found
    }


def medians(facts: FactsLike, c: Canonical, *, measure: Measure, period: Period) -> dict[str, Wait]:
    """Kaplan-Meier medians of everybody who opened anything in the year before the period's end."""
    found = _ask(facts, c, measure, period)
    return {
        str(who): Wait(int(n), int(decided), None if median is None else float(median))
        for who, n, decided, median in found
    }


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
