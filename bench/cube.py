"""How long the cube takes, beside reading the needed columns alone and beside plain SQL, and for one new day.

Run with `python -m bench.cube FOLDER [--baseline FILE.sql]`. FOLDER holds facts of a year as Parquet
(activity/*.parquet, opportunity, stage_change, quota, rep, and delta/ for one more day); they are first written as
canonical tables, which is not timed. Each figure is taken in a process of its own, start-up counted, the best of
`--times`: seconds by the clock, and of processor over all threads, which alone count on a busy machine. What matters is
the ratios of one run. `--baseline` names SQL that computes 13 of the metrics from the same folder in DuckDB.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2025, 12, 28)
NEXT = date(2025, 12, 29)
LADDER = ("lead", "qualified", "proposal", "won")
NEEDED = {
    "activities": ["person_id", "kind", "occurred_at", "logged_at", "outcome", "count"],
    "opportunities": ["opportunity_id", "owner_id", "created_at", "outcome", "closed_at", "amount", "currency",
                      "expected_close_on", "next_step"],
    "stage_changes": ["opportunity_id", "stage", "entered_at"],
}  # fmt: skip

# Texts of few kinds are read as numbers.
CODES = {"person_id", "owner_id", "kind", "outcome", "stage", "currency", "next_step"}


def _selects(facts: Path) -> dict[str, str]:
    """Canonical tables of the facts as they are, and with `delta` of the rows of one more day."""

    def of(file: str) -> str:
        return f"read_parquet('{facts}/{file}')"

    deal = """'o' || opp_id AS opportunity_id, 'p' || rep_id AS owner_id, created_at, closed_at, amount,
        'EUR' AS currency,
        CASE WHEN won THEN 'won' WHEN NOT won THEN 'lost' ELSE 'open' END AS outcome, stage,
        CAST(created_at + INTERVAL 60 DAY AS DATE) AS expected_close_on, 'call' AS next_step"""
    done = """'k' || activity_id AS activity_id, 'p' || rep_id AS person_id, occurred_at, logged_at,
        CASE type WHEN 'task' THEN 'other' ELSE type END AS kind, outcome, 1 AS count"""
    move = "'o' || opp_id AS opportunity_id, to_stage AS stage, changed_at AS entered_at"
    return {
        "people": f"""SELECT 'p' || rep_id AS person_id, 'Rep ' || rep_id AS name, 'rep' AS role, segment,
            'team ' || team_id AS team, CAST(hire_date AS DATE) AS hired_on FROM {of("rep.parquet")}""",
        "quotas": f"""SELECT 'p' || rep_id AS person_id, 'revenue' AS metric, amount AS target,
            DATE '2024-12-30' + CAST(quarter AS INTEGER) * 91 AS period_start,
            DATE '2024-12-30' + (CAST(quarter AS INTEGER) + 1) * 91 AS period_end FROM {of("quota.parquet")}""",
        "opportunities": f"SELECT {deal} FROM {of('opportunity.parquet')}",
        "stage_changes": f"SELECT {move} FROM {of('stage_change.parquet')}",
        "activities": f"SELECT {done} FROM {of('activity/*.parquet')}",
        "delta opportunities": f"SELECT {deal} FROM {of('delta/opportunity.parquet')}",
        "delta stage_changes": f"SELECT {move} FROM {of('delta/stage_change.parquet')}",
        "delta activities": f"SELECT {done} FROM {of('delta/activity.parquet')}",
    }


def prepare(facts: Path, home: Path) -> None:
    """Two versions as a load writes them: the year, and one day more with what came and went."""
    import duckdb

    from headway.facts.tables import BY_NAME

    con = duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(home / "spill")})
    con.execute("SET preserve_insertion_order = true")
    con.execute("SET enable_progress_bar = false")
    first, second = home / "facts" / "v000001", home / "facts" / "v000002"
    for folder in (first, second):
        folder.mkdir(parents=True)
    selects = _selects(facts)
    infos: dict[str, Any] = {}
    for name, table in BY_NAME.items():
        if name not in selects:
            continue
        columns = ", ".join(f'CAST(NULL AS {c.kind.sql}) AS "{c.name}"' for c in table.columns)
        shape = f"SELECT {columns}, CAST(NULL AS VARCHAR) AS attributes WHERE false"
        whole = f"{shape} UNION ALL BY NAME ({selects[name]})"
        con.execute(f"COPY ({whole}) TO '{first / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")
        if f"delta {name}" not in selects:
            os.link(first / f"{name}.parquet", second / f"{name}.parquet")
        else:
            _second(con, name, table.key, f"{shape} UNION ALL BY NAME ({selects[f'delta {name}']})", first, second)
        counts = ", ".join(f'count("{c}")' for c in table.names)
        rows, *filled = con.execute(f"SELECT count(*), {counts} FROM '{first / name}.parquet'").fetchone() or (0,)
        told = [c for c, n in zip(table.names, filled, strict=True) if n]
        infos[name] = {"rows": rows, "digest": "", "loaded_at": "", "filled": told}
    for number, folder, last, base in ((1, first, AS_OF, None), (2, second, NEXT, 1)):
        manifest = {
            "number": number, "content_hash": str(number), "first_day": "2024-09-01", "last_day": str(last),
            "currencies": {"EUR": 1}, "tables": infos, "base": base,
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest))


def _second(con: Any, name: str, key: tuple[str, ...], delta: str, first: Path, second: Path) -> None:
    con.execute(f"COPY ({delta}) TO '{second / name}.came.parquet' (FORMAT parquet, COMPRESSION zstd)")
    came, old = (f"read_parquet('{path}')" for path in (second / f"{name}.came.parquet", first / f"{name}.parquet"))
    same = " AND ".join(f"o.{k} = c.{k}" for k in key)
    went = f"SELECT o.* FROM {old} o WHERE EXISTS (SELECT 1 FROM {came} c WHERE {same})"
    con.execute(f"COPY ({went}) TO '{second / name}.went.parquet' (FORMAT parquet, COMPRESSION zstd)")
    both = (
        f"SELECT * FROM {came} UNION ALL SELECT o.* FROM {old} o WHERE NOT EXISTS (SELECT 1 FROM {came} c WHERE {same})"
    )
    con.execute(f"COPY ({both}) TO '{second / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")


def limit(home: Path) -> None:
    """Read the needed columns and nothing else."""
    import pyarrow.parquet as pq

    for name, columns in NEEDED.items():
        texts = sorted(CODES & set(columns))
        file = pq.ParquetFile(home / "facts" / "v000001" / f"{name}.parquet", read_dictionary=texts)
        # Group by group is the quickest way; `iter_batches` takes half as long again and eight times the memory.
        for group in range(file.num_row_groups):
            file.read_row_group(group, columns=columns)


def baseline(facts: Path, sql: Path) -> None:
    """The plain way, in DuckDB."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"SET VARIABLE facts = '{facts}'; SET VARIABLE d0 = DATE '2024-12-30'; SET VARIABLE weeks = 52")
    con.execute(sql.read_text())


