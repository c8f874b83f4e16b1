"""A cube brought up to date from what loads changed is the cube built anew; trouble leaves the last good one."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from headway.core.actors import SYSTEM
from headway.core.home_folder import home
from headway.core.period import Grain, Period
from headway.facts.load import commit_load, plan_load
from headway.facts.models import FactVersion
from headway.facts.store import open_facts
from headway.facts.tables import BY_NAME
from headway.metrics.canonical import Calendar
from headway.metrics.catalogue import specs
from headway.metrics.cube import book, databases, files, open_deals, over, upkeep
from headway.metrics.cube.build import counted_part, measures_of
from headway.metrics.evaluable import missing, profile
from tests.metrics.test_cube import book_values, parts, same

pytestmark = pytest.mark.django_db
KEPT = {Grain.WEEK: 2, Grain.QUARTER: 1}
PERIOD = Period(date(2026, 1, 1), date(2026, 4, 1))
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
REPS = ("ana", "ben", "cem")
Row = dict[str, Any]


def load(folder: Path, tables: dict[str, Sequence[Row]], *, removed: dict[str, list[str]] | None = None) -> None:
    """Load rows of canonical tables; those with a known key correct what is there."""
    folder.mkdir()
    for name, rows in tables.items():
        if rows:
            columns = [c.name for c in BY_NAME[name].columns if any(c.name in row for row in rows)]
            table = pa.table({c: [None if row.get(c) is None else str(row[c]) for row in rows] for c in columns})
            pq.write_table(table, folder / f"{name}.parquet")
    plan = plan_load([folder], today=date(2026, 4, 1), removed=removed)
    commit_load(plan, by=SYSTEM)


def start() -> dict[str, list[Row]]:
    """Ninety deals, sixty leads and a hundred activities of three reps."""
    days = [FIRST + timedelta(days=i % 88) for i in range(100)]
    return {
        "people": [{"person_id": who, "name": who, "role": "rep"} for who in REPS],
        "quotas": [
            {"person_id": who, "period_start": FIRST, "period_end": date(2026, 4, 1), "target": 900} for who in REPS
        ],
        "opportunities": [
            deal(i, owner=REPS[i % 3], opened=days[i], length=i % 40, outcome=("won", "lost", "open")[i % 3 - i % 2])
            for i in range(90)
        ],
        "stage_changes": [
            {"opportunity_id": f"o{i}", "stage": ("qualified", "proposal")[i % 2], "entered_at": days[i]}
            for i in range(0, 90, 2)
        ],
        "leads": [
            {"lead_id": f"l{i}", "owner_id": REPS[i % 3], "created_at": days[i], "qualified_at": None}
            for i in range(60)
        ],
        "activities": [
            {"activity_id": f"k{i}", "person_id": REPS[i % 3], "kind": ("call", "meeting", "email")[i % 3],
             "occurred_at": days[i], "logged_at": days[i], "lead_id": f"l{i % 60}"}
            for i in range(100)
        ],
    }  # fmt: skip


def deal(number: int, *, owner: str, opened: date, length: int, outcome: str) -> Row:
    closed = opened + timedelta(days=length)
    still = outcome == "open" or closed > LAST
    return {
        "opportunity_id": f"o{number}", "owner_id": owner, "created_at": opened, "amount": 100.5 + number,
        "outcome": "open" if still else outcome, "closed_at": None if still else closed, "next_step": "call",
        "currency": "EUR",
    }  # fmt: skip


days = st.dates(FIRST, LAST)
numbers = st.integers(0, 99)
some_deals = st.lists(
    st.builds(
        deal, numbers, owner=st.sampled_from(REPS), opened=days, length=st.integers(0, 40),
        outcome=st.sampled_from(["won", "lost", "open"]),
    ),
    max_size=4, unique_by=lambda row: row["opportunity_id"],
)  # fmt: skip
some_moves = st.lists(
    st.fixed_dictionaries(
        {"opportunity_id": st.builds(lambda n: f"o{n}", st.integers(0, 89)),
         "stage": st.sampled_from(["qualified", "proposal"]), "entered_at": days}
    ),
    max_size=3, unique_by=lambda row: tuple(row.values()),
)  # fmt: skip
some_leads = st.lists(
    st.fixed_dictionaries(
        {"lead_id": st.builds(lambda n: f"l{n}", numbers), "owner_id": st.sampled_from(REPS),
         "created_at": st.just(FIRST), "qualified_at": days}
    ),
    max_size=3, unique_by=lambda row: row["lead_id"],
)  # fmt: skip
some_activities = st.lists(
    st.fixed_dictionaries(
        {"activity_id": st.builds(lambda n: f"k{n}", st.integers(0, 120)), "person_id": st.sampled_from(REPS),
         "kind": st.sampled_from(["call", "demo"]), "occurred_at": days, "count": st.integers(1, 3),
         "lead_id": st.builds(lambda n: f"l{n}", st.integers(0, 59))}
    ),
    max_size=4, unique_by=lambda row: row["activity_id"],
)  # fmt: skip
gone = st.fixed_dictionaries(
    {
        "activities": st.lists(st.builds(lambda n: f"k{n}", numbers), max_size=2),
        "opportunities": st.lists(st.builds(lambda n: f"o{n}", numbers), max_size=2),
    }
)
loads = st.lists(st.tuples(some_deals, some_moves, some_leads, some_activities, gone), min_size=1, max_size=3)


def assert_as_built_anew() -> upkeep.Kept:
    """The cube brought up to date gives every figure of a cube that is built from all facts."""
    with open_facts() as facts:
        seen = profile(facts)
        wanted = measures_of([s for s in specs() if missing(facts, s, seen) is None])
        kept = upkeep.cube_of(facts, wanted, calendar=Calendar(), folder=home() / "compiled")
        ours = book_values(_book(facts))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(book, "is_whole", lambda _facts: False)
            anew = book_values(_book(facts))
    assert ours.keys() == anew.keys()
    for key, value in anew.items():
        for one, other in zip(parts(ours[key]), parts(value), strict=True):
            assert same(one, other), (key, one, other)
    return kept


def test_only_people_are_numbered(tmp_path: Path, fresh_home: Path) -> None:
    load(tmp_path / "first", start())
    load(tmp_path / "second", {"people": start()["people"], "activities": [CALL]})  # nothing goes
    for version in (1, 2):
        with open_facts(version=version) as facts:
            wanted = measures_of([s for s in specs() if s.key in ("calls", "revenue", "pipeline_value")])
            kept = upkeep.cube_of(facts, wanted, calendar=Calendar(), folder=home() / "compiled")
        assert set(kept.cube.persons) == set(REPS)
    assert kept.updated


def _book(facts: Any) -> book.Book:
    return book.figure_book(facts, calendar=Calendar(), kept=KEPT)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Ibis compiled, for all homes of these tests."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: Path) -> Path:
    return _new_home(tmp_path, monkeypatch, compiled)


def _new_home(folder: Path, patched: pytest.MonkeyPatch, compiled: Path) -> Path:
    made = folder / "home"
    made.mkdir()
    (made / "compiled").symlink_to(compiled)
    patched.setenv("HEADWAY_HOME", str(made))
    FactVersion.objects.all().delete()
    return made


@settings(
    max_examples=1, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(loads)
def test_up_to_date_is_as_built_anew_after_any_loads(
    tmp_path_factory: pytest.TempPathFactory, compiled: Path, drawn: Any
) -> None:
    folder = tmp_path_factory.mktemp("loads")
    with pytest.MonkeyPatch.context() as patched:
        _new_home(folder, patched, compiled)
        load(folder / "first", start())
        assert assert_as_built_anew().built
        for number, (deals, moves, leads, activities, removed) in enumerate(drawn):
            tables = {"opportunities": deals, "stage_changes": moves, "leads": leads, "activities": activities}
            load(folder / str(number), {"people": start()["people"], **tables}, removed=removed)
            assert_as_built_anew()


CALL = {"activity_id": "late", "person_id": "ana", "kind": "call", "occurred_at": "2026-01-05", "logged_at": LAST}


def test_a_late_a_corrected_a_reassigned_and_a_deleted_record(tmp_path: Path, fresh_home: Path) -> None:
    load(tmp_path / "first", start())
    before = assert_as_built_anew()
    assert (before.read, before.updated) == (0, 0)
    moved = deal(3, owner="cem", opened=date(2026, 1, 4), length=3, outcome="won")
    tables = {"people": start()["people"], "activities": [CALL], "opportunities": [moved]}
    load(tmp_path / "second", tables, removed={"activities": ["k5"], "leads": ["l7"]})
    after = assert_as_built_anew()
    assert after.built == 0
    assert after.updated > 5
    assert assert_as_built_anew().read == after.updated
    assert _calls(2) == _calls(1) + 1.0  # as known now, and as known at the first load


def test_many_activities_that_came_or_went_are_counted(
    tmp_path: Path, fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    def counting(file: Path, *args: Any, **options: Any) -> Any:
        found = counted_part(file, *args, **options)
        counted.append(file.name)
        return found

    monkeypatch.setattr(upkeep, "counted_part", counting)
    load(tmp_path / "first", start())
    assert assert_as_built_anew().built
    counted.clear()
    monkeypatch.setattr(upkeep, "CELLS_PER_ROW", 1)
    another = [{**row, "kind": "email"} for row in start()["activities"][:12]]
    load(tmp_path / "second", {"people": start()["people"], "activities": [CALL, *another]})
    assert assert_as_built_anew().updated
    assert not counted  # the days and people are too many counters for so few rows
    monkeypatch.setattr(upkeep, "CELLS_PER_ROW", 10_000)
    load(tmp_path / "third", {"people": start()["people"], "activities": start()["activities"][:12]})
    assert assert_as_built_anew().updated
    assert counted == ["activities.came.parquet", "activities.went.parquet"]


def _calls(version: int) -> float:
    """Ana's calls of the quarter, as that load knew them."""
    calls = next(spec.numerator for spec in specs() if spec.key == "calls")
    with open_facts(version=version) as facts:
        cube = upkeep.cube_of(facts, [calls], calendar=Calendar(), folder=home() / "compiled").cube
    found = over.sums_over(cube, calls, [PERIOD]).x[0, cube.persons.index("ana")]
    return float(found)


