"""How long the engine takes and how much memory: `python -m bench.engine --reps 100 1000`.

Signals of everybody from loaded facts over two years (about 620 leads a person, read from Parquet as the store does);
and the closed-form shrinkage of 100,000 people by 12 metrics. Seconds on the clock and of processor time: on a busy
machine only the latter counts.
"""

from __future__ import annotations

import argparse
import os
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
TARGETS = {100: "5 s", 1_000: "30 s", 10_000: "300 s, 4096 MiB"}


def main() -> int:
    """Print the table."""
    import django

    parser = argparse.ArgumentParser(prog="python -m bench.engine")
    parser.add_argument("--reps", type=int, nargs="+", default=[100, 1_000])
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
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
        facts = _opened(Path(folder))
        clock, processor = time.perf_counter(), time.process_time()
        signals(facts, history_weeks=0)
        _row(f"signals, {reps:,} people", clock, processor, TARGETS.get(reps, ""))
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


def _opened(folder: Path) -> MemoryFacts:
    """The facts of all parts as the store keeps them: Parquet files that are read when they are asked for."""
    import duckdb

    from bench.simulation.memory_facts import COLUMNS, MemoryFacts
    from bench.simulation.truth import AS_OF
    from headway.facts.store import READ_MEMORY

    spill = str(folder / "spill")
    con = duckdb.connect(config={"threads": 2, "memory_limit": READ_MEMORY, "temp_directory": spill})
    facts = MemoryFacts(AS_OF, con)
    for name, columns in COLUMNS.items():
        files = [str(f) for f in sorted(folder.glob(f"{name}-*.parquet"))]
        empty = ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in columns.items())
        read = f"SELECT * FROM read_parquet({files})" if files else f"SELECT {empty} WHERE false"
        con.execute(f"CREATE TEMP VIEW {name} AS {read}")
        facts.rows[name] = len(files)
    return facts


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