def cube(home: Path, version: int) -> None:
    """Build the cube of a version, or bring it up to date, and keep it. Neither needs the application."""
    from headway.facts.folder import read_manifest
    from headway.metrics.canonical import Calendar
    from headway.metrics.catalogue import specs
    from headway.metrics.cube.build import measures_of
    from headway.metrics.cube.upkeep import cube_of

    manifest = read_manifest(version)
    facts = _Version(version, manifest)
    there = {(name, column) for name, info in manifest.tables.items() for column in info.filled}
    possible = [spec for spec in specs(LADDER) if all((s.table, c) in there for s in spec.sources for c in s.columns)]
    kept = cube_of(facts, measures_of(possible), calendar=Calendar(), folder=home / "compiled")  # type: ignore[arg-type]
    print(f"{len(possible)} metrics: {kept.built} parts built, {kept.updated} brought up to date", file=sys.stderr)


class _Version:
    """What the cube asks of opened facts."""

    def __init__(self, version: int, manifest: Any) -> None:
        self.version, self.manifest = version, manifest
        self.as_of, self.first_day, self.last_day = manifest.last_day, manifest.first_day, manifest.last_day
        self.currency, self.ladder = "EUR", LADDER


Taken = tuple[float, float, float]


def _measure(title: str, home: Path, more: list[str], *, times: int, before: Callable[[], None]) -> Taken:
    """Least seconds by the clock and of processor, greatest memory in MiB."""
    taken: list[Taken] = []
    settings = {"HEADWAY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "headway.config.settings"}
    for _time in range(times):
        before()
        command = [sys.executable, "-W", "ignore", "-m", "bench.cube", "--one", title, *more]
        began = time.perf_counter()
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE)
        assert process.stdout is not None
        said = process.stdout.read()
        _pid, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{title} failed")
        clock, processor = json.loads(said) if said else (time.perf_counter() - began, used.ru_utime + used.ru_stime)
        taken.append((clock, processor, used.ru_maxrss / 1024))
    return min(t[0] for t in taken), min(t[1] for t in taken), max(t[2] for t in taken)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, help="where the canonical tables are written (made if it is not there)")
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    home = (asked.home or asked.folder / "home").absolute()
    if asked.one:
        _one(asked.one, asked.folder, home, asked.baseline)
        return
    if not home.exists():
        # In a process of its own: what a process had at the most, those that it starts inherit.
        made = multiprocessing.get_context("spawn").Process(target=prepare, args=(asked.folder.absolute(), home))
        made.start()
        made.join()
    _table(asked, home)


