"""`python -m bench.simulation --worlds N`: all targets, on known truth.

Three generators made by different mechanics, none by the engine's assumptions. The engine stands beside today's
practice and the limit, which knows every chance's difficulty and how people differ: nobody can do better on average.
Figures are numbered as the targets.
"""

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from bench.simulation.figures import Rows, joined, rows_of
from bench.simulation.forecast import AHEAD, forecast_in, forecast_table
from bench.simulation.forecast import joined as joined_tallies
from bench.simulation.generators import GENERATORS, configured
from bench.simulation.looks import looks_table
from bench.simulation.table import groups_table, main_table, row, same_table, team_row, weekly_table
from bench.simulation.truth import World
from bench.simulation.verdict import SIZES, said_in, verdict_table
from bench.simulation.verdict import joined as joined_said
from bench.simulation.weekly import Seen, watch_weeks

PARTS = ("main", "teams", "equal", "weekly", "verdict", "forecast", "looks", "speed")


@dataclass(frozen=True)
class Task:
    """One world of one generator. stages: whether gaps are split as well, which takes as long as all the rest."""

    generator: str
    world: World
    refit: bool = False
    stages: bool = False


@dataclass(frozen=True)
class Bench:
    """What was asked for, and the processes that do it."""

    pool: ProcessPoolExecutor
    options: argparse.Namespace

    def worlds(self, first: int, count: int | None = None, **given: object) -> list[World]:
        """So many worlds (default: as many as were asked for), with seeds from the given one on, from `first`."""
        begin = self.options.seed + first
        return [World(seed=s, **given) for s in range(begin, begin + (count or self.options.worlds))]  # type: ignore[arg-type]

    def judged(self, name: str, worlds: list[World], *, stages: bool = False) -> Rows:
        """The engine's word on everybody in these worlds."""
        return joined(self.pool.map(judged, [Task(name, world, stages=stages) for world in worlds]))


def judged(task: Task) -> Rows:
    """Draw a world, run the engine, keep what it said."""
    from headway.detection.engine import analyse, report

    configured()
    facts, truth = GENERATORS[task.generator](task.world)
    analysis = analyse(facts)
    rows = rows_of(facts, truth, analysis, report(facts, analysis), seed=task.world.seed, stages=task.stages)
    facts.con.close()
    return rows


def watched(task: Task) -> Seen:
    """Draw a world and look at it every week; see whether inflating activity changes anything for others."""
    configured()
    facts, truth = GENERATORS[task.generator](task.world)
    padded, inflated = GENERATORS[task.generator](replace(task.world, inflated=0.05))
    truth = replace(truth, inflated=inflated.inflated)
    seen = watch_weeks(facts, truth, days=task.world.days, padded=padded, refit=task.refit)
    facts.con.close()
    padded.con.close()
    # neither functions nor the whole trail travel between processes
    return replace(seen, truth=replace(truth, ideal=None, trail=None))  # type: ignore[arg-type]


def timed(world: World) -> float:
    """Seconds of processor time that the signals of a world take."""
    from headway.detection.engine import signals

    configured()
    facts, _ = GENERATORS["daily"](world)
    began = time.process_time()
    signals(facts)
    return time.process_time() - began


def _main(bench: Bench, name: str) -> None:
    main_table(f"{name}, a tenth decline", bench.judged(name, bench.worlds(0), stages=True))
    main_table(f"{name}, no changes in time", bench.judged(name, bench.worlds(0, declines=0.0), stages=True))


def _teams(bench: Bench, name: str) -> None:
    print(f"\n  3, 5 teams of other sizes, {name}")
    for people, many in ((12, 6), (25, 3), (50, 2)):
        worlds = bench.worlds(1000, bench.options.worlds * many, people=people, declines=0.05)
        team_row(people, bench.judged(name, worlds))


def _equal(bench: Bench, name: str) -> None:
    same = bench.judged(name, bench.worlds(2000, same_skill=True))
    same_table(same, same.with_formal, f"{name}, everybody the same")
    groups_table(bench.judged(name, bench.worlds(3000, unequal_groups=True, declines=0.0)))


def _weekly(bench: Bench, name: str) -> None:
    for refit, many in ((False, bench.options.worlds), (True, bench.options.weekly)):
        if many:
            tasks = [Task(name, world, refit) for world in bench.worlds(4000, many)]
            weekly_table(f"{name}{', all refitted' if refit else ''}", list(bench.pool.map(watched, tasks)))


def _verdict(bench: Bench, name: str) -> None:
    for size in SIZES:
        worlds = bench.worlds(5000, recoveries=0.4, recovery_size=size)
        said = joined_said(bench.pool.map(said_in, [(name, world) for world in worlds]))
        verdict_table(f"{name}, who recovers gains {100 * np.expm1(size):.0f} % on average: {len(worlds)} worlds", said)


def _forecast(bench: Bench, name: str) -> None:
    worlds = bench.worlds(6000, days=730 + AHEAD)
    found = joined_tallies(bench.pool.map(forecast_in, [(name, world) for world in worlds]))
    forecast_table(f"{name}, forecasts: {len(worlds)} worlds", found, classes=bench.options.classes)


OF_A_GENERATOR: dict[str, Callable[[Bench, str], None]] = {
    "main": _main,
    "teams": _teams,
    "equal": _equal,
    "weekly": _weekly,
    "verdict": _verdict,
    "forecast": _forecast,
}


def main() -> int:
    """Print the table."""
    options = _options()
    began = time.perf_counter()
    with ProcessPoolExecutor(options.processes) as pool:
        bench = Bench(pool, options)
        for name in options.generators:
            for part, table in OF_A_GENERATOR.items():
                if part in options.parts:
                    table(bench, name)
                    sys.stdout.flush()
        if "looks" in options.parts:
            looks_table()
        if "speed" in options.parts:
            print("\nspeed (more with python -m bench.engine)")
            row("12 100 people, 2 years: seconds of a processor", pool.submit(timed, World(seed=1)).result(), "< 5")
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
    parser.add_argument("--classes", action="store_true", help="every class of a forecast's stated chance")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
