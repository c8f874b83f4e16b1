"""Every metric computed on the tables that the reference shows, next to the figure worked out by hand."""

from __future__ import annotations

import pytest

from headway.core.period import Grain
from headway.metrics import catalogue
from headway.metrics.canonical import Calendar
from headway.metrics.engine import metric_rows
from headway.metrics.examples import AS_OF, EXAMPLES, TABLES, Example
from headway.metrics.values import MetricValue
from tests.metrics.facts_double import FactsDouble, facts_of


def company() -> FactsDouble:
    tables = {name: [dict(zip(columns, row, strict=True)) for row in rows] for name, (columns, rows) in TABLES.items()}
    return facts_of(tables, as_of=AS_OF)


@pytest.fixture(scope="module")
def ana() -> dict[str, MetricValue]:
    rows = metric_rows(company(), grain=Grain.QUARTER, calendar=Calendar(), back=0, persons=["ana"])
    return {row.metric: row for row in rows}


def test_every_metric_has_an_example() -> None:
    assert {e.metric for e in EXAMPLES} == {spec.key for spec in catalogue.specs()}
    assert all(str(e.working) for e in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.metric)
def test_the_engine_agrees_with_the_sum_by_hand(example: Example, ana: dict[str, MetricValue]) -> None:
    assert ana[example.metric].value == pytest.approx(example.value, abs=1e-9)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_bare_dates_do_not_move_with_the_time_zone(zone: str) -> None:
    rows = metric_rows(
        company(),
        grain=Grain.QUARTER,
        calendar=Calendar(zone),
        back=0,
        metrics=["revenue", "win_rate"],
        persons=["ana"],
    )
    assert [row.value for row in rows] == [720.0, 5 / 7]


def test_an_instant_belongs_to_the_company_s_day() -> None:
    """K3 was called at 23:30 UTC on 31 March: in Berlin that is 1 April, another quarter."""
    rows = metric_rows(
        company(), grain=Grain.QUARTER, calendar=Calendar("Europe/Berlin"), back=0, metrics=["calls"], persons=["ana"]
    )
    assert rows[0].n == 40


def test_the_sentence_names_what_was_left_out(ana: dict[str, MetricValue]) -> None:
    assert "1 more without a known amount is left out" in ana["revenue"].sentence
