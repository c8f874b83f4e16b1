"""`python -m bench.simulation --worlds N`: the engine beside today's practice and the limit, on known truth.

Three generators made by different mechanics, none by the engine's assumptions. Figures are numbered as the
targets. The limit knows every chance's difficulty and how people differ: nobody can do better on average.
"""

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import django
from django.conf import settings

from bench.simulation import cells, daily, rough
from bench.simulation.figures import Rows, joined, rows_of
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.table import groups_table, main_table, same_table, team_row, weekly_table
from bench.simulation.truth import Truth, World
from bench.simulation.weekly import Seen, watch_weeks

GENERATORS: dict[str, Callable[[World], tuple[MemoryFacts, Truth]]] = {
    "daily": daily.simulate,
    "cells": cells.simulate,
    "rough": rough.simulate,
}
PARTS = ("main", "teams", "equal", "weekly")


@dataclass(frozen=True)
class Task:
    """One world of one generator."""

    generator: str
    world: World
    refit: bool = False


def judged(task: Task) -> Rows:
    """Draw a world, run the engine, keep what it said."""
    from headway.detection.engine import analyse, report

    _configured()
    facts, truth = GENERATORS[task.generator](task.world)
    analysis = analyse(facts)
    rows = rows_of(facts, truth, analysis, report(facts, analysis), seed=task.world.seed)
    facts.con.close()
    return rows


def watched(task: Task) -> Seen:
    """Draw a world and look at it every week; see whether inflating activity changes anything for others."""
    _configured()
    facts, truth = GENERATORS[task.generator](task.world)
    padded, inflated = GENERATORS[task.generator](replace(task.world, inflated=0.05))
    truth = replace(truth, inflated=inflated.inflated)
    seen = watch_weeks(facts, truth, days=task.world.days, padded=padded, refit=task.refit)
    facts.con.close()
    padded.con.close()
    # neither functions nor the whole trail travel between processes
    return replace(seen, truth=replace(truth, ideal=None, trail=None))  # type: ignore[arg-type]


def _configured() -> None:
    warnings.simplefilter("ignore")
    if not settings.configured:
        settings.configure(USE_I18N=False, USE_TZ=True)
        django.setup()


def main() -> int:
    """Print the table."""
    options = _options()
    began = time.perf_counter()
    with ProcessPoolExecutor(options.processes) as pool:

        def run(name: str, count: int, first: int = 0, **given: object) -> Rows:
            seeds = range(options.seed + first, options.seed + first + count)
            tasks = [Task(name, World(seed=s, **given)) for s in seeds]  # type: ignore[arg-type]
            return joined(pool.map(judged, tasks))

        for name in options.generators:
            if "main" in options.parts:
                main_table(f"{name}, a tenth decline", run(name, options.worlds))
                main_table(f"{name}, no changes in time", run(name, options.worlds, declines=0.0))
            if "teams" in options.parts:
                print(f"\n  3, 5 teams of other sizes, {name}")
                for people, many in ((12, 6), (25, 3), (50, 2)):
                    team_row(people, run(name, options.worlds * many, 1000, people=people, declines=0.05))
            if "equal" in options.parts:
                same = run(name, options.worlds, 2000, same_skill=True)
                same_table(same, same.with_formal, f"{name}, everybody the same")
                groups_table(run(name, options.worlds, 3000, unequal_groups=True, declines=0.0))
            if "weekly" in options.parts:
                for refit, many in ((False, options.worlds), (True, options.weekly)):
                    worlds = [World(seed=options.seed + 4000 + i) for i in range(many)]
                    tasks = [Task(name, world, refit) for world in worlds]
                    if tasks:
                        weekly_table(f"{name}{', all refitted' if refit else ''}", list(pool.map(watched, tasks)))
            sys.stdout.flush()
    print(f"\nseeds from {options.seed}; {time.perf_counter() - began:.0f} s")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.simulation")
    parser.add_argument("--worlds", type=int, default=20, help="worlds of 100 people for each figure")
    parser.add_argument("--weekly", type=int, default=2, help="worlds where everything is fitted anew for forty weeks")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="which tables")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--generators", nargs="+", choices=list(GENERATORS), default=list(GENERATORS))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
