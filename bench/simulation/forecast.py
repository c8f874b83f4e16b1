"""Are forecasts as often right as they say? (`python -m bench.simulation --parts forecast`)

Each world runs half a year longer than the engine may see. On the day looked from, everything later is cut out of the
facts; forecasts over 4, 13 and 26 weeks are made for everybody and held against what then happened. Targets are
set as a manager would set them, at fixed shares of what the segment's people usually bring in such a time, and at the
forecast's own quantiles. Calibration error: mean distance of stated chance and what happened, over ten classes of
stated chance, weighted by their size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from bench.simulation.generators import GENERATORS, configured
from bench.simulation.memory_facts import COLUMNS, MemoryFacts, memory_facts
from bench.simulation.table import heading, row
from bench.simulation.truth import World

if TYPE_CHECKING:
    from headway.plans.outlook.outlook import Outlook

KINDS = ("share", "quantile")
WEEKS = (4, 13, 26)
AHEAD = 190
SHARES = (0.5, 0.75, 1.0, 1.25, 1.5)
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)


def known_on(facts: MemoryFacts, days_back: int) -> MemoryFacts:
    """The facts as they were known so many days before their last day."""
    as_of = facts.as_of - timedelta(days=days_back)
    end = f"TIMESTAMP '{as_of + timedelta(days=1)}'"
    con = facts.con
    cut = {
        "leads": f"""SELECT * REPLACE (CASE WHEN qualified_at < {end} THEN qualified_at END AS qualified_at,
                     CASE WHEN disqualified_at < {end} THEN disqualified_at END AS disqualified_at,
                     CASE WHEN qualified_at < {end} THEN opportunity_id END AS opportunity_id)
                     FROM leads WHERE created_at < {end}""",
        "stage_changes": f"SELECT * FROM stage_changes WHERE entered_at < {end}",
        "opportunities": f"""SELECT * REPLACE (CASE WHEN closed_at < {end} THEN outcome ELSE 'open' END AS outcome,
                             CASE WHEN closed_at < {end} THEN closed_at END AS closed_at)
                             FROM opportunities WHERE created_at < {end}""",
        "people": f"SELECT * FROM people WHERE hired_on < {end}",
    }
    tables = {name: con.execute(cut.get(name, f"SELECT * FROM {name}")).to_arrow_table() for name in COLUMNS}
    return memory_facts(tables, as_of)


def happened(facts: MemoryFacts, days_back: int, weeks: int) -> dict[str, float]:
    """Money won in the weeks after the day looked from, by person."""
    first = facts.as_of - timedelta(days=days_back - 1)
    rows = facts.con.execute(
        f"""SELECT owner_id, sum(amount) FROM opportunities WHERE outcome = 'won' AND closed_at >= DATE '{first}'
            AND closed_at < DATE '{first + timedelta(days=7 * weeks)}' GROUP BY 1"""
    ).fetchall()
    return {str(person): float(money) for person, money in rows}


@dataclass
class Tally:
    """Stated chances beside what happened (0 or 1), for one horizon and kind of targets; people: whose each is."""

    stated: list[float] = field(default_factory=list)
    reached: list[float] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    expected: list[float] = field(default_factory=list)
    actual: list[float] = field(default_factory=list)

    def add(self, outlook: Outlook, value: float, targets: list[float]) -> None:
        """A forecast, what came, and the targets above zero that it is asked about."""
        for target in targets:
            if target > 0:
                self.stated.append(outlook.chance(target))
                self.reached.append(float(value >= target))
                self.people.append(len(self.expected))
        self.expected.append(outlook.expected)
        self.actual.append(value)

    def take(self, other: Tally) -> None:
        """Add another world's."""
        self.people += [len(self.expected) + p for p in other.people]
        for name in ("stated", "reached", "expected", "actual"):
            getattr(self, name).extend(getattr(other, name))

    @property
    def brier(self) -> float:
        return float(np.mean((np.array(self.stated) - np.array(self.reached)) ** 2))

    @property
    def bias(self) -> float:
        """Expected money over money that came, minus one."""
        return float(np.sum(self.expected) / max(np.sum(self.actual), 1e-9) - 1.0)

    @property
    def error(self) -> float:
        return calibration_error(np.array(self.stated), np.array(self.reached))

    @property
    def by_chance(self) -> float:
        """Error to be expected of forecasts that are right as often as they say: one uniform draw per person decides
        all of their targets (mean of 50 draws)."""
        rng, stated, people = np.random.default_rng(1), np.array(self.stated), np.array(self.people)
        draws = [rng.random(len(self.expected))[people] < stated for _ in range(50)]
        return float(np.mean([calibration_error(stated, draw.astype(float)) for draw in draws]))

    def classes(self) -> list[tuple[float, float, int]]:
        """(mean stated, share reached, n) per tenth."""
        p, y = np.array(self.stated), np.array(self.reached)
        place = np.minimum((p * 10).astype(int), 9)
        return [(float(p[place == k].mean()), float(y[place == k].mean()), int((place == k).sum()))
                for k in range(10) if (place == k).any()]  # fmt: skip


