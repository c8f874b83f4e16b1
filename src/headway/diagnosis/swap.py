"""The swap test: how often would a median colleague have reached this quota on this territory with these leads?

A colleague in the middle of all comparable ones is put in the person's place: same days at work, same time in role,
same territory, same leads assigned; what the person makes of them, and the leads found alone, are the colleague's.
Deals then come as chance gives them (Poisson) in the sizes of the segment (gamma with the same mean and spread).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.charts.dots import hundred
from headway.detection.facts_port import FactsLike
from headway.detection.own_currency import foreign_sql
from headway.diagnosis import sentences as say
from headway.diagnosis.diagnosis import SwapTest
from headway.stats.arrays import Floats, Ints

DRAWS = 4000


@dataclass(frozen=True)
class QuotaSpan:
    """The quota of the periods that ended within the last half year; start to end, both included."""

    target: float
    start: date
    end: date
    days: int


def quotas_of(facts: FactsLike, *, days: int) -> dict[str, QuotaSpan]:
    """By person; whoever had no revenue quota that ended within the last `days` days is left out."""
    rows = facts.con.execute(
        f"""SELECT person_id, sum(target), min(CAST(period_start AS DATE)), max(last),
                   sum(last - CAST(period_start AS DATE) + 1)
            FROM (SELECT *, CAST(period_end AS DATE)
                         - CAST(CASE WHEN day(CAST(period_end AS DATE)) = 1 THEN 1 ELSE 0 END AS INTEGER) AS last
                  FROM quotas t WHERE target > 0 AND NOT ({foreign_sql(facts, "t")})
                    AND coalesce(metric, 'revenue') = 'revenue' AND period_start IS NOT NULL AND period_end IS NOT NULL)
            WHERE last <= DATE '{facts.as_of}' AND last > DATE '{facts.as_of}' - {days} GROUP BY person_id"""
    ).fetchall()
    return {str(row[0]): QuotaSpan(float(row[1]), row[2], row[3], int(row[4])) for row in rows}


def _money(deals: Ints, mean: float, sd: float, rng: np.random.Generator) -> Floats:
    """What so many deals bring; deals that all have the same amount bring it each time."""
    if sd < 1e-6 * mean:
        return np.asarray(deals * mean)
    shape, scale = (mean / sd) ** 2, sd**2 / mean
    return np.where(deals > 0, rng.gamma(np.maximum(deals * shape, 1e-9)) * scale, 0.0)


def swap_test(
    quota: QuotaSpan,
    *,
    median_per_day: Floats,
    size_mean: float,
    size_sd: float,
    currency: str,
    name: str,
    rng: np.random.Generator,
) -> SwapTest:
    """median_per_day: draws of a median colleague's expected bookings a day in the person's place."""
    mean = rng.choice(median_per_day, DRAWS) * quota.days
    deals = rng.poisson(np.maximum(mean, 0.0) / size_mean)
    won = _money(deals, size_mean, size_sd, rng)
    results = hundred([float(v) for v in won])
    reached = sum(result >= quota.target for result in results) / 100
    low, high = (float(v) for v in np.quantile(won, [0.05, 0.95]))
    return SwapTest(
        round(quota.target, 2),
        reached,
        round(float(won.mean()), 2),
        round(low, 2),
        round(high, 2),
        tuple(round(r, 2) for r in results),
        quota.start,
        quota.end,
        say.swap_sentence(
            name,
            quota=quota.target,
            reached=reached,
            low=low,
            high=high,
            currency=currency,
            start=quota.start,
            end=quota.end,
        ),
    )
