"""How many of the people named are expected to be fine.

`largest_set`: sort by how surely somebody is under; take the largest set whose mean chance of error stays
within the tier (Bayesian false-discovery share; Newton et al. 2004). `benjamini_hochberg` is the
cross-check on p-values (Benjamini and Hochberg 1995; checked against `published-cases` and statsmodels).
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Flags, Floats


@dataclass(frozen=True)
class NamedSet:
    """`chosen` (units,) and the expected share of errors among them (None when nobody is chosen)."""

    chosen: Flags
    expected_share: float | None


def largest_set(p_under: Floats, p_error: Floats, *, share: float, eligible: Flags) -> NamedSet:
    """Largest set, in order of p_under, whose mean p_error is at most `share`; only eligible units."""
    chosen = np.zeros(p_under.size, dtype=bool)
    order = np.flatnonzero(eligible)[np.argsort(-p_under[eligible], kind="stable")]
    if order.size == 0:
        return NamedSet(chosen, None)
    running = p_error[order].cumsum() / np.arange(1, order.size + 1)
    within = np.flatnonzero(running <= share)
    if within.size == 0:
        return NamedSet(chosen, None)
    size = int(within[-1]) + 1
    chosen[order[:size]] = True
    return NamedSet(chosen, float(running[size - 1]))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjusted p-values; reject those at or below q."""
    count = p_values.size
    order = np.argsort(p_values)
    stepped = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum.accumulate(stepped[::-1])[::-1].clip(max=1.0)
    return adjusted
