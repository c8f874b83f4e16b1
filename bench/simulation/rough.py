"""Generator "rough": what real books look like. Skills with heavy tails (t, 5 degrees of freedom), deal sizes
with a long tail, lead quality nobody recorded that differs between people, no scores, sources missing, losses
never entered, accounts handed over when somebody leaves, long absences, log-normal waits."""

import numpy as np
import pyarrow as pa

from bench.simulation.finish import finished, shifted_territories
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.notes import Notes
from bench.simulation.recovery import with_recoveries
from bench.simulation.tables import Force, as_date
from bench.simulation.truth import EFFECTS, EFFORT, SIZE, Draws, Truth, World
from bench.simulation.walk import Leads, Mechanics, People, funnel, odds, own_leads, priced, walk

SEGMENTS = ("direct", "partner")
RATES = np.array([[0.38, 0.50, 0.36], [0.30, 0.55, 0.30]])
WAITS = np.array([[5.0, 14.0, 25.0], [7.0, 20.0, 45.0]])
USUAL, SELF_SHARE = np.array([12_000.0, 22_000.0]), 0.2


def simulate(world: World) -> tuple[MemoryFacts, Truth]:
    """Draw a world; the same seed gives the same world."""
    rng = np.random.default_rng([world.seed, 3])
    n, days = world.people, world.days
    segment = (rng.random(n) < 0.35).astype(int)
    group, potential = shifted_territories(rng, world, 0.3)
    new = rng.random(n) < world.hires
    hired = np.where(new, rng.integers(days - 400, days - 70, n), -rng.integers(60, 2500, n)).astype(float)
    left = np.where(~new & (rng.random(n) < 0.06), rng.integers(days - 250, days - 20, n), np.nan).astype(float)
    drawn = skills(rng, n, world)
    worth = np.append(1 - RATES[segment], np.column_stack([np.ones(n), np.full(n, SELF_SHARE)]), axis=1)
    people = with_recoveries(world, People(segment, hired, drawn.effects, drawn.after, drawn.day), worth, index)
    notes = Notes(n, days, falls(world))
    away = np.where(rng.random(n) < 0.2, rng.integers(100, days - 120, n), -1)
    leads = _leads(rng, people, potential, world, notes, left, away)
    how = Mechanics(
        RATES,
        lambda g, step, seg: np.exp(g.normal(np.log(WAITS[seg, step]), 0.8)),
        lambda tenure, step, _seg: -0.9 * np.clip(1 - tenure / 150.0, 0, 1) * (0.5 if step == 0 else 1.0),
        season=0.1,
        unrecorded=0.2,
    )
    path = walk(rng, people, leads, how, notes, days)
    tail = np.clip(rng.standard_t(3, leads.day.size) * 0.35, -2, 3)
    amount = priced(rng, people, leads, USUAL, 0.7, tail, notes, path[2], days)
    force = Force(SEGMENTS, segment, potential, hired, left, days)
    source = np.where(rng.random(leads.day.size) < 0.3, "", np.array(["web", "fair", "self"])[leads.source])
    source = np.where(leads.source == 2, "self", source)
    owner = _handed_over(rng, leads.person, path, left, segment)
    books = funnel(leads, owner, source, np.full(leads.day.size, np.nan), path, amount)
    gone = np.flatnonzero(away >= 0)
    absences = pa.table(
        {
            "person_id": [f"P{i:04d}" for i in gone],
            "start_on": as_date(away[gone].astype(float), days),
            "end_on": as_date(away[gone] + 48.0, days),
            "kind": ["leave"] * gone.size,
        }
    )
    return finished(rng, world, people, force, books, notes, group, worth, lambda g, m: skills(g, m, world), index,
                    {"absences": absences})  # fmt: skip


