"""The list behind a figure is what the figure counts: added up, it gives the figure again."""

from __future__ import annotations

import pytest

from headway.core.period import Grain
from headway.metrics import catalogue
from headway.metrics.behind import Behind, behind, told
from headway.metrics.canonical import Calendar
from headway.metrics.engine import metric_rows
from headway.metrics.spec import Kind, MetricSpec
from headway.metrics.values import MetricValue
from tests.metrics.facts_double import FactsDouble
from tests.metrics.test_examples import company

KEYS = [spec.key for spec in catalogue.specs()]


@pytest.fixture(scope="module")
def facts() -> FactsDouble:
    return company()


@pytest.fixture(scope="module")
def ana(facts: FactsDouble) -> dict[str, MetricValue]:
    rows = metric_rows(facts, grain=Grain.QUARTER, calendar=Calendar(), back=0, persons=["ana"])
    return {row.metric: row for row in rows}


def _found(facts: FactsDouble, value: MetricValue) -> Behind:
    return behind(facts, value.spec, person_id="ana", period=value.period, calendar=Calendar())


def _again(spec: MetricSpec, found: Behind, weeks: float) -> float:
    if spec.kind is Kind.TOTAL:
        return found.numerator
    if spec.kind is Kind.PER_WEEK:
        return found.numerator / weeks
    assert found.denominator
    return found.numerator / found.denominator


@pytest.mark.parametrize("key", KEYS)
def test_the_things_give_the_figure_again(key: str, facts: FactsDouble, ana: dict[str, MetricValue]) -> None:
    value = ana[key]
    found = _found(facts, value)
    assert found.things, "a figure of the example rests on something"
    if value.spec.kind is Kind.MEDIAN:
        assert len(found.things) == value.n
        return
    assert _again(value.spec, found, value.weeks_present) == pytest.approx(value.value, abs=1e-9)


def test_of_a_share_everything_looked_at_is_listed(facts: FactsDouble, ana: dict[str, MetricValue]) -> None:
    for key in ("win_rate", "stagnant_share", "lead_to_qualified"):
        found = _found(facts, ana[key])
        assert len(found.things) == ana[key].n
        assert sum(thing.fits for thing in found.things) == round((ana[key].value or 0) * ana[key].n)


def test_each_thing_says_what_it_is(facts: FactsDouble, ana: dict[str, MetricValue]) -> None:
    won = _found(facts, ana["revenue"])
    about = told(facts, won.table, won.things[:2])
    assert {thing.about["outcome"] for thing in about} == {"won"}
    assert [thing.key for thing in about] == [thing.key for thing in won.things[:2]]


def test_odd_ids_are_text_and_nothing_else(facts: FactsDouble, ana: dict[str, MetricValue]) -> None:
    odd = "ana' OR '1'='1"
    found = behind(facts, ana["revenue"].spec, person_id=odd, period=ana["revenue"].period, calendar=Calendar())
    assert found.things == ()
