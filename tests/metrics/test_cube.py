"""The cube gives what the engine gives, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.core.period import Grain
from headway.metrics.canonical import Calendar
from headway.metrics.cube.book import Book, figure_book
from headway.metrics.cube.packing import Setting, Somebody, value_of
from headway.metrics.engine import metric_rows
from headway.metrics.members import first_name
from headway.metrics.values import Measured, MetricValue, NotEvaluable
from tests.metrics.facts_double import FactsDouble, facts_of
from tests.metrics.test_against_plain_python import FRAME, _deal, calls, deals, leads
from tests.metrics.test_examples import company

AS_OF = date(2026, 3, 31)
BACK = {Grain.WEEK: 2, Grain.MONTH: 1, Grain.QUARTER: 1, Grain.TRAILING: 2}
WHO = "abcdefghijklmn"
Key = tuple[Grain, date, str, str]


def book_values(book: Book) -> dict[Key, MetricValue]:
    """Every figure of a book, read back as pages do."""
    setting = Setting(
        book.as_of, book.currency, {s.key: s for s in book.metrics}, tuple(s.key for s in book.metrics),
        {(p.grain.value, p.period.start): p.never for p in book.pages},
        {p.grain.value: p.period.start for p in reversed(book.pages)},  # the newest of a grain comes first
    )  # fmt: skip
    found = {}
    for page in book.pages:
        for i in page.crew.employed.nonzero()[0].tolist():
            who = book.roster.person_ids[i]
            somebody = Somebody(
                who, first_name(book.roster.names[i], who), page.crew.segment[i], int(page.crew.workdays[i]),
                page.crew.workdays_whole,
            )  # fmt: skip
            for at, spec in enumerate(book.metrics):
                groups = {name: records[at] for name, records in page.groups.items()}
                cell = page.cells[i, at]
                value = value_of(setting, spec, page.grain, page.period, somebody, cell, groups)
                found[page.grain, page.period.start, who, spec.key] = value
    return found


def engine_values(facts: FactsDouble, calendar: Calendar) -> dict[Key, MetricValue]:
    found = {}
    for grain, count in BACK.items():
        rows = metric_rows(facts, grain=grain, calendar=calendar, back=count - 1)
        starts = sorted({row.period.start for row in rows if row.spec.at != "now"}, reverse=True)
        for row in rows:
            start = row.period.start if row.period.start in starts else starts[0]
            found[grain, start, row.person_id, row.metric] = row
    return found


def same(cube: Any, engine: Any) -> bool:
    """Equal, numbers up to the order in which they were added."""
    if isinstance(cube, float) and isinstance(engine, float):
        return cube == pytest.approx(engine, rel=1e-9, abs=1e-9)
    return bool(cube == engine)


def parts(value: MetricValue) -> Iterable[Any]:
    of = value.result
    yield from (of.value, of.low, of.high) if isinstance(of, Measured) else (of.code, dict(of.about))
    yield from (value.n, value.unknown, value.weeks_present, value.currency, value.period, value.first_name)
    beside = value.peers
    yield from (beside.median, beside.low, beside.high, beside.count, beside.segment) if beside else (None,)
    yield (value.no_peers.code, dict(value.no_peers.about)) if isinstance(value.no_peers, NotEvaluable) else None


def assert_same(facts: FactsDouble, calendar: Calendar) -> None:
    cube = book_values(figure_book(facts, calendar=calendar, kept=BACK))
    engine = engine_values(facts, calendar)
    assert cube.keys() == engine.keys()
    for key, value in engine.items():
        for one, other in zip(parts(cube[key]), parts(value), strict=True):
            assert same(one, other), (key, one, other)


@pytest.mark.parametrize(
    "calendar",
    [Calendar(), Calendar("America/New_York", 2, 6), Calendar("America/New_York", 2, 6, "4-5-4")],
    ids=["plain", "fiscal", "weeks"],
)
def test_cube_and_engine_agree_on_the_worked_examples(calendar: Calendar) -> None:
    facts = company()
    assert_same(facts, calendar)
    facts.con.close()


def crowd(drawn: list[dict[str, Any]], leads: list[dict[str, Any]], calls: list[dict[str, Any]]) -> FactsDouble:
    """A company of fourteen in two segments, with leave, leavers, new reps, and money of another currency."""
    people: list[dict[str, Any]] = [
        {"person_id": who, "name": who.upper(), "role": "rep", "segment": "s" if who < "h" else "t",
         "hired_on": date(2026, 2, 1) if who == "c" else date(2020, 1, 1) if who > "d" else None,
         "left_on": date(2026, 2, 20) if who == "e" else None}
        for who in WHO
    ]  # fmt: skip
    made = [
        {
            **_deal(i, d),
            "owner_id": d["owner_id"] and WHO[i % 14],
            "currency": "USD" if i % 41 == 7 else None,
        }
        for i, d in enumerate(drawn)
    ]
    changes = [
        {"opportunity_id": d["opportunity_id"], "stage": "proposal" if i % 2 else "qualified", "entered_at": m}
        for d in made for i, m in enumerate(d["moves"])
    ]  # fmt: skip
    return facts_of(
        {
            "people": people,
            "absences": [{"person_id": "d", "start_on": date(2026, 1, 5), "end_on": date(2026, 3, 9)}],
            "assignments": [
                {"person_id": "f", "valid_from": date(2026, 3, 1), "segment": "t", "team": "x"},
                {"person_id": "f", "valid_from": None, "valid_to": date(2026, 3, 1), "segment": "s"},
            ],
            "quotas": [
                {"person_id": who, "period_start": date(2026, 1, 1), "period_end": date(2026, 4, 1), "target": 900.0}
                for who in "abcdefghij"
            ],
            "accounts": [
                {"account_id": f"A{i}", "owner_id": "abc"[i % 3], "started_on": date(2025, 1 + i % 12, 3),
                 "churned_on": date(2026, 1 + i % 3, 9) if i % 4 == 0 else None}
                for i in range(30)
            ],
            "opportunities": [*FRAME["opportunities"], *made],
            "stage_changes": [*FRAME["stage_changes"], *changes],
            "leads": [
                *FRAME["leads"],
                *({**row, "lead_id": f"l{i}", "owner_id": WHO[i % 14]} for i, row in enumerate(leads)),
            ],
            "activities": [
                *FRAME["activities"],
                *({**row, "activity_id": f"k{i}", "person_id": WHO[i % 14]} for i, row in enumerate(calls)),
            ],
        },
        as_of=AS_OF,
    )  # fmt: skip


@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(deals, min_size=60, max_size=120), st.lists(leads, min_size=10, max_size=60), st.lists(calls, max_size=60)
)
def test_cube_and_engine_agree_on_invented_companies(
    drawn: list[dict[str, Any]], leads: list[dict[str, Any]], calls: list[dict[str, Any]]
) -> None:
    facts = crowd(drawn, leads, calls)
    assert_same(facts, Calendar())
    facts.con.close()
