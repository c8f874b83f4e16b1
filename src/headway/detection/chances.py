"""Chances and outcomes: every lead or deal that entered a step, and whether and when it went on.

Fan-out is avoided by bringing each table to one row per item before joining.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster, week_sql
from headway.detection.signal import MetricNotEvaluable
from headway.stats.arrays import Flags, Floats, Ints

EFFORT, SIZE = "own_leads", "deal_size"
SELF = ("self", "self-sourced", "self_sourced", "self sourced")
LARGEST_KINDS = 12
LEAST_AMOUNTS = 20


@dataclass(frozen=True)
class Chances:
    """Items that entered one step, aggregated: one row per rep, case mix, entry week and lag.

    lag: weeks to success, -1 not (yet); lost: weeks to the recorded loss, -1 none; source codes index
    `sources`; score standardised, 0 unknown.
    """

    key: str
    rep: Ints
    segment: Ints
    source: Ints
    score: Floats
    scored: Flags
    week: Ints
    lag: Ints
    lost: Ints
    count: Floats


@dataclass(frozen=True)
class WonDeals:
    """One row per won deal with an amount: closing week and log amount; log_list: log list price, NaN unknown."""

    rep: Ints
    segment: Ints
    source: Ints
    product: Ints
    week: Ints
    log_amount: Floats
    products: int
    log_list: Floats
    named_share: float

    @property
    def mix_known(self) -> bool:
        """Whether at least half of the deals tell what was sold: by product or by list price."""
        return max(self.named_share, float(np.isfinite(self.log_list).mean())) >= 0.5


@dataclass(frozen=True)
class Evidence:
    """Everything the estimate uses. own: (people, weeks) self-sourced leads, None when nothing says which;
    owned: (people,) leads and deals owned, ever."""

    steps: tuple[Chances, ...]
    won: WonDeals | None
    own: Floats | None
    self_share: float
    sources: tuple[str, ...]
    bookings: Floats
    owned: Floats
    not_evaluable: tuple[MetricNotEvaluable, ...]
    adjusts: tuple[str, ...]


def step_keys(rungs: tuple[str, ...], *, leads: bool) -> tuple[str, ...]:
    """Names of the conversions that the data can show, in order, e.g. `qualified_to_proposal`.

    rungs: the ladder without the rungs that never occur.
    """
    return tuple(f"{a}_to_{b}" for a, b in itertools.pairwise(rungs if leads else rungs[1:]))


def _rungs_seen(facts: FactsLike) -> tuple[str, ...]:
    """Middle rungs of the ladder that occur in the facts at all."""
    found = {
        str(row[0]) for row in facts.con.execute("SELECT DISTINCT lower(trim(stage)) FROM stage_changes").fetchall()
    }
    return tuple(name for name in facts.ladder[2:-1] if name.lower() in found)


def prepare_views(facts: FactsLike, roster: Roster) -> None:
    """Temporary tables shared by the queries: people of the pool, one row per lead and per deal."""
    con = facts.con
    for table, column, number, values in (
        ("_pool", "person_id", "rep", roster.ids),
        ("_segments", "segment", "code", roster.segments),
    ):
        # written out and quoted: a parameter or an array would make the database load a data-frame library first
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest([{listed}]::VARCHAR[]) AS {column},
                unnest(range({len(values)})::INTEGER[]) AS {number}"""
        )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _history AS
           SELECT person_id, coalesce(CAST(valid_from AS DATE), DATE '1900-01-01') AS valid_from,
                  any_value(nullif(trim(segment), '')) AS segment
           FROM assignments GROUP BY ALL"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _leads AS
           SELECT lead_id, any_value(owner_id) AS owner_id, any_value(created_at) AS created_at,
                  any_value(lower(trim(source))) AS source, any_value(score) AS score,
                  any_value(qualified_at) AS qualified_at, any_value(disqualified_at) AS disqualified_at,
                  any_value(opportunity_id) AS opportunity_id
           FROM leads WHERE owner_id IS NOT NULL AND created_at IS NOT NULL GROUP BY lead_id"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _deals AS
           SELECT o.opportunity_id, any_value(o.owner_id) AS owner_id,
                  any_value(coalesce(o.created_at, o.closed_at)) AS created_at,
                  any_value(lower(trim(coalesce(o.source, l.source)))) AS source, any_value(l.score) AS score,
                  any_value(CASE WHEN o.outcome = 'won' THEN coalesce(o.closed_at, o.created_at) END) AS won_at,
                  any_value(CASE WHEN o.outcome = 'lost' THEN o.closed_at END) AS lost_at,
                  any_value(o.list_price) AS list_price,
                  any_value(o.outcome) AS outcome, any_value(o.amount) AS amount,
                  any_value(coalesce(o.product, '')) AS product
           FROM opportunities o LEFT JOIN _leads l ON l.lead_id = o.lead_id
           WHERE o.owner_id IS NOT NULL AND coalesce(o.created_at, o.closed_at) IS NOT NULL
           GROUP BY o.opportunity_id"""
    )


def read_evidence(facts: FactsLike, roster: Roster) -> Evidence:
    """Read what there is; name what is not."""
    prepare_views(facts, roster)
    reasons: list[MetricNotEvaluable] = []
    sources = _source_names(facts)
    ladder = facts.ladder
    has_leads = bool(facts.con.execute("SELECT count(*) FROM _leads").fetchone()[0])
    has_deals = bool(facts.con.execute("SELECT count(*) FROM _deals").fetchone()[0])
    middle = _rungs_seen(facts) if has_deals else ()
    if has_deals:
        reasons.extend(MetricNotEvaluable(rung, "never_occurs") for rung in ladder[2:-1] if rung not in middle)
    relations = [_lead_items()] if has_leads else []
    relations += _deal_items(list(middle)) if has_deals else []
    names = step_keys((*ladder[:2], *middle, ladder[-1]) if has_deals else ladder[:2], leads=has_leads)
    steps = _read_steps(facts, roster, dict(zip(names, relations, strict=False)), sources, reasons)
    won = _read_won(facts, roster, sources)
    if won is None:
        reasons.append(MetricNotEvaluable(SIZE, amounts_reason(facts)))
    elif not won.mix_known:
        reasons.append(MetricNotEvaluable(SIZE, "mix_unknown"))
    own, share = _read_own(facts, roster, has_leads)
    if own is None:
        reasons.append(MetricNotEvaluable(EFFORT, "no_self_sourced"))
    if not has_leads:
        reasons.append(MetricNotEvaluable(f"{ladder[0]}_to_{ladder[1]}", "no_leads"))
    for table in ("activities", "quotas"):
        if not facts.has(table):
            reasons.append(MetricNotEvaluable(table, "not_loaded"))
    return Evidence(
        tuple(steps),
        won,
        own,
        share,
        sources,
        _read_bookings(facts, roster),
        _read_owned(facts, roster),
        tuple(reasons),
        _adjusts(roster, steps, won),
    )


def _read_steps(
    facts: FactsLike,
    roster: Roster,
    relations: dict[str, str],
    sources: tuple[str, ...],
    reasons: list[MetricNotEvaluable],
) -> list[Chances]:
    """The usable steps; why the others are not is added to `reasons`."""
    steps = []
    for key, relation in relations.items():
        chances = _read_step(facts, roster, key, relation, sources)
        reason = _unusable(chances)
        if reason == "none_succeeded" and key.startswith(f"{facts.ladder[0]}_to_"):
            reason = "leads_not_linked"
        if reason:
            reasons.append(MetricNotEvaluable(key, reason))
        else:
            steps.append(chances)
    return steps


def _adjusts(roster: Roster, steps: list[Chances], won: WonDeals | None) -> tuple[str, ...]:
    found = []
    if len(roster.segments) > 1:
        found.append("segment")
    if any(len(np.unique(step.source)) > 1 for step in steps):
        found.append("source")
    if any(step.scored.any() for step in steps):
        found.append("score")
    if won is not None and won.products > 1:
        found.append("product")
    if np.isfinite(roster.potential).sum() >= 3:
        found.append("territory")
    if np.isfinite(roster.hired_week).sum() >= 3:
        found.append("tenure")
    return (*found, "season")


def _unusable(step: Chances) -> str | None:
    total, done = step.count.sum(), step.count[step.lag >= 0].sum()
    if total < 20 or len(np.unique(step.rep)) < 2:
        return "too_few"
    if done == 0:
        return "none_succeeded"
    if done == total:
        return "only_successes"
    return None


def _source_names(facts: FactsLike) -> tuple[str, ...]:
    rows = facts.con.execute(
        f"""SELECT source FROM (SELECT source FROM _leads UNION ALL SELECT source FROM _deals)
            WHERE source IS NOT NULL AND source <> '' GROUP BY source ORDER BY count(*) DESC, source
            LIMIT {LARGEST_KINDS}"""
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


def _lead_items() -> str:
    return """SELECT l.owner_id, l.created_at AS entered_at, coalesce(l.qualified_at, d.created_at) AS done_at,
                     l.disqualified_at AS lost_at, l.source, l.score
              FROM _leads l LEFT JOIN _deals d ON d.opportunity_id = l.opportunity_id"""


def _deal_items(middle: list[str]) -> list[str]:
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


def _coded(facts: FactsLike, roster: Roster, relation: str, sources: tuple[str, ...], extra: str) -> str:
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in sources) or "''"
    return f"""SELECT p.rep, coalesce(g.code, -1) AS segment,
                      coalesce(list_position([{listed}], i.source), 0) AS source, i.score, {extra}
               FROM ({relation}) i JOIN _pool p ON p.person_id = i.owner_id
               ASOF LEFT JOIN _history h ON h.person_id = i.owner_id AND h.valid_from <= CAST(i.entered_at AS DATE)
               LEFT JOIN _segments g ON g.segment = h.segment"""


def _read_step(facts: FactsLike, roster: Roster, key: str, relation: str, sources: tuple[str, ...]) -> Chances:
    week = week_sql("i.entered_at", facts, roster.weeks)
    done = week_sql("i.done_at", facts, roster.weeks)
    lost = week_sql("i.lost_at", facts, roster.weeks)
    sql = _coded(facts, roster, relation, sources, f"{week} AS week, {done} AS done, {lost} AS lost")
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


def _read_won(facts: FactsLike, roster: Roster, sources: tuple[str, ...]) -> WonDeals | None:
    relation = """SELECT owner_id, won_at AS entered_at, source, score, amount, product, list_price FROM _deals
                  WHERE won_at IS NOT NULL AND amount > 0"""
    week = week_sql("i.entered_at", facts, roster.weeks)
    sql = _coded(
        facts,
        roster,
        relation,
        sources,
        f"{week} AS week, ln(i.amount) AS log_amount, i.product, "
        "CASE WHEN i.list_price > 0 THEN ln(i.list_price) END AS log_list",
    )
    rows = facts.con.execute(
        f"""SELECT rep, segment, source, week, log_amount, log_list, product <> '' AS named,
                   dense_rank() OVER (ORDER BY product) - 1 AS product
            FROM ({sql}) WHERE week >= 0 AND week < {roster.weeks} ORDER BY ALL"""
    ).fetchnumpy()
    amount = np.asarray(rows["log_amount"], dtype=np.float64)
    if amount.size < LEAST_AMOUNTS or float(np.ptp(amount)) == 0.0:
        return None
    product, kinds = _largest_products(np.asarray(rows["product"], dtype=np.int64))
    rep = np.asarray(rows["rep"], dtype=np.int64)
    segment = np.asarray(rows["segment"], dtype=np.int64)
    segment = np.where(segment < 0, roster.segment[rep], segment)
    return WonDeals(
        rep,
        segment,
        np.asarray(rows["source"], dtype=np.int64),
        product,
        np.asarray(rows["week"], dtype=np.int64),
        amount,
        kinds,
        np.ma.filled(np.ma.asarray(rows["log_list"]).astype(np.float64), np.nan),
        float(np.asarray(rows["named"], dtype=np.float64).mean()),
    )


def amounts_reason(facts: FactsLike) -> str:
    """Why deal size is left out: "no_amounts", "few_amounts" or "same_amounts". After `prepare_views`."""
    row = facts.con.execute(
        """SELECT count(*), count(DISTINCT d.amount) FROM _deals d JOIN _pool p ON p.person_id = d.owner_id
           WHERE d.won_at IS NOT NULL AND d.amount > 0"""
    ).fetchone()
    count, different = row or (0, 0)
    if count == 0:
        return "no_amounts"
    return "same_amounts" if different == 1 and count >= LEAST_AMOUNTS else "few_amounts"


def _largest_products(product: Ints) -> tuple[Ints, int]:
    """The forty commonest products by code, everything else together."""
    counts = np.bincount(product)
    if counts.size <= 40:
        return product, counts.size
    code = np.full(counts.size, 39, dtype=np.int64)
    code[np.argsort(-counts)[:39]] = np.arange(39)
    return code[product], 40


def _read_own(facts: FactsLike, roster: Roster, has_leads: bool) -> tuple[Floats | None, float]:
    """Self-sourced leads (or deals, where there are no leads) per person and week, and the share of won
    money that comes from them."""
    kinds = ", ".join(f"'{name}'" for name in SELF)
    table = "_leads" if has_leads else "_deals"
    week = week_sql("i.created_at", facts, roster.weeks)
    rows = facts.con.execute(
        f"""SELECT p.rep, {week} AS week, count(*) AS n FROM {table} i JOIN _pool p ON p.person_id = i.owner_id
            WHERE i.source IN ({kinds}) GROUP BY ALL"""
    ).fetchnumpy()
    rep, when = np.asarray(rows["rep"], dtype=np.int64), np.asarray(rows["week"], dtype=np.int64)
    inside = (when >= 0) & (when < roster.weeks)
    if inside.sum() == 0 or len(np.unique(rep[inside])) < 3:
        return None, 0.0
    own = np.zeros((len(roster.ids), roster.weeks))
    np.add.at(own, (rep[inside], when[inside]), np.asarray(rows["n"], dtype=np.float64)[inside])
    money = facts.con.execute(
        f"""SELECT sum(CASE WHEN source IN ({kinds}) THEN amount ELSE 0 END) / nullif(sum(amount), 0),
                   sum(CASE WHEN source IN ({kinds}) THEN 1 ELSE 0 END) / nullif(count(*), 0)
            FROM _deals WHERE won_at IS NOT NULL"""
    ).fetchone()
    share = next((float(part) for part in money if part is not None), 0.0)
    return own, min(max(share, 0.0), 1.0)


def _read_bookings(facts: FactsLike, roster: Roster) -> Floats:
    """Won money per person and week."""
    week = week_sql("d.won_at", facts, roster.weeks)
    rows = facts.con.execute(
        f"""SELECT * FROM (SELECT p.rep, {week} AS week, sum(d.amount) AS amount FROM _deals d
            JOIN _pool p ON p.person_id = d.owner_id WHERE d.won_at IS NOT NULL AND d.amount > 0 GROUP BY ALL)
            WHERE week >= 0 AND week < {roster.weeks}"""
    ).fetchnumpy()
    money = np.zeros((len(roster.ids), roster.weeks))
    money[np.asarray(rows["rep"], dtype=np.int64), np.asarray(rows["week"], dtype=np.int64)] = rows["amount"]
    return money


def _read_owned(facts: FactsLike, roster: Roster) -> Floats:
    """Leads and deals owned per person, whenever they were created, with or without dates."""
    rows = facts.con.execute(
        """SELECT p.rep, count(*) AS n FROM (SELECT owner_id FROM leads UNION ALL SELECT owner_id FROM opportunities) i
           JOIN _pool p ON p.person_id = i.owner_id GROUP BY ALL"""
    ).fetchnumpy()
    return np.bincount(np.asarray(rows["rep"], dtype=np.int64), rows["n"], len(roster.ids)).astype(np.float64)
