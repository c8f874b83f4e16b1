"""Reads the won deals with an amount."""

import numpy as np

from headway.detection.chance_rows import coded
from headway.detection.evidence import LEAST_AMOUNTS, WonDeals
from headway.detection.facts_port import FactsLike
from headway.detection.roster import Roster, week_sql
from headway.stats.arrays import Ints


def read_won(facts: FactsLike, roster: Roster, sources: tuple[str, ...]) -> WonDeals | None:
    relation = """SELECT owner_id, won_at AS entered_at, source, score, amount, product, list_price FROM _deals
                  WHERE won_at IS NOT NULL AND amount > 0"""
    week = week_sql("i.entered_at", facts, roster.weeks)
    sql = coded(
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
