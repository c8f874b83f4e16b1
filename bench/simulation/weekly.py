"""Early warnings as a manager meets them: the facts of each week, week after week, each known only up to then."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from bench.simulation.figures import FINE, report_id
from bench.simulation.memory_facts import MemoryFacts, as_known_on
from bench.simulation.truth import AS_OF, Truth
from headway.detection.engine import early_warnings, signals

WEEKS, EVERY = 40, 1


@dataclass
class Weeks:
    """Waits in weeks by kind (inf: never seen), false alarms and the fine rep-years they came from."""

    waits: dict[str, list[float]] = field(default_factory=lambda: {"effort": [], "skill": []})
    alarms: int = 0
    fine_years: float = 0.0
    worlds: int = 0
    flipped: int = 0
    named: int = 0

    def add(self, other: "Weeks") -> None:
        for kind, waits in other.waits.items():
            self.waits[kind] += waits
        self.alarms += other.alarms
        self.fine_years += other.fine_years
        self.worlds += other.worlds
        self.flipped += other.flipped
        self.named += other.named

    def of(self, kind: str) -> list[float]:
        return self.waits["effort"] + self.waits["skill"] if kind == "all" else self.waits[kind]

    def count(self, kind: str) -> int:
        return len(self.of(kind))

    def median(self, kind: str) -> float:
        """Never seen counts as longer than anything."""
        return float(np.median(self.of(kind))) if self.of(kind) else float("nan")

    @property
    def seen_share(self) -> float:
        return float(np.isfinite(self.of("all")).mean()) if self.of("all") else float("nan")

    @property
    def false_alarms(self) -> float:
        return self.alarms / self.fine_years if self.fine_years else float("nan")

    @property
    def changed_by_inflating(self) -> float:
        return float(self.flipped)


def looks(facts: MemoryFacts) -> Iterator[tuple[int, date]]:
    """Days of the weekly looks, and how many days before the last."""
    for back in range(WEEKS, -1, -EVERY):
        yield 7 * back, facts.as_of - timedelta(days=7 * back)


def walk_weeks(facts: MemoryFacts, truth: Truth, *, days: int) -> Weeks:
    """Warnings at every weekly look. A decline counts as seen at the first warning after it; a false alarm is
    a
    warning about somebody who is fine and does not decline, once in a quarter however often it is repeated."""
    found = Weeks(worlds=1)
    n = truth.index.size
    first_seen, last = np.full(n, np.inf), np.full(n, -np.inf)
    falling = truth.index_fell
    steady = (truth.decline_day < 0) & (truth.index >= FINE)
    for back, day in looks(facts):
        known = as_known_on(facts, day)
        now = {w.person_id for w in early_warnings(signals(known, history_weeks=0))}
        known.con.close()
        here = np.array([report_id(i) in now for i in range(n)])
        today = days - back
        seen = here & falling & (truth.decline_day <= today)
        first_seen = np.where(seen & np.isinf(first_seen), today - truth.decline_day, first_seen)
        if back < 7 * WEEKS:
            found.alarms += int((here & (today - last > 91) & steady).sum())
            found.fine_years += EVERY / 52 * float(steady.sum())
        last = np.where(here, today, last)
    for kind, effort in (("effort", True), ("skill", False)):
        pick = falling & (truth.effort_fell == effort) & (truth.decline_day > days - 7 * WEEKS)
        found.waits[kind] = (first_seen[pick] / 7.0).tolist()
    return found


def inflating(plain: MemoryFacts, inflated: MemoryFacts) -> tuple[int, int]:
    """People whose level (named or not) differs when some log far more activity, and how many are named."""
    levels = [
        {e.person_id: e.tier.value in ("support", "formal") for e in signals(f, history_weeks=0).people}
        for f in (plain, inflated)
    ]
    return sum(levels[0][k] != levels[1][k] for k in levels[0]), sum(levels[0].values())


__all__ = ["AS_OF", "Weeks", "inflating", "walk_weeks"]
