"""Can a target be reached, and is it fair? One answer for every metric of which it can be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext as _

from headway.core import company
from headway.core.period import Period
from headway.detection.analysis import Analysis
from headway.detection.engine import colleagues_at_work
from headway.facts.store import Facts
from headway.metrics.catalogue import find
from headway.metrics.engine import values_over
from headway.metrics.own.queries import own_specs
from headway.metrics.spec import At, Direction, Kind, MetricSpec, Unit
from headway.metrics.values import Measured, MetricValue
from headway.plans.outlook import reasons
from headway.plans.outlook.engine import Desk, desk_of, outlook_for
from headway.plans.outlook.model import TooLittle
from headway.plans.outlook.outlook import Metric, Outlook
from headway.plans.outlook.steady import Pace, Share, colleague_share, person_pace, person_share
from headway.plans.targets import SMALLEST_STEP, nice, said_above
from headway.plans.timeline import LENGTHS

ADEQUATE, TYPICAL, FAIR_CHANCE, CYCLES = 0.85, 1.0, 0.80, 1.5
LOOK_BACK = timedelta(days=182)
# an adequate colleague reaches .85 of the result over about four steps, so this root of it at each one
STEPS_OF_A_DEAL = 4
FEWEST_DECISIONS = 5


@dataclass(frozen=True)
class Answer:
    """Whether a target can be reached. Chances 0 to 1, None where it cannot be told (`reason` says why).

    proposed: a target that is fair and asks for a step, None where there is none; proposed_days: 30, 60 or 90.
    person_today: what the person reaches with the same certainty; expected: the mean at today's pace.
    """

    person_id: str
    metric: str
    name: str
    unit: str
    currency: str
    target: float
    start: date
    end: date
    as_of: date
    p_person: float | None
    p_adequate_peer: float | None
    p_typical_peer: float | None
    fair: bool | None
    proposed: float | None
    proposed_days: int | None
    reason: str
    code: str
    expected: float | None = None
    person_today: float | None = None
    cycle_days: float | None = None
    path: tuple[tuple[date, float], ...] = ()
    inputs: str = ""


@dataclass(frozen=True)
class Question:
    """A target over [start, end) for one person."""

    person_id: str
    target: float
    start: date
    end: date


def answer(facts: Facts, metric: str, question: Question, *, desk: Desk | None = None) -> Answer:
    """The answer for any metric of the catalogue, as of the facts' day.

    Raises:
        WrongUsage: there is no such metric.
    """
    settings = company.current()
    own = own_specs(tuple(settings.ladder))
    spec = find(metric, ladder=tuple(settings.ladder), own=own)
    if spec.key in {Metric.REVENUE, Metric.DEALS_WON}:
        return _from_pipeline(facts, spec, question, desk)
    if spec.direction is not Direction.HIGHER or spec.at is not At.IN_PERIOD:
        return _untold(facts, spec, question, "not_forecast", reasons.not_forecast(str(spec.name)))
    if spec.kind is Kind.SHARE:
        return _from_share(facts, spec, question)
    if spec.kind is Kind.PER_WEEK or (spec.kind is Kind.TOTAL and spec.unit is Unit.COUNT):
        return _from_pace(facts, spec, question)
    return _untold(facts, spec, question, "not_forecast", reasons.not_forecast(str(spec.name)))


def _untold(facts: Facts, spec: MetricSpec, asked: Question, code: str, why: str) -> Answer:
    return Answer(
        asked.person_id, spec.key, str(spec.name), str(spec.unit), facts.currency, asked.target, asked.start, asked.end,
        facts.as_of, None, None, None, None, None, None, why, code,
    )  # fmt: skip


# --- from the pipeline --------------------------------------------------------------------------------


def _from_pipeline(facts: Facts, spec: MetricSpec, asked: Question, desk: Desk | None) -> Answer:
    try:
        desk = desk or desk_of(facts)
    except TooLittle:
        return _untold(facts, spec, asked, "few_wins", reasons.few_wins())
    if asked.person_id in desk.analysis.roster.position and not has_peers(desk.analysis, asked.person_id):
        return _untold(facts, spec, asked, "no_peers", reasons.no_peers())
    metric = Metric(spec.key)
    seats = [
        outlook_for(asked.person_id, facts, asked.start, asked.end, metric=metric, index=index, desk=desk)
        for index in (None, ADEQUATE, TYPICAL)
    ]
    outlooks = [seat for seat in seats if isinstance(seat, Outlook)]
    if len(outlooks) < len(seats):
        refused = next(seat for seat in seats if not isinstance(seat, Outlook))
        return _untold(facts, spec, asked, refused.code, f"{refused.sentence}.")
    person, adequate, typical = outlooks
    cycle = cycle_of(desk, asked.person_id)
    enough = cycle is None or (asked.end - asked.start).days + 2 >= CYCLES * cycle
    chance = adequate.chance(asked.target)
    today = person.reached_with(FAIR_CHANCE)
    proposed = proposed_revenue(adequate, today, whole=metric is Metric.DEALS_WON) if enough else None
    fair = chance >= FAIR_CHANCE - 0.005 and enough
    why = reasons.Reached(
        chance=chance, fair=fair, enough=enough, days=(asked.end - asked.start).days, cycle=cycle, proposed=proposed,
        target=asked.target, unit=str(spec.unit), currency=facts.currency, today=today,
    )  # fmt: skip
    goal = asked.target if fair or proposed is None else proposed
    return Answer(
        asked.person_id, spec.key, str(spec.name), str(spec.unit), facts.currency, asked.target, asked.start, asked.end,
        facts.as_of, person.chance(asked.target), chance, typical.chance(asked.target), fair, proposed,
        days_for(cycle), reasons.pipeline(why), "told", person.expected, today, cycle, tuple(adequate.path(goal)),
        person.inputs,
    )  # fmt: skip


def has_peers(analysis: Analysis, person_id: str) -> bool:
    """Whether enough colleagues show what is adequate; without them there is nothing to hold a target against."""
    working, mine = colleagues_at_work(analysis), analysis.roster.position[person_id]
    return analysis.estimate is not None and int(working.sum() - working[mine]) >= analysis.policy.least_colleagues


def cycle_of(desk: Desk, person_id: str) -> float | None:
    """Median days from a deal's creation to its win in the person's segment."""
    value = float(desk.model.median_cycle[desk.model.segment[desk.analysis.roster.position[person_id]]])
    return value if np.isfinite(value) else None


def proposed_revenue(adequate: Outlook, today: float, *, whole: bool = False) -> float | None:
    """What an adequate colleague reaches often enough, as people say it; None where it is no step from today's pace."""
    most = adequate.reached_with(FAIR_CHANCE)
    value = float(np.floor(most + 1e-9)) if whole else said_above(most, today)
    if value <= 0 or value <= today * (1 + SMALLEST_STEP):
        return None
    return value


