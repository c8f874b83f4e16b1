"""Generator "daily": everything is drawn deal by deal in days. Most people are alike and a fifth belong to a
lower group; the score shows lead quality only in part; ramp, season, quarter-end rush, declines at a known day."""

import numpy as np

from bench.simulation.finish import finished, shifted_territories
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.notes import Notes
from bench.simulation.recovery import with_recoveries
from bench.simulation.tables import Force
from bench.simulation.truth import EFFECTS, EFFORT, SIZE, Draws, Truth, World
from bench.simulation.walk import Leads, Mechanics, People, funnel, odds, own_leads, priced, walk

SEGMENTS = ("smb", "mid", "ent")
RATES = np.array([[0.32, 0.55, 0.34], [0.30, 0.50, 0.30], [0.28, 0.46, 0.26]])
WAITS = np.array([[4.0, 10.0, 22.0], [6.0, 16.0, 40.0], [9.0, 25.0, 70.0]])
LEADS_A_WEEK, USUAL = np.array([8.0, 6.0, 4.5]), np.array([6_000.0, 18_000.0, 60_000.0])
SOURCES = np.array(["inbound", "event", "partner", "self"])
SOURCE_EFFECT = np.array([0.0, -0.35, 0.25, 0.30])
SOURCE_SHARE = np.array([0.35, 0.2, 0.2, 0.25])


def simulate(world: World) -> tuple[MemoryFacts, Truth]:
    """Draw a world; the same seed gives the same world."""
    rng = np.random.default_rng(world.seed)
    n, days = world.people, world.days
    segment = rng.choice(3, n, p=[0.4, 0.4, 0.2])
    group, potential = shifted_territories(rng, world, 0.25)
    new = rng.random(n) < world.hires
    hired = np.where(new, rng.integers(days - 400, days - 70, n), -rng.integers(100, 2000, n)).astype(float)
    drawn = skills(rng, n, world)
    worth = np.append((1 - RATES[segment]), np.column_stack([np.ones(n), np.full(n, SOURCE_SHARE[3])]), axis=1)
    people = with_recoveries(world, People(segment, hired, drawn.effects, drawn.after, drawn.day), worth, index)
    notes = Notes(n, days, falls(world))
    leads = _leads(rng, people, potential, world, notes)
    quality = rng.normal(0, 1, leads.day.size) + 0.2 * rng.normal(0, 1, n)[leads.person]
    score = np.round(np.clip(50 + 20 * (quality * 0.7 + rng.normal(0, 0.7, leads.day.size)), 0, 100), 0)
    easier = np.column_stack(
        [SOURCE_EFFECT[leads.source] * s + quality * q for s, q in ((0.6, 0.6), (0.3, 0.2), (0.3, 0.2))]
    )
    leads = Leads(leads.person, leads.day, leads.source, easier)
    path = walk(rng, people, leads, _mechanics(world), notes, days)
    amount = priced(rng, people, leads, USUAL, 0.6, np.zeros(leads.day.size), notes, path[2], days)
    force = Force(SEGMENTS, segment, potential, hired, np.full(n, np.nan), days)
    books = funnel(leads, leads.person, SOURCES[leads.source], score, path, amount)
    return finished(rng, world, people, force, books, notes, group, worth, lambda g, m: skills(g, m, world), index)


def skills(rng: np.random.Generator, n: int, world: World) -> Draws:
    """A lower group of a fifth; declines in results or in effort within the last ten months."""
    low = rng.random(n) < 0.22
    common = np.where(low, rng.normal(-0.42, 0.16, n), rng.normal(0.06, 0.17, n))
    share = rng.dirichlet([2.0, 2.0, 2.5, 0.8], n)
    effects = np.zeros((n, EFFECTS))
    # log odds move log bookings by 1 - rate
    for step, left in enumerate((0.69, 0.49, 0.69)):
        effects[:, step] = common * share[:, step] / left + rng.normal(0, 0.07, n)
    effects[:, SIZE] = common * share[:, 3] + rng.normal(0, 0.05, n)
    effects[:, EFFORT] = 0.6 * common + rng.normal(0, 0.25, n)
    day = np.where(rng.random(n) < world.declines, rng.integers(world.days - 300, world.days - 40, n), -1)
    after = falls(world)[rng.integers(0, 2, n)]
    if world.same_skill:
        return Draws(np.zeros((n, EFFECTS)), np.zeros((n, EFFECTS)), np.full(n, -1))
    return Draws(effects * world.spread, after, day)


