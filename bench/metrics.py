"""How much processor time the metrics need, and keeping them.

Run with `python -m bench.metrics [--reps N] [--activities N]`: invents a company of canonical facts (100 reps with
500,000 activities unless told otherwise) as Parquet files in a temporary folder, computes every metric for the last
quarter and the one before, each time in a process of its own (the first compiles the definitions), keeps the values in
a temporary SQLite file, and prints processor seconds of all threads.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2026, 3, 31)
FIRST = date(2024, 4, 1)
_MOMENT = "(TIMESTAMP '2024-04-01' + INTERVAL 1 MINUTE * CAST(random() * 1048320 AS BIGINT))"
# Deals, leads and stage changes of a rep over two years, as in `bench.load`.
LEADS, DEALS, CHANGES = 800, 300, 750


def _selects(reps: int, activities: int) -> dict[str, str]:
    return {
        "people": f"""SELECT 'p' || i AS person_id, 'Rep ' || i AS name, 'rep' AS role, 'Team ' || i // 10 AS team,
            'Segment ' || i % 4 AS segment, DATE '2023-01-01' AS hired_on FROM range({reps}) t(i)""",
        "quotas": f"""SELECT 'p' || i AS person_id, 'revenue' AS metric, q.s AS period_start,
            CAST(q.s + INTERVAL 3 MONTH AS DATE) AS period_end, 90000.0 AS target FROM range({reps}) t(i),
            (SELECT CAST(unnest(range(DATE '2024-04-01', DATE '2026-04-01', INTERVAL 3 MONTH)) AS DATE) AS s) q""",
        "accounts": f"""SELECT 'a' || i AS account_id, 'p' || i % {reps} AS owner_id, DATE '2024-01-01' AS started_on,
            CASE WHEN i % 17 = 0 THEN DATE '2026-02-01' END AS churned_on FROM range({30 * reps}) t(i)""",
        "leads": f"""SELECT 'l' || i AS lead_id, 'p' || i % {reps} AS owner_id, came AS created_at,
            CASE WHEN i % 5 = 0 THEN 'self' ELSE 'web' END AS source,
            CASE WHEN i % 3 = 0 THEN came + INTERVAL 9 DAY END AS qualified_at
            FROM (SELECT i, {_MOMENT} AS came FROM range({LEADS * reps}) t(i))""",
        "opportunities": f"""SELECT 'o' || i AS opportunity_id, 'p' || i % {reps} AS owner_id, came AS created_at,
            'a' || i % {30 * reps} AS account_id, 1000.0 + i % 977 AS amount, 'EUR' AS currency,
            CASE WHEN late OR i % 4 = 0 THEN 'open' WHEN i % 4 = 1 THEN 'won' ELSE 'lost' END AS outcome,
            CASE WHEN NOT late AND i % 4 > 0 THEN came + INTERVAL 50 DAY END AS closed_at, 'call' AS next_step,
            DATE '2026-05-01' AS expected_close_on
            FROM (SELECT *, came > TIMESTAMP '2026-02-05' AS late
                  FROM (SELECT i, {_MOMENT} AS came FROM range({DEALS * reps}) t(i)))""",
        "stage_changes": f"""SELECT 'o' || i % {DEALS * reps} AS opportunity_id,
            ['qualified', 'proposal', 'proposal'][1 + i // {DEALS * reps}] AS stage, {_MOMENT} AS entered_at
            FROM range({CHANGES * reps}) t(i)""",
        "activities": f"""SELECT 'k' || i AS activity_id, 'p' || i % {reps} AS person_id,
            ['call', 'call', 'call', 'email', 'email', 'social', 'meeting', 'demo'][1 + i // {reps} % 8] AS kind,
            came AS occurred_at, came + INTERVAL 7 HOUR AS logged_at, 'held' AS outcome
            FROM (SELECT i, {_MOMENT} AS came FROM range({activities}) t(i))""",
    }


def make_company(folder: Path, *, reps: int, activities: int) -> None:
    """One Parquet file per canonical table, with all its columns."""
    import duckdb

    from headway.facts.tables import BY_NAME

    con = duckdb.connect()
    con.execute("SELECT setseed(0.5)")
    for name, select in _selects(reps, activities).items():
        table = BY_NAME[name]
        columns = ", ".join(f'"{c.name}" {c.kind.sql}' for c in table.columns)
        con.execute(f"CREATE TABLE {name} ({columns}, attributes VARCHAR)")
        con.execute(f"INSERT INTO {name} BY NAME {select}")
        con.execute(f"COPY {name} TO '{folder / name}.parquet' (FORMAT parquet)")
        con.execute(f"DROP TABLE {name}")


@dataclass(frozen=True)
class BenchFacts:
    """What the metrics ask of the facts, over the invented files."""

    con: Any
    filled: frozenset[tuple[str, str]]
    as_of: date = AS_OF
    first_day: date | None = FIRST
    last_day: date | None = AS_OF
    currency: str = "EUR"
    ladder: tuple[str, ...] = ("lead", "qualified", "proposal", "won")

    def has(self, table: str) -> bool:
        """Whether there is any row."""
        return any(name == table for name, _column in self.filled)

    def has_column(self, table: str, column: str) -> bool:
        """Whether any row has a value."""
        return (table, column) in self.filled


def open_company(folder: Path) -> BenchFacts:
    """The invented files behind the very views that the fact store makes."""
    from headway.facts.masks import empty_select, ordered_tables, view_sql
    from headway.facts.store import connect
    from headway.facts.tables import BY_NAME

    con = connect()
    for table in BY_NAME.values():
        file = folder / f"{table.name}.parquet"
        source = f"SELECT * FROM read_parquet('{file}')" if file.exists() else empty_select(table)
        con.execute(f"CREATE TEMP VIEW raw_{table.name} AS {source}")
    for table in ordered_tables():
        con.execute(f"CREATE TEMP VIEW {table.name} AS {view_sql(table, AS_OF, whole=True)}")
    # The fact store knows this from its manifest.
    filled = {
        (table.name, c) for table in BY_NAME.values() for c in table.names
        if con.execute(f'SELECT 1 FROM raw_{table.name} WHERE "{c}" IS NOT NULL LIMIT 1').fetchone()
    }  # fmt: skip
    return BenchFacts(con, frozenset(filled))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(folder: Path, *, keep: bool) -> None:
    """Compute in this process and print what it took; keep the values if asked."""
    import django

    django.setup()
    from headway.core.period import Grain
    from headway.metrics.canonical import Calendar
    from headway.metrics.engine import metric_rows

    facts = open_company(folder)
    began, clock = _cpu(), time.perf_counter()
    values = metric_rows(facts, grain=Grain.QUARTER, calendar=Calendar("Europe/Berlin"))
    told = sum(value.value is not None for value in values)
    print(f"  {len(values)} values ({told} told): {_cpu() - began:.2f} s of processor, "
          f"{time.perf_counter() - clock:.2f} s by the clock")  # fmt: skip
    if keep:
        _keep(values)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MiB")


def _keep(values: Any) -> None:
    from django.core.management import call_command

    from headway.core.actors import SYSTEM
    from headway.metrics.actions import store_metrics
    from headway.metrics.models import AnalysisRun

    call_command("migrate", verbosity=0)
    run = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="0", policy_version="p", metrics_version="m"
    )
    began = _cpu()
    store_metrics(run=run, values=values, by=SYSTEM)
    print(f"  keeping {run.metric_values.count()} of them: {_cpu() - began:.2f} s of processor")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=100)
    parser.add_argument("--activities", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.folder:
        measure(asked.folder, keep=asked.keep)
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_company(folder, reps=asked.reps, activities=asked.activities)
        settings = {"HEADWAY_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "headway.config.settings"}
        print(f"{asked.reps} reps, {asked.activities} activities, two quarters")
        for title, more in (("first process", []), ("second process", ["--keep"])):
            print(title)
            command = [sys.executable, "-W", "ignore", "-m", "bench.metrics", "--folder", made, *more]
            subprocess.run(command, check=True, env={**os.environ, **settings})


if __name__ == "__main__":
    main()
