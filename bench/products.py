"""What the engine makes of sales forces whose people are given different products: deals alone, nothing else is told.

Run with `python -m bench.products [--worlds N] [--people N]`. Products differ in how often they are bought (15 to 45 in
a hundred), in price (3,000 to 60,000) and in how long they take. In half of the worlds everybody sells about the same
mix, in the other half each person has a mix of their own. There are no leads, territories, days of hire or activities.
A person's index is how often they win beside others with the same products: 18 % lie under .70, 63 % at .88 and above.
Seeds from 500000, not used while building.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from bench.simulation.memory_facts import MemoryFacts, memory_facts

END, WEEKS, DAYS = date(2026, 6, 28), 104, 728
CHANCE = np.array([0.45, 0.35, 0.25, 0.30, 0.15])
LOG_PRICE, SPREAD = np.log([3e3, 8e3, 2e4, 1e4, 6e4]), np.array([0.5, 0.6, 0.8, 0.6, 1.0])
CYCLE = np.array([25.0, 45.0, 80.0, 50.0, 120.0])
UNDER, FINE = 0.70, 0.85
TIERS = ("support", "formal")


@dataclass(frozen=True)
class Outcome:
    """One world judged: arrays over people who can be judged."""

    index: np.ndarray
    p_under: np.ndarray
    named: dict[str, np.ndarray]
    covered: np.ndarray


def world(seed: int, *, people: int, own_mix: bool) -> tuple[MemoryFacts, np.ndarray]:
    """Facts and everybody's true index."""
    rng = np.random.default_rng(seed)
    kind = rng.random(people)
    low, middle, high = (rng.uniform(*span, people) for span in ((0.40, 0.68), (0.70, 0.85), (0.88, 1.25)))
    index = np.where(kind < 0.18, low, np.where(kind < 0.37, middle, high))
    mix = rng.dirichlet(np.full(5, 1.5 if own_mix else 200.0), people)
    deals = rng.poisson(2.0 * np.exp(rng.normal(0, 0.3, people)) * WEEKS)
    owner = np.repeat(np.arange(people), deals)
    product = (rng.random(owner.size)[:, None] > mix.cumsum(axis=1)[owner]).sum(axis=1).clip(max=4)
    won = rng.random(owner.size) < np.clip(CHANCE[product] * index[owner], 0.01, 0.97)
    came = rng.integers(0, DAYS, owner.size)
    ends = came + 1 + (rng.gamma(2.5, CYCLE[product] / 2.5) * np.where(won, 1.0, 0.8)).astype(int)
    amount = np.exp(rng.normal(LOG_PRICE[product], SPREAD[product]))
    done = ends < DAYS
    days = [END - timedelta(days=DAYS - 1 - d) for d in range(DAYS)]
    ids = [f"P{i}" for i in range(people)]
    outcome = np.where(done, np.where(won, "won", "lost"), "open")
    tables = {
        "people": pa.table({"person_id": ids, "name": [f"Ann{i} B" for i in range(people)]}),
        "opportunities": pa.table(
            {
                "opportunity_id": [f"O{i}" for i in range(owner.size)],
                "owner_id": [ids[i] for i in owner],
                "created_at": [days[d] for d in came],
                "closed_at": [days[d] if d < DAYS else None for d in ends],
                "outcome": outcome.tolist(),
                "amount": amount,
                "product": [f"product {p}" for p in product],
            }
        ),
    }
    return memory_facts(tables, END), index


def judge(facts: MemoryFacts, index: np.ndarray) -> Outcome:
    """What the engine says, beside the truth."""
    from headway.detection.engine import signals
    from headway.detection.signal import Signal

    found = [(int(e.person_id[1:]), e) for e in signals(facts, history_weeks=0).people if isinstance(e, Signal)]
    true = index[[place for place, _ in found]]
    tier = np.array([str(e.tier) for _, e in found])
    held = np.array([e.index.low <= i <= e.index.high for (_, e), i in zip(found, true, strict=True)])
    named = {"support": np.isin(tier, TIERS), "formal": tier == "formal"}
    return Outcome(true, np.array([e.p_under for _, e in found]), named, held)


def figures(worlds: list[Outcome]) -> dict[str, float]:
    """The table's lines over all people of all worlds."""
    index, p, held = (np.concatenate([getattr(w, key) for w in worlds]) for key in ("index", "p_under", "covered"))
    under, fine = index < UNDER, index >= FINE
    limit = np.quantile(p[fine], 0.95)
    order = np.argsort(np.argsort(np.concatenate([p[under], p[fine]])))[: under.sum()]
    area = (order.sum() - under.sum() * (under.sum() - 1) / 2) / (under.sum() * fine.sum())
    lines = {"area under the curve": float(area), "found at 5 % false flags": float((p[under] > limit).mean())}
    for tier in TIERS:
        named = np.concatenate([w.named[tier] for w in worlds])
        lines[f"{tier}: found"] = float(named[under].mean())
        lines[f"{tier}: fine people named"] = float(named[fine].mean())
    return {**lines, "ranges that hold": float(held.mean())}


def main() -> None:
    """Read the options, judge, print."""
    import django

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--people", type=int, default=100)
    asked = parser.parse_args()
    django.setup()
    columns = [
        figures([judge(*world(500_000 + n, people=asked.people, own_mix=own)) for n in range(asked.worlds)])
        for own in (False, True)
    ]
    print(f"{asked.worlds} worlds of {asked.people} people{'same mix':>24}{'own mix':>12}")
    for line in columns[0]:
        print(f"{line:<30}{columns[0][line]:>18.3f}{columns[1][line]:>12.3f}")


if __name__ == "__main__":
    main()