def _no_search(patched: pytest.MonkeyPatch) -> None:
    def search(*_args: Any) -> None:
        raise AssertionError("the deals that were touched are looked for among all deals")

    patched.setattr(databases.Databases, "touched", search)


def test_a_new_day_is_found_among_the_open_deals(
    tmp_path: Path, fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path / "first", start())
    assert_as_built_anew()
    opened = [row for row in start()["opportunities"] if row["outcome"] == "open"]
    assert len(opened) > 4
    won = {**opened[0], "outcome": "won", "closed_at": LAST}
    given = {**opened[1], "owner_id": "cem" if opened[1]["owner_id"] != "cem" else "ana"}
    new = deal(200, owner="ben", opened=LAST, length=1, outcome="open")
    moves = [
        {"opportunity_id": row["opportunity_id"], "stage": "proposal", "entered_at": LAST} for row in (opened[2], new)
    ]
    people = start()["people"]
    with monkeypatch.context() as patched:
        _no_search(patched)
        load(tmp_path / "second", {"people": people, "opportunities": [won, given, new], "stage_changes": moves})
        assert assert_as_built_anew().updated
        # The day after builds on the open deals of this one.
        lost = {**new, "outcome": "lost", "closed_at": LAST}
        load(tmp_path / "third", {"people": people, "opportunities": [lost]}, removed={"opportunities": []})
        assert assert_as_built_anew().updated
    closed = {**won, "amount": 1.0}
    load(tmp_path / "fourth", {"people": people, "opportunities": [closed]})
    with monkeypatch.context() as patched:
        _no_search(patched)
        with pytest.raises(AssertionError, match="among all"):
            assert_as_built_anew()  # a deal that was closed is not among the open ones
    assert assert_as_built_anew().updated


