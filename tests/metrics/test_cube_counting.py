"""Activities counted as they come from the file are those the database adds up, in any zone and with any gaps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from headway.facts.tables import BY_NAME
from headway.metrics.arrays import days
from headway.metrics.canonical import Calendar, Canonical
from headway.metrics.catalogue import activity, specs
from headway.metrics.compiled import Statements
from headway.metrics.cube import classes, counting
from headway.metrics.cube.build import People, counted_part, part_of
from headway.metrics.cube.parts import Daily, Part, narrow
from headway.metrics.spec import Measure
from headway.metrics.windows import STATISTICS

GROUP: list[Measure] = list(
    dict.fromkeys(m for s in specs() for m in (s.numerator, s.denominator) if m and m.rows is activity.activity_rows)
)
KINDS = ("call", "email", "social", "meeting", "demo", "other", None)
OUTCOMES = ("held", "No_Show", "cancelled", None, "")


def activities(path: Path) -> None:
    """Two thousand activities over half a year with both clock changes, midnights, gaps, late logging, many counts."""
    rng = np.random.default_rng(7)
    first, rows = datetime(2025, 9, 1), []  # noqa: DTZ001 (naive UTC, as in the store)
    for i in range(2000):
        at = first + timedelta(minutes=int(rng.integers(0, 300 * 1440)))
        at = at.replace(hour=0, minute=0) if i % 9 == 0 else at
        logged = None if i % 7 == 0 else at + timedelta(hours=int(rng.integers(-2, 60)))
        who = None if i % 31 == 0 else f"p{rng.integers(0, 12)}"
        count = None if i % 5 else int(rng.integers(0, 5))
        rows.append((f"k{i}", who, KINDS[i % 7], at, logged, OUTCOMES[i % 5], count))
    names = ("activity_id", "person_id", "kind", "occurred_at", "logged_at", "outcome", "count")
    table = pa.table({
        name: pa.array([row[j] for row in rows], {"count": pa.int64(), "occurred_at": pa.timestamp("us"),
                                                  "logged_at": pa.timestamp("us")}.get(name, pa.string()))
        for j, name in enumerate(names)
    })  # fmt: skip
    pq.write_table(table, path, row_group_size=300)


def by_person(part: Part, people: People) -> dict[tuple[str, int, int, str], float]:
    assert isinstance(part, Daily)
    names = list(people.known)
    found: dict[tuple[str, int, int, str], float] = {}
    for position, stats in enumerate(part.stats):
        for name in STATISTICS:
            for i, value in enumerate(stats.get(name, np.zeros(0)).tolist()):
                if value:
                    found[names[part.person[i]], int(part.day[i]), position, name] = float(value)
    return found


def assert_counted_as_added_up(path: Path, zone: str) -> None:
    years = (date(2025, 1, 1), date(2026, 12, 31))
    c = Canonical(Calendar(zone), "EUR", ("lead", "qualified", "proposal", "won"), *years, whole=True)
    statements = Statements(c, folder=None)
    counted_people, people = People(), People()
    counted = counted_part(path, c, GROUP, counted_people)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    columns = ", ".join(f'CAST(NULL AS {x.kind.sql}) AS "{x.name}"' for x in BY_NAME["activities"].columns)
    con.execute(
        f"CREATE VIEW activities AS SELECT {columns} WHERE false UNION ALL BY NAME SELECT * FROM read_parquet('{path}')"
    )
    added = part_of(con, statements, GROUP, people)
    con.close()
    found = by_person(counted, counted_people)
    assert found
    assert found == by_person(added, people)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize("block", [64, 1 << 15])
def test_counted_and_added_up_agree(zone: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (counting, days):
        monkeypatch.setattr(module, "BLOCK", block)
    path = tmp_path / "activities.parquet"
    activities(path)
    assert_counted_as_added_up(path, zone)


@pytest.mark.parametrize("count", [1, 3, None])
def test_a_count_that_all_rows_share_is_told_by_the_file(count: int | None, tmp_path: Path) -> None:
    path = tmp_path / "activities.parquet"
    activities(path)
    table = pq.read_table(path)
    same = pa.array([count] * table.num_rows, pa.int64())
    pq.write_table(table.set_column(table.column_names.index("count"), "count", same), path, row_group_size=300)
    assert_counted_as_added_up(path, "UTC")


def test_counters_grow_with_people_and_with_what_activities_are_worth(tmp_path: Path) -> None:
    path = tmp_path / "activities.parquet"
    activities(path)
    table = pq.read_table(path)
    fewest_first = table.take(pa.array(np.argsort([str(who) for who in table["person_id"].to_pylist()], kind="stable")))
    pq.write_table(fewest_first, path, row_group_size=20)
    assert_counted_as_added_up(path, "UTC")


def test_a_file_of_too_many_kinds_is_left_to_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "activities.parquet"
    activities(path)
    monkeypatch.setattr(classes, "MOST_CLASSES", 10)
    c = Canonical(Calendar(), "EUR", ("lead", "won"), whole=True)
    with pytest.raises(classes.TooMuch):
        counted_part(path, c, GROUP, People())


@pytest.mark.parametrize(
    ("sums", "kept"),
    [
        ([1.0, -2.0, 0.0], np.int8),
        ([127.0, -127.0], np.int8),
        ([-128.0], np.int16),
        ([32767.0, 1.0], np.int16),
        ([40000.0], np.int32),
        ([], np.int8),
        ([1.5, 2.0], np.float64),
        ([1.0, 3e9], np.float64),
        ([1.0, np.inf], np.float64),
        ([1.0, np.nan], np.float64),
    ],
)
def test_sums_are_kept_narrow_only_where_nothing_is_lost(sums, kept):
    column = np.array(sums)
    assert np.array_equal(narrow(column), column, equal_nan=True)
    assert np.array_equal(-narrow(column), -column, equal_nan=True)
    assert narrow(column).dtype == kept