def falls(world: World) -> np.ndarray:
    """Kinds of a fall (kinds, effects): in the later steps, or in effort."""
    found = np.zeros((2, EFFECTS))
    found[0, [1, 2]] = -world.decline_size * 0.5, -world.decline_size * 1.2
    found[1, [2, EFFORT]] = -0.1, -2 * world.decline_size
    return found


def index(effects: np.ndarray, segment: int) -> np.ndarray:
    """Expected bookings on the standard mix of the segment over those of a person with no effect."""

    def value(e: np.ndarray) -> np.ndarray:
        total = np.zeros(len(e))
        for source, share in enumerate(SOURCE_SHARE):
            chance = np.ones(len(e))
            for step in range(3):
                shift = SOURCE_EFFECT[source] * (0.6 if step == 0 else 0.3)
                chance = chance * odds(RATES[segment, step], e[:, step] + shift)
            total += share * chance * (np.exp(e[:, EFFORT]) if source == 3 else 1.0)
        return total * np.exp(e[:, SIZE])

    return value(effects) / value(np.zeros((1, EFFECTS)))


def _mechanics(world: World) -> Mechanics:
    speed = 1.0 / np.array([40.0, 60.0, 80.0])
    return Mechanics(
        RATES,
        lambda rng, step, segment: rng.gamma(2.0, WAITS[segment, step] / 2.0),
        lambda tenure, step, segment: -1.1 * np.exp(-tenure * speed[segment]) * (0.5 if step == 0 else 0.8),
        at_entry=world.at_entry,
        rush=True,
    )


def _leads(rng: np.random.Generator, people: People, potential: np.ndarray, world: World, notes: Notes) -> Leads:
    n, days = world.people, world.days
    weeks = days // 7 + 1
    volume = LEADS_A_WEEK[people.segment] * world.volume
    season = 1.0 + 0.15 * np.sin(2 * np.pi * np.arange(weeks) * 7 / 365)
    here = np.clip((np.arange(weeks)[None, :] * 7.0 + 7 - people.hired[:, None]) / 7, 0, 1)
    started = 1 - 0.6 * np.exp(-np.clip(np.arange(weeks)[None, :] * 7 - people.hired[:, None], 0, None) / 60)
    given = rng.poisson((volume * 0.75 * potential)[:, None] * season * here)
    usual = (volume * 0.25 * potential**0.5)[:, None] * started * here
    own = own_leads(rng, people, usual, notes, noise=rng.gamma(4.0, 0.25, (n, weeks)), dispersion=1.3)
    mix = rng.dirichlet([7, 4, 4], n)
    person, day, source = [], [], []
    for counts, kind in ((given, None), (own, 3)):
        who = np.repeat(np.arange(n), counts.sum(axis=1))
        when = np.concatenate([np.repeat(np.arange(weeks), row) for row in counts]) * 7.0 + rng.random(who.size) * 7
        pick = (rng.random(who.size)[:, None] > mix[who].cumsum(axis=1)).sum(axis=1)
        person.append(who)
        day.append(when)
        source.append(np.minimum(pick, 2) if kind is None else np.full(who.size, 3))
    joined = np.concatenate(person), np.concatenate(day), np.concatenate(source)
    kept = joined[1] < days
    return Leads(joined[0][kept], joined[1][kept], joined[2][kept], np.zeros((int(kept.sum()), 3)))
