"""The engine: facts in, one `MetricValue` per person, metric and period out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from headway.core.fiscal import FiscalYears
from headway.core.home_folder import home
from headway.core.period import Grain, Period, back_from, last_complete
from headway.metrics import catalogue
from headway.metrics.canonical import CalendarLike, Canonical, MeasuredFacts
from headway.metrics.comparing import Comparison, comparisons, crowd_of
from headway.metrics.compiled import Statements
from headway.metrics.databases import database_of
from headway.metrics.evaluable import Profile, missing, never
from headway.metrics.members import Roster, members_of
from headway.metrics.own.guard import guarded
from headway.metrics.profiles import profile_of
from headway.metrics.rules import QUOTA_COVERS, UNKNOWN_SHARE, mean_interval, share_interval
from headway.metrics.spec import At, Kind, Measure, MetricSpec
from headway.metrics.values import Measured, Member, MetricValue, NotEvaluable
from headway.metrics.windows import Sums, Wait, medians, sums


def periods(as_of: date, *, grain: Grain, calendar: CalendarLike, back: int = 1) -> tuple[Period, ...]:
    """The last period that is complete at the end of `as_of`, and `back` before it, newest first.

    The period that holds `as_of` counts as complete if `as_of` is its last day.
    """
    years = FiscalYears.of(calendar)
    newest = last_complete(as_of, grain=grain, years=years)
    return tuple(back_from(newest, grain=grain, count=back + 1, years=years))


def metric_rows(
    facts: MeasuredFacts,
    *,
    grain: Grain,
    calendar: CalendarLike,
    metrics: Collection[str] | None = None,
    persons: Collection[str] | None = None,
    back: int = 1,
    own: Sequence[MetricSpec] = (),
) -> tuple[MetricValue, ...]:
    """Every metric of every rep for the last complete period and `back` periods before it, newest first.

    Args:
        facts: as known on the day; nothing later may be in it.
        grain: week, month, quarter, or the 13 weeks that end with the last complete one.
        calendar: the company's.
        metrics: keys to compute; all if None.
        persons: ids to return; all if None (colleagues are compared with in any case).
        back: how many earlier periods to add; each value carries the one before it as `previous`.
        own: metrics the company defined; one that fails or is slow says so, the others are computed.

    Raises:
        WrongUsage: a key is not in the catalogue.
    """
    if metrics is None:
        wanted = (*catalogue.specs(tuple(facts.ladder)), *own)
    else:
        wanted = tuple(catalogue.find(key, ladder=tuple(facts.ladder), own=own) for key in metrics)
    engine = _Engine(facts, grain=grain, calendar=calendar)
    asked = None if persons is None else frozenset(persons)
    newest_first = periods(facts.as_of, grain=grain, calendar=calendar, back=back)
    rows: list[MetricValue] = []
    before: _Results = {}
    for period in reversed(newest_first):
        here, before = engine.rows(wanted, period, newest=period == newest_first[0], before=before, asked=asked)
        rows[:0] = here
    engine.statements.keep()
    return tuple(rows)


def values_over(
    facts: MeasuredFacts,
    *,
    metrics: Collection[str],
    period: Period,
    persons: Collection[str],
    calendar: CalendarLike,
    own: Sequence[MetricSpec] = (),
) -> tuple[MetricValue, ...]:
    """Metrics of some people over any days, such as those of a plan so far, next to colleagues over the same days.

    Raises:
        WrongUsage: a key is not in the catalogue.
    """
    wanted = tuple(catalogue.find(key, ladder=tuple(facts.ladder), own=own) for key in metrics)
    engine = _Engine(facts, grain=Grain.WEEK, calendar=calendar)
    found, _results = engine.rows(wanted, period, newest=True, before={}, asked=frozenset(persons))
    engine.statements.keep()
    return tuple(found)


def availability(facts: MeasuredFacts) -> dict[str, NotEvaluable | None]:
    """For each metric of the catalogue: why these facts do not allow it, or None if they do."""
    seen = profile_of(facts)
    return {spec.key: missing(facts, spec, seen) for spec in catalogue.specs(tuple(facts.ladder))}


_Results = dict[tuple[str, str], Measured | NotEvaluable]


@dataclass(frozen=True)
class _Outcome:
    """A person's result, how many things it rests on, and how many of them are left out as unknown."""

    result: Measured | NotEvaluable
    n: int = 0
    unknown: int = 0


