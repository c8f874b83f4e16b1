"""What changed around a person within the window: territory, team, segment, manager, quota. Named beside the figures,
because results before and after such a day are not of one place."""

from dataclasses import dataclass
from datetime import date, timedelta

from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster

WINDOW_WEEKS = 52
# quarters differ by two days, which moves the target a day; a quota that moves by less than this is the same
SAME_QUOTA = 0.035
PLACES = ("territory", "team", "segment", "manager")


@dataclass(frozen=True)
class Move:
    """A change on a day. what: one of PLACES, or "quota"; before, after: names, for a quota the share of the earlier
    daily target ("1", "1.25")."""

    on: date
    what: str
    before: str
    after: str


def moves_in(facts: FactsLike, roster: Roster) -> dict[int, tuple[Move, ...]]:
    """By person the changes of the last year, the newest first; who did not change is not in it."""
    since = facts.as_of - timedelta(weeks=WINDOW_WEEKS)
    found: dict[int, list[Move]] = {}
    position = roster.position
    for person, move in (*_places(facts, since), *_quotas(facts, since)):
        if person in position:
            found.setdefault(position[person], []).append(move)
    return {p: tuple(sorted(moves, key=lambda m: (-m.on.toordinal(), m.what))) for p, moves in found.items()}


def _places(facts: FactsLike, since: date) -> list[tuple[str, Move]]:
    """A manager that changes with the team is not told apart; nor is what was unknown before or after."""
    rows = facts.con.execute(
        f"""WITH here AS (
                SELECT a.person_id, CAST(a.valid_from AS DATE) AS day, nullif(trim(a.team), '') AS team,
                       nullif(trim(a.segment), '') AS segment, a.territory_id, a.manager_id
                FROM assignments a
                WHERE coalesce(CAST(a.valid_from AS DATE), DATE '1900-01-01') <= DATE '{facts.as_of}'),
            moved AS (
                SELECT *, lag(team) OVER w AS team_before, lag(segment) OVER w AS segment_before,
                       lag(territory_id) OVER w AS territory_before, lag(manager_id) OVER w AS manager_before
                FROM here WINDOW w AS (PARTITION BY person_id ORDER BY coalesce(day, DATE '1900-01-01'))),
            area AS (SELECT territory_id, any_value(name) AS name FROM territories GROUP BY 1),
            who AS (SELECT person_id, any_value(name) AS name FROM people GROUP BY 1)
            SELECT m.person_id, m.day, m.team_before, m.team, m.segment_before, m.segment,
                   coalesce(tb.name, m.territory_before), coalesce(ta.name, m.territory_id),
                   coalesce(mb.name, m.manager_before), coalesce(ma.name, m.manager_id)
            FROM moved m LEFT JOIN area tb ON tb.territory_id = m.territory_before
            LEFT JOIN area ta ON ta.territory_id = m.territory_id
            LEFT JOIN who mb ON mb.person_id = m.manager_before LEFT JOIN who ma ON ma.person_id = m.manager_id
            WHERE m.day > DATE '{since}' ORDER BY m.person_id, m.day"""
    ).fetchall()
    found = []
    for person, day, team_was, team, segment_was, segment, area_was, area, boss_was, boss in rows:
        pairs = {"territory": (area_was, area), "team": (team_was, team), "segment": (segment_was, segment)}
        if team_was == team:
            pairs["manager"] = (boss_was, boss)
        found += [
            (str(person), Move(day, what, str(was), str(now)))
            for what, (was, now) in pairs.items()
            if was is not None and now is not None and was != now
        ]
    return found


def _quotas(facts: FactsLike, since: date) -> list[tuple[str, Move]]:
    rows = facts.con.execute(
        f"""WITH q AS (
                SELECT person_id, CAST(period_start AS DATE) AS day,
                       sum(target) / greatest(max(CAST(period_end AS DATE) - CAST(period_start AS DATE)), 1) AS daily
                FROM quotas WHERE target > 0 AND coalesce(metric, 'revenue') = 'revenue'
                  AND CAST(period_start AS DATE) <= DATE '{facts.as_of}' GROUP BY 1, 2),
            moved AS (SELECT *, lag(daily) OVER (PARTITION BY person_id ORDER BY day) AS before FROM q)
            SELECT person_id, day, daily / before FROM moved
            WHERE before IS NOT NULL AND day > DATE '{since}' ORDER BY 1, 2"""
    ).fetchall()
    return [
        (str(person), Move(day, "quota", "1", f"{ratio:.4f}"))
        for person, day, ratio in rows
        if abs(ratio - 1.0) > SAME_QUOTA
    ]
