"""What a figure is made of: the very deals, leads, activities or accounts that its definition counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from headway.core.home_folder import home
from headway.core.period import Period
from headway.metrics.canonical import CalendarLike, Canonical, FactsLike, Rows
from headway.metrics.compiled import Statements
from headway.metrics.spec import At, Kind, Measure, MetricSpec
from headway.metrics.windows import COHORT_DAYS, ask, name_of_group, rows_in

# What is told about a thing, per canonical table; the first column is its key.
_ABOUT = {
    "opportunities": """SELECT o.opportunity_id, coalesce(a.name, o.account_id, '') AS account,
        coalesce(o.stage, '') AS stage, coalesce(o.outcome, '') AS outcome, o.amount, o.currency,
        CAST(o.created_at AS DATE) AS created_on, CAST(o.closed_at AS DATE) AS closed_on, o.expected_close_on,
        coalesce(o.next_step, '') AS next_step
        FROM opportunities o LEFT JOIN (SELECT account_id, any_value(name) AS name FROM accounts GROUP BY 1) a
        USING (account_id) WHERE o.opportunity_id IN ({keys})""",
    "leads": """SELECT lead_id, coalesce(source, '') AS source, CAST(created_at AS DATE) AS created_on,
        CAST(qualified_at AS DATE) AS qualified_on, CAST(disqualified_at AS DATE) AS disqualified_on,
        coalesce(disqualified_reason, '') AS reason FROM leads WHERE lead_id IN ({keys})""",
    "activities": """SELECT activity_id, coalesce(kind, '') AS kind, occurred_at, logged_at,
        coalesce(outcome, '') AS outcome, coalesce(opportunity_id, lead_id, account_id, '') AS about
        FROM activities WHERE activity_id IN ({keys})""",
    "accounts": """SELECT account_id, coalesce(name, account_id) AS account, coalesce(segment, '') AS segment,
        started_on, churned_on FROM accounts WHERE account_id IN ({keys})""",
}

Told = str | float | date | datetime | None


@dataclass(frozen=True)
class _Counted:
    """One row that a figure counts: the key of the thing, its days, and what it adds.

    Things in a period have `since` only; those that hold over time also have `until`, None where they still do.
    x: contribution to the numerator, None where it is not known; of: to the denominator.
    """

    thing: str | None
    since: date
    until: date | None
    x: float | None
    of: float


def _counted(
    facts: FactsLike, statements: Statements, *, measure: Measure, period: Period, person_id: str
) -> tuple[_Counted, ...]:
    """The rows of one person that `sums` or `medians` of this measure are made of, newest first."""
    sql = statements.of(f"counted {name_of_group([measure])}", lambda c: _listed(c, measure))
    # Written into the text: binding a parameter makes DuckDB import pandas, which takes a second.
    who = person_id.replace("'", "''")
    rows = ask(facts, f"SELECT * EXCLUDE (person_id) FROM ({sql}) WHERE person_id = '{who}' ORDER BY 2 DESC, 1",
                measure, period)  # fmt: skip
    return tuple(
        _Counted(thing, since, until, None if x is None else float(x), float(of)) for thing, since, until, x, of in rows
    )


def _listed(c: Canonical, measure: Measure) -> Rows:
    """The rows one by one, with what each adds."""
    if measure.at is At.WAITS:
        rows = measure.rows(c)
        rows = rows.filter((rows.since >= c.after(c.end, -COHORT_DAYS)) & (rows.since < c.end))
        rows = rows.mutate(until=c.ibis.ifelse(rows.until < c.end, rows.until, c.ibis.null("date")))
    else:
        rows = rows_in(c, measure)
    if measure.only:
        rows = rows.filter(measure.only(c, rows))
    timed = "day" in rows.columns
    return rows.select(
        "person_id",
        "thing",
        since=rows.day if timed else rows.since,
        until=c.ibis.null("date") if timed else rows.until,
        x=measure.x(c, rows) if measure.x else rows.x,
        of=rows.of,
    )


@dataclass(frozen=True)
class Thing:
    """One thing behind a figure. fits: it adds to the numerator; about: what is known of it, by column."""

    key: str
    since: date
    until: date | None
    x: float | None
    fits: bool
    about: dict[str, Told] = field(default_factory=dict)


@dataclass(frozen=True)
class Behind:
    """Everything a figure of one person is made of.

    table: canonical table the things come from; numerator, denominator: their sums as the figure takes them,
    denominator None where there is none; unknown: things whose contribution is not known.
    """

    table: str
    things: tuple[Thing, ...]
    numerator: float
    denominator: float | None
    unknown: int


def behind(facts: FactsLike, spec: MetricSpec, *, person_id: str, period: Period, calendar: CalendarLike) -> Behind:
    """What the figure of a person in a period is made of, newest first; `about` is still empty (see `told`).

    Of a share, everything it looks at is listed, and which of it counts; of other figures, what is added up.
    """
    statements = Statements(Canonical.of(facts, calendar=calendar), folder=home() / "compiled")

    def rows(measure: Measure) -> tuple[_Counted, ...]:
        return _counted(facts, statements, measure=measure, period=period, person_id=person_id)

    top = rows(spec.numerator)
    below = rows(spec.denominator) if spec.denominator else None
    statements.keep()
    if spec.kind is Kind.SHARE and below is not None:
        hits = {row.thing for row in top if row.x}
        things = tuple(replace(_thing(row), x=1.0, fits=row.thing in hits) for row in below if row.thing)
    else:
        waits = spec.numerator.at is At.WAITS
        things = tuple(_thing(row, fits=row.until is not None if waits else None) for row in top if row.thing)
    return Behind(
        spec.numerator.table, things, _sum(row.x for row in top), _denominator(spec, top, below),
        sum(row.x is None for row in top),
    )  # fmt: skip


def _thing(row: _Counted, *, fits: bool | None = None) -> Thing:
    return Thing(str(row.thing), row.since, row.until, row.x, bool(row.x) if fits is None else fits)


def _sum(numbers: Iterable[float | None]) -> float:
    return sum(x for x in numbers if x is not None)


def _denominator(spec: MetricSpec, top: Sequence[_Counted], below: Sequence[_Counted] | None) -> float | None:
    if below is not None:
        return _sum(row.x for row in below)
    if spec.kind in (Kind.SHARE, Kind.MEAN):
        return _sum(row.of for row in top if row.x is not None)
    return None


def told(facts: FactsLike, table: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """The things (a page of them) with what the facts say about each."""
    if not things or table not in _ABOUT:
        return tuple(things)
    keys = ", ".join("'" + thing.key.replace("'", "''") + "'" for thing in things)
    asked = facts.con.execute(_ABOUT[table].format(keys=keys))
    names = [str(column[0]) for column in asked.description][1:]
    known: dict[str, dict[str, Any]] = {str(row[0]): dict(zip(names, row[1:], strict=True)) for row in asked.fetchall()}
    return tuple(replace(thing, about=known.get(thing.key, {})) for thing in things)