def test_a_deal_that_goes_leaves_its_history_to_a_search(
    tmp_path: Path, fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path / "first", start())
    assert_as_built_anew()
    going = next(
        row["opportunity_id"]
        for row in start()["opportunities"]
        if row["outcome"] == "open"
        and any(m["opportunity_id"] == row["opportunity_id"] for m in start()["stage_changes"])
    )
    load(tmp_path / "second", {"people": start()["people"]}, removed={"opportunities": [going]})
    assert assert_as_built_anew().updated
    assert open_deals.read_open_deals(files.cube_folder(2)) is None
    back = next(row for row in start()["opportunities"] if row["opportunity_id"] == going)
    load(tmp_path / "third", {"people": start()["people"], "opportunities": [back]})
    assert assert_as_built_anew().updated  # its history, which had stayed, counts again


def test_a_cube_needs_neither_the_application_nor_a_database() -> None:
    program = """
import sys
from headway.metrics.cube.upkeep import cube_of
from headway.metrics.catalogue import specs
assert cube_of and specs()
print(sorted({"duckdb", "ibis", "pandas", "scipy", "headway.core.models", "django.db.models"} & set(sys.modules)))
"""
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"


def test_a_cut_off_write_leaves_the_cube_before_and_nothing_behind(
    tmp_path: Path, fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path / "first", start())
    assert_as_built_anew()
    load(tmp_path / "second", {"people": start()["people"], "activities": [CALL]})

    def no_room(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_part", no_room)
        assert assert_as_built_anew().updated  # figures are right although nothing can be written
    assert not files.cube_folder(2).exists()
    assert [made.name for made in files.cube_folder(1).parent.iterdir()] == ["v000001"]
    # A process that was killed leaves a half-written folder aside; the next write sweeps it.
    (files.cube_folder(2).parent / ".v000002-dead").mkdir()
    assert assert_as_built_anew().updated
    assert sorted(made.name for made in files.cube_folder(1).parent.iterdir()) == ["v000001", "v000002"]


def test_a_damaged_or_foreign_cube_is_built_anew(tmp_path: Path, fresh_home: Path) -> None:
    load(tmp_path / "first", start())
    assert_as_built_anew()
    for damaged in files.cube_folder(1).glob("*.arrow"):
        damaged.write_bytes(damaged.read_bytes()[:100])
    assert assert_as_built_anew().read == 0
    (files.cube_folder(1) / files.INDEX).write_text("half a")
    assert assert_as_built_anew().read == 0
    assert assert_as_built_anew().built == 0


def test_a_reader_keeps_what_it_opened_while_the_cube_is_replaced(tmp_path: Path, fresh_home: Path) -> None:
    load(tmp_path / "first", start())
    with open_facts() as facts:
        wanted = measures_of([spec for spec in specs() if spec.key in ("calls", "revenue")])
        opened = upkeep.cube_of(facts, wanted, calendar=Calendar(), folder=None)
        opened = upkeep.cube_of(facts, wanted, calendar=Calendar(), folder=None)
        assert opened.read == 2
        before = over.sums_over(opened.cube, wanted[0], [PERIOD]).x.tolist()
        files.keep(1, "another", ("zoe",), {}, linked={}, tables={})
        assert over.sums_over(opened.cube, wanted[0], [PERIOD]).x.tolist() == before
