"""Who is there: reps of the pool, time in role, segment, territory, absences, quotas, week by week."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from headway.detection.facts_port import FactsLike
from headway.detection.own_currency import foreign_sql
from headway.detection.policy import Policy
from headway.stats.arrays import Flags, Floats, Ints

VETERAN_WEEKS = 260.0


@dataclass(frozen=True)
class Roster:
    """Arrays over the people of the pool (index r) and weeks (index w; the last week ends on as_of).

    hired_week: week index of the first day in role, possibly negative; NaN where unknown.
    present: (people, weeks) share of each week at work; potential: 1.0 = average, NaN unknown.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    active: Flags
    segment: Ints
    segments: tuple[str, ...]
    hired_week: Floats
    hired_inferred: Flags
    first_week: Floats
    present: Floats
    potential: Floats
    attainment: Floats
    as_of: date
    weeks: int

    @property
    def position(self) -> dict[str, int]:
        return {person: index for index, person in enumerate(self.ids)}

    def day(self, week: int) -> date:
        """First day of a week."""
        return self.as_of - timedelta(days=7 * (self.weeks - int(week)) - 1)

    @property
    def tenure_weeks(self) -> Floats:
        """Weeks in role on as_of; NaN unknown."""
        return np.asarray(self.weeks - self.hired_week)


def week_sql(day: str, facts: FactsLike, weeks: int) -> str:
    """SQL for the week index of a date or instant expression."""
    return f"({weeks - 1} - (DATE '{facts.as_of}' - CAST({day} AS DATE)) // 7)"


