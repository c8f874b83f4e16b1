"""What a won deal is worth, by segment: mean and spread over two years."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from headway.detection.facts_port import FactsLike
from headway.detection.own_currency import foreign_sql
from headway.detection.roster import Roster
from headway.stats.arrays import Floats

LEAST_DEALS = 30


@dataclass(frozen=True)
class Sizes:
    """Mean and standard deviation of won amounts, by segment of the roster."""

    mean: Floats
    sd: Floats


def sizes_by_segment(facts: FactsLike, roster: Roster) -> Sizes | None:
    """Mean and spread of won amounts by segment; everybody's where a segment has fewer than thirty."""
    position = roster.position
    rows = facts.con.execute(
        f"""SELECT owner_id, count(*), sum(amount), sum(amount * amount) FROM opportunities o
            WHERE outcome = 'won' AND amount > 0 AND NOT ({foreign_sql(facts, "o")})
              AND CAST(closed_at AS DATE) > DATE '{facts.as_of - timedelta(days=730)}' GROUP BY owner_id"""
    ).fetchall()
    total = np.zeros((len(roster.segments), 3))
    for owner, *sums in rows:
        here = position.get(str(owner))
        if here is not None:
            total[roster.segment[here]] += np.array(sums, dtype=np.float64)
    if total[:, 0].sum() < 2:
        return None
    total = np.where(total[:, :1] > LEAST_DEALS - 1, total, total.sum(axis=0)[None, :])
    mean = total[:, 1] / total[:, 0]
    return Sizes(mean, np.sqrt(np.maximum(total[:, 2] / total[:, 0] - mean**2, 0.0)))
