"""How likely each running goal is to be reached: from the pipeline for money and deals, from decisions for shares.

Looking every week must not mislead. For money the chance is a forecast that knows everything up to its day: said the
first time it falls to 5 in 100, "out of reach" is wrong at most 5 times in 100, however often one has looked before
(a calibrated forecast is a martingale). For shares the level itself is uncertain: a confidence sequence over the
plan's weekly looks gives the lowest and the highest level that all looks allow, and each gives a chance.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scipy.special import bdtrc

from headway.detection.analysis import Analysis
from headway.detection.signal import NotEvaluable
from headway.facts.store import Facts
from headway.plans.evidence import Unit
from headway.plans.outlook.engine import Desk, desk_of, outlooks
from headway.plans.outlook.model import TooLittle
from headway.plans.outlook.outlook import Metric, Outlook
from headway.plans.plan_draft import Goal
from headway.running.measuring import Asked, Reading
from headway.stats.confidence_sequence import planned_looks

PIPELINE = {"revenue": Metric.REVENUE, "deals_won": Metric.DEALS_WON}
FEWEST = 3
# So much more time can be looked at before it is proposed: the longest extension.
MORE_TIME = timedelta(days=92)


@dataclass(frozen=True)
class Odds:
    """Chances of a goal (0 to 1, None = not computed) and the fan: (day, q05, q25, q50, q75, q95).

    later: the fan beyond the goal's day.
    """

    chance: float | None = None
    low: float | None = None
    high: float | None = None
    fan: tuple[tuple[date, float, float, float, float, float], ...] = ()
    later: tuple[tuple[date, float, float, float, float, float], ...] = ()


def odds_of(
    facts: Facts,
    asked: Iterable[Asked],
    readings: dict[tuple[int, str], Reading],
    *,
    analysis: Analysis | None = None,
) -> dict[tuple[int, str], Odds]:
    """The odds of every goal for which there are any. The pipeline is read and fitted once for all."""
    found: dict[tuple[int, str], Odds] = {}
    spans: dict[tuple[date, date, Metric], list[Asked]] = defaultdict(list)
    for one in asked:
        reading = readings.get((one.plan_id, one.goal.key))
        if reading is None or reading.value is None or facts.as_of >= one.goal.by:
            continue
        metric = PIPELINE.get(one.goal.metric_key)
        if metric is not None:
            spans[one.goal.start, one.goal.by + timedelta(days=1), metric].append(one)
        elif one.goal.unit is Unit.SHARE and reading.n >= FEWEST:
            found[one.plan_id, one.goal.key] = share_odds(one.goal, reading, on=facts.as_of)
    if spans:
        found |= _from_pipeline(facts, spans, analysis)
    return found


def _from_pipeline(
    facts: Facts, spans: dict[tuple[date, date, Metric], list[Asked]], analysis: Analysis | None
) -> dict[tuple[int, str], Odds]:
    try:
        desk: Desk | None = desk_of(facts, analysis=analysis, days=_longest(facts.as_of, spans))
    except TooLittle:
        return {}
    found = {}
    for (start, end, metric), some in spans.items():
        people = tuple(sorted({one.person_id for one in some}))
        made = outlooks(facts, start, end, people=people, metric=metric, desk=desk)
        longer = outlooks(facts, start, end + MORE_TIME, people=people, metric=metric, desk=desk)
        for one in some:
            outlook, more = made[one.person_id], longer[one.person_id]
            if isinstance(outlook, Outlook):
                chance = outlook.chance(one.goal.target)
                found[one.plan_id, one.goal.key] = Odds(
                    chance, chance, chance, _fan(outlook), _beyond(more, one.goal.by)
                )
    return found


def _longest(as_of: date, spans: Iterable[tuple[date, date, Metric]]) -> int:
    return max(7, max((end + MORE_TIME - as_of).days for _start, end, _metric in spans) + 1)


def _fan(outlook: Outlook) -> tuple[tuple[date, float, float, float, float, float], ...]:
    now = (outlook.as_of, *(outlook.already,) * 5)
    days = [row for row in outlook.fan() if row[0] > outlook.as_of]
    return (now, *days) if outlook.as_of >= outlook.start else tuple(days)


def _beyond(more: Outlook | NotEvaluable, by: date) -> tuple[tuple[date, float, float, float, float, float], ...]:
    """The fan of the weeks after the goal's day."""
    return tuple(row for row in more.fan() if row[0] > by) if isinstance(more, Outlook) else ()


def share_odds(goal: Goal, reading: Reading, *, on: date) -> Odds:
    """Chances of a share: with the level seen, and with the lowest and highest that all weekly looks allow.

    What is still to be decided is expected at the pace so far; the plan said how many it counts on, where it did.
    """
    weeks = max(1, -(-((goal.by - goal.start).days + 1) // 7))
    look = min(weeks, max(1, -(-((on - goal.start).days + 1) // 7)))
    hits = round((reading.value or 0.0) * reading.n)
    low, high = planned_looks(weeks).share_interval(look, successes=hits, trials=reading.n)
    gone = max(1, (on - goal.start).days + 1)
    rest = round(reading.n / gone * max(0, (goal.by - on).days))
    level = (hits + 1) / (reading.n + 2)
    now, least, most = (_reaches(goal.target, hits, reading.n, rest, rate) for rate in (level, low, high))
    return Odds(now, least, most)


def _reaches(target: float, hits: int, n: int, rest: int, rate: float) -> float:
    """Probability that hits so far and Binomial(rest, rate) together come to `target` of all."""
    needed = math.ceil(target * (n + rest) - hits - 1e-9)
    if needed <= 0:
        return 1.0
    return 0.0 if needed > rest else float(bdtrc(needed - 1, rest, rate))