def weeks_of(facts: FactsLike, policy: Policy) -> int:
    """Number of weeks looked at."""
    if facts.first_day is None:
        return 1
    return max(1, min(policy.window_weeks, ((facts.as_of - facts.first_day).days + 7) // 7))


def read_roster(facts: FactsLike, *, policy: Policy) -> Roster:
    """The pool: everybody whose role is rep (or not given), active or gone."""
    weeks = weeks_of(facts, policy)
    first = _first_facts(facts)
    rows = facts.con.execute(
        f"""SELECT p.person_id, coalesce(p.name, p.person_id),
                   coalesce(CAST(p.hired_on AS DATE) <= DATE '{facts.as_of}', true)
                   AND coalesce(CAST(p.left_on AS DATE) > DATE '{facts.as_of}', true),
                   nullif(trim(p.segment), ''), CAST(p.hired_on AS DATE), CAST(p.left_on AS DATE),
                   p.territory_id
            FROM people p WHERE p.role IS NULL OR trim(p.role) = '' OR lower(trim(p.role)) = 'rep'
            ORDER BY p.person_id"""
    ).fetchall()
    ids = tuple(str(row[0]) for row in rows)
    segments_now, territory_now = _assigned_now(facts, {str(r[0]): (r[3], r[6]) for r in rows})
    labels = tuple(sorted({segments_now[i] or "" for i in ids})) or ("",)
    code = {label: k for k, label in enumerate(labels)}
    hired, inferred, first_week = _tenure(rows, first, facts, weeks)
    present = _present(facts, rows, hired, weeks)
    potential = _potential(facts)
    return Roster(
        ids,
        tuple(str(row[1]) for row in rows),
        np.array([bool(row[2]) for row in rows], dtype=bool),
        np.array([code[segments_now[i] or ""] for i in ids], dtype=np.int64),
        labels,
        hired,
        inferred,
        first_week,
        present,
        np.array([potential.get(territory_now[i] or "", np.nan) for i in ids], dtype=np.float64),
        _attainment(facts, ids, policy),
        facts.as_of,
        weeks,
    )


def _assigned_now(
    facts: FactsLike, plain: dict[str, tuple[str | None, str | None]]
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    segment = {key: value[0] for key, value in plain.items()}
    territory = {key: value[1] for key, value in plain.items()}
    rows = facts.con.execute(
        f"""SELECT person_id, nullif(trim(segment), ''), territory_id FROM assignments
            WHERE coalesce(CAST(valid_from AS DATE), DATE '1900-01-01') <= DATE '{facts.as_of}'
              AND coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') > DATE '{facts.as_of}'
            ORDER BY coalesce(CAST(valid_from AS DATE), DATE '1900-01-01')"""
    ).fetchall()
    for person, seg, terr in rows:
        if person in segment:
            segment[person] = seg or segment[person]
            territory[person] = terr or territory[person]
    return segment, territory


def _first_facts(facts: FactsLike) -> dict[str, date]:
    rows = facts.con.execute(
        """SELECT owner, min(CAST(day AS DATE)) FROM (
               SELECT owner_id AS owner, created_at AS day FROM leads WHERE created_at IS NOT NULL
               UNION ALL SELECT owner_id, coalesce(created_at, closed_at) FROM opportunities
               UNION ALL SELECT person_id, occurred_at FROM activities)
           WHERE owner IS NOT NULL AND day IS NOT NULL GROUP BY owner"""
    ).fetchall()
    return {str(owner): day for owner, day in rows}


def _tenure(
    rows: list[tuple[object, ...]], first: dict[str, date], facts: FactsLike, weeks: int
) -> tuple[Floats, Flags, Floats]:
    """Start in role per person. Where no date is given, somebody who turns up well after the records
    begin is taken to have started then; somebody there from the start has unknown, long tenure."""

    def week(day: date) -> float:
        return weeks - 1 - ((facts.as_of - day).days / 7.0)

    hired, inferred, begins = [], [], []
    opening = min(first.values(), default=facts.as_of)
    for row in rows:
        start = first.get(str(row[0]))
        begins.append(week(start) if start else np.nan)
        known = row[4]
        if isinstance(known, date):
            hired.append(week(known))
            inferred.append(False)
        elif start is not None and (start - opening).days > 91:
            hired.append(week(start))
            inferred.append(True)
        else:
            hired.append(np.nan)
            inferred.append(False)
    return np.array(hired, float), np.array(inferred, bool), np.array(begins, float)


def _present(facts: FactsLike, rows: list[tuple[object, ...]], hired: Floats, weeks: int) -> Floats:
    grid = np.arange(weeks)
    present = np.ones((len(rows), weeks))
    present *= np.clip(grid[None, :] + 1 - np.where(np.isnan(hired), -1e9, hired)[:, None], 0.0, 1.0)
    position = {str(row[0]): index for index, row in enumerate(rows)}
    for index, row in enumerate(rows):
        if isinstance(row[5], date):
            end = weeks - (facts.as_of - row[5]).days / 7.0
            present[index] *= np.clip(end - grid, 0.0, 1.0)
    for person, start, end in facts.con.execute(
        f"""SELECT person_id, CAST(start_on AS DATE), coalesce(CAST(end_on AS DATE), DATE '{facts.as_of}')
            FROM absences WHERE start_on IS NOT NULL"""
    ).fetchall():
        if person in position:
            low = weeks - (facts.as_of - start).days / 7.0 - 1 / 7
            high = weeks - (facts.as_of - end).days / 7.0
            away = np.clip(np.minimum(grid + 1, high) - np.maximum(grid, low), 0.0, 1.0)
            present[position[person]] *= 1.0 - away
    return np.asarray(present, dtype=np.float64)


def _potential(facts: FactsLike) -> dict[str, float]:
    rows = facts.con.execute(
        f"""SELECT territory_id, potential FROM territories
            WHERE potential > 0 AND coalesce(CAST(valid_from AS DATE), DATE '1900-01-01') <= DATE '{facts.as_of}'
              AND coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') > DATE '{facts.as_of}'"""
    ).fetchall()
    return {str(key): float(value) for key, value in rows}


def _attainment(facts: FactsLike, ids: tuple[str, ...], policy: Policy) -> Floats:
    """Won amount over target in the periods that ended within the last half year; NaN without a target, or where
    some of it is in another currency."""
    rows = facts.con.execute(
        f"""WITH q AS (SELECT person_id, CAST(period_start AS DATE) AS s,
                              CAST(period_end AS DATE)
                              - CAST(CASE WHEN day(CAST(period_end AS DATE)) = 1 THEN 1 ELSE 0 END AS INTEGER) AS last,
                              sum(target) AS target
                       FROM quotas t WHERE target > 0 AND coalesce(metric, 'revenue') = 'revenue'
                         AND NOT ({foreign_sql(facts, "t")}) AND CAST(period_end AS DATE) <= DATE '{facts.as_of}' + 1
                         AND CAST(period_end AS DATE) > DATE '{facts.as_of}' - {policy.quota_days}
                       GROUP BY ALL),
                 won AS (SELECT q.person_id, q.s, sum(o.amount) AS won,
                                bool_or(o.amount > 0 AND {foreign_sql(facts, "o")}) AS mixed
                         FROM q JOIN opportunities o
                         ON o.owner_id = q.person_id AND o.outcome = 'won'
                         AND CAST(o.closed_at AS DATE) >= q.s AND CAST(o.closed_at AS DATE) <= q.last
                         GROUP BY ALL)
            SELECT q.person_id, sum(coalesce(won.won, 0)) / sum(q.target)
            FROM q LEFT JOIN won USING (person_id, s) GROUP BY q.person_id
            HAVING NOT bool_or(coalesce(won.mixed, false))"""
    ).fetchall()
    found = {str(key): float(value) for key, value in rows}
    return np.array([found.get(person, np.nan) for person in ids], dtype=np.float64)
