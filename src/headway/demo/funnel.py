"""From leads to won and lost deals: one seller's two years, as arrays with one entry per lead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from headway.demo.rep import Wanted
from headway.demo.staff import SOURCES, Seller
from headway.demo.workdays import DAY_S, DAYS, END_S, NEVER, Bools, Floats, Ints, Workdays, day

# How a source's leads fare, next to the average lead: at qualification, at the proposal, at the close.
_AT_QUALIFIED = np.array([1.14, 1.27, 0.82, 0.73, 1.06])
_AT_PROPOSAL = np.array([1.01, 1.05, 0.97, 0.95, 1.02])
_AT_CLOSE = np.array([1.01, 1.08, 0.97, 0.93, 1.04])
_SCORE_BY_SOURCE = np.array([0.2, 0.35, -0.2, -0.35, 0.1])
_NEGLECTED = 0.015
_DEALS_OF_LUCK = 600
PRODUCTS = ("Alderwick Core", "Alderwick Flow", "Alderwick Insight")
_PRODUCT_SHARE = (0.5, 0.3, 0.2)
_PRODUCT_PRICE = np.array([0.88, 1.0, 1.3])


@dataclass(frozen=True)
class Funnel:
    """One entry per lead; instants in local seconds, NEVER = has not happened by the last day."""

    owner: Ints
    source: Ints
    score: Floats
    created: Ints
    qualified: Ints
    disqualified: Ints
    proposed: Ints
    closed: Ints
    is_won: Bools
    product: Ints
    amount: Floats
    discount: Floats
    typical_cycle: Floats


def simulate(seller: Seller, workdays: Workdays, seed: int) -> Funnel:
    """One seller's two years. Who has a story is dealt luck again until all that is wanted shows.

    Should no deal of luck show everything, the one that shows most is taken.
    """
    dealt = (
        _dealt(seller, workdays, np.random.default_rng([seed, seller.number, 2, i])) for i in range(_DEALS_OF_LUCK)
    )
    best, most = None, -1
    for funnel in dealt:
        shown = sum(_shows(funnel, wanted) for wanted in seller.rep.wanted)
        if shown > most:
            best, most = funnel, shown
        if most == len(seller.rep.wanted):
            break
    assert best is not None
    return _attained(seller, best)


def _shows(funnel: Funnel, wanted: Wanted) -> bool:
    start, end = day(wanted.start) * DAY_S, day(wanted.end) * DAY_S
    if wanted.share == "won":
        of, hit = (funnel.proposed >= 0) & (funnel.closed >= 0), funnel.is_won
        at = funnel.closed
    elif wanted.share == "proposed":
        of, hit, at = funnel.qualified >= 0, funnel.proposed >= 0, funnel.qualified
    else:
        of, at = np.ones(len(funnel.created), dtype=bool), funnel.created
        hit = funnel.qualified >= 0 if wanted.share == "qualified" else funnel.source == SOURCES.index("self")
    of = of & (at >= start) & (at < end)
    cases = int(of.sum())
    inside = wanted.cases[0] <= cases <= wanted.cases[1]
    return inside and wanted.low <= float((of & hit).sum()) / max(cases, 1) <= wanted.high


def _dealt(seller: Seller, workdays: Workdays, rng: np.random.Generator) -> Funnel:
    """Leads arrive by weekday, season, presence, ramp and territory; each stage is decided on its day."""
    created, source = _arrivals(seller, workdays, rng)
    n, seg = len(created), seller.segment
    z = rng.normal(seller.lead_quality, 1, n)
    # Half of the ramp shows in how many leads are given, the rest and a little more in the three conversions.
    ramp = np.power(seller.ramp, 0.32)

    fast, slow = _first_deals_back(seller, created)
    neglected = (rng.random((2, n)) < _NEGLECTED) & ~fast
    gap = np.where(fast, 2, _gaps(seg.gap_qualified, 0.8, n, rng))
    decided = np.where(neglected[0], END_S + DAY_S, workdays.after(created, gap, rng))
    p = seg.qualified * _AT_QUALIFIED[source] * np.exp(0.15 * z - 0.011)
    p *= _on(seller.factor("qualified") * ramp, created)
    is_qualified = _happens(p, rng) | fast

    gap = np.where(fast, 5, _gaps(seg.gap_proposal, 0.7, n, rng) * np.where(slow, 5, 1))
    second = np.where(neglected[1], END_S + DAY_S, workdays.after(decided, gap, rng))
    p = seg.proposal * _AT_PROPOSAL[source] * np.exp(0.05 * z) * _on(seller.factor("proposal") * ramp, decided)
    is_proposed = _of(is_qualified, p, rng) | fast

    gap = np.where(fast, 7, _gaps(seg.gap_close * seller.rep.pace, 0.6, n, rng))
    third = _pulled(workdays.after(second, gap, rng), second, workdays, rng)
    p = seg.won * _AT_CLOSE[source] * np.exp(0.05 * z) * _on(seller.factor("won") * ramp, third)
    is_won = _of(is_qualified & is_proposed, p, rng)
    if fast.any():
        is_won[np.flatnonzero(fast)] = np.arange(int(fast.sum())) % 2 == 0

    known_score = np.where(
        rng.random(n) < 0.05, np.nan, np.clip(np.round(50 + 15 * z + 12 * _SCORE_BY_SOURCE[source]), 1, 99)
    )
    closed = np.where(is_qualified, np.where(is_proposed, third, second), NEVER)
    product = rng.choice(3, n, p=_PRODUCT_SHARE)
    return Funnel(
        owner=np.full(n, seller.number), source=source, score=known_score, created=created,
        qualified=_by_end(np.where(is_qualified, decided, NEVER)),
        disqualified=_by_end(np.where(is_qualified, NEVER, decided)),
        proposed=_by_end(np.where(is_qualified & is_proposed, second, NEVER)),
        closed=_by_end(closed), is_won=is_won & (closed <= END_S), product=product,
        amount=_amounts(seller, product, third, is_won, rng), discount=_discounts(seller, second, rng),
        typical_cycle=np.full(n, seg.gap_proposal + seg.gap_close) * rng.uniform(0.8, 1.6, n),
    )  # fmt: skip


def _arrivals(seller: Seller, workdays: Workdays, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Instants (ordered) and sources of new leads over the DAYS of the window."""
    ramp = np.sqrt(seller.ramp)
    base = seller.employed * ~seller.on_long_leave * seller.potential * ramp * float(seller.rep.sells)
    cover = np.where(seller.present | ~workdays.is_working, 1.0, 0.45)  # less is assigned to people away
    assigned = seller.segment.assigned * seller.factor("assigned") * workdays.assigned_weight * base * cover
    own = (
        seller.segment.own
        * seller.factors["effort"]
        * seller.factor("own")
        * workdays.own_weight
        * base
        * seller.present
    )
    days_a, days_o = (np.repeat(np.arange(DAYS), rng.poisson(rate[:DAYS])) for rate in (assigned, own))
    days = np.concatenate([days_a, days_o])
    source = np.concatenate(
        [rng.choice(4, len(days_a), p=seller.source_mix), np.full(len(days_o), SOURCES.index("self"))]
    )
    at = workdays.office_time(days, rng)
    evening = (source == 0) & (rng.random(len(at)) < 0.3)
    at = np.where(evening, days * DAY_S + rng.integers(6 * 3600, 23 * 3600, len(at)), at)
    order = np.argsort(at, kind="stable")
    return at[order], source[order]