class _Engine:
    """One pass over the facts; measures with the same rows are read once per period."""

    def __init__(self, facts: MeasuredFacts, *, grain: Grain, calendar: CalendarLike) -> None:
        self.facts, self.grain = facts, grain
        self.statements = Statements(
            Canonical.of(facts, calendar=calendar), folder=home() / "compiled", dialect=database_of(facts).dialect
        )
        self.seen: Profile = profile_of(facts)
        self.roster = Roster.of(facts)

    def rows(
        self,
        specs: Sequence[MetricSpec],
        period: Period,
        *,
        newest: bool,
        before: _Results,
        asked: frozenset[str] | None,
    ) -> tuple[list[MetricValue], _Results]:
        """The values of a period for the people asked for, and the results of all, for the period after it."""
        crowd = crowd_of(members_of(self.roster, period), period)
        untold = {spec.key: self._never(spec, period, newest=newest) for spec in specs}
        told = [spec for spec in specs if untold[spec.key] is None]
        ours = [spec for spec in told if spec.family != "own"]
        found = sums(self.facts, self.statements, measures=_measures(ours), period=period)
        middles = [spec.numerator for spec in ours if spec.kind is Kind.MEDIAN]
        waits = medians(self.facts, self.statements, measures=middles, period=period)
        for spec in (spec for spec in told if spec.family == "own"):
            answer = self._guarded(spec, period)
            if isinstance(answer, NotEvaluable):
                untold[spec.key] = answer
            else:
                found |= answer
        rows: list[MetricValue] = []
        results: _Results = {}
        for spec in specs:
            why = untold[spec.key]
            outcomes = self._told(spec, crowd.people, found, waits) if why is None else [_Outcome(why)] * len(crowd)
            shown = self._shown(spec, period, newest=newest)
            compared = comparisons(spec, [outcome.result for outcome in outcomes], crowd)
            for who, of, beside in zip(crowd.people, outcomes, compared, strict=True):
                results[spec.key, who.person_id] = of.result
                if asked is None or who.person_id in asked:
                    past = before.get((spec.key, who.person_id))
                    rows.append(self._value(spec, shown, who, of, beside, past))
        return rows, results

    def _guarded(self, spec: MetricSpec, period: Period) -> dict[Measure, dict[str, Sums]] | NotEvaluable:
        """A metric of the company's own is asked for by itself, so that one that fails leaves the others alone."""
        measures = _measures([spec])
        return guarded(self.facts, lambda: sums(self.facts, self.statements, measures=measures, period=period))

    def _never(self, spec: MetricSpec, period: Period, *, newest: bool) -> NotEvaluable | None:
        """Why nobody can be measured by it in this period."""
        return never(self.facts, spec, period, grain=self.grain, seen=self.seen, newest=newest)

    def _shown(self, spec: MetricSpec, period: Period, *, newest: bool) -> Period:
        if spec.at is At.NOW and newest:
            return Period(self.facts.as_of, self.facts.as_of + timedelta(days=1))
        return period

    def _told(
        self,
        spec: MetricSpec,
        people: Sequence[Member],
        found: Mapping[Measure, dict[str, Sums]],
        waits: Mapping[Measure, dict[str, Wait]],
    ) -> list[_Outcome]:
        if spec.kind is Kind.MEDIAN:
            waited = waits[spec.numerator]
            return [self._waited(spec, who, waited.get(who.person_id)) for who in people]
        top, below = found[spec.numerator], found[spec.denominator] if spec.denominator else {}
        none = Sums()
        return [self._summed(spec, who, top.get(who.person_id, none), below.get(who.person_id, none)) for who in people]

    def _value(
        self,
        spec: MetricSpec,
        period: Period,
        who: Member,
        of: _Outcome,
        beside: Comparison,
        past: Measured | NotEvaluable | None,
    ) -> MetricValue:
        return MetricValue(
            who.person_id, who.first_name, spec, self.grain, period, of.result, of.n, self.facts.currency,
            who.weeks_present, of.unknown, *beside, past,
        )  # fmt: skip

    def _stranger(self, spec: MetricSpec, who: Member) -> NotEvaluable | None:
        """Somebody without a single row is unknown, not at zero."""
        table = spec.numerator.table
        if who.person_id not in self.seen.owners.get(table, frozenset()):
            return NotEvaluable("no_rows", {"name": who.first_name, "table": table})
        if who.workdays <= 0 and spec.at is At.IN_PERIOD:
            return NotEvaluable("away", {"name": who.first_name})
        return None

    def _waited(self, spec: MetricSpec, who: Member, wait: Wait | None) -> _Outcome:
        n = wait.n if wait else 0
        stop = self._stranger(spec, who) or _enough(spec, n)
        if stop is None and wait is not None and wait.median is not None:
            return _Outcome(Measured(wait.median), n)
        return _Outcome(stop or NotEvaluable("undecided", {"n": n}), n)

    def _summed(self, spec: MetricSpec, who: Member, has: Sums, under: Sums) -> _Outcome:
        n = things(spec, has, under)
        stop = self._stranger(spec, who) or _amounts(spec, has) or _quota(spec, who, under) or _enough(spec, n)
        return _Outcome(stop, n) if stop else _Outcome(measured(spec, has, under, who.weeks_present), n, has.unknown)


def _measures(specs: Sequence[MetricSpec]) -> list[Measure]:
    """What is summed for these metrics; medians are asked for by themselves."""
    some = [spec for spec in specs if spec.kind is not Kind.MEDIAN]
    return [measure for spec in some for measure in (spec.numerator, spec.denominator) if measure is not None]


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
