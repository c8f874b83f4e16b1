"""Running goals measured from the facts, by the definition that was frozen with the plan. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from headway.core import company
from headway.core.period import Period
from headway.facts.store import Facts
from headway.metrics import catalogue
from headway.metrics.engine import values_over
from headway.metrics.values import Measured, MetricValue
from headway.plans.plan_draft import Goal

# "On average over the last four weeks": what is counted a week says how it is now, not how it was on the first day.
LAST_WEEKS = timedelta(days=28)
SUMS = frozenset({"revenue", "deals_won"})
DECIDED = frozenset({*SUMS, "average_deal_size", "win_rate"})


@dataclass(frozen=True)
class Asked:
    """A goal of somebody's plan, to be measured from the plan's first day (the goal's own, if later)."""

    plan_id: int
    person_id: str
    goal: Goal


@dataclass(frozen=True)
class Row:
    """One thing behind a number: a deal, a lead or a week. `value`: money of a deal, count of a week."""

    on: date
    label: str
    value: float | None
    kind: str
    ref: str = ""

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return {"on": self.on.isoformat(), "label": self.label, "value": self.value, "kind": self.kind, "ref": self.ref}


@dataclass(frozen=True)
class Reading:
    """What the facts say of a goal on a day. value None: `reason` says why. course: (day, running total) of sums."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    reason: str = ""
    course: tuple[tuple[date, float], ...] = ()
    rows: tuple[Row, ...] = ()
    weekly: tuple[float, ...] = field(default=())


def counted_by_hand(goal: Goal, *, ladder: tuple[str, ...]) -> bool:
    """Whether the goal is counted by people: the catalogue has no such metric."""
    return not catalogue.is_known(goal.metric_key, ladder=ladder)


def measure(facts: Facts, asked: Iterable[Asked]) -> dict[tuple[int, str], Reading]:
    """Every goal that the catalogue can measure, by plan and key. Goals with the same days are measured together."""
    ladder = tuple(facts.ladder)
    wanted = [one for one in asked if one.goal.start <= facts.as_of and not counted_by_hand(one.goal, ladder=ladder)]
    values = _values(facts, wanted)
    deals = _decided(facts, wanted)
    leads = _leads(facts, wanted)
    return {
        (one.plan_id, one.goal.key): _reading(one, values, deals, leads, as_of=facts.as_of, ladder=ladder)
        for one in wanted
    }


def _span(goal: Goal, as_of: date) -> Period:
    last = min(as_of, goal.by)
    start = max(goal.start, last - LAST_WEEKS + timedelta(days=1)) if str(goal.unit) == "per_week" else goal.start
    return Period(start, last + timedelta(days=1))


def _values(facts: Facts, wanted: Sequence[Asked]) -> dict[tuple[str, str, Period], MetricValue]:
    by_span: dict[Period, list[Asked]] = defaultdict(list)
    for one in wanted:
        by_span[_span(one.goal, facts.as_of)].append(one)
    found: dict[tuple[str, str, Period], MetricValue] = {}
    for span, some in by_span.items():
        keys = sorted({catalogue.find(one.goal.metric_key, ladder=tuple(facts.ladder)).key for one in some})
        persons = {one.person_id for one in some}
        for value in values_over(facts, metrics=keys, period=span, persons=persons, calendar=company.current()):
            found[(value.person_id, value.metric, span)] = value
    return found


def _reading(
    one: Asked,
    values: dict[tuple[str, str, Period], MetricValue],
    deals: dict[str, list[Row]],
    leads: dict[str, list[Row]],
    *,
    as_of: date,
    ladder: tuple[str, ...],
) -> Reading:
    goal, span = one.goal, _span(one.goal, as_of)
    spec = catalogue.find(goal.metric_key, ladder=ladder)
    if goal.metric_version.isdecimal() and goal.metric_version != str(spec.version):
        return Reading(None, reason="definition_changed")
    rows = _rows(one, deals, leads, span)
    value = values.get((one.person_id, spec.key, span))
    if spec.key in SUMS:
        return _sum(spec.key, rows, value)
    if value is None:
        return Reading(None, reason="nobody", rows=rows)
    if not isinstance(value.result, Measured):
        return Reading(None, n=value.n, reason=value.result.sentence, rows=rows)
    result = value.result
    return Reading(result.value, result.low, result.high, value.n, rows=rows)


def _sum(key: str, rows: tuple[Row, ...], value: MetricValue | None) -> Reading:
    """A sum from the first day on: nothing won yet is a true zero, other than nothing known."""
    won = [row for row in rows if row.kind == "won"]
    total, course = 0.0, []
    for row in sorted(won, key=lambda row: row.on):
        total += (row.value or 0.0) if key == "revenue" else 1.0
        course.append((row.on, total))
    if value is not None and not isinstance(value.result, Measured) and value.result.code not in {"too_few", "no_rows"}:
        return Reading(None, n=value.n, reason=value.result.sentence, rows=rows)
    return Reading(total, n=len(won), course=tuple(course), rows=rows)


def _rows(one: Asked, deals: dict[str, list[Row]], leads: dict[str, list[Row]], span: Period) -> tuple[Row, ...]:
    key = one.goal.metric_key
    if key in DECIDED or key.endswith("_to_won"):
        source = deals.get(one.person_id, [])
    elif "lead" in key:
        source = leads.get(one.person_id, [])
    else:
        return ()
    return tuple(row for row in source if row.on in span)


def _people(wanted: Sequence[Asked]) -> str:
    # Written into the text: binding a parameter makes DuckDB import pandas, which takes a second.
    return ", ".join("'" + one.replace("'", "''") + "'" for one in sorted({one.person_id for one in wanted}))


_DEALS = """
SELECT o.owner_id, o.closed_at, o.outcome, o.amount, o.opportunity_id, coalesce(a.name, o.opportunity_id)
FROM opportunities o LEFT JOIN accounts a ON a.account_id = o.account_id
WHERE o.outcome IN ('won', 'lost') AND o.closed_at >= TIMESTAMP '{start}' - INTERVAL 2 DAY AND o.owner_id IN ({people})
ORDER BY o.closed_at, o.opportunity_id"""
_LEADS = """
SELECT owner_id, created_at, CASE WHEN source = 'self' THEN 'own' ELSE 'assigned' END, NULL, lead_id, lead_id
FROM leads WHERE created_at >= TIMESTAMP '{start}' - INTERVAL 2 DAY AND owner_id IN ({people})
ORDER BY created_at, lead_id"""


def _decided(facts: Facts, wanted: Sequence[Asked]) -> dict[str, list[Row]]:
    return _asked(facts, _DEALS, wanted) if facts.has("opportunities") else {}


def _leads(facts: Facts, wanted: Sequence[Asked]) -> dict[str, list[Row]]:
    some = [one for one in wanted if "lead" in one.goal.metric_key]
    return _asked(facts, _LEADS, some) if some and facts.has("leads") else {}


def _asked(facts: Facts, sql: str, wanted: Sequence[Asked]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    if not wanted:
        return found
    zone = ZoneInfo(company.current().time_zone)
    text = sql.format(start=min(one.goal.start for one in wanted).isoformat(), people=_people(wanted))
    for who, at, kind, amount, ref, label in facts.con.execute(text).fetchall():
        found[str(who)].append(Row(_day(at, zone), str(label), amount, str(kind), str(ref)))
    return found


def _day(instant: datetime, zone: ZoneInfo) -> date:
    """The company's day of an instant, by the rule of the metrics: exactly midnight was a bare date."""
    if instant.time() == time(0):
        return instant.date()
    return instant.replace(tzinfo=UTC).astimezone(zone).date()
