"""`python -m bench.simulation.looks`: what weekly looks cost, and how often one is fooled who does not pay."""

from __future__ import annotations

import sys

import numpy as np

from headway.stats.confidence_sequence import planned_looks

PATHS = 100_000


def errs(looks: int, multipliers: np.ndarray, *, seed: int) -> float:
    """How often the truth lies outside at any look."""
    steps = np.random.default_rng(seed).standard_normal((PATHS, looks))
    z = steps.cumsum(axis=1) / np.sqrt(np.arange(1, looks + 1))
    return float((np.abs(z) > multipliers).any(axis=1).mean())


def main() -> int:
    """Print the table."""
    print("looks   errs ever   width to a single look: first, middle, last   errs ever with single-look intervals")
    for looks in (4, 8, 13, 26):
        plan = planned_looks(looks)
        wide = np.array(plan.multipliers)
        ratio = wide / plan.single
        naive = errs(looks, np.full(looks, plan.single), seed=looks)
        shown = f"{ratio[0]:.2f}, {np.median(ratio):.2f}, {ratio[-1]:.2f}"
        print(f"{looks:>5}{errs(looks, wide, seed=looks):>12.4f}   {shown:>42}   {naive:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
