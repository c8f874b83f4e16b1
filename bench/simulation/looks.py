"""What weekly looks cost, and how often one is fooled who does not pay (`python -m bench.simulation --parts looks`)."""

from __future__ import annotations

import numpy as np

from headway.stats.confidence_sequence import planned_looks

PATHS = 100_000


def errs(looks: int, multipliers: np.ndarray, *, seed: int) -> float:
    """How often the truth lies outside at any look."""
    steps = np.random.default_rng(seed).standard_normal((PATHS, looks))
    z = steps.cumsum(axis=1) / np.sqrt(np.arange(1, looks + 1))
    return float((np.abs(z) > multipliers).any(axis=1).mean())


def looks_table() -> None:
    """Target 9: errors at all looks together, and the width of each beside a single look's."""
    print("\n9 weekly looks: errs ever (<= .05); width to a single look first, middle, last (<= 1.35); errs if naive")
    for looks in (4, 8, 13, 26):
        plan = planned_looks(looks)
        wide = np.array(plan.multipliers)
        ratio = wide / plan.single
        naive = errs(looks, np.full(looks, plan.single), seed=looks)
        shown = f"{ratio[0]:.2f}, {np.median(ratio):.2f}, {ratio[-1]:.2f}"
        print(f"{looks:>5} looks{errs(looks, wide, seed=looks):>10.4f}{shown:>20}   naive {naive:.3f}")
