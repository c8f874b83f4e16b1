"""Chances and outcomes: every lead or deal that entered a step, and whether and when it went on.

Fan-out is avoided by bringing each table to one row per item before joining.
"""

import itertools

import numpy as np

from headway.detection.chance_rows import Kinds, deal_items, lead_items, read_step
from headway.detection.evidence import Chances, Evidence, WonDeals
from headway.detection.facts_port import FactsLike
from headway.detection.own_currency import amount_sql, foreign_sql
from headway.detection.roster import Roster, week_sql
from headway.detection.signal import MetricNotEvaluable
from headway.detection.won_deals import amounts_reason, read_won
from headway.stats.arrays import Floats

EFFORT, SIZE = "own_leads", "deal_size"
SELF = ("self", "self-sourced", "self_sourced", "self sourced")
LARGEST_KINDS = 12
# how much oftener won deals may tell their product than lost ones
TOLD_ALIKE = 0.1


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
        f"""CREATE OR REPLACE TEMP TABLE _deals AS
           SELECT o.opportunity_id, any_value(o.owner_id) AS owner_id,
                  any_value(coalesce(o.created_at, o.closed_at)) AS created_at,
                  any_value(lower(trim(coalesce(o.source, l.source)))) AS source, any_value(l.score) AS score,
                  any_value(CASE WHEN o.outcome = 'won' THEN coalesce(o.closed_at, o.created_at) END) AS won_at,
                  any_value(CASE WHEN o.outcome = 'lost' THEN o.closed_at END) AS lost_at,
                  any_value(o.list_price) AS list_price,
                  any_value(o.outcome) AS outcome, any_value({amount_sql(facts, "o")}) AS amount,
                  bool_or(o.amount > 0 AND {foreign_sql(facts, "o")}) AS in_other_currency,
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
    relations = [lead_items()] if has_leads else []
    relations += deal_items(list(middle)) if has_deals else []
    names = step_keys((*ladder[:2], *middle, ladder[-1]) if has_deals else ladder[:2], leads=has_leads)
    kinds = Kinds(sources, _product_names(facts) if has_deals else ())
    steps = _read_steps(facts, roster, dict(zip(names, relations, strict=False)), kinds, reasons)
    won = read_won(facts, roster, sources)
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
    kinds: Kinds,
    reasons: list[MetricNotEvaluable],
) -> list[Chances]:
    """The usable steps; why the others are not is added to `reasons`."""
    steps = []
    for key, relation in relations.items():
        chances = read_step(facts, roster, key, relation, kinds)
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
    if (won is not None and won.products > 1) or any(len(np.unique(step.product)) > 1 for step in steps):
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


def _product_names(facts: FactsLike) -> tuple[str, ...]:
    """The commonest products, where lost deals tell theirs as often as won ones: filled in only after a win, a product
    would say who won and not what was offered."""
    told = facts.con.execute(
        """SELECT avg(CAST(product <> '' AS INTEGER)) FILTER (won_at IS NOT NULL),
                  avg(CAST(product <> '' AS INTEGER)) FILTER (lost_at IS NOT NULL) FROM _deals"""
    ).fetchone() or (None, None)
    if not told[0] or told[1] is None or min(told) < max(told) - TOLD_ALIKE:
        return ()
    rows = facts.con.execute(
        f"""SELECT product FROM _deals WHERE product <> '' GROUP BY product
            ORDER BY count(*) DESC, product LIMIT {LARGEST_KINDS}"""
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


def _source_names(facts: FactsLike) -> tuple[str, ...]:
    rows = facts.con.execute(
        f"""SELECT source FROM (SELECT source FROM _leads UNION ALL SELECT source FROM _deals)
            WHERE source IS NOT NULL AND source <> '' GROUP BY source ORDER BY count(*) DESC, source
            LIMIT {LARGEST_KINDS}"""
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


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
    """Won money per person and week; NaN where some of it is in another currency: the sum is not known."""
    week = week_sql("d.won_at", facts, roster.weeks)
    rows = facts.con.execute(
        f"""SELECT * FROM (SELECT p.rep, {week} AS week,
                   CASE WHEN bool_or(d.in_other_currency) THEN 'nan'::DOUBLE ELSE sum(d.amount) END AS amount
            FROM _deals d JOIN _pool p ON p.person_id = d.owner_id
            WHERE d.won_at IS NOT NULL AND (d.amount > 0 OR d.in_other_currency) GROUP BY ALL)
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
