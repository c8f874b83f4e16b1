"""Reads one step: every lead or deal that entered it, brought to one row per kind of chance."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.detection.evidence import Chances
from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster, week_sql
from headway.stats.arrays import Flags, Floats, Ints


def lead_items() -> str:
    return """SELECT l.owner_id, l.created_at AS entered_at, coalesce(l.qualified_at, d.created_at) AS done_at,
                     l.disqualified_at AS lost_at, l.source, l.score, '' AS product
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
                       d.lost_at, d.source, d.score, d.product
                FROM _deals d {stages} WHERE {entered} IS NOT NULL"""
        )
    return relations


@dataclass(frozen=True)
class Kinds:
    """Names behind the codes of sources and products, from 1; 0 stands for every other."""

    sources: tuple[str, ...]
    products: tuple[str, ...] = ()


def place_in(names: tuple[str, ...], column: str) -> str:
    """SQL for the code of a column's text."""
    if not names:
        return "0"
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"coalesce(list_position([{listed}], {column}), 0)"


def coded(facts: FactsLike, roster: Roster, relation: str, sources: tuple[str, ...], extra: str) -> str:
    return f"""SELECT p.rep, coalesce(g.code, -1) AS segment,
                      {place_in(sources, "i.source")} AS source, i.score, {extra}
               FROM ({relation}) i JOIN _pool p ON p.person_id = i.owner_id
               ASOF LEFT JOIN _history h ON h.person_id = i.owner_id AND h.valid_from <= CAST(i.entered_at AS DATE)
               LEFT JOIN _segments g ON g.segment = h.segment"""


def read_step(facts: FactsLike, roster: Roster, key: str, relation: str, kinds: Kinds) -> Chances:
    week = week_sql("i.entered_at", facts, roster.weeks)
    done = week_sql("i.done_at", facts, roster.weeks)
    lost = week_sql("i.lost_at", facts, roster.weeks)
    offered = place_in(kinds.products, "i.product")
    extra = f"{offered} AS product, {week} AS week, {done} AS done, {lost} AS lost"
    sql = coded(facts, roster, relation, kinds.sources, extra)
    rows = facts.con.execute(
        f"""SELECT CAST(rep AS INTEGER) AS rep, CAST(segment AS SMALLINT) AS segment,
                   CAST(source AS SMALLINT) AS source, CAST(product AS TINYINT) AS product, score,
                   CAST(week AS SMALLINT) AS week, CAST(done AS INTEGER) AS done, CAST(lost AS INTEGER) AS lost
            FROM ({sql}) WHERE week >= 0 AND week < {roster.weeks}"""
    ).fetchnumpy()
    rep, entry = np.asarray(rows["rep"], dtype=np.int32), np.asarray(rows["week"], dtype=np.int16)
    segment = np.asarray(rows["segment"], dtype=np.int16)
    segment = np.where(segment < 0, roster.segment[rep].astype(np.int16), segment)
    lag = _lags(rows.pop("done"), entry, roster.weeks)
    gone = np.where(lag >= 0, np.int16(-1), _lags(rows.pop("lost"), entry, roster.weeks))
    levels, level = _bin_scores(np.ma.filled(np.ma.asarray(rows.pop("score")).astype(np.float64), np.nan))
    here = roster.present[rep, entry] >= 0.5
    source, product = np.asarray(rows["source"], dtype=np.int16), np.asarray(rows["product"], dtype=np.int8)
    return _aggregate(key, (rep, segment, source, product, level, entry, lag, gone), here, levels)


def _lags(column: Any, entry: Ints, weeks: int) -> Ints:
    """Weeks from entry to the event, at least 0; -1 where it has not happened."""
    week = np.ma.filled(np.ma.asarray(column), weeks)
    return np.where(week < weeks, np.maximum(week - entry, 0), -1).astype(np.int16)


def _bin_scores(score: Floats) -> tuple[Floats, Ints]:
    """Levels, and which of them each score has: twenty quantile bins, standardised.

    Enough to compare like with like and few enough to add up. The first level, 0, is that of an unknown score.
    """
    level, scored = np.zeros(score.size, dtype=np.int8), np.isfinite(score)
    known = score[scored]
    if known.size < 50 or float(np.ptp(known)) == 0.0:
        return np.zeros(1), level
    edges = np.unique(np.quantile(known, np.linspace(0, 1, 21)[1:-1]))
    cell = np.searchsorted(edges, known)
    counts = np.maximum(np.bincount(cell, minlength=edges.size + 1), 1)
    middle = (np.bincount(cell, known, edges.size + 1) / counts - known.mean()) / known.std()
    level[scored] = cell + 1
    return np.concatenate([[0.0], middle]), level


def _aggregate(key: str, columns: tuple[Ints, ...], here: Flags, levels: Floats) -> Chances:
    """One row for all items that are alike in every column, among those `here`."""
    picked = [column[here] for column in columns]
    code = np.zeros(picked[0].size, dtype=np.int64)
    for part in picked:
        code *= int(part.max(initial=0)) + 2
        code += part
        code += 1
    _, first, count = np.unique(code, return_index=True, return_counts=True)
    rep, segment, source, product, level, week, lag, lost = (part[first] for part in picked)
    return Chances(key, rep, segment, source, product, level, week, lag, lost, count.astype(np.float64), levels)