def days_for(cycle: float | None) -> int | None:
    """The shortest of 30, 60 and 90 days that holds one and a half cycles; None where none does."""
    return next((days for days in LENGTHS if cycle is None or days >= CYCLES * cycle), None)


# --- shares and counts --------------------------------------------------------------------------------


def _measured(facts: Facts, spec: MetricSpec, asked: Question) -> MetricValue | None:
    end = facts.as_of + timedelta(days=1)
    settings = company.current()
    rows = values_over(
        facts,
        metrics=[spec.key],
        period=Period(end - LOOK_BACK, end),
        persons=[asked.person_id],
        calendar=settings,
        own=own_specs(tuple(settings.ladder)),
    )
    return rows[0] if rows else None


def _problem(facts: Facts, spec: MetricSpec, asked: Question, value: MetricValue | None) -> Answer | None:
    if asked.end <= asked.start or asked.end <= facts.as_of + timedelta(days=1):
        return _untold(
            facts, spec, asked, "past", _("These days are over. Choose an end after the last day of the data.")
        )
    if value is None:
        return _untold(facts, spec, asked, "not_active", _("No sales person has this id on that day."))
    if not isinstance(value.result, Measured):
        return _untold(facts, spec, asked, value.result.code, f"{value.result.sentence}.")
    if value.peers is None:
        return _untold(facts, spec, asked, "no_peers", reasons.no_peers())
    return None


