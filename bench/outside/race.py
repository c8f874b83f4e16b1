"""A sales force in which every step is a race between going on and falling away.

At each step a lead or deal waits for whichever comes first: the next step or the end. Skill makes the next step come
sooner; a better person therefore wins more *and* sooner, which no other generator of this folder does. Waiting is
without memory, so that whatever changes on a day (a person, the market, a price list) changes what is under way as
well. Lead quality multiplies the pace of every step; the score shows it in part.

Weeks are counted from the first; a negative week lies before the export begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEVER = 1e9


@dataclass(frozen=True)
class Shape:
    """What kind of company it is. Paces are per week."""

    people: int = 100
    weeks: int = 104
    before: int = 40
    stages: tuple[str, ...] = ("lead", "qualified", "proposal")
    go_on: tuple[float, ...] = (0.50, 0.35, 0.22)
    fall_away: tuple[float, ...] = (0.60, 0.40, 0.45)
    leads_a_week: float = 6.0
    own_share: float = 0.30
    log_amount: float = 9.3
    amount_spread: float = 0.6
    tail: float = 0.0
    segments: int = 2
    territory_spread: float = 0.20
    quality_spread: float = 0.45
    score_noise: float = 1.0
    season: float = 0.0
    joiners: float = 0.0
    ramp_weeks: float = 10.0
    alike: bool = False
    weights: tuple[float, ...] = ()
    absences: float = 0.0


@dataclass(frozen=True)
class Change:
    """What becomes different on one week: for each person a factor on each step's pace, on own leads and on size."""

    week: float = NEVER
    pace: Floats = field(default_factory=lambda: np.ones((1, 1)))
    effort: Floats = field(default_factory=lambda: np.ones(1))
    size: Floats = field(default_factory=lambda: np.ones(1))
    market: float = 1.0
    price: float = 1.0


@dataclass(frozen=True)
class Force:
    """The people: arrays over them."""

    segment: Ints
    territory: Floats
    pace: Floats
    effort: Floats
    size: Floats
    hired: Floats
    away: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class Deals:
    """Every chance that ever was, arrays over chances; weeks of entering each step, NEVER where it never did."""

    owner: Ints
    own: NDArray[np.bool_]
    quality: Floats
    entered: Floats
    ended: Floats
    won: NDArray[np.bool_]
    amount: Floats
    step: Ints


def draw_force(shape: Shape, rng: np.random.Generator) -> Force:
    """People without groups or gaps between them: about 18 in 100 lie under .70 and 60 are fine; or all alike."""
    n, k = shape.people, len(shape.stages)
    level = np.exp(rng.normal(0, 0.36, n))
    weights = rng.dirichlet(np.full(k + 2, 0.7), n) if not shape.weights else np.tile(shape.weights, (n, 1))
    part = np.exp(np.log(level)[:, None] * weights) if not shape.alike else np.ones((n, k + 2))
    hired = np.where(rng.random(n) < shape.joiners, rng.uniform(0, shape.weeks - 9, n), -400.0)
    return Force(
        segment=rng.integers(0, shape.segments, n),
        territory=np.exp(rng.normal(0, shape.territory_spread, n)),
        pace=np.stack([_pace_for(part[:, j], shape.go_on[j], shape.fall_away[j]) for j in range(k)], axis=1),
        effort=part[:, k] ** (1 / max(shape.own_share, 0.15)) if not shape.alike else np.ones(n),
        size=part[:, k + 1],
        hired=hired,
        away=tuple(_away(shape, rng) for _ in range(n)),
    )


def _pace_for(factor: Floats, go: float, fall: float) -> Floats:
    """The pace that multiplies the chance of going on by `factor` for a lead of usual quality."""
    chance = np.clip(go / (go + fall) * factor, 0.01, 0.97)
    return chance / (1 - chance) * fall / go


