"""All sellers' funnels as the tables leads, opportunities, stage_changes and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from headway.demo import names
from headway.demo.columns import ids, picked, stamps, text_at
from headway.demo.funnel import PRODUCTS, Funnel
from headway.demo.staff import SOURCES, Seller
from headway.demo.workdays import DAY_S, DAYS, NEVER, UNKNOWN_DAY, Ints, Workdays, day, to_dates

_LOST_EARLY = ("no answer any more", "no budget this year", "no need after all", "stays with what they have")
_LOST_LATE = ("price", "competitor", "no decision", "timing", "procurement")
_UNFIT = ("not reachable", "too small", "no need", "wrong contact", "student or job seeker")
_NEXT_STEPS = (
    "Demo with the practice manager", "Send reference from the region", "Call on budget",
    "Security questionnaire", "Price talk with procurement", "Contract with legal",
    "Decision in the management meeting", "Pilot in one site",
)  # fmt: skip


@dataclass(frozen=True)
class Deals:
    """Everybody's leads in the order they came in; `deal` = position of the opportunity, NEVER if none."""

    all: Funnel
    deal: Ints
    deal_lead: Ints  # positions in `all` of the qualified ones
    deal_owner: Ints
    account: Ints  # one per deal
    accounts: pa.Table
    account_owner: Ints

    @property
    def lead_ids(self) -> pa.Array:
        return ids("LD-{:06d}", len(self.all.created), 100_001)

    @property
    def deal_ids(self) -> pa.Array:
        return ids("OP-{:05d}", len(self.deal_lead), 10_001)


def gather(funnels: Sequence[Funnel], sellers: Sequence[Seller], *, seed: int) -> Deals:
    """Joins the funnels, hands over what leavers left open, and gives every deal an account."""
    parts = {f.name: np.concatenate([getattr(x, f.name) for x in funnels]) for f in fields(Funnel)}
    order = np.argsort(parts["created"], kind="stable")
    everything = Funnel(**{k: v[order] for k, v in parts.items()})
    rng = np.random.default_rng([seed, 0, 3])
    lead_of = np.flatnonzero(everything.qualified >= 0)
    deal = np.full(len(order), NEVER)
    deal[lead_of] = np.arange(len(lead_of))
    owner = _owners_today(everything, lead_of, sellers, rng)
    account, table, account_owner = _accounts(everything, lead_of, owner, sellers, rng)
    return Deals(everything, deal, lead_of, owner, account, table, account_owner)


def _owners_today(f: Funnel, lead_of: Ints, sellers: Sequence[Seller], rng: np.random.Generator) -> Ints:
    """Deals still open when their owner left go to somebody of the same team who was there then."""
    owner = f.owner[lead_of].copy()
    for s in sellers:
        if not s.rep.left:
            continue
        gone = (day(s.rep.left) + 1) * DAY_S
        orphan = (owner == s.number) & ((f.closed[lead_of] == NEVER) | (f.closed[lead_of] >= gone))
        team = [
            c.number for c in sellers
            if c.rep.team == s.rep.team and c.rep.sells and not (c.rep.left or c.rep.even) and c.ramp[0] > 0.9
        ]  # fmt: skip
        owner[orphan] = rng.choice(team, int(orphan.sum()))
    return owner


