"""`python -m bench.simulation.forecast --worlds N`: are forecasts as often right as they say?

Each world runs half a year longer than the engine may see. On the day looked from, everything later is cut out of the
facts; forecasts over 4, 13 and 26 weeks are made for everybody and held against what then happened. Targets are
set as a manager would set them, at fixed shares of what the segment's people usually bring in such a time, and at the
forecast's own quantiles. Calibration error: mean distance of stated chance and what happened, over ten classes of
stated chance, weighted by their size.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from bench.simulation.daily import simulate
from bench.simulation.memory_facts import COLUMNS, MemoryFacts, memory_facts
from bench.simulation.truth import World

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
    """Stated chances beside what happened (0 or 1), for one horizon and kind of targets."""

    stated: list[float] = field(default_factory=list)
    reached: list[float] = field(default_factory=list)
    expected: list[float] = field(default_factory=list)
    actual: list[float] = field(default_factory=list)

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


def collect(worlds: list[World], *, cut: int = AHEAD, weeks: tuple[int, ...] = WEEKS) -> dict[tuple[int, str], Tally]:
    """Forecast in every world; by (weeks, "share" or "quantile")."""
    from headway.detection.signal import NotEvaluable
    from headway.plans.outlook.engine import desk_of, outlooks

    found: dict[tuple[int, str], Tally] = {(w, kind): Tally() for w in weeks for kind in ("share", "quantile")}
    for world in worlds:
        whole, _truth = simulate(world)
        facts = known_on(whole, cut)
        desk = desk_of(facts)
        segment = dict(zip(desk.analysis.roster.ids, desk.analysis.roster.segment, strict=True))
        for w in weeks:
            start = facts.as_of + timedelta(days=1)
            made = outlooks(facts, start, start + timedelta(days=7 * w), desk=desk)
            came = happened(whole, cut, w)
            usual = {
                code: float(np.mean([came.get(p, 0.0) for p in made if segment[p] == code]))
                for code in segment.values()
            }
            for person, outlook in made.items():
                if isinstance(outlook, NotEvaluable):
                    continue
                value = came.get(person, 0.0)
                by_share, by_level = found[(w, "share")], found[(w, "quantile")]
                by_share.expected.append(outlook.expected)
                by_share.actual.append(value)
                for share in SHARES:
                    target = share * usual[segment[person]]
                    by_share.stated.append(outlook.chance(target))
                    by_share.reached.append(float(value >= target))
                for level in LEVELS:
                    target = outlook.reached_with(level)
                    if target > 0:
                        by_level.stated.append(outlook.chance(target))
                        by_level.reached.append(float(value >= target))
        facts.con.close()
        whole.con.close()
    return found


def main() -> int:
    """Print the table."""
    import django
    from django.conf import settings

    parser = argparse.ArgumentParser(prog="python -m bench.simulation.forecast")
    parser.add_argument("--worlds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--cut", type=int, default=AHEAD, help="days before the world's end that are looked from")
    parser.add_argument("--classes", action="store_true", help="print every class of stated chance")
    options = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=False, USE_TZ=True)
        django.setup()
    began = time.perf_counter()
    worlds = [
        World(seed=s, people=options.people, days=730 + AHEAD)
        for s in range(options.seed, options.seed + options.worlds)
    ]
    found = collect(worlds, cut=options.cut)
    print(f"{options.worlds} worlds of {options.people} people; {time.perf_counter() - began:.0f} s")
    print("weeks  targets    Brier   calibration error   forecasts   money expected / came")
    for (weeks, kind), tally in found.items():
        bias = f"{tally.bias:+.3f}" if tally.actual else ""
        print(f"{weeks:>5}  {kind:<9}{tally.brier:7.4f}{tally.error:12.4f}{len(tally.stated):19}   {bias}")
        if options.classes:
            for stated, reached, n in tally.classes():
                print(f"         {stated:.3f} {reached:.3f} {n}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