def _away(shape: Shape, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    if rng.random() >= shape.absences:
        return ()
    begin = rng.uniform(10, shape.weeks - 12)
    return ((begin, begin + rng.uniform(3, 16)),)


def standard_index(force: Force, shape: Shape, change: Change | None = None) -> Floats:
    """Expected bookings on the standard territory and leads, fully ramped, over the average of the segment."""
    nodes, mass = np.polynomial.hermite_e.hermegauss(15)
    quality = np.exp(shape.quality_spread * nodes)
    pace = force.pace * (change.pace if change else 1.0)
    chance = np.ones((force.size.size, nodes.size))
    for j, (go, fall) in enumerate(zip(shape.go_on, shape.fall_away, strict=True)):
        rate = go * pace[:, j][:, None] * quality[None, :]
        chance = chance * rate / (rate + fall)
    wins = chance @ (mass / mass.sum())
    effort = force.effort * (change.effort if change else 1.0)
    volume = (1 - shape.own_share) + shape.own_share * effort
    worth = wins * volume * force.size * (change.size if change else 1.0)
    usual = np.array([worth[force.segment == s].mean() for s in force.segment])
    return worth / usual


def run(force: Force, shape: Shape, rng: np.random.Generator, change: Change | None = None) -> Deals:
    """Everything that happens to everybody, from before the export until its last week."""
    change = change or Change()
    owner, own, came = _arrivals(force, shape, rng, change)
    quality = np.exp(rng.normal(0, shape.quality_spread, owner.size))
    k = len(shape.stages)
    entered = np.full((owner.size, k), NEVER)
    alive, now = np.ones(owner.size, dtype=bool), came.copy()
    ended, step = np.full(owner.size, NEVER), np.zeros(owner.size, dtype=np.int64)
    won = np.zeros(owner.size, dtype=bool)
    for j in range(k):
        entered[alive, j] = now[alive]
        step[alive] = j
        moved, when = _race(j, owner, quality, now, force, shape, rng, change)
        gone = alive & ~moved
        ended[gone] = when[gone]
        alive &= moved
        now = np.where(alive, when, now)
    won[alive], ended[alive] = True, now[alive]
    amount = _amounts(owner, ended, force, shape, rng, change)
    return Deals(owner, own, quality, entered, ended, won, amount, step)


def _arrivals(
    force: Force, shape: Shape, rng: np.random.Generator, change: Change
) -> tuple[Ints, NDArray[np.bool_], Floats]:
    """Owner, whether found alone, and week of every lead."""
    weeks = np.arange(-shape.before, shape.weeks)
    wave = 1 + shape.season * np.sin(2 * np.pi * weeks / 52)
    later = weeks >= change.week
    here = (weeks[None, :] >= force.hired[:, None]).astype(float)
    for i, spans in enumerate(force.away):
        for begin, end in spans:
            here[i] *= 1 - np.clip(np.minimum(end, weeks + 1) - np.maximum(begin, weeks), 0, 1)
    drop = np.where(later[None, :], np.broadcast_to(change.effort, force.effort.shape)[:, None], 1.0)
    base = shape.leads_a_week * wave[None, :] * here
    given = base * (1 - shape.own_share) * force.territory[:, None]
    found = base * shape.own_share * force.effort[:, None] * drop
    owners, owns, cames = [], [], []
    for rate, mine in ((given, False), (found, True)):
        counts = rng.poisson(rate)
        who, when = np.nonzero(counts)
        many = counts[who, when]
        owners.append(np.repeat(who, many))
        cames.append(np.repeat(weeks[when], many) + rng.random(many.sum()))
        owns.append(np.full(many.sum(), mine))
    return np.concatenate(owners), np.concatenate(owns), np.concatenate(cames)


def _race(
    j: int,
    owner: Ints,
    quality: Floats,
    now: Floats,
    force: Force,
    shape: Shape,
    rng: np.random.Generator,
    change: Change,
) -> tuple[NDArray[np.bool_], Floats]:
    """Whether each chance goes on from step `j`, and when it leaves it."""
    hired = force.hired[owner]
    ramp = np.clip(1 - 0.8 * np.exp(-np.maximum(now - hired, 0) / shape.ramp_weeks), 0.05, 1)
    go = shape.go_on[j] * force.pace[owner, j] * quality * ramp
    fall = np.full(owner.size, shape.fall_away[j])
    pace = np.broadcast_to(change.pace, force.pace.shape)[owner, j] * change.market
    after = np.where(now >= change.week, pace, 1.0)
    moved, when = _first(go * after, fall, now, rng)
    late = (now < change.week) & (when > change.week)
    if late.any():
        again, then = _first(go * pace, fall, np.full(owner.size, change.week), rng)
        moved, when = np.where(late, again, moved), np.where(late, then, when)
    return moved, when


def _first(go: Floats, fall: Floats, now: Floats, rng: np.random.Generator) -> tuple[NDArray[np.bool_], Floats]:
    return rng.random(go.size) < go / (go + fall), now + rng.exponential(1 / (go + fall))


def _amounts(
    owner: Ints, ended: Floats, force: Force, shape: Shape, rng: np.random.Generator, change: Change
) -> Floats:
    noise = rng.normal(0, shape.amount_spread, owner.size)
    if shape.tail:
        noise = noise + np.log(rng.pareto(shape.tail, owner.size) + 1)
    after = np.broadcast_to(change.size, force.size.shape)[owner] * change.price
    size = force.size[owner] * np.where(ended >= change.week, after, 1.0)
    lift = np.exp(0.5 * force.segment[owner])
    return np.exp(shape.log_amount + noise) * size * lift