def _accounts(
    f: Funnel, lead_of: Ints, owner: Ints, sellers: Sequence[Seller], rng: np.random.Generator
) -> tuple[Ints, pa.Table, Ints]:
    """Prospects and customers per seller: deals fall on a pool of accounts, some of them old customers."""
    account = np.zeros(len(owner), dtype=np.int64)
    owners: list[Ints] = []
    known: list[Ints] = []
    offset = 0
    for s in sellers:
        mine = np.flatnonzero(owner == s.number)
        pool = max(int(len(mine) * 0.7), 1 if len(mine) else 0)
        old = int(pool * 0.08)  # customers from before the window
        account[mine] = offset + rng.integers(0, max(pool, 1), len(mine))
        owners.append(np.full(pool, s.number))
        started = np.full(pool, UNKNOWN_DAY)
        started[:old] = -rng.integers(30, 1500, old)
        known.append(started)
        offset += pool
    account_owner, started = np.concatenate(owners), np.concatenate(known)
    value = np.where(started > UNKNOWN_DAY, 1.0, 0.0)
    amount = np.array([s.segment.amount for s in sellers])[account_owner - 1]
    annual = np.round(value * amount * 0.4 * np.exp(rng.normal(0, 0.4, offset)), -2)
    won = np.flatnonzero(f.is_won[lead_of])
    won = won[np.argsort(f.closed[lead_of][won], kind="stable")[::-1]]
    started[account[won]] = np.where(
        started[account[won]] > UNKNOWN_DAY, started[account[won]], f.closed[lead_of][won] // DAY_S + 7
    )
    np.add.at(annual, account[won], np.round(f.amount[lead_of][won] * 0.4, 0))
    started = np.where(started >= DAYS, UNKNOWN_DAY, started)
    yearly_churn = np.where(amount < 10_000, 0.16, 0.09)
    left = np.maximum(started, 0) + 180 + (rng.exponential(1, offset) / yearly_churn * 365).astype(np.int64)
    churned = np.where((started > UNKNOWN_DAY) & (left < DAYS), left, UNKNOWN_DAY)
    named = names.accounts(offset, rng)
    _name_the_story(named, f, lead_of, owner, account, sellers)
    segment = [s.segment.name for s in sellers]
    table = pa.table(
        {
            "account_id": ids("AC-{:05d}", offset, 1),
            "name": pa.array(named),
            "owner_id": _people(account_owner, sellers),
            "segment": picked(segment, account_owner - 1),
            "started_on": pa.array(to_dates(started)),
            "churned_on": pa.array(to_dates(churned)),
            "annual_value": pa.array(annual, mask=started == UNKNOWN_DAY),
            "currency": pa.array(["EUR"] * offset),
        }
    )
    return account, table, account_owner


def _name_the_story(
    named: list[str], f: Funnel, lead_of: Ints, owner: Ints, account: Ints, sellers: Sequence[Seller]
) -> None:
    """The three customers Jonas talks about are accounts of his with an open deal, proposals first."""
    jonas = next(s.number for s in sellers if s.rep.name == "Jonas Weber")
    is_open = np.flatnonzero((owner == jonas) & (f.closed[lead_of] == NEVER))[::-1]
    order = np.argsort(f.proposed[lead_of][is_open] < 0, kind="stable")
    recent = list(dict.fromkeys(account[is_open[order]].tolist()))
    for position, name in zip(recent, names.STORY_ACCOUNTS, strict=False):
        named[position] = name


def _people(number: Ints, sellers: Sequence[Seller]) -> pa.Array:
    return picked([s.member.person_id for s in sellers], number - 1)


def leads_table(deals: Deals, sellers: Sequence[Seller], workdays: Workdays, seed: int) -> pa.Table:
    f, rng = deals.all, np.random.default_rng([seed, 0, 4])
    n = len(f.created)
    return pa.table(
        {
            "lead_id": deals.lead_ids,
            "owner_id": _people(f.owner, sellers),
            "created_at": stamps(f.created, workdays),
            "source": picked(SOURCES, f.source),
            "score": pa.array(f.score, mask=np.isnan(f.score)),
            "qualified_at": stamps(f.qualified, workdays),
            "disqualified_at": stamps(f.disqualified, workdays),
            "disqualified_reason": picked(_UNFIT, np.where(f.disqualified >= 0, rng.integers(0, 5, n), NEVER)),
            "opportunity_id": text_at(deals.deal_ids, deals.deal),
        }
    )


