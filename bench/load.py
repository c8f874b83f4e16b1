"""How long a load takes and how much memory it needs, from process start to the new version.

Run with `python -m bench.load`: writes a company of canonical facts (100 reps over two years unless told otherwise)
into a temporary folder, loads it with `headway load` in a process of its own, twice, and prints seconds and peak
memory. `--rows N` makes one CSV of N activities instead (2 GB at about 32,000,000), to see that memory stays bounded.
`--beside PYTHON` names a Python that has polars (Headway does not need it): with `--rows` the same file is then made
Parquet by polars, without looking whether its rows make sense, in the same run.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

START = datetime(2024, 1, 1)  # noqa: DTZ001 (facts are naive UTC)
DAYS = 730
LIMIT_SECONDS, LIMIT_MIB = 10.0, 1024.0


def _write(folder: Path, name: str, header: str, rows: Iterable[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def _moment(chance: random.Random, days: int = DAYS - 60) -> datetime:
    return START + timedelta(minutes=chance.randrange(days * 1440))


def _people(reps: int) -> Iterable[Sequence[object]]:
    yield "l0", "Leader", "l0@bench.example", "leader", "", "", "2019-01-01"
    for team in range(max(1, reps // 10)):
        yield f"m{team}", f"Manager {team}", f"m{team}@bench.example", "manager", "l0", f"Team {team}", "2020-01-01"
    for i in range(reps):
        yield f"p{i}", f"Rep {i}", f"p{i}@bench.example", "rep", f"m{i // 10}", f"Team {i // 10}", "2023-01-01"


def make_company(folder: Path, reps: int) -> None:
    """About 800 leads, 300 opportunities and 750 stage changes a rep, over two years."""
    chance = random.Random(20260517)
    _write(folder, "people", "person_id,name,email,role,manager_id,team,hired_on", _people(reps))
    leads, deals, changes = [], [], []
    for i in range(800 * reps):
        came = _moment(chance)
        good = came + timedelta(days=4) if i % 2 else ""
        deal = f"o{i}" if i < 300 * reps else ""
        leads.append((f"l{i}", f"p{i % reps}", came, "web", chance.randrange(100), good, deal))
    for i in range(300 * reps):
        came = _moment(chance)
        end = came + timedelta(days=30)
        outcome = ("won", "lost", "open", "open")[i % 4]
        closed = "" if outcome == "open" else end
        stage = "proposal" if outcome == "open" else outcome
        amount = round(chance.lognormvariate(9, 0.8), 2)
        who = (f"o{i}", f"p{i % reps}", f"a{i % 5000}", came)
        deals.append((*who, stage, outcome, closed, amount, "EUR", "web", end.date()))
        changes += [(f"o{i}", "qualified", came), (f"o{i}", "proposal", came + timedelta(days=9))]
        changes += [(f"o{i}", outcome, end)] if closed else []
    _write(folder, "leads", "lead_id,owner_id,created_at,source,score,qualified_at,opportunity_id", leads)
    header = "opportunity_id,owner_id,account_id,created_at,stage,outcome,closed_at,amount,currency,source,"
    header += "expected_close_on"
    _write(folder, "opportunities", header, deals)
    _write(folder, "stage_changes", "opportunity_id,stage,entered_at", changes)


def make_activities(folder: Path, rows: int) -> None:
    """One large file of activities."""
    chance = random.Random(1)
    _write(folder, "people", "person_id,name,email,role,manager_id,team,hired_on", _people(100))
    moments = [_moment(chance).isoformat() for _ in range(5000)]
    with (folder / "activities.csv").open("w") as file:
        file.write("activity_id,person_id,kind,occurred_at,outcome,count,lead_id,opportunity_id,account_id\n")
        for start in range(0, rows, 100_000):
            file.writelines(
                f"a{i},p{i % 100},call,{moments[i * 7 % 5000]},connected,1,,o{i % 30000},c{i % 5000}\n"
                for i in range(start, min(rows, start + 100_000))
            )


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds on the clock, seconds of processor (user and system), peak memory so far."""

    seconds: float
    cpu_seconds: float
    peak_mib: float

    @property
    def words(self) -> str:
        """The cost as text."""
        return f"{self.seconds:.1f} s ({self.cpu_seconds:.1f} s of processor)"


def run(folder: Path, home: Path) -> Cost:
    """Load the folder in a process of its own."""
    environment = {**os.environ, "HEADWAY_HOME": str(home)}
    command = [sys.executable, "-m", "headway", "load", str(folder), "--yes", "--json"]
    used, before = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    seconds, now = time.perf_counter() - before, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Cost(seconds, cpu, now.ru_maxrss / 1024)


POLARS = "import sys, polars; polars.read_csv(sys.argv[1], try_parse_dates=True).write_parquet(sys.argv[2])"


def beside(python: str, folder: Path, scratch: Path) -> Cost:
    """The large file made Parquet by polars."""
    command = [python, "-c", POLARS, str(folder / "activities.csv"), str(scratch / "polars.parquet")]
    before = time.perf_counter()
    process = subprocess.Popen(command)
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("polars could not read the file")
    return Cost(time.perf_counter() - before, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> int:
    """Measure and print; 1 where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=100)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--beside", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch, "facts"), Path(scratch, "home")
        folder.mkdir()
        if asked.rows:
            make_activities(folder, asked.rows)
        else:
            make_company(folder, asked.reps)
        size = sum(f.stat().st_size for f in folder.iterdir()) / 1e6
        setup = [sys.executable, "-m", "headway", "setup"]
        subprocess.run(setup, env={**os.environ, "HEADWAY_HOME": str(home)}, check=True)
        first, again = run(folder, home), run(folder, home)
        if asked.rows and asked.beside:
            other = beside(asked.beside, folder, Path(scratch))
            ratio = other.cpu_seconds / first.cpu_seconds
            print(f"polars: {other.words}, peak {other.peak_mib:.0f} MiB; a load does {ratio:.2f} of its rows a second")
    print(f"{size:.0f} MB: first load {first.words}, loading again {again.words}, peak {again.peak_mib:.0f} MiB")
    # On a machine with other work the clock says little: then the processor's seconds count.
    fits = asked.rows or asked.reps > 100 or min(first.seconds, first.cpu_seconds) < LIMIT_SECONDS
    return 0 if fits and again.peak_mib < LIMIT_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
