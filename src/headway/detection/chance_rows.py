"""Reads one step: every lead or deal that entered it, brought to one row per kind of chance."""

from typing import Any

import numpy as np

from headway.detection.evidence import Chances
from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster, week_sql
from headway.stats.arrays import Flags, Floats, Ints


def lead_items() -> str:
    return """SELECT l.owner_id, l.created_at AS entered_at, coalesce(l.qualified_at, d.created_at) AS done_at,
                     l.disqualified_at AS lost_at, l.source, l.score
              FROM _leads l LEFT JOIN _deals d ON d.opportunity_id = l.opportunity_id"""


def deal_items(middle: list[str]) -> list[str]:
    """One relation per step among deals: entered the step, and went on to any later one."""
    ranks = (
        "CASE lower(trim(stage)) "
        + " ".join(
            f"WHEN '{name.lower().replace(chr(39), chr(39) * 2)}' THEN {rank}" for rank, name in enumerate(middle, 1)
        )
        + " END"
        if middle
        else "NULL"
    )
    reached = ["d.created_at"] + [f"s.at{rank}" for rank in range(1, len(middle) + 1)] + ["d.won_at"]
    columns = ", ".join(f"min(entered_at) FILTER (rank >= {rank}) AS at{rank}" for rank in range(1, len(middle) + 1))
    stages = (
        f"""LEFT JOIN (SELECT opportunity_id, {columns} FROM (SELECT opportunity_id, entered_at, {ranks} AS rank
            FROM stage_changes WHERE entered_at IS NOT NULL) GROUP BY opportunity_id) s USING (opportunity_id)"""
        if middle
        else ""
    )
    relations = []
    for position in range(len(reached) - 1):
        later = ", ".join(reached[position + 1 :])
        entered = f"least({', '.join(reached[position:])})" if position else reached[0]
        relations.append(
            f"""SELECT d.owner_id, {entered} AS entered_at, least({later}) AS done_at,
                       d.lost_at, d.source, d.score
                FROM _deals d {stages} WHERE {entered} IS NOT NULL"""
        )
    return relations


def coded(facts: FactsLike, roster: Roster, relation: str, sources: tuple[str, ...], extra: str) -> str:
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in sources) or "''"
    return f"""SELECT p.rep, coalesce(g.code, -1) AS segment,
                      coalesce(list_position([{listed}], i.source), 0) AS source, i.score, {extra}
               FROM ({relation}) i JOIN _pool p ON p.person_id = i.owner_id
               ASOF LEFT JOIN _history h ON h.person_id = i.owner_id AND h.valid_from <= CAST(i.entered_at AS DATE)
               LEFT JOIN _segments g ON g.segment = h.segment"""


def read_step(facts: FactsLike, roster: Roster, key: str, relation: str, sources: tuple[str, ...]) -> Chances:
    week = week_sql("i.entered_at", facts, roster.weeks)
    done = week_sql("i.done_at", facts, roster.weeks)
    lost = week_sql("i.lost_at", facts, roster.weeks)
    sql = coded(facts, roster, relation, sources, f"{week} AS week, {done} AS done, {lost} AS lost")
    rows = facts.con.execute(f"SELECT * FROM ({sql}) WHERE week >= 0 AND week < {roster.weeks}").fetchnumpy()
    rep = np.asarray(rows["rep"], dtype=np.int64)
    segment = np.asarray(rows["segment"], dtype=np.int64)
    segment = np.where(segment < 0, roster.segment[rep], segment) if rep.size else segment
    entry = np.asarray(rows["week"], dtype=np.int64)
    lag = _lags(rows["done"], entry, roster.weeks)
    gone = np.where(lag >= 0, -1, _lags(rows["lost"], entry, roster.weeks))
    score, scored = _bin_scores(np.ma.filled(np.ma.asarray(rows["score"]).astype(np.float64), np.nan))
    here = roster.present[rep, entry] >= 0.5 if rep.size else np.zeros(0, dtype=bool)
    source = np.asarray(rows["source"], dtype=np.int64)
    return _aggregate(key, rep, segment, source, score, scored, entry, lag, gone, here)


def _lags(column: Any, entry: Ints, weeks: int) -> Ints:
    """Weeks from entry to the event, at least 0; -1 where it has not happened."""
    week = np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)
    seen = np.isfinite(week) & (week < weeks)
    return np.where(seen, np.maximum(np.nan_to_num(week) - entry, 0), -1).astype(np.int64)


def _bin_scores(score: Floats) -> tuple[Floats, Flags]:
    """Twenty quantile bins, standardised: enough to compare like with like, few enough to add up."""
    scored = np.isfinite(score)
    if scored.sum() < 50 or float(np.ptp(score[scored])) == 0.0:
        return np.zeros(score.size), np.zeros(score.size, dtype=bool)
    edges = np.unique(np.quantile(score[scored], np.linspace(0, 1, 21)[1:-1]))
    cell = np.searchsorted(edges, np.where(scored, score, edges[0]))
    sums = np.bincount(cell[scored], score[scored], edges.size + 1)
    counts = np.maximum(np.bincount(cell[scored], minlength=edges.size + 1), 1)
    middle = (sums / counts - score[scored].mean()) / score[scored].std()
    return np.where(scored, middle[cell], 0.0), scored


def _aggregate(
    key: str,
    rep: Ints,
    segment: Ints,
    source: Ints,
    score: Floats,
    scored: Flags,
    week: Ints,
    lag: Ints,
    lost: Ints,
    here: Flags,
) -> Chances:
    if not here.any():
        empty = np.zeros(0, dtype=np.int64)
        return Chances(key, empty, empty, empty, np.zeros(0), np.zeros(0, bool), empty, empty, empty, np.zeros(0))
    levels, level = np.unique(score[here], return_inverse=True)
    code = rep[here]
    for part, size in (
        (segment[here], int(segment.max()) + 1),
        (source[here], int(source.max()) + 1),
        (level, levels.size),
        (scored[here].astype(np.int64), 2),
        (week[here], int(week.max()) + 1),
        (lag[here] + 1, int(lag.max()) + 2),
        (lost[here] + 1, int(lost.max()) + 2),
    ):
        code = code * size + part
    _, first, count = np.unique(code, return_index=True, return_counts=True)
    pick = np.flatnonzero(here)[first]
    return Chances(
        key,
        rep[pick],
        segment[pick],
        source[pick],
        score[pick],
        scored[pick],
        week[pick],
        lag[pick],
        lost[pick],
        count.astype(np.float64),
    )
