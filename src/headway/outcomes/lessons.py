"""Which support helped which gap, over finished plans, with honest doubt. Never a table of people.

Each finished plan gives one real change (its last verdict) with its uncertainty. For a gap and a kind of support the
changes are averaged with their precision, and the averages pulled toward each other (partial pooling): few plans say
little and lie near the mean of all. Fewer than five plans are "not enough". It is no experiment: who got which
support was chosen, not drawn by lot, and the page says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from headway.core.actors import Actor
from headway.core.permissions import require
from headway.outcomes.figures import figures_of
from headway.outcomes.models import Evaluation, PlanFigures
from headway.outcomes.states import DECIDED
from headway.plans.models import Plan
from headway.stats.normal_means import pool_means

ENOUGH = 5


@dataclass(frozen=True)
class Finished:
    """One finished plan, without its person: gap, support that was given, change on the log scale and its sd."""

    gap: str
    support: tuple[str, ...]
    change: float
    sd: float


@dataclass(frozen=True)
class Lesson:
    """Plans for one gap in which one kind of support was given. estimate, low, high: real change, shares; None where
    there are fewer than five plans. plans: how many, given as is only where there are enough."""

    gap: str
    support: str
    plans: int
    estimate: float | None
    low: float | None
    high: float | None

    @property
    def clear(self) -> bool:
        """Whether the range leaves "no change" out."""
        return self.low is not None and self.low > 0


def lessons_for(actor: Actor) -> tuple[int, tuple[Lesson, ...]]:
    """How many finished plans were read, and what they say; by gap and support, never by person."""
    require(actor, "lessons.view")
    found = list(_finished())
    return len(found), lessons(found)


def lessons(finished: Iterable[Finished]) -> tuple[Lesson, ...]:
    """Pooled lessons, those with enough plans first, then by name. Pure."""
    cells: dict[tuple[str, str], list[Finished]] = defaultdict(list)
    for one in finished:
        for kind in one.support:
            cells[(one.gap, kind)].append(one)
    enough = {key: rows for key, rows in cells.items() if len(rows) >= ENOUGH}
    pooled = _pooled(enough)
    found = [
        Lesson(gap, kind, len(rows), *pooled.get((gap, kind), (None, None, None)))
        for (gap, kind), rows in cells.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.estimate is None, one.gap, one.support)))


def _pooled(cells: dict[tuple[str, str], list[Finished]]) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Estimate and nine in ten per cell. Between plans of a cell people differ: their spread widens the doubt."""
    if not cells:
        return {}
    keys = sorted(cells)
    means, variances = [], []
    for key in keys:
        change = np.array([one.change for one in cells[key]])
        noise = np.array([one.sd for one in cells[key]]) ** 2
        weight = 1.0 / (noise + 0.15**2)
        mean = float((weight * change).sum() / weight.sum())
        spread = float((weight * (change - mean) ** 2).sum() / (len(change) - 1))
        means.append(mean)
        variances.append(max(1.0, spread) / float(weight.sum()))
    y, v = np.array(means), np.array(variances)
    if y.size >= 2:
        result = pool_means(y, v)
        y, v = result.estimates, np.maximum(result.variances, 1e-9)
    low, high = y - 1.645 * np.sqrt(v), y + 1.645 * np.sqrt(v)
    return {
        key: (float(np.expm1(y[n])), float(np.expm1(low[n])), float(np.expm1(high[n]))) for n, key in enumerate(keys)
    }


def _finished() -> Iterable[Finished]:
    """One per decided plan with a verdict and a gap: as kept, or reckoned now where nothing is kept of it yet."""
    decided = Evaluation.objects.filter(stage__in=sorted(DECIDED)).order_by().values("plan")
    kept = PlanFigures.objects.filter(plan__in=decided)
    yield from _telling(kept.values_list("gap", "support", "change", "change_sd").iterator())
    missing = Plan.objects.filter(pk__in=decided, figures=None)
    yield from _telling((row.gap, row.support, row.change, row.change_sd) for row in figures_of(missing))


def _telling(rows: Iterable[tuple[str, list[str], float | None, float | None]]) -> Iterable[Finished]:
    for gap, support, change, sd in rows:
        if gap and change is not None and sd is not None:
            yield Finished(gap, tuple(support), change, sd)
