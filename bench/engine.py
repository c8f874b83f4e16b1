"""How long the engine takes and how much memory: `python -m bench.engine --reps 100 1000`.

Signals of everybody from loaded facts over two years (about 620 leads a person); and the closed-form shrinkage
of 100,000 people by 12 metrics. Seconds on the clock and of processor time: on a busy machine only the latter counts.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bench.simulation.memory_facts import MemoryFacts

PART = 1_000
TARGETS = {100: 5.0, 1_000: 30.0, 10_000: 300.0}


def main() -> int:
    """Print the table."""
    import django
    from django.conf import settings

    parser = argparse.ArgumentParser(prog="python -m bench.engine")
    parser.add_argument("--reps", type=int, nargs="+", default=[100, 1_000])
    options = parser.parse_args()
    settings.configure(USE_I18N=False, USE_TZ=True)
    django.setup()
    print(f"{'':<36}{'clock':>8}{'processor':>11}{'peak MiB':>10}   target")
    for reps in options.reps:
        _signals(reps)
    _shrinkage()
    return 0


def _signals(reps: int) -> None:
    from headway.detection.engine import signals

    with tempfile.TemporaryDirectory() as folder:
        # what the simulation takes is no part of the figures
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(_write, Path(folder), reps).result()
        facts = _read(Path(folder))
    clock, processor = time.perf_counter(), time.process_time()
    signals(facts, history_weeks=0)
    _row(f"signals, {reps:,} people", clock, processor, f"{TARGETS[reps]:.0f} s" if reps in TARGETS else "")
    facts.con.close()


def _write(folder: Path, reps: int) -> None:
    """Worlds of at most a thousand people each, as one company."""
    from bench.simulation.daily import simulate
    from bench.simulation.memory_facts import COLUMNS
    from bench.simulation.truth import World

    for part, people in enumerate([PART] * (reps // PART) + ([reps % PART] if reps % PART else [])):
        facts, _ = simulate(World(seed=1 + part, people=people))
        for name, columns in COLUMNS.items():
            if facts.has(name):
                ids = ", ".join(f"'{part}-' || {c} AS {c}" for c in columns if c.endswith("_id"))
                target = folder / f"{name}-{part}.parquet"
                facts.con.execute(f"COPY (SELECT * REPLACE ({ids}) FROM {name}) TO '{target}'")
        facts.con.close()


def _read(folder: Path) -> MemoryFacts:
    """The facts of all parts."""
    import pyarrow.parquet

    from bench.simulation.memory_facts import COLUMNS, memory_facts
    from bench.simulation.truth import AS_OF

    tables = {
        name: pyarrow.concat_tables([pyarrow.parquet.read_table(f) for f in files])
        for name in COLUMNS
        if (files := sorted(folder.glob(f"{name}-*.parquet")))
    }
    return memory_facts(tables, AS_OF)


def _shrinkage() -> None:
    from headway.stats.normal_means import pool_columns

    rng = np.random.default_rng(1)
    y, variance = rng.normal(size=(100_000, 12)), rng.uniform(0.1, 1.0, (100_000, 12))
    pool_columns(y, variance)
    clock, processor = time.perf_counter(), time.process_time()
    pool_columns(y, variance)
    _row("shrinkage, 100,000 people x 12", clock, processor, "0.05 s")


def _row(text: str, clock: float, processor: float, target: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, worked = time.perf_counter() - clock, time.process_time() - processor
    print(f"{text:<36}{seconds:8.3f}{worked:11.3f}{peak:10.0f}   {target}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
