"""A sales force with known truth.

Everything is drawn deal by deal in days, not in weekly cells: skill per step, effort, territory, lead
quality (the score shows it only in part), ramp, season, quarter-end rush, declines at a known day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from bench.simulation.memory_facts import MemoryFacts, memory_facts

AS_OF = date(2026, 6, 30)
SEGMENTS = ("smb", "mid", "ent")
# leads a week, conversion odds per step, days per step, median deal
BASE = {
    "smb": (8.0, (0.32, 0.55, 0.34), (4, 10, 22), 6_000.0),
    "mid": (6.0, (0.30, 0.50, 0.30), (6, 16, 40), 18_000.0),
    "ent": (4.5, (0.28, 0.46, 0.26), (9, 25, 70), 60_000.0),
}
SOURCES = ("inbound", "event", "partner", "self")
SOURCE_EFFECT = np.array([0.0, -0.35, 0.25, 0.30])


@dataclass(frozen=True)
class World:
    """Settings of one world. same_skill: everybody equal; spread: how far people differ; at_entry: skill works
    when a step begins."""

    seed: int
    people: int = 100
    days: int = 730
    same_skill: bool = False
    at_entry: bool = False
    declines: float = 0.10
    decline_size: float = 0.5
    hires: float = 0.15
    volume: float = 1.0
    unequal_groups: bool = False
    spread: float = 1.0
    recoveries: float = 0.0
    recovery_weeks: int = 26
    recovery_size: float = 0.35


@dataclass(frozen=True)
class Recovery:
    """Who got better, when (day, -1 = never) and by how much in each effect (n, 5)."""

    day: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class Truth:
    """What is true on the last day: index per person, and who declined or recovered when (day, -1 = never)."""

    index: np.ndarray
    decline_day: np.ndarray
    tenure_days: np.ndarray
    potential: np.ndarray
    bookings: np.ndarray
    quota: np.ndarray
    recovery_day: np.ndarray


def simulate(world: World) -> tuple[MemoryFacts, Truth]:
    """Draw a world; the same seed gives the same world."""
    rng = np.random.default_rng(world.seed)
    n = world.people
    segment = rng.choice(3, n, p=[0.4, 0.4, 0.2])
    potential = np.exp(rng.normal(0, 0.25, n) - (0.25 * rng.integers(0, 2, n) if world.unequal_groups else 0))
    hired = np.where(
        rng.random(n) < world.hires, rng.integers(world.days - 400, world.days - 70, n), -rng.integers(100, 2000, n)
    ).astype(float)
    effects, decline_day, after = _skills(rng, world)
    recovery = _recoveries(world, segment, effects, decline_day, after)
    leads = _leads(rng, world, segment, potential, hired, effects, decline_day, after, recovery)
    tables, bookings, quota = _tables(
        rng, world, segment, potential, hired, effects, decline_day, after, leads, recovery
    )
    now = effects + np.where(decline_day[:, None] >= 0, after, 0.0) + recovery.gain
    facts = memory_facts(tables, AS_OF)
    index = _true_index(now, segment)
    return facts, Truth(index, decline_day, world.days - hired, potential, bookings, quota, recovery.day)


def _skills(rng: np.random.Generator, world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Effects (n, 5): three log odds, log size, log effort; day of decline; change of effects after it."""
    n = world.people
    low = rng.random(n) < 0.22
    common = np.where(low, rng.normal(-0.42, 0.16, n), rng.normal(0.06, 0.17, n))
    share = rng.dirichlet([2.0, 2.0, 2.5, 0.8], n)
    effects = np.zeros((n, 5))
    # log odds move log bookings by 1 - rate
    for step, left in enumerate((0.69, 0.49, 0.69)):
        effects[:, step] = common * share[:, step] / left + rng.normal(0, 0.07, n)
    effects[:, 3] = common * share[:, 3] + rng.normal(0, 0.05, n)
    effects[:, 4] = 0.6 * common + rng.normal(0, 0.25, n)
    decline_day = np.where(rng.random(n) < world.declines, rng.integers(world.days - 300, world.days - 40, n), -1)
    after = np.zeros((n, 5))
    kind = rng.integers(0, 2, n)
    after[:, 2] = np.where(kind == 0, -world.decline_size * 1.2, -0.1)
    after[:, 1] = np.where(kind == 0, -world.decline_size * 0.5, 0.0)
    after[:, 4] = np.where(kind == 1, -2 * world.decline_size, 0.0)
    effects = effects * world.spread
    if world.same_skill:
        return np.zeros((n, 5)), np.full(n, -1), np.zeros((n, 5))
    return effects, decline_day, after


