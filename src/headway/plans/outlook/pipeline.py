"""Every lead and deal as one walk up the ladder, in days before the end of the day looked from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from headway.detection.chances import SELF, prepare_views
from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster
from headway.stats.arrays import Flags, Floats, Ints

# below this share of qualified leads with a deal of their own, leads say nothing of the deals to come
LINKED = 0.5
# a stray early date is not the beginning of the record
EARLIEST, LEAST_ENDED = 0.005, 50


@dataclass(frozen=True)
class Walks:
    """One row per lead or deal. Days are counted from the end of as_of (negative = past), NaN = never.

    reached: (rows, rungs) day on which each rung was reached, the last one is "won"; lost: day of the end without a
    win; amount: NaN unknown; source: code, 0 unknown; own: found by the person; keys: the steps between the rungs.
    """

    rungs: tuple[str, ...]
    rep: Ints
    reached: Floats
    lost: Floats
    amount: Floats
    source: Ints
    own: Flags
    score: Floats
    leads: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the steps, as detection names them."""
        return tuple(f"{a}_to_{b}" for a, b in zip(self.rungs[:-1], self.rungs[1:], strict=True))

    @property
    def won(self) -> Floats:
        """Day of the win."""
        return np.asarray(self.reached[:, -1])

    @property
    def since(self) -> float:
        """The day from which ends are on record (an export of what was closed since a day holds, of all that began
        before, only what was still open then); minus infinity where too few ended to tell."""
        ended = np.fmin(self.won, self.lost)
        ended = ended[np.isfinite(ended)]
        return float(np.quantile(ended, EARLIEST)) if ended.size >= LEAST_ENDED else -np.inf

    def stage_on(self, day: float) -> Ints:
        """The rung on which each walk stood at the end of a day; -1 where it had not begun or was over."""
        with np.errstate(invalid="ignore"):
            there = self.reached <= day
            over = (self.lost <= day) | there[:, -1]
        rung = np.where(there, np.arange(there.shape[1]), -1).max(axis=1)
        return np.asarray(np.where(over, -1, rung), dtype=np.int64)


def read_walks(facts: FactsLike, roster: Roster) -> Walks:
    """Read leads and deals of the pool, one row each, joined where they belong together."""
    prepare_views(facts, roster)
    con, ladder = facts.con, facts.ladder
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _link AS
           SELECT min(lead_id) AS lead_id, opportunity_id FROM (
               SELECT lead_id, min(opportunity_id) AS opportunity_id FROM (
                   SELECT lead_id, opportunity_id FROM _leads WHERE opportunity_id IS NOT NULL
                   UNION ALL SELECT lead_id, opportunity_id FROM opportunities WHERE lead_id IS NOT NULL)
               WHERE opportunity_id IN (SELECT opportunity_id FROM _deals) GROUP BY lead_id)
           GROUP BY opportunity_id"""
    )
    leads = _leads_lead_to_deals(facts)
    middle = _middle(facts)
    rungs = (*(ladder[:2] if leads else ladder[1:2]), *middle, ladder[-1])
    rows = con.execute(_sql(facts, middle, leads=leads)).fetchnumpy()
    reached = np.column_stack([_days(rows[f"r{k}"]) for k in range(len(rungs))])
    # a rung that was skipped was reached when the next one was
    reached = np.fmin.accumulate(reached[:, ::-1], axis=1)[:, ::-1] if reached.size else reached
    if leads:
        direct = np.asarray(rows["direct"], dtype=bool)
        reached[direct, 0] = np.nan
    source = np.asarray(rows["source"], dtype=np.int64)
    amount = np.ma.filled(np.ma.asarray(rows["amount"]).astype(np.float64), np.nan)
    return Walks(
        rungs,
        np.asarray(rows["rep"], dtype=np.int64),
        reached,
        _days(rows["lost"]),
        np.where(amount > 0, amount, np.nan),
        source,
        np.asarray(rows["own"], dtype=bool),
        np.ma.filled(np.ma.asarray(rows["score"]).astype(np.float64), np.nan),
        leads,
    )


def _leads_lead_to_deals(facts: FactsLike) -> bool:
    """Whether qualified leads can be followed to their deals."""
    row = facts.con.execute(
        """SELECT count(*) FILTER (qualified_at IS NOT NULL OR k.lead_id IS NOT NULL), count(k.lead_id)
           FROM _leads l LEFT JOIN _link k USING (lead_id)"""
    ).fetchone()
    deals = facts.con.execute("SELECT count(*) FROM _deals").fetchone()[0]
    return bool(row[1] >= max(20, LINKED * row[0]) and row[1] >= 0.2 * deals)


def _middle(facts: FactsLike) -> tuple[str, ...]:
    found = {
        str(row[0]) for row in facts.con.execute("SELECT DISTINCT lower(trim(stage)) FROM stage_changes").fetchall()
    }
    return tuple(name for name in facts.ladder[2:-1] if name.lower() in found)


def _sql(facts: FactsLike, middle: tuple[str, ...], *, leads: bool) -> str:
    end = facts.as_of + timedelta(days=1)
    named = [name.lower().replace("'", "''") for name in middle]
    stages = ", ".join(
        f"min(entered_at) FILTER (lower(trim(stage)) = '{name}') AS at{rank}" for rank, name in enumerate(named, 1)
    )
    join = (
        f"LEFT JOIN (SELECT opportunity_id, {stages} FROM stage_changes WHERE entered_at IS NOT NULL "
        "GROUP BY opportunity_id) s ON s.opportunity_id = d.opportunity_id"
        if middle
        else ""
    )
    rungs = ["coalesce(d.created_at, l.qualified_at)"] + [f"s.at{k}" for k in range(1, len(middle) + 1)] + ["d.won_at"]
    if leads:
        rungs = ["coalesce(l.created_at, d.created_at)", *rungs]
        tables = """_leads l LEFT JOIN _link k ON k.lead_id = l.lead_id
                    FULL JOIN _deals d ON d.opportunity_id = k.opportunity_id"""
    else:
        tables = "_deals d LEFT JOIN _leads l ON l.opportunity_id = d.opportunity_id"
    days = ", ".join(f"(epoch({rung}) - epoch(TIMESTAMP '{end}')) / 86400.0 AS r{k}" for k, rung in enumerate(rungs))
    own = ", ".join(f"'{name}'" for name in SELF)
    return f"""SELECT p.rep, {days}, l.lead_id IS NULL AS direct,
                      (epoch(coalesce(d.lost_at, CASE WHEN d.outcome = 'lost' THEN d.created_at END,
                                      CASE WHEN d.opportunity_id IS NULL THEN l.disqualified_at END))
                       - epoch(TIMESTAMP '{end}')) / 86400.0 AS lost,
                      d.amount, coalesce(d.source, l.source, '') IN ({own}) AS own,
                      dense_rank() OVER (ORDER BY coalesce(d.source, l.source, '')) - 1 AS source,
                      coalesce(l.score, d.score) AS score
               FROM {tables} {join}
               JOIN _pool p ON p.person_id = coalesce(d.owner_id, l.owner_id)"""


def _days(column: Any) -> Floats:
    """Days as numbers; what lies after the day looked from has not happened yet."""
    days = np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(days < 0, days, np.nan))
