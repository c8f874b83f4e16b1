"""`python -m bench.forecast`: 1,000 plans over 13 weeks at once, beside a simulation in the same run."""

from __future__ import annotations

import sys
import time

import numpy as np

from headway.stats.compound import Further, Pending, compound

PLANS, OPEN, PATHS, DRAWS = 1_000, 20, 10_000, 4


def made(rng: np.random.Generator) -> tuple[Pending, Further]:
    """Pipelines of an ordinary size."""
    row = np.repeat(np.arange(PLANS), OPEN)
    size = np.exp(rng.normal(9.5, 0.6, row.size))
    chance = np.clip(rng.beta(1, 3, row.size) + rng.normal(0, 0.03, (DRAWS, row.size)), 0.001, 0.999)
    sizes = np.exp(rng.normal(9.5, 0.6, (PLANS, 32)))
    mean = np.tile(rng.uniform(2, 9, PLANS), (DRAWS, 1))
    return Pending(row, size, chance), Further(mean, np.full(PLANS, 0.05), sizes, np.full((PLANS, 32), 1 / 32))


def simulated(pending: Pending, further: Further, plan: int, rng: np.random.Generator) -> np.ndarray:
    """Totals of one plan on many paths."""
    mine, draw = pending.row == plan, rng.integers(0, DRAWS, PATHS)
    total = (rng.random((PATHS, OPEN)) < pending.chance[:, mine][draw]) @ pending.size[mine]
    spread = further.spread[plan]
    number = rng.poisson(further.mean[draw, plan] * rng.gamma(1 / spread, spread, PATHS))
    ends = number.cumsum()
    money = np.concatenate([[0.0], rng.choice(further.sizes[plan], ends[-1]).cumsum()])
    return np.asarray(total + money[ends] - money[ends - number])


def main() -> int:
    """Print times, their ratio and the largest difference in a chance."""
    rng = np.random.default_rng(1)
    pending, further = made(rng)
    compound(pending, further)
    began = time.perf_counter()
    totals = compound(pending, further)
    exact = time.perf_counter() - began
    some, began = 40, time.perf_counter()
    paths = [simulated(pending, further, plan, rng) for plan in range(some)]
    slow = (time.perf_counter() - began) * PLANS / some
    targets = np.array([np.quantile(path, 0.5) for path in paths])
    wanted = np.concatenate([targets, np.ones(PLANS - some)])
    apart = np.abs(totals.chance(wanted)[:some] - [np.mean(p >= t) for p, t in zip(paths, targets, strict=True)])
    print(f"{PLANS} plans, {OPEN} open deals each: {exact:.2f} s (wanted: under 0.5 s)")
    print(f"simulation of {PATHS} paths: {slow:.1f} s, {slow / exact:.0f} times as long (from {some} plans)")
    print(f"chances differ by at most {apart.max():.4f}, {apart.mean():.4f} on average")
    return 0


if __name__ == "__main__":
    sys.exit(main())
