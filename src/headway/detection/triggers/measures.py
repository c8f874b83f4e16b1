"""Facts to arrays: quota attainment, activity, conversion of everybody in every period.

The facts are those known today; a history shows what today's records say of the past, not what was known then.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.core.period import Period
from headway.detection.facts_port import FactsLike
from headway.detection.own_currency import foreign_sql
from headway.detection.roster import Roster
from headway.detection.triggers.rules import LEAST_PRESENCE, Seen
from headway.detection.triggers.trigger import Trigger, TriggerKind
from headway.stats.arrays import Flags, Floats

COVERED = 0.9


@dataclass(frozen=True)
class Looked:
    """What a trigger sees, and what is needed to draw identical people under the same conditions.

    weight: (people, periods) the person's share of the chances there were (presence times territory);
    count: won deals, activities or decided chances; target: quota, floor or chances behind `seen.floor`.
    """

    periods: tuple[Period, ...]
    seen: Seen
    weight: Floats
    count: Floats
    target: Floats
    ramping: Flags
    reason: str = ""


def look(facts: FactsLike, roster: Roster, trigger: Trigger, periods: tuple[Period, ...], *, ramp_weeks: int) -> Looked:
    """Everybody in every period. `reason` is a code where the facts cannot serve the trigger at all."""
    at_work = presence(roster, periods)
    ramping = in_ramp(roster, periods, ramp_weeks=ramp_weeks)
    if trigger.kind is TriggerKind.QUOTA:
        return _quota(facts, roster, trigger, periods, at_work, ramping)
    if trigger.kind is TriggerKind.ACTIVITY:
        return _activity(facts, roster, trigger, periods, at_work, ramping)
    return _conversion(facts, roster, trigger, periods, at_work, ramping)


def presence(roster: Roster, periods: tuple[Period, ...]) -> Floats:
    """(people, periods) share of each period at work."""
    found = np.zeros((len(roster.ids), len(periods)))
    for place, period in enumerate(periods):
        first, last = _week(roster, period.start), _week(roster, period.last_day)
        first, last = max(0, first), min(roster.weeks - 1, last)
        if last >= first:
            found[:, place] = roster.present[:, first : last + 1].mean(axis=1)
    return found


def in_ramp(roster: Roster, periods: tuple[Period, ...], *, ramp_weeks: int) -> Flags:
    """(people, periods) whether any day of the period lies inside the ramp window."""
    starts = np.array([_week(roster, p.start) for p in periods], dtype=np.float64)
    hired = np.nan_to_num(roster.hired_week, nan=-1e6)
    return np.asarray(starts[None, :] < hired[:, None] + ramp_weeks)


def _week(roster: Roster, day: date) -> int:
    return roster.weeks - 1 - (roster.as_of - day).days // 7


def _spans(periods: tuple[Period, ...]) -> str:
    """The periods as a table of SQL."""
    rows = ", ".join(f"({n}, DATE '{p.start}', DATE '{p.end}')" for n, p in enumerate(periods))
    return f"(VALUES {rows}) AS span(place, first, after)"


def _grid(roster: Roster, periods: tuple[Period, ...], rows: list[tuple[object, ...]]) -> Floats:
    """Rows (person, place, value) as an array."""
    found, position = np.zeros((len(roster.ids), len(periods))), roster.position
    for person, place, value in rows:
        here = position.get(str(person))
        if here is not None:
            found[here, int(str(place))] = float(str(value))
    return found


def _nothing(roster: Roster, periods: tuple[Period, ...], ramping: Flags, reason: str) -> Looked:
    shape = (len(roster.ids), len(periods))
    zero = np.zeros(shape)
    return Looked(periods, Seen(zero, zero, np.zeros(shape, dtype=bool)), zero, zero, zero, ramping, reason)


def _quota(
    facts: FactsLike, roster: Roster, trigger: Trigger, periods: tuple[Period, ...], at_work: Floats, ramping: Flags
) -> Looked:
    """Won amount over the quota of the days at work. A quota for a longer time than the period serves nobody."""
    if not periods:
        return _nothing(roster, periods, ramping, "no_periods")
    rows = facts.con.execute(
        f"""WITH q AS (SELECT person_id, CAST(period_start AS DATE) AS s,
                        CAST(period_end AS DATE)
                        + CAST(CASE WHEN day(CAST(period_end AS DATE)) = 1 THEN 0 ELSE 1 END AS INTEGER) AS e,
                        sum(target) AS target
                 FROM quotas t WHERE target > 0 AND coalesce(metric, 'revenue') = 'revenue'
                   AND NOT ({foreign_sql(facts, "t")})
                   AND period_start IS NOT NULL AND period_end IS NOT NULL GROUP BY ALL)
            SELECT q.person_id, place, sum(target), sum(e - s) FROM q, {_spans(periods)}
            WHERE q.s >= first AND q.e <= after GROUP BY ALL"""
    ).fetchall()
    if not rows:
        known = facts.con.execute("SELECT count(*) FROM quotas WHERE target > 0").fetchone()
        return _nothing(roster, periods, ramping, "quota_longer" if known and known[0] else "no_quotas")
    target = _grid(roster, periods, [(r[0], r[1], r[2]) for r in rows])
    days = _grid(roster, periods, [(r[0], r[1], r[3]) for r in rows])
    won = _grid(roster, periods, _won(facts, periods, "sum(amount)"))
    deals = _grid(roster, periods, _won(facts, periods, "count(*)"))
    mixed = _grid(roster, periods, _won(facts, periods, f"count(*) FILTER ({foreign_sql(facts, 'o')})"))
    covered = days >= COVERED * np.array([p.days for p in periods])[None, :]
    held = covered & (target > 0) & (at_work >= LEAST_PRESENCE) & ~ramping & (mixed == 0)
    target = target * at_work
    value = np.divide(won, target, out=np.zeros_like(won), where=target > 0)
    floor = np.full_like(value, float(trigger.below or 0.0))
    potential = np.where(np.isfinite(roster.potential), roster.potential, 1.0)
    return Looked(periods, Seen(value, floor, held), at_work * potential[:, None], deals, target, ramping)


def _won(facts: FactsLike, periods: tuple[Period, ...], what: str) -> list[tuple[object, ...]]:
    return list(
        facts.con.execute(
            f"""SELECT owner_id, place, {what} FROM opportunities o, {_spans(periods)}
                WHERE outcome = 'won' AND amount > 0 AND owner_id IS NOT NULL
                  AND CAST(closed_at AS DATE) >= first AND CAST(closed_at AS DATE) < after GROUP BY ALL"""
        ).fetchall()
    )


def _activity(
    facts: FactsLike, roster: Roster, trigger: Trigger, periods: tuple[Period, ...], at_work: Floats, ramping: Flags
) -> Looked:
    """Logged activities against the floor for the days at work; ramping people are held to it, it is effort."""
    if not periods:
        return _nothing(roster, periods, ramping, "no_periods")
    kind = "" if trigger.activity == "all" else "AND lower(kind) = ?"
    rows = facts.con.execute(
        f"""SELECT person_id, place, sum(coalesce("count", 1)) FROM activities, {_spans(periods)}
            WHERE occurred_at IS NOT NULL AND CAST(occurred_at AS DATE) >= first
              AND CAST(occurred_at AS DATE) < after {kind} GROUP BY ALL""",
        [] if trigger.activity == "all" else [trigger.activity],
    ).fetchall()
    if not rows:
        return _nothing(roster, periods, ramping, "no_activities")
    done = _grid(roster, periods, rows)
    floor = float(trigger.at_least or 0.0) * at_work
    logs = done.sum(axis=1, keepdims=True) > 0
    held = (at_work >= LEAST_PRESENCE) & logs & (_weeks_in_role(roster, periods) >= 4)
    return Looked(periods, Seen(done, floor, np.asarray(held)), at_work, done, floor, ramping)


def _weeks_in_role(roster: Roster, periods: tuple[Period, ...]) -> Floats:
    starts = np.array([_week(roster, p.start) for p in periods], dtype=np.float64)
    return np.asarray(starts[None, :] - np.nan_to_num(roster.hired_week, nan=-1e6)[:, None])


def _conversion(
    facts: FactsLike, roster: Roster, trigger: Trigger, periods: tuple[Period, ...], at_work: Floats, ramping: Flags
) -> Looked:
    """Chances decided in the period that went on, against colleagues of the same segment in the same period."""
    if not periods:
        return _nothing(roster, periods, ramping, "no_periods")
    rows = facts.con.execute(_decided_sql(facts, trigger, periods)).fetchall()
    if not rows:
        return _nothing(roster, periods, ramping, "no_stage")
    total = _grid(roster, periods, [(r[0], r[1], r[2]) for r in rows])
    on = _grid(roster, periods, [(r[0], r[1], r[3]) for r in rows])
    peers = np.zeros_like(total)
    for segment in np.unique(roster.segment):
        here = roster.segment == segment
        others = total[here].sum(axis=0)[None, :] - total[here]
        peers[here] = np.divide(
            on[here].sum(axis=0)[None, :] - on[here], others, out=np.zeros_like(others), where=others > 0
        )
    value = np.divide(on, total, out=np.zeros_like(on), where=total > 0)
    held = (total >= trigger.least) & (peers > 0) & ~ramping
    return Looked(periods, Seen(value, float(trigger.below or 0.0) * peers, held), peers, on, total, ramping)


def _decided_sql(facts: FactsLike, trigger: Trigger, periods: tuple[Period, ...]) -> str:
    """Per owner and period: chances that reached `before` and were decided, and those that reached `after`."""
    first, won = facts.ladder[0], facts.ladder[-1]
    if trigger.before == first:
        qualified = "qualified_at" if trigger.after == facts.ladder[1] else "NULL"
        return f"""SELECT owner_id, place, count(*), count(*) FILTER ({qualified} IS NOT NULL)
                   FROM leads, {_spans(periods)}
                   WHERE owner_id IS NOT NULL AND CAST(coalesce(qualified_at, disqualified_at) AS DATE) >= first
                     AND CAST(coalesce(qualified_at, disqualified_at) AS DATE) < after GROUP BY ALL"""
    reached = "true" if trigger.before == facts.ladder[1] else _reached(trigger.before)
    after = "o.outcome = 'won'" if trigger.after == won else _reached(trigger.after)
    return f"""SELECT o.owner_id, place, count(*), count(*) FILTER ({after}) FROM opportunities o, {_spans(periods)}
               WHERE o.owner_id IS NOT NULL AND o.outcome IN ('won', 'lost') AND ({reached})
                 AND CAST(o.closed_at AS DATE) >= first AND CAST(o.closed_at AS DATE) < after GROUP BY ALL"""


def _reached(stage: str) -> str:
    quoted = stage.replace("'", "''")
    return f"""(o.outcome = 'won' OR o.opportunity_id IN
               (SELECT opportunity_id FROM stage_changes WHERE lower(stage) = '{quoted}'))"""