def opportunities_table(deals: Deals, sellers: Sequence[Seller], workdays: Workdays, seed: int) -> pa.Table:
    f, at, rng = deals.all, deals.deal_lead, np.random.default_rng([seed, 0, 5])
    closed, proposed, won, n = f.closed[at], f.proposed[at], f.is_won[at], len(deals.deal_lead)
    is_open = closed == NEVER
    stage = np.where(won, 2, np.where(proposed >= 0, 1, 0))
    amount = f.amount[at]
    return pa.table(
        {
            "opportunity_id": deals.deal_ids,
            "owner_id": _people(deals.deal_owner, sellers),
            "account_id": text_at(deals.accounts["account_id"].combine_chunks(), deals.account),
            "lead_id": text_at(deals.lead_ids, at),
            "created_at": stamps(f.qualified[at], workdays),
            "stage": picked(("qualified", "proposal", "won"), stage),
            "outcome": picked(("open", "won", "lost"), np.where(is_open, 0, np.where(won, 1, 2))),
            "closed_at": stamps(closed, workdays),
            "amount": pa.array(amount),
            "currency": pa.array(["EUR"] * n),
            "source": picked(SOURCES, f.source[at]),
            "product": picked(PRODUCTS, f.product[at]),
            "list_price": pa.array(np.round(amount / (1 - f.discount[at]), 2)),
            "expected_close_on": pa.array(to_dates(_expected_close(f, at, rng))),
            "next_step": picked(_NEXT_STEPS, _next_step(deals, is_open, stage, sellers, rng)),
            "lost_reason": picked((*_LOST_EARLY, *_LOST_LATE), _lost_reason(deals, is_open | won, stage, sellers, rng)),
        }
    )


def _expected_close(f: Funnel, at: Ints, rng: np.random.Generator) -> Ints:
    """What the owner last entered: near the truth if closed, optimistic and sometimes past if open."""
    planned = f.qualified[at] // DAY_S + f.typical_cycle[at].astype(np.int64)
    slipped = np.where(rng.random(len(at)) < 0.8, np.maximum(planned, DAYS + rng.integers(3, 75, len(at))), planned)
    closed = f.closed[at]
    return np.where(closed == NEVER, slipped, closed // DAY_S + rng.integers(-3, 15, len(at)))


def _next_step(
    deals: Deals,
    is_open: npt.NDArray[np.bool_],
    stage: Ints,
    sellers: Sequence[Seller],
    rng: np.random.Generator,
) -> Ints:
    jonas = next(s.number for s in sellers if s.rep.name == "Jonas Weber")
    step = np.where(stage == 0, rng.integers(0, 4, len(stage)), rng.integers(3, 8, len(stage)))
    missing = (rng.random(len(stage)) < 0.16) & (deals.deal_owner != jonas)
    return np.where(is_open & ~missing, step, NEVER)


def _lost_reason(
    deals: Deals,
    not_lost: npt.NDArray[np.bool_],
    stage: Ints,
    sellers: Sequence[Seller],
    rng: np.random.Generator,
) -> Ints:
    n = len(stage)
    late = rng.choice(5, n, p=(0.27, 0.25, 0.22, 0.16, 0.10))
    jonas = next(s for s in sellers if s.rep.name == "Jonas Weber")
    closed = deals.all.closed[deals.deal_lead]
    since = (deals.deal_owner == jonas.number) & (closed >= day("2026-03-03") * DAY_S)
    late = np.where(since, rng.choice(np.array([0, 4]), n, p=(0.45, 0.55)), late)
    empty = rng.random(n) < 0.08
    return np.where(not_lost | empty, NEVER, np.where(stage == 0, rng.integers(0, 4, n), 4 + late))


def stage_changes_table(deals: Deals, workdays: Workdays) -> pa.Table:
    """One row per stage entered: qualified when it is made, then proposal, then won (losing is no stage)."""
    f, at = deals.all, deals.deal_lead
    entered = (f.qualified[at], f.proposed[at], np.where(f.is_won[at], f.closed[at], NEVER))
    deal = np.concatenate([np.flatnonzero(e >= 0) for e in entered])
    stage = np.concatenate([np.full(int((e >= 0).sum()), i) for i, e in enumerate(entered)])
    when = np.concatenate([e[e >= 0] for e in entered])
    order = np.lexsort((stage, deal))
    return pa.table(
        {
            "opportunity_id": text_at(deals.deal_ids, deal[order]),
            "stage": picked(("qualified", "proposal", "won"), stage[order]),
            "entered_at": stamps(when[order], workdays),
        }
    )