def _from_share(facts: Facts, spec: MetricSpec, asked: Question) -> Answer:
    value = _measured(facts, spec, asked)
    problem = _problem(facts, spec, asked, value)
    if problem is not None or value is None or value.peers is None or value.value is None:
        return problem or _untold(facts, spec, asked, "not_active", "")
    n = round(value.n * (asked.end - asked.start).days / LOOK_BACK.days)
    if n < FEWEST_DECISIONS:
        return _untold(facts, spec, asked, "few_decisions", reasons.few_decisions(n, str(spec.n_of)))
    peers = value.peers
    mine = person_share(rate=value.value, n=value.n, peer=peers.median, low=peers.low, high=peers.high)
    root = ADEQUATE ** (1 / STEPS_OF_A_DEAL)
    adequate, typical = colleague_share(peers.median * root), colleague_share(peers.median)
    proposed = np.floor(adequate.reached_with(FAIR_CHANCE, n=n) * 100 + 1e-9) / 100
    return _told(facts, spec, asked, mine, adequate, typical, amount=n, proposed=float(proposed), today=mine.mean)


def _from_pace(facts: Facts, spec: MetricSpec, asked: Question) -> Answer:
    value = _measured(facts, spec, asked)
    problem = _problem(facts, spec, asked, value)
    if problem is not None or value is None or value.peers is None or value.value is None:
        return problem or _untold(facts, spec, asked, "not_active", "")
    weeks, span = max(value.weeks_present, 1.0), (asked.end - asked.start).days / 7.0
    per_week = 1.0 if spec.kind is Kind.PER_WEEK else 7.0 / LOOK_BACK.days
    peers = value.peers
    mine = person_pace(
        per_week=value.value * per_week, weeks=weeks, peer=peers.median * per_week, low=peers.low * per_week,
        high=peers.high * per_week,
    )  # fmt: skip
    adequate, typical = Pace(peers.median * per_week * ADEQUATE, 0.0), Pace(peers.median * per_week, 0.0)
    total = spec.kind is Kind.TOTAL
    wanted = Question(asked.person_id, asked.target / span if total else asked.target, asked.start, asked.end)
    proposed = adequate.reached_with(FAIR_CHANCE, weeks=span) * (span if total else 1.0)
    said = nice(proposed) if proposed >= 20 else np.floor(proposed * 2) / 2
    today = mine.mean * (span if total else 1.0)
    found = _told(facts, spec, wanted, mine, adequate, typical, amount=span, proposed=float(said), today=today)
    return Answer(**{**found.__dict__, "target": asked.target})


def _told(
    facts: Facts,
    spec: MetricSpec,
    asked: Question,
    mine: Share | Pace,
    adequate: Share | Pace,
    typical: Share | Pace,
    *,
    amount: float,
    proposed: float,
    today: float,
) -> Answer:
    def chance(of: Share | Pace) -> float:
        return (
            of.chance(asked.target, n=int(amount)) if isinstance(of, Share) else of.chance(asked.target, weeks=amount)
        )

    reached = chance(adequate)
    fair = reached >= FAIR_CHANCE - 0.005
    step = proposed if proposed > today * (1 + SMALLEST_STEP) else None
    why = reasons.Reached(
        chance=reached, fair=fair, enough=True, days=(asked.end - asked.start).days, cycle=None, proposed=step,
        target=asked.target, unit=str(spec.unit), currency=facts.currency, today=today,
    )  # fmt: skip
    return Answer(
        asked.person_id, spec.key, str(spec.name), str(spec.unit), facts.currency, asked.target, asked.start, asked.end,
        facts.as_of, chance(mine), reached, chance(typical), fair, step, None, reasons.pipeline(why), "told",
        today, today, None, (), "",
    )  # fmt: skip