def _recoveries(
    world: World, segment: np.ndarray, effects: np.ndarray, decline_day: np.ndarray, after: np.ndarray
) -> Recovery:
    """A share of those truly behind (index below 0.80) gets better around one day, a few of the others too.

    Drawn from a stream of its own, so that worlds without recoveries stay as they are.
    """
    rng = np.random.default_rng([world.seed, 26])
    n, begins = world.people, world.days - 7 * world.recovery_weeks
    declined = (decline_day >= 0) & (decline_day < begins)
    behind = _true_index(effects + np.where(declined[:, None], after, 0.0), segment) < 0.80
    who = rng.random(n) < np.where(behind, world.recoveries, 0.1 * world.recoveries)
    size = world.recovery_size * rng.uniform(0.6, 1.4, n)
    share = rng.dirichlet([2.0, 2.0, 2.5, 0.5, 0.8], n)
    gain = size[:, None] * share / np.array([0.69, 0.49, 0.69, 1.0, 0.3])
    day = np.where(who, begins + rng.integers(0, 29, n), -1)
    return Recovery(day, np.where(who[:, None], gain, 0.0))


def _true_index(effects: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """Expected bookings on the standard mix of the segment over those of a person with no effect."""
    result = np.zeros(len(effects))
    shares = np.array([0.35, 0.2, 0.2, 0.25])
    for code, name in enumerate(SEGMENTS):
        rates = np.array(BASE[name][1])
        here = segment == code

        def worth(e: np.ndarray, rates: np.ndarray = rates) -> np.ndarray:
            total = np.zeros(len(e))
            for source, share in enumerate(shares):
                chance = np.ones(len(e))
                for step in range(3):
                    chance *= _odds(rates[step], e[:, step] + SOURCE_EFFECT[source] * (0.6 if step == 0 else 0.3))
                total += share * chance * (np.exp(e[:, 4]) if source == 3 else 1.0)
            return total * np.exp(e[:, 3])

        result[here] = worth(effects[here]) / worth(np.zeros((1, 5)))
    return result


def _odds(rate: float, shift: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + (1.0 - rate) / rate * np.exp(-shift))


def _leads(rng, world, segment, potential, hired, effects, decline_day, after, recovery):  # type: ignore[no-untyped-def]
    owner, day, source = [], [], []
    season = 1.0 + 0.15 * np.sin(2 * np.pi * np.arange(world.days) / 365)
    for person in range(world.people):
        volume = BASE[SEGMENTS[segment[person]]][0] * world.volume / 7
        here = np.arange(world.days) >= hired[person]
        given = volume * 0.75 * potential[person] * season * here
        effort = effects[person, 4] + np.where(
            (decline_day[person] >= 0) & (np.arange(world.days) >= decline_day[person]), after[person, 4], 0.0
        )
        if recovery.day[person] >= 0:
            effort = effort + np.where(np.arange(world.days) >= recovery.day[person], recovery.gain[person, 4], 0.0)
        started = 1 - 0.6 * np.exp(-np.clip(np.arange(world.days) - hired[person], 0, None) / 60)
        noise = rng.gamma(4.0, 0.25, world.days // 7 + 1).repeat(7)[: world.days]
        own = volume * 0.25 * potential[person] ** 0.5 * np.exp(effort) * started * here * noise
        mix = rng.dirichlet([7, 4, 4])
        for lam, kind in ((given, None), (own, 3)):
            days = np.repeat(np.arange(world.days), rng.poisson(lam))
            owner.append(np.full(days.size, person))
            day.append(days + rng.random(days.size))
            source.append(rng.choice(3, days.size, p=mix) if kind is None else np.full(days.size, 3))
    return np.concatenate(owner), np.concatenate(day), np.concatenate(source)


def _walk(rng, world, person, day, source, quality, segment, hired, effects, decline_day, after, recovery):  # type: ignore[no-untyped-def]
    """Days at which each lead was qualified, reached proposal, was won; NaN where it did not."""
    reached = [day]
    rates = np.array([BASE[name][1] for name in SEGMENTS])[segment[person]]
    waits = np.array([BASE[name][2] for name in SEGMENTS])[segment[person]]
    speed = 1.0 / np.array([40.0, 60.0, 80.0])[segment[person]]
    alive = np.ones(day.size, dtype=bool)
    lost = np.full(day.size, np.nan)
    for step in range(3):
        start = reached[-1]
        wait = rng.gamma(2.0, waits[:, step] / 2.0)
        if step == 2:
            # the quarter's last weeks pull signatures forward
            to_end = 91 - (start + wait + (world.days % 91)) % 91
            wait = np.where((to_end > 70) & (rng.random(day.size) < 0.35), np.maximum(wait - (91 - to_end), 1), wait)
        moment = start if world.at_entry else start + wait
        changed = (decline_day[person] >= 0) & (moment >= decline_day[person])
        effect = effects[person, step] + np.where(changed, after[person, step], 0.0)
        better = (recovery.day[person] >= 0) & (moment >= recovery.day[person])
        effect = effect + np.where(better, recovery.gain[person, step], 0.0)
        tenure = np.clip(np.nan_to_num(moment) - hired[person], 0, None)
        ramp = -1.1 * np.exp(-tenure * speed) * (0.5 if step == 0 else 0.8)
        season = 0.12 * np.cos(2 * np.pi * np.nan_to_num(moment) / 365)
        shift = effect + ramp + season + SOURCE_EFFECT[source] * (0.6 if step == 0 else 0.3)
        shift = shift + quality * (0.6 if step == 0 else 0.2)
        base = rates[:, step]
        good = rng.random(day.size) < 1.0 / (1.0 + (1.0 - base) / base * np.exp(-shift))
        finish = start + wait * np.where(good, 1.0, 1.3)
        lost = np.where(alive & ~good, finish, lost)
        alive = alive & good
        reached.append(np.where(alive, start + wait, np.nan))
    return reached, lost


def _tables(rng, world, segment, potential, hired, effects, decline_day, after, leads, recovery):  # type: ignore[no-untyped-def]
    person, day, source = leads
    quality = rng.normal(0, 1, day.size) + 0.2 * rng.normal(0, 1, world.people)[person]
    score = np.round(np.clip(50 + 20 * (quality * 0.7 + rng.normal(0, 0.7, day.size)), 0, 100), 0)
    reached, lost = _walk(
        rng, world, person, day, source, quality, segment, hired, effects, decline_day, after, recovery
    )
    _, qualified, proposal, won = reached
    end = float(world.days)
    amount = np.array([BASE[name][3] for name in SEGMENTS])[segment[person]] * np.exp(
        effects[person, 3] + rng.normal(0, 0.6, day.size)
    )
    ids = np.array([f"L{i:07d}" for i in range(day.size)])
    deal = np.char.replace(ids.astype(str), "L", "O")
    people = np.array([f"P{i:04d}" for i in range(world.people)])
    is_q = qualified < end
    is_won = won < end
    is_lost = (lost < end) & is_q
    opp = np.flatnonzero(is_q)

    def stamp(days: np.ndarray) -> pa.Array:
        start = np.datetime64(AS_OF + timedelta(days=1)) - np.timedelta64(world.days, "D")
        seconds = np.where(np.isfinite(days) & (days < end), days, np.nan) * 86_400
        good = np.isfinite(seconds)
        return pa.array(start.astype("datetime64[s]") + np.nan_to_num(seconds).astype("timedelta64[s]"), mask=~good)

    lead_lost = np.where(~is_q & np.isnan(qualified), lost, np.nan)
    closed = np.where(is_won, won, np.where(is_lost, lost, np.nan))[opp]
    stage = np.where(is_won, "won", np.where(is_lost, "lost", np.where(proposal < end, "proposal", "qualified")))[opp]
    tables = {
        "people": pa.table(
            {
                "person_id": people,
                "name": [f"Rep {i}" for i in range(world.people)],
                "role": ["rep"] * world.people,
                "segment": [SEGMENTS[s] for s in segment],
                "territory_id": [f"T{i}" for i in range(world.people)],
                "hired_on": [AS_OF - timedelta(days=int(world.days - 1 - h)) for h in hired],
            }
        ),
        "territories": pa.table(
            {"territory_id": [f"T{i}" for i in range(world.people)], "potential": np.round(potential, 2)}
        ),
        "leads": pa.table(
            {
                "lead_id": ids,
                "owner_id": people[person],
                "created_at": stamp(day),
                "source": np.array(SOURCES)[source],
                "score": score,
                "qualified_at": stamp(qualified),
                "disqualified_at": stamp(lead_lost),
                "opportunity_id": pa.array(deal, mask=~is_q),
            }
        ),
        "opportunities": pa.table(
            {
                "opportunity_id": deal[opp],
                "owner_id": people[person[opp]],
                "lead_id": ids[opp],
                "created_at": stamp(qualified[opp]),
                "stage": stage,
                "outcome": np.where(is_won, "won", np.where(is_lost, "lost", "open"))[opp],
                "closed_at": stamp(closed),
                "amount": amount[opp],
                "source": np.array(SOURCES)[source[opp]],
            }
        ),
        "stage_changes": _stages(deal, opp, qualified, proposal, won, end, stamp),
    }
    quarter = 91
    bookings = np.zeros((world.people, 2))
    for back in range(2):
        inside = is_won & (won >= end - quarter * (back + 1)) & (won < end - quarter * back)
        bookings[:, 1 - back] = np.bincount(person[inside], amount[inside], world.people)
    usual = np.array([np.median(bookings[segment == s]) if (segment == s).any() else 1.0 for s in range(3)])
    quota = np.maximum(usual[segment], 1.0) * 1.1
    return tables, bookings, quota


def _stages(deal, opp, qualified, proposal, won, end, stamp):  # type: ignore[no-untyped-def]
    parts = []
    for name, when in (("qualified", qualified), ("proposal", proposal), ("won", won)):
        pick = opp[when[opp] < end]
        parts.append(
            pa.table(
                {
                    "opportunity_id": deal[pick],
                    "stage": pa.array([name] * pick.size, pa.string()),
                    "entered_at": stamp(when[pick]),
                }
            )
        )
    return pa.concat_tables(parts)
