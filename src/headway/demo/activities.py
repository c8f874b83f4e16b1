"""What sellers logged: calls and mails by the day, meetings one by one, answers to leads and to proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from headway.demo.columns import ids, picked, stamps, text_at
from headway.demo.deals import Deals
from headway.demo.staff import Seller
from headway.demo.teams import LARGE, MID, SMALL
from headway.demo.workdays import DAY_S, DAYS, END_S, NEVER, Floats, Ints, Workdays, day

KINDS = ("call", "email", "social", "meeting", "demo")
_CALL, _EMAIL, _SOCIAL, _MEETING, _DEMO = range(5)
_OUTCOMES = ("held", "cancelled", "no_show", "reached", "not reached")
# Calls, mails and social touches on a working day, meetings in a full week.
_PACE: Mapping[str, tuple[float, float, float, float]] = {
    MID: (9, 17, 1.2, 5.2), SMALL: (19, 21, 0.8, 5.8), LARGE: (5, 15, 2.0, 4.4),
}  # fmt: skip
_ANSWERED_IN_TIME = 0.81  # of proposals followed up within two working days


@dataclass(frozen=True)
class _Rows:
    owner: Ints
    kind: Ints
    occurred: Ints
    count: Ints
    outcome: Ints
    lead: Ints
    deal: Ints


def activities_table(deals: Deals, sellers: Sequence[Seller], workdays: Workdays, seed: int) -> pa.Table:
    """Rows in order of time; what was not yet logged by the end of the last day is not in the file."""
    parts = [_first_answers(deals, workdays, seed), _demos(deals, sellers, workdays, seed)]
    parts.append(_follow_ups(deals, sellers, workdays, seed))
    parts += [_of_seller(s, deals, workdays, seed) for s in sellers]
    rows = _Rows(*(np.concatenate([getattr(p, f) for p in parts]) for f in _Rows.__dataclass_fields__))
    rng = np.random.default_rng([seed, 0, 6])
    logged = _logged(rows, sellers, workdays, rng)
    keep = np.flatnonzero((logged < END_S) & _at_work(rows, sellers))
    keep = keep[np.argsort(rows.occurred[keep], kind="stable")]
    deal = rows.deal[keep]
    on_deal = deal >= 0
    account = np.where(on_deal, deals.account[np.maximum(deal, 0)], NEVER)
    return pa.table(
        {
            "activity_id": ids("A{:07d}", len(keep), 1),
            "person_id": picked([s.member.person_id for s in sellers], rows.owner[keep] - 1),
            "kind": picked(KINDS, rows.kind[keep]),
            "occurred_at": stamps(rows.occurred[keep], workdays),
            "logged_at": stamps(logged[keep], workdays),
            "outcome": picked(_OUTCOMES, rows.outcome[keep]),
            "count": pa.array(rows.count[keep]),
            "lead_id": text_at(deals.lead_ids, rows.lead[keep]),
            "opportunity_id": text_at(deals.deal_ids, deal),
            "account_id": text_at(deals.accounts["account_id"].combine_chunks(), account),
        }
    )


def _at_work(rows: _Rows, sellers: Sequence[Seller]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Nobody logs anything before the first or after the last day of work, or on leave."""
    present = np.stack([s.employed[:DAYS] & ~s.on_long_leave[:DAYS] for s in sellers])
    inside = (rows.occurred >= 0) & (rows.occurred < END_S)
    return inside & present[rows.owner - 1, np.clip(rows.occurred // DAY_S, 0, DAYS - 1)]


def _logged(rows: _Rows, sellers: Sequence[Seller], workdays: Workdays, rng: np.random.Generator) -> Ints:
    """Most is logged within the hour, some next day, some a fortnight later; a few people are always late."""
    n = len(rows.owner)
    habit = np.array(
        [0.0 if s.rep.even else float(x) for s, x in zip(sellers, rng.beta(1, 8, len(sellers)), strict=True)]
    )
    late = rng.random(n) < 0.10 + habit[rows.owner - 1]
    very_late = late & (rng.random(n) < 0.25)
    wait = np.where(very_late, rng.integers(3, 13, n), 1).astype(np.float64)
    return np.where(late, workdays.after(rows.occurred, wait, rng), rows.occurred + rng.integers(20, 3600, n))


def _first_answers(deals: Deals, workdays: Workdays, seed: int) -> _Rows:
    """Nine in ten leads are called or written to, within hours or days."""
    rng, f = np.random.default_rng([seed, 0, 7]), deals.all
    decided = np.where(f.qualified >= 0, f.qualified, f.disqualified)
    at = workdays.after(f.created, rng.exponential(0.5, len(f.created)), rng)
    at = np.where((decided >= 0) & (at > decided), np.maximum(f.created + 60, decided - 1800), at)
    keep = np.flatnonzero(rng.random(len(at)) < 0.9)
    called = rng.random(len(keep)) < 0.6
    reached = np.where(rng.random(len(keep)) < 0.5, 3, 4)
    return _Rows(
        f.owner[keep], np.where(called, _CALL, _EMAIL), at[keep], np.ones(len(keep), dtype=np.int64),
        np.where(called, reached, NEVER), keep, deals.deal[keep],
    )  # fmt: skip


def _demos(deals: Deals, sellers: Sequence[Seller], workdays: Workdays, seed: int) -> _Rows:
    """One demo in most deals that got as far as a proposal, and in some of the others."""
    rng, f, lead = np.random.default_rng([seed, 0, 8]), deals.all, deals.deal_lead
    start = f.qualified[lead]
    end = np.where(f.proposed[lead] >= 0, f.proposed[lead], f.closed[lead])
    share = np.where(f.proposed[lead] >= 0, 0.85, 0.35)
    keep = np.flatnonzero((end > start) & (rng.random(len(lead)) < share))
    middle = start[keep] + ((end - start)[keep] * rng.uniform(0.2, 0.9, len(keep))).astype(np.int64)
    at = workdays.office_time(workdays.next_working[middle // DAY_S], rng)
    at = np.clip(at, start[keep] + 600, end[keep])
    return _Rows(
        f.owner[lead][keep], np.full(len(keep), _DEMO), at, np.ones(len(keep), dtype=np.int64),
        _kept(len(keep), rng), lead[keep], keep,
    )  # fmt: skip


def _follow_ups(deals: Deals, sellers: Sequence[Seller], workdays: Workdays, seed: int) -> _Rows:
    """The call or mail after each proposal: in time, late, or never."""
    rng, f, lead = np.random.default_rng([seed, 0, 9]), deals.all, deals.deal_lead
    deal = np.flatnonzero(f.proposed[lead] >= 0)
    sent, owner = f.proposed[lead][deal], f.owner[lead][deal]
    habit = np.stack([s.factor("follow_up")[:DAYS] for s in sellers])
    chance = _ANSWERED_IN_TIME * habit[owner - 1, sent // DAY_S]
    in_time = rng.random(len(deal)) < chance
    at = workdays.after(sent, np.where(in_time, rng.uniform(0.1, 1.0, len(deal)), rng.uniform(4, 12, len(deal))), rng)
    keep = np.flatnonzero(in_time | (rng.random(len(deal)) < 0.7))
    called = rng.random(len(keep)) < 0.55
    return _Rows(
        owner[keep], np.where(called, _CALL, _EMAIL), at[keep], np.ones(len(keep), dtype=np.int64),
        np.where(called, 3, NEVER), lead[deal][keep], deal[keep],
    )  # fmt: skip


def _of_seller(seller: Seller, deals: Deals, workdays: Workdays, seed: int) -> _Rows:
    """Daily counts of calls, mails and social touches, and meetings one by one."""
    rng = np.random.default_rng([seed, seller.number, 10])
    calls, mails, social, meetings = _PACE[seller.segment.name]
    own_pace = float(np.exp(rng.normal(0, 0.12)))
    at_work = seller.present[:DAYS] & seller.rep.sells  # who does not sell logs nothing in the sales system
    shape: Floats = np.where(at_work, np.power(seller.ramp[:DAYS], 0.3), 0.0)
    daily = [(_CALL, calls), (_EMAIL, mails), (_SOCIAL, social)]
    parts = [_daily(seller, kind, rate * own_pace * shape, workdays, rng) for kind, rate in daily]
    parts.append(_meetings(seller, deals, meetings * shape, workdays, rng))
    return _Rows(*(np.concatenate([getattr(p, f) for p in parts]) for f in _Rows.__dataclass_fields__))


def _daily(seller: Seller, kind: int, rate: Floats, workdays: Workdays, rng: np.random.Generator) -> _Rows:
    count = rng.poisson(rate * rng.gamma(8, 1 / 8, len(rate)))
    days = np.flatnonzero(count)
    nothing = np.full(len(days), NEVER)
    at = np.maximum(workdays.office_time(days, rng), days * DAY_S + 15 * 3600)  # a day's sum is known late in the day
    return _Rows(
        np.full(len(days), seller.number),
        np.full(len(days), kind),
        at,
        count[days],
        nothing,
        nothing,
        nothing,
    )


def _meetings(seller: Seller, deals: Deals, per_week: Floats, workdays: Workdays, rng: np.random.Generator) -> _Rows:
    rate = per_week / 5 * seller.factor("meetings")[:DAYS]
    if any(c.stage == "meetings" for c in seller.rep.changes):
        rate = rate * _to_pace(seller, rate)
        reached = np.cumsum(rate)
        days = np.searchsorted(reached, np.arange(int(reached[-1])) + 0.5).astype(np.int64)
    else:
        days = np.repeat(np.arange(DAYS), rng.poisson(rate * float(np.exp(rng.normal(0, 0.08)))))
    at = workdays.office_time(days, rng)
    deal = _open_deal(seller, deals, at, rng)
    lead = np.where(deal >= 0, deals.deal_lead[np.maximum(deal, 0)], NEVER)
    one = np.ones(len(days), dtype=np.int64)
    return _Rows(one * seller.number, one * _MEETING, at, one, _kept(len(days), rng), lead, deal)


def _to_pace(seller: Seller, rate: Floats) -> float:
    """Public holidays lower a weekly average; whose meetings are the story reaches the segment's pace in the
    16 weeks before they change."""
    until = min(day(c.since) for c in seller.rep.changes if c.stage == "meetings")
    return float(_PACE[seller.segment.name][3] * 16 / rate[until - 112 : until].sum())


def _open_deal(seller: Seller, deals: Deals, at_s: Ints, rng: np.random.Generator) -> Ints:
    """A deal of the seller that was open at each instant; NEVER for one in five and where none was open."""
    f, lead = deals.all, deals.deal_lead
    mine = np.flatnonzero(deals.deal_owner == seller.number)
    if not len(mine) or not len(at_s):
        return np.full(len(at_s), NEVER)
    start = f.qualified[lead][mine]
    end = np.where(f.closed[lead][mine] == NEVER, END_S, f.closed[lead][mine])
    order = np.argsort(start, kind="stable")
    newest = np.searchsorted(start[order], at_s) - 1
    pick = newest - rng.integers(0, 12, len(at_s))
    chosen = order[np.maximum(pick, 0)]
    fits = (pick >= 0) & (start[chosen] <= at_s) & (at_s <= end[chosen]) & (rng.random(len(at_s)) < 0.8)
    return np.where(fits, mine[chosen], NEVER)


def _kept(n: int, rng: np.random.Generator) -> Ints:
    return rng.choice(3, n, p=(0.88, 0.07, 0.05)).astype(np.int64)
