"""The engine: facts in, one `MetricValue` per person, metric and period out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from headway.core.period import Grain, Period, back_from, last_complete
from headway.metrics import catalogue
from headway.metrics.canonical import CalendarLike, Canonical, FactsLike
from headway.metrics.comparing import with_peers
from headway.metrics.evaluable import Profile, first_day, missing, outside, profile
from headway.metrics.members import members
from headway.metrics.rules import mean_interval, share_interval
from headway.metrics.spec import At, Kind, Measure, MetricSpec
from headway.metrics.values import Measured, Member, MetricValue, NotEvaluable
from headway.metrics.windows import Sums, Wait, medians, sums

# More unknown amounts than this, and a sum says too little about the person.
UNKNOWN_SHARE = 0.2
QUOTA_COVERS = 0.95


def periods(as_of: date, *, grain: Grain, calendar: CalendarLike, back: int = 1) -> tuple[Period, ...]:
    """The last period that is complete at the end of `as_of`, and `back` before it, newest first.

    The period that holds `as_of` counts as complete if `as_of` is its last day.
    """
    rule = {"fiscal_start_month": calendar.fiscal_year_start_month, "week_start": calendar.week_start}
    newest = last_complete(as_of, grain=grain, **rule)
    return tuple(back_from(newest, grain=grain, count=back + 1, **rule))


def metric_rows(
    facts: FactsLike,
    *,
    grain: Grain,
    calendar: CalendarLike,
    metrics: Collection[str] | None = None,
    persons: Collection[str] | None = None,
    back: int = 1,
) -> tuple[MetricValue, ...]:
    """Every metric of every rep for the last complete period and `back` periods before it, newest first.

    Args:
        facts: as known on the day; nothing later may be in it.
        grain: week, month or quarter.
        calendar: the company's.
        metrics: keys to compute; all if None.
        persons: ids to return; all if None (colleagues are compared with in any case).
        back: how many earlier periods to add; each value carries the one before it as `previous`.

    Raises:
        WrongUsage: a key is not in the catalogue.
    """
    if metrics is None:
        wanted = catalogue.specs(tuple(facts.ladder))
    else:
        wanted = tuple(catalogue.find(key, ladder=tuple(facts.ladder)) for key in metrics)
    engine = _Engine(facts, grain=grain, calendar=calendar)
    newest_first = periods(facts.as_of, grain=grain, calendar=calendar, back=back)
    by_period = [engine.rows(wanted, period, newest=not index) for index, period in enumerate(newest_first)]
    rows = _with_past(by_period)
    return tuple(row for row in rows if persons is None or row.person_id in persons)


def availability(facts: FactsLike) -> dict[str, NotEvaluable | None]:
    """For each metric of the catalogue: why these facts do not allow it, or None if they do."""
    seen = profile(facts)
    return {spec.key: missing(facts, spec, seen) for spec in catalogue.specs(tuple(facts.ladder))}


def _with_past(by_period: Sequence[list[MetricValue]]) -> list[MetricValue]:
    rows: list[MetricValue] = []
    for index, here in enumerate(by_period):
        before = {(v.person_id, v.metric): v.result for v in by_period[index + 1]} if index + 1 < len(by_period) else {}
        rows.extend(replace(v, previous=before.get((v.person_id, v.metric))) if before else v for v in here)
    return rows


class _Engine:
    """One pass over the facts; every measure is read once per period."""

    def __init__(self, facts: FactsLike, *, grain: Grain, calendar: CalendarLike) -> None:
        self.facts, self.grain = facts, grain
        self.c = Canonical.of(facts, calendar=calendar)
        self.seen: Profile = profile(facts)
        self._sums: dict[tuple[Measure, Period], dict[str, Sums]] = {}
        self._first: dict[Measure, date | None] = {}

    def sums(self, measure: Measure, period: Period) -> dict[str, Sums]:
        if (measure, period) not in self._sums:
            self._sums[measure, period] = sums(self.facts, self.c, measure=measure, period=period)
        return self._sums[measure, period]

    def first(self, measure: Measure) -> date | None:
        if measure not in self._first:
            self._first[measure] = first_day(self.facts, measure)
        return self._first[measure]

    def rows(self, specs: Sequence[MetricSpec], period: Period, *, newest: bool) -> list[MetricValue]:
        people = members(self.facts, period)
        found: list[MetricValue] = []
        for spec in specs:
            found.extend(with_peers(self._of_metric(spec, period, people, newest=newest), people, period))
        return found

    def _of_metric(
        self, spec: MetricSpec, period: Period, people: Sequence[Member], *, newest: bool
    ) -> list[MetricValue]:
        shown = period
        if spec.at is At.NOW and newest:
            shown = Period(self.facts.as_of, self.facts.as_of + timedelta(days=1))
        never = missing(self.facts, spec, self.seen)
        never = never or outside(
            spec,
            period,
            grain=self.grain,
            seen=self.seen,
            first=None if never else self.first(spec.numerator),
            newest=newest,
        )
        if never is not None:
            return [self._value(spec, shown, who, never, Sums()) for who in people]
        if spec.kind is Kind.MEDIAN:
            waits = medians(self.facts, self.c, measure=spec.numerator, period=period)
            return [self._waited(spec, shown, who, waits.get(who.person_id)) for who in people]
        top = self.sums(spec.numerator, period)
        below = self.sums(spec.denominator, period) if spec.denominator else {}
        return [self._summed(spec, shown, who, top, below) for who in people]

    def _value(
        self, spec: MetricSpec, period: Period, who: Member, result: Measured | NotEvaluable, has: Sums, n: int = 0
    ) -> MetricValue:
        unknown = has.unknown if isinstance(result, Measured) else 0
        return MetricValue(
            who.person_id,
            who.first_name,
            spec,
            self.grain,
            period,
            result,
            n,
            self.facts.currency,
            who.weeks_present,
            unknown,
        )

    def _stranger(self, spec: MetricSpec, who: Member) -> NotEvaluable | None:
        """Somebody without a single row is unknown, not at zero."""
        table = spec.numerator.table
        if who.person_id not in self.seen.owners.get(table, frozenset()):
            return NotEvaluable("no_rows", {"name": who.first_name, "table": table})
        if who.workdays <= 0 and spec.at is At.IN_PERIOD:
            return NotEvaluable("away", {"name": who.first_name})
        return None

    def _waited(self, spec: MetricSpec, period: Period, who: Member, wait: Wait | None) -> MetricValue:
        n = wait.n if wait else 0
        stop = self._stranger(spec, who) or _enough(spec, n)
        if stop is None and wait is not None and wait.median is None:
            stop = NotEvaluable("undecided", {"n": n})
        result = stop if stop or wait is None or wait.median is None else Measured(wait.median)
        return self._value(spec, period, who, result or NotEvaluable("undecided", {"n": n}), Sums(), n)

    def _summed(
        self, spec: MetricSpec, period: Period, who: Member, top: dict[str, Sums], below: dict[str, Sums]
    ) -> MetricValue:
        has, under = top.get(who.person_id, Sums()), below.get(who.person_id, Sums())
        n = things(spec, has, under)
        stop = self._stranger(spec, who) or _amounts(spec, has) or _quota(spec, who, under) or _enough(spec, n)
        return self._value(spec, period, who, stop or measured(spec, has, under, who.weeks_present), has, n)


def things(spec: MetricSpec, has: Sums, under: Sums) -> int:
    """How many deals, leads or activities the value rests on."""
    if spec.kind is Kind.SHARE:
        return round(under.x if spec.denominator else has.of)
    if spec.kind is Kind.RATIO and spec.denominator and spec.denominator.at is not At.ACCRUED:
        return round(under.x)
    if spec.kind is Kind.PER_WEEK:
        return round(has.x)
    return has.n


def _enough(spec: MetricSpec, n: int) -> NotEvaluable | None:
    if n >= spec.minimum_n:
        return None
    return NotEvaluable("too_few", {"n": n, "things": str(spec.n_of), "needed": spec.minimum_n})


def _amounts(spec: MetricSpec, has: Sums) -> NotEvaluable | None:
    everything = has.n + has.unknown + has.foreign
    if has.foreign:
        return NotEvaluable("foreign_currency", {"n": has.foreign, "things": str(spec.n_of)})
    if has.unknown > UNKNOWN_SHARE * everything:
        return NotEvaluable("unknown_amounts", {"n": has.unknown, "all": everything, "things": str(spec.n_of)})
    return None


def _quota(spec: MetricSpec, who: Member, under: Sums) -> NotEvaluable | None:
    if spec.denominator is None or spec.denominator.at is not At.ACCRUED:
        return None
    if under.foreign:
        return NotEvaluable("foreign_quota")
    if not under.n:
        return NotEvaluable("no_quota", {"name": who.first_name})
    if under.of < QUOTA_COVERS * who.days_employed:
        return NotEvaluable("part_quota", {"n": round(under.of), "all": who.days_employed})
    return NotEvaluable("zero_quota") if under.x <= 0 else None


def measured(spec: MetricSpec, has: Sums, under: Sums, weeks: float) -> Measured:
    """The value from its sufficient statistics.

    Args:
        spec: the metric; its minimum must be met.
        has: sums of the numerator's rows.
        under: sums of the denominator's rows, where it has rows of its own.
        weeks: weeks at work in the period, above 0 for figures per week.
    """
    match spec.kind:
        case Kind.TOTAL:
            return Measured(has.x)
        case Kind.PER_WEEK:
            return Measured(has.x / weeks)
        case Kind.MEAN:
            return Measured(has.x / has.n, *mean_interval(has.n, has.x, has.xx))
        case Kind.SHARE:
            of = under.x if spec.denominator else has.of
            return Measured(has.x / of, *share_interval(has.x, of))
        case Kind.RATIO:
            return Measured(has.x / under.x)
        case Kind.MEDIAN:
            raise ValueError("medians come from waits")