def calibration_error(stated: np.ndarray, reached: np.ndarray) -> float:
    """Weighted mean distance between stated chance and share reached over ten classes."""
    place = np.minimum((stated * 10).astype(int), 9)
    size = np.bincount(place, minlength=10)
    gap = np.abs(np.bincount(place, stated, 10) - np.bincount(place, reached, 10))
    return float(gap.sum() / size.sum())


def forecast_in(task: tuple[str, World]) -> dict[tuple[int, str], Tally]:
    """Forecast in one world; by (weeks, "share" or "quantile")."""
    configured()
    generator, world = task
    whole, _truth = GENERATORS[generator](world)
    found = held_against(whole, cut=AHEAD)
    whole.con.close()
    return found


def held_against(whole: MemoryFacts, *, cut: int, weeks: tuple[int, ...] = WEEKS) -> dict[tuple[int, str], Tally]:
    """Forecasts made `cut` days before the last day of the facts, beside what came."""
    from headway.detection.signal import NotEvaluable
    from headway.plans.outlook.engine import desk_of, outlooks

    found: dict[tuple[int, str], Tally] = {(w, kind): Tally() for w in weeks for kind in KINDS}
    facts = known_on(whole, cut)
    desk = desk_of(facts)
    segment = dict(zip(desk.analysis.roster.ids, desk.analysis.roster.segment, strict=True))
    for w in weeks:
        start = facts.as_of + timedelta(days=1)
        made = outlooks(facts, start, start + timedelta(days=7 * w), desk=desk)
        came = happened(whole, cut, w)
        usual = {
            code: float(np.mean([came.get(p, 0.0) for p in made if segment[p] == code])) for code in segment.values()
        }
        for person, outlook in made.items():
            if not isinstance(outlook, NotEvaluable):
                value, target = came.get(person, 0.0), usual[segment[person]]
                found[(w, "share")].add(outlook, value, [share * target for share in SHARES])
                found[(w, "quantile")].add(outlook, value, [outlook.reached_with(level) for level in LEVELS])
    facts.con.close()
    return found


def joined(parts: Iterable[dict[tuple[int, str], Tally]]) -> dict[tuple[int, str], Tally]:
    """Tallies of several worlds."""
    found: dict[tuple[int, str], Tally] = {}
    for part in parts:
        for key, tally in part.items():
            found.setdefault(key, Tally()).take(tally)
    return found


def forecast_table(title: str, found: dict[tuple[int, str], Tally], *, classes: bool = False) -> None:
    """Target 10. The chance column: the error that forecasts as often right as they say would show by chance alone."""
    heading(title, plain="", best="chance")
    for (weeks, kind), tally in found.items():
        name = f"{weeks} weeks, {'shares of usual' if kind == 'share' else 'own quantiles'}"
        if kind == "share":
            row(f"10 Brier {name}", tally.brier, "<= .165" if weeks == 13 else "")
        row(f"10 calibration error {name}", tally.error, "<= .010" if weeks == 13 else "<= .015", best=tally.by_chance)
        if kind == "share":
            row(f"10   money expected over came, {weeks} weeks", 1.0 + tally.bias)
        for stated, reached, n in tally.classes() if classes else ():
            print(f"      stated {stated:.3f}: reached {reached:.3f} ({n})")
