"""Generator "cells": weekly Poisson counts, logistic outcomes decided when a step begins, normal skills in
every step, geometric waits in whole weeks; some people decline, some rise. No quarter-end rush."""

import numpy as np

from bench.simulation.finish import finished, shifted_territories
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.notes import Notes
from bench.simulation.recovery import with_recoveries
from bench.simulation.tables import Force
from bench.simulation.truth import EFFECTS, EFFORT, SIZE, Draws, Truth, World
from bench.simulation.walk import Leads, Mechanics, People, funnel, odds, own_leads, priced, walk

SEGMENTS = ("commercial", "corporate")
RATES = np.array([[0.40, 0.45, 0.35], [0.34, 0.40, 0.28]])
WEEKS = np.array([[1.5, 2.5, 4.0], [2.0, 4.0, 8.0]])
USUAL, SELF_SHARE = np.array([9_000.0, 40_000.0]), 0.3


def simulate(world: World) -> tuple[MemoryFacts, Truth]:
    """Draw a world; the same seed gives the same world."""
    rng = np.random.default_rng([world.seed, 2])
    n, days = world.people, world.days
    weeks = days // 7
    segment = rng.integers(0, 2, n)
    group, potential = shifted_territories(rng, world, 0.3)
    new = rng.random(n) < world.hires
    hired = np.where(new, 7.0 * rng.integers(weeks - 60, weeks - 10, n), -7.0 * rng.integers(10, 300, n))
    drawn = skills(rng, n, world)
    worth = np.append(1 - RATES[segment], np.column_stack([np.ones(n), np.full(n, SELF_SHARE)]), axis=1)
    people = with_recoveries(world, People(segment, hired, drawn.effects, drawn.after, drawn.day), worth, index)
    notes = Notes(n, days, falls(world))
    leads, score = _leads(rng, people, potential, world, notes, weeks)
    how = Mechanics(
        RATES,
        lambda g, step, seg: 7.0 * (g.geometric(1.0 / (1.0 + WEEKS[seg, step])) - 0.5),
        lambda tenure, step, _seg: -0.9 * np.exp(-tenure / 70.0) * (0.6 if step == 0 else 1.0),
        season=0.08,
        at_entry=True,
        loss_wait=1.0,
    )
    path = walk(rng, people, leads, how, notes, days)
    amount = priced(rng, people, leads, USUAL, 0.7, np.zeros(leads.day.size), notes, path[2], days)
    force = Force(SEGMENTS, segment, potential, hired, np.full(n, np.nan), days)
    books = funnel(leads, leads.person, np.array(["inbound", "self"])[leads.source], score, path, amount)
    return finished(rng, world, people, force, books, notes, group, worth, lambda g, m: skills(g, m, world), index)


def skills(rng: np.random.Generator, n: int, world: World) -> Draws:
    """Normal in every step, correlated .3; a tenth change for the worse, one in twenty-five for the better."""
    shared = rng.normal(0, 1, n)
    effects = np.zeros((n, EFFECTS))
    for step in range(3):
        effects[:, step] = -0.02 + 0.23 * (0.55 * shared + 0.835 * rng.normal(0, 1, n))
    effects[:, SIZE] = rng.normal(0, 0.12, n)
    effects[:, EFFORT] = 0.3 * (0.4 * shared + 0.917 * rng.normal(0, 1, n))
    happens = rng.random(n)
    day = np.where(happens < 1.4 * world.declines, 7 * rng.integers(world.days // 7 - 45, world.days // 7 - 6, n), -1)
    rise, effort = happens < 0.4 * world.declines, rng.random(n) < 0.5
    after = falls(world)[effort.astype(int)]
    after = np.where(rise[:, None], -0.8 * after, after)
    if world.same_skill:
        return Draws(np.zeros((n, EFFECTS)), np.zeros((n, EFFECTS)), np.full(n, -1))
    return Draws(effects * world.spread, after, day)


def falls(world: World) -> np.ndarray:
    """Kinds of a fall (kinds, effects): in every step, or in effort."""
    found = np.zeros((2, EFFECTS))
    found[0, :3], found[1, EFFORT] = -0.7 * world.decline_size, -1.8 * world.decline_size
    return found


def index(effects: np.ndarray, segment: int) -> np.ndarray:
    """Expected bookings over those of a person with no effect, leads of average quality."""
    chance = np.ones(len(effects))
    for step in range(3):
        chance = chance * odds(RATES[segment, step], effects[:, step]) / RATES[segment, step]
    return chance * (1 - SELF_SHARE + SELF_SHARE * np.exp(effects[:, EFFORT])) * np.exp(effects[:, SIZE])


def _leads(rng, people, potential, world, notes, weeks):  # type: ignore[no-untyped-def]
    here = np.arange(weeks)[None, :] * 7.0 >= people.hired[:, None]
    volume = np.array([7.0, 5.0])[people.segment] * world.volume
    given = rng.poisson((volume * (1 - SELF_SHARE) * potential)[:, None] * here)
    own = own_leads(rng, people, (volume * SELF_SHARE)[:, None] * here, notes)
    who, when, source = [], [], []
    for counts, kind in ((given, 0), (own, 1)):
        cell = np.repeat(np.arange(counts.size), counts.ravel())
        who.append(cell // weeks)
        when.append((cell % weeks) * 7.0 + rng.random(cell.size) * 6.9)
        source.append(np.full(cell.size, kind))
    person, day, kind = np.concatenate(who), np.concatenate(when), np.concatenate(source)
    quality = rng.normal(0, 1, person.size)
    score = np.round(100 * odds(0.5, 1.2 * quality + rng.normal(0, 0.6, person.size)))
    easier = quality[:, None] * np.array([0.5, 0.3, 0.3])
    return Leads(person, day, kind, easier), score
