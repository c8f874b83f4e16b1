"""Reading forecasts, always for a named actor: how often they have come true so far."""

from __future__ import annotations

from dataclasses import dataclass

from headway.core.actors import Actor
from headway.core.permissions import require
from headway.plans.models import ForecastLog

# fewer settled forecasts than this say nothing about calibration
ENOUGH = 50


@dataclass(frozen=True)
class ChanceClass:
    """Forecasts that said about the same: [low, high), how many, their mean chance, and the share that came true."""

    low: float
    high: float
    n: int
    stated: float
    came_true: float


@dataclass(frozen=True)
class Calibration:
    """made: all forecasts kept; settled: those whose days are over. brier and error only from 50 settled ones on."""

    made: int
    settled: int
    classes: tuple[ChanceClass, ...]
    brier: float | None
    error: float | None

    @property
    def enough(self) -> bool:
        """Whether anything can be said yet."""
        return self.settled >= ENOUGH


def calibration(actor: Actor) -> Calibration:
    """How stated chances compare with what happened; over everybody, nobody named. Two queries."""
    require(actor, "forecast.review")
    rows = list(ForecastLog.objects.filter(reached__isnull=False).values_list("chance", "reached"))
    pairs = [(chance, bool(reached)) for chance, reached in rows]
    return calibration_of(pairs, made=ForecastLog.objects.count())


def calibration_of(pairs: list[tuple[float, bool]], *, made: int) -> Calibration:
    """The same from (chance, reached) alone."""
    classes = []
    for tenth in range(10):
        here = [(c, r) for c, r in pairs if min(int(c * 10), 9) == tenth]
        if here:
            n = len(here)
            stated, true = sum(c for c, _r in here) / n, sum(r for _c, r in here) / n
            classes.append(ChanceClass(tenth / 10, (tenth + 1) / 10, n, stated, true))
    if len(pairs) < ENOUGH:
        return Calibration(made, len(pairs), tuple(classes), None, None)
    brier = sum((c - r) ** 2 for c, r in pairs) / len(pairs)
    error = sum(abs(k.stated - k.came_true) * k.n for k in classes) / len(pairs)
    return Calibration(made, len(pairs), tuple(classes), brier, error)
