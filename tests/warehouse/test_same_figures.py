"""The same definitions on four engines: every figure of every rep is the one that a load of the same rows gives."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from headway.core.actors import SYSTEM
from headway.core.period import Grain
from headway.facts.load import commit_load, plan_load
from headway.facts.store import open_facts
from headway.facts.warehouse.address import parse
from headway.facts.warehouse.warehouse_facts import open_warehouse
from headway.metrics.canonical import Calendar
from headway.metrics.edge_cases import EDGE_CASES
from headway.metrics.engine import metric_rows
from headway.metrics.examples import EXAMPLES
from headway.metrics.values import Measured, MetricValue
from tests.warehouse.invented import LAST, TODAY, arrow, company
from tests.warehouse.places import ENGINES, warehouse

# Py4j, through which Spark is asked, leaves closing its sockets to the collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]
BERLIN = Calendar("Europe/Berlin")
# On the first day nothing of what came later may be seen; on the second nothing lies after it.
DAYS = (LAST, TODAY)
Figure = tuple[object, ...]
Figures = dict[tuple[str, str, date], Figure]
# K3 of the examples was called at 23:30 UTC on the last day: in Berlin that is another quarter.
MOVED = {"calls", "activities", "call_to_meeting", "logged_within_24h"}
# Worked out once for all engines.
_after_a_load: dict[date, Figures] = {}


@pytest.fixture(scope="module", params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with warehouse(request.param, arrow(company()), tmp_path_factory.mktemp(request.param)) as found:
        yield found


def figures(rows: tuple[MetricValue, ...]) -> Figures:
    return {
        (row.person_id, row.metric, row.period.start): (
            row.value if isinstance(row.result, Measured) else row.result.code,
            row.n,
            row.unknown,
            row.peers.median if row.peers else None,
        )
        for row in rows
    }


def same(one: Figure, other: Figure) -> bool:
    """Counts, reasons and medians are equal; sums of money are added up in another order."""
    return all(
        math.isclose(a, b, rel_tol=1e-9) if isinstance(a, float) and isinstance(b, float) else a == b
        for a, b in zip(one, other, strict=True)
    )


@pytest.fixture
def expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[date, Figures]:
    """What a load of the same rows gives, on each day."""
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    if _after_a_load:
        return _after_a_load
    export = tmp_path / "export"
    export.mkdir()
    for name, table in arrow(company()).items():
        pq.write_table(table, export / f"{name}.parquet")
    commit_load(plan_load([export], today=TODAY), by=SYSTEM)
    found = {}
    for day in DAYS:
        with open_facts(day) as facts:
            found[day] = figures(metric_rows(facts, grain=Grain.QUARTER, calendar=BERLIN, back=0))
    assert by_hand(found[LAST]) == []
    _after_a_load.update(found)
    return found


def by_hand(found: Figures) -> list[str]:
    """Which of the reference's sums come out otherwise: all edge cases, and Ana's examples that no time zone moves."""
    wanted = {pair: value for case in EDGE_CASES for pair, value in case.wanted.items()}
    wanted |= {("ana", e.metric): e.value for e in EXAMPLES if e.metric not in MOVED}
    quarter = date(2026, 1, 1)
    figures = {(who, metric): figure[0] for (who, metric, start), figure in found.items() if start in (quarter, LAST)}
    return [
        f"{pair}: {figures.get(pair)}, by hand {value}"
        for pair, value in wanted.items()
        if not same((figures.get(pair),), (value,))
    ]


def test_every_figure_is_that_of_a_load(
    address: str, expected: dict[date, Figures], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.core.clock.today", lambda: TODAY)
    # Every question costs Spark a second: it is asked for the day whose views are the harder ones.
    for day in DAYS[:1] if address.startswith("spark") else DAYS:
        with open_warehouse(day, address=parse(address)) as facts:
            found = figures(metric_rows(facts, grain=Grain.QUARTER, calendar=BERLIN, back=0))
        wanted = expected[day]
        assert found.keys() == wanted.keys()
        assert sum(isinstance(v[0], float) for v in wanted.values()) > 400
        if day == LAST:
            assert by_hand(found) == []
        assert not {key: (found[key], wanted[key]) for key in wanted if not same(found[key], wanted[key])}


def test_figures_of_two_quarters_take_a_dozen_questions(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a way there and back, and costs money in some warehouses."""
    if address.startswith("spark"):
        pytest.skip("Spark is asked one by one: one large statement took it as long as its parts")
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("headway.core.clock.today", lambda: TODAY)
    asked: list[str] = []
    with open_warehouse(LAST, address=parse(address)) as facts:
        ask = facts.database.engine.rows

        def rows(sql: str) -> list[tuple[Any, ...]]:
            asked.append(sql)
            return ask(sql)

        monkeypatch.setattr(facts.database.engine, "rows", rows)
        found = metric_rows(facts, grain=Grain.QUARTER, calendar=BERLIN, back=1)
    assert len({row.metric for row in found}) > 25
    assert len(asked) <= 12