def _gaps(median: float, spread: float, n: int, rng: np.random.Generator) -> Floats:
    return np.asarray(median * np.exp(rng.normal(0, spread, n)), dtype=np.float64)


def _on(level: Floats, at_s: Ints) -> Floats:
    return level[np.clip(at_s // DAY_S, 0, len(level) - 1)]


def _happens(p: Floats, rng: np.random.Generator) -> Bools:
    return np.asarray(rng.random(len(p)) < np.clip(p, 0.0, 0.95))


def _of(candidates: Bools, p: Floats, rng: np.random.Generator) -> Bools:
    return candidates & _happens(p, rng)


def _pulled(at_s: Ints, not_before: Ints, workdays: Workdays, rng: np.random.Generator) -> Ints:
    """Quarter-end rush: some deals of a quarter's first weeks are closed in the last days before it."""
    days = at_s // DAY_S
    back = workdays.last_of_quarter[days] - np.minimum(rng.geometric(0.3, len(days)) - 1, 9)
    target_day = workdays.next_working[np.maximum(back, 0)]
    early = (workdays.days_into_quarter[days] < 22) & (rng.random(len(days)) < 0.5)
    target = target_day * DAY_S + at_s % DAY_S
    return np.where(early & (target > not_before + DAY_S), target, at_s)


def _by_end(at_s: Ints) -> Ints:
    return np.where(at_s < END_S, at_s, NEVER)


def _amounts(seller: Seller, product: Ints, at_s: Ints, is_won: Bools, rng: np.random.Generator) -> Floats:
    """Lognormal around the segment's size; won deals of people with even luck cover its quantiles."""
    seg, n = seller.segment, len(product)
    z = rng.normal(0, 1, n)
    if seller.rep.even:
        won = np.flatnonzero(is_won)[np.argsort(at_s[is_won], kind="stable")]
        u = (np.arange(len(won)) * 0.6180339887498949 + rng.random()) % 1
        z[won] = [NormalDist().inv_cdf(float(np.clip(x, 0.03, 0.97))) for x in u]
    size = seg.amount * seller.factors["size"] * np.exp(seg.amount_spread * z - seg.amount_spread**2 / 2)
    return _round_to(size * _PRODUCT_PRICE[product], seg.amount)


def _round_to(amount: Floats, typical: float) -> Floats:
    step = 500 if typical > 50_000 else 100 if typical > 10_000 else 10
    return np.asarray(np.maximum(np.round(amount / step), 1) * step, dtype=np.float64)


def _discounts(seller: Seller, at_s: Ints, rng: np.random.Generator) -> Floats:
    """Share off the list price; half of all deals are sold at full price."""
    drawn = rng.beta(2, 18, len(at_s)) * (rng.random(len(at_s)) < 0.55) * _on(seller.factor("discount"), at_s)
    return np.asarray(np.round(np.minimum(drawn, 0.35), 2), dtype=np.float64)


def _first_deals_back(seller: Seller, created: Ints) -> tuple[Bools, Bools]:
    """After a long leave: two warm deals close quickly, all others take their time."""
    fast, slow = np.zeros(len(created), dtype=bool), np.zeros(len(created), dtype=bool)
    if seller.rep.back_from_leave:
        since = np.flatnonzero(created >= day(seller.rep.back_from_leave[1]) * DAY_S)
        fast[since[:2]], slow[since[2:]] = True, True
    return fast, slow


def _attained(seller: Seller, funnel: Funnel) -> Funnel:
    """Scales the won amounts of a span to the share of quota that the roster states."""
    amount = funnel.amount.copy()
    for goal in seller.rep.attained:
        start, end = day(goal.start), day(goal.end)
        won = funnel.is_won & (funnel.closed >= start * DAY_S) & (funnel.closed < end * DAY_S)
        target = goal.share * seller.segment.quota * round((end - start) / 91.3)
        factor = float(np.clip(target / max(amount[won].sum(), 1.0), 0.65, 1.5))
        amount[won] = _round_to(amount[won] * factor, seller.segment.amount)
    return replace(funnel, amount=amount)