def _one(title: str, folder: Path, home: Path, sql: Path | None) -> None:
    if title == "limit":
        limit(home)
    elif title == "baseline" and sql is not None:
        baseline(folder, sql)
    elif title in ("full", "day"):
        cube(home, 1 if title == "full" else 2)
    elif title == "started":
        _started(home)


def _started(home: Path) -> None:
    """One more day in a process that has begun its work, as the worker of an application has: prints what it took."""
    cube(home, 1)
    clock, processor = time.perf_counter(), time.process_time()
    cube(home, 2)
    print(json.dumps([time.perf_counter() - clock, time.process_time() - processor]))


def _table(asked: argparse.Namespace, home: Path) -> None:
    import shutil

    def forget(version: int) -> Callable[[], None]:
        return lambda: shutil.rmtree(home / "cube" / f"v{version:06d}", ignore_errors=True)

    more = [str(asked.folder), "--home", str(home)]
    sql = ["--baseline", str(asked.baseline)] if asked.baseline else []
    _measure("full", home, more, times=1, before=forget(1))  # the definitions are compiled once per home
    rows = {
        "reading the needed columns": _measure("limit", home, more, times=asked.times, before=lambda: None),
        "full build": _measure("full", home, more, times=asked.times, before=forget(1)),
        "one more day": _measure("day", home, more, times=asked.times, before=forget(2)),
    }
    started = "one more day, work alone"
    rows[started] = _measure("started", home, more, times=asked.times, before=forget(2))
    if sql:
        rows["plain SQL"] = _measure("baseline", home, more + sql, times=asked.times, before=lambda: None)
    floor = rows["reading the needed columns"]
    print(f"{'':<28}{'clock s':>9}{'processor s':>13}{'of reading (clock, processor)':>32}{'peak MiB':>10}")
    for title, (clock, processor, peak) in rows.items():
        ratios = f"{clock / floor[0]:.2f}, {processor / floor[1]:.2f}"
        print(f"{title:<28}{clock:>9.2f}{processor:>13.2f}{ratios:>32}{peak:>10.0f}")
    for title in ("one more day", started):
        _times_faster(title, rows[title], "the full build", rows["full build"])
    if sql:
        _times_faster("the full build", rows["full build"], "plain SQL", rows["plain SQL"])


def _times_faster(title: str, quick: Taken, than: str, slow: Taken) -> None:
    print(f"{title} is {slow[0] / quick[0]:.2f} times as fast as {than} ({slow[1] / quick[1]:.2f} by processor)")


if __name__ == "__main__":
    main()