def skills(rng: np.random.Generator, n: int, world: World) -> Draws:
    """Heavy-tailed skills, a common part and one of each step's own; one in ten declines."""
    common = rng.standard_t(5, n)
    effects = np.zeros((n, EFFECTS))
    for step in range(3):
        effects[:, step] = -0.02 + 0.12 * common + 0.12 * rng.standard_t(5, n)
    effects[:, SIZE] = 0.03 * common + rng.normal(0, 0.08, n)
    effects[:, EFFORT] = 0.1 * common + rng.normal(0, 0.3, n)
    effects = np.clip(effects, -1.5, 1.5)
    day = np.where(rng.random(n) < world.declines, rng.integers(world.days - 300, world.days - 40, n), -1)
    after = falls(world)[rng.integers(0, 4, n)]
    if world.same_skill:
        return Draws(np.zeros((n, EFFECTS)), np.zeros((n, EFFECTS)), np.full(n, -1))
    return Draws(effects * world.spread, after, day)


def falls(world: World) -> np.ndarray:
    """Kinds of a fall (kinds, effects): in one of the steps, or in effort."""
    found = np.zeros((4, EFFECTS))
    found[range(4), [0, 1, 2, EFFORT]] = np.array([-1.3, -1.8, -1.4, -2.4]) * world.decline_size
    return found


def index(effects: np.ndarray, segment: int) -> np.ndarray:
    """Expected bookings over those of a person with no effect, leads of average quality."""
    chance = np.ones(len(effects))
    for step in range(3):
        chance = chance * odds(RATES[segment, step], effects[:, step]) / RATES[segment, step]
    return chance * (1 - SELF_SHARE + SELF_SHARE * np.exp(effects[:, EFFORT])) * np.exp(effects[:, SIZE])


def _leads(rng, people, potential, world, notes, left, away):  # type: ignore[no-untyped-def]
    n, weeks = world.people, world.days // 7
    start = np.arange(weeks)[None, :] * 7.0
    here = (start >= people.hired[:, None]) & ~(start >= left[:, None])
    here &= ~((away[:, None] >= 0) & (start >= away[:, None]) & (start < away[:, None] + 49))
    volume = np.array([7.0, 5.5])[people.segment] * world.volume
    # some weeks bring twice the leads of others
    lumpy = rng.gamma(3.0, 1 / 3.0, (n, weeks))
    given = rng.poisson((volume * (1 - SELF_SHARE) * potential)[:, None] * here * lumpy)
    own = own_leads(rng, people, (volume * SELF_SHARE)[:, None] * here, notes)
    cells, kinds = [], []
    for counts, own_kind in ((given, False), (own, True)):
        cell = np.repeat(np.arange(counts.size), counts.ravel())
        cells.append(cell)
        kinds.append(np.full(cell.size, 2) if own_kind else (rng.random(cell.size) < 0.4).astype(int))
    cell, kind = np.concatenate(cells), np.concatenate(kinds)
    person = cell // weeks
    quality = rng.normal(0, 0.5, cell.size) + rng.normal(0, 0.10, n)[person]
    easier = quality[:, None] * np.array([0.7, 0.4, 0.4]) + np.array([0.0, -0.3, 0.2])[kind][:, None] * 0.7
    return Leads(person, (cell % weeks) * 7.0 + rng.random(cell.size) * 6.9, kind, easier)


def _handed_over(rng, person, path, left, segment):  # type: ignore[no-untyped-def]
    """Whoever leaves hands open leads and deals to colleagues of the same segment, in whose name they end."""
    ends = np.fmax(np.nan_to_num(path[2], nan=-1.0), np.nan_to_num(path[3], nan=-1.0))
    still_open = np.isfinite(left[person]) & ((ends < 0) | (ends > left[person]))
    owner = person.copy()
    for code in np.unique(segment):
        stays = np.flatnonzero((segment == code) & ~np.isfinite(left))
        rows = np.flatnonzero(still_open & (segment[person] == code))
        if stays.size:
            owner[rows] = rng.choice(stays, rows.size)
    return owner
