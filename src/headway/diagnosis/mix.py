"""What kinds of leads and deals came to a person: how much more or less such ones usually bring than the group's."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from headway.detection.analysis import Analysis
from headway.detection.estimate import Estimate
from headway.detection.facts_port import FactsLike
from headway.detection.own_currency import foreign_sql
from headway.detection.roster import Roster
from headway.stats.arrays import Floats, Ints

# So many usual ones are added to everybody's: one large deal among three says little of the kinds that come.
USUAL = 5.0
LEAST_LISTED = 20
WORTH_DAYS = 730


def mix_of(facts: FactsLike, analysis: Analysis, *, weeks: int, mean_of: Callable[[Floats], Floats]) -> Floats:
    """(people,) how much the kinds of leads and deals that came bring to anybody, 1.00 = the group's kinds.

    Conversions tell it by source, score and segment of the last `weeks` weeks; deals by product, list price and
    source, all that came, won or not: which of them were won is no property of what came.

    The ramp is no property of a lead, so it is taken out.

    Args:
        mean_of: the mean over the colleagues each person is compared with.
    """
    assert analysis.estimate is not None
    factor = np.ones(len(analysis.roster.ids))
    for usual in (_success(analysis.estimate, analysis.roster, weeks), _worth(facts, analysis, weeks)):
        factor *= usual / np.maximum(mean_of(usual), 1e-9)
    return np.clip(factor, 0.05, 20.0)


def _success(estimate: Estimate, roster: Roster, weeks: int) -> Floats:
    """(people,) what fully ramped colleagues would make of one chance of each step, multiplied over the steps.

    The ramp is taken out of each week's steps as it was when they were begun, a usual wait before they were decided:
    whoever joined lately decides most of them when the ramp costs little. Its loss is shared out over the steps as far
    as each can move bookings.
    """
    steps = [m for m in estimate.measures if m.kind == "conversion"]
    room = np.array([1.0 - min(m.peer_rate, 0.999) for m in steps])
    product, last = np.ones(len(roster.ids)), np.arange(roster.weeks - weeks, roster.weeks)
    for m, share in zip(steps, room / room.sum(), strict=True):
        ramped = m.expected[:, -weeks:] * np.exp(-share * ramp_at(estimate, roster, last - m.delay_weeks))
        chances, expected = m.chances[:, -weeks:].sum(axis=1), ramped.sum(axis=1)
        overall = expected.sum() / max(chances.sum(), 1e-9)
        product *= (expected + USUAL * overall) / (chances + USUAL)
    return product


def ramp_at(estimate: Estimate, roster: Roster, weeks: Ints) -> Floats:
    """(people, weeks) log bookings lost to the ramp in these weeks (their numbers); as on the first day before it."""
    ramp = np.minimum(estimate.ramp, 0.0)
    begun = np.nan_to_num(roster.hired_week, nan=-1e4)
    tenure = np.clip(weeks[None, :] - begun[:, None], 0, ramp.size - 1)
    return np.asarray(ramp[tenure.astype(int)])


_DEALS = """CREATE OR REPLACE TEMP TABLE _kinds AS
    SELECT owner_id, CAST(coalesce(created_at, closed_at) AS DATE) AS came, CAST(closed_at AS DATE) AS closed,
           outcome = 'won' AND amount > 0 AS won, amount, CASE WHEN list_price > 0 THEN list_price END AS list,
           lower(trim(coalesce(product, ''))) || chr(31) || lower(trim(coalesce(source, ''))) AS kind
    FROM opportunities o WHERE owner_id IS NOT NULL AND coalesce(created_at, closed_at) IS NOT NULL
      AND NOT ({foreign})"""
_USUAL = """SELECT kind, count(*), sum(amount), count(list), sum(amount) FILTER (list IS NOT NULL), sum(list)
            FROM _kinds WHERE won AND closed > CAST(? AS DATE) GROUP BY kind"""
_CYCLE = "SELECT coalesce(median(closed - came), 0) FROM _kinds WHERE won AND closed >= came"
_CAME = """SELECT owner_id, kind, count(*), count(list), coalesce(sum(list), 0) FROM _kinds
           WHERE came > CAST(? AS DATE) AND came <= CAST(? AS DATE) GROUP BY owner_id, kind"""


def _worth(facts: FactsLike, analysis: Analysis, weeks: int) -> Floats:
    """(people,) what the deals that came usually bring when they are won, on average; those that came one usual
    sales cycle before the last `weeks` weeks began until one before they end."""
    roster, con = analysis.roster, facts.con
    con.execute(_DEALS.format(foreign=foreign_sql(facts, "o")))
    usual = con.execute(_USUAL, [facts.as_of - timedelta(days=WORTH_DAYS)]).fetchall()
    if not usual:
        return np.ones(len(roster.ids))
    overall = sum(row[2] for row in usual) / sum(row[1] for row in usual)
    worth = {kind: (total + USUAL * overall) / (n + USUAL) for kind, n, total, *_listed in usual}
    listed, brought, prices = (sum(row[place] or 0.0 for row in usual) for place in (3, 4, 5))
    of_list = brought / prices if listed >= LEAST_LISTED else None
    cycle = timedelta(days=float((con.execute(_CYCLE).fetchone() or (0,))[0]))
    until = facts.as_of - cycle
    deals, total = np.full(len(roster.ids), USUAL), np.full(len(roster.ids), USUAL * overall)
    for owner, kind, n, n_listed, price in con.execute(_CAME, [until - timedelta(days=7 * weeks), until]).fetchall():
        person = roster.position.get(str(owner))
        if person is not None:
            by_list = n_listed if of_list is not None else 0
            deals[person] += n
            total[person] += (n - by_list) * worth.get(kind, overall) + (price * of_list if of_list is not None else 0)
    return np.asarray(total / deals)
