"""What pages read: a rep's weeks with peers, and everybody's figures of a period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.core.actors import SYSTEM
from headway.core.errors import NotAllowed, NotFound
from headway.core.models import AuditEntry
from headway.core.period import Grain
from headway.metrics.actions import store_figures
from headway.metrics.canonical import Calendar
from headway.metrics.catalogue import catalogue_version
from headway.metrics.cube.book import Book, figure_book
from headway.metrics.engine import metric_rows
from headway.metrics.models import AnalysisRun, FigureSet, RepWeek
from headway.metrics.queries import board_of, weeks_of
from headway.metrics.values import MetricValue
from tests.metrics.facts_double import FactsDouble, facts_of
from tests.metrics.test_cube import parts, same
from tests.metrics.test_kept import user

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 3, 31)
KEYS = ("calls", "revenue", "win_rate", "next_step_present")


@pytest.fixture(scope="module")
def facts() -> FactsDouble:
    """Twelve reps: seven in one segment, five in another, each with as many calls a week as the number in the name."""
    who = [f"p{i:02}" for i in range(1, 13)]
    days = [date(2026, month, day) for month in (1, 2, 3) for day in range(1, 29, 7)] + [date(2026, 3, 25)]
    return facts_of(
        {
            "people": [
                {"person_id": p, "name": f"Rep {p}", "role": "rep", "segment": "a" if i < 7 else "b"}
                for i, p in enumerate(who)
            ],
            "activities": [
                {"activity_id": f"{p}{d}", "person_id": p, "kind": "call", "occurred_at": d, "count": i + 1}
                for i, p in enumerate(who)
                for d in [*days, AS_OF]
            ],
            "opportunities": [
                {"opportunity_id": f"{p}{d}", "owner_id": p, "created_at": d, "closed_at": d, "amount": 10.0 * i,
                 "outcome": "won" if (i + d.day) % 3 else "lost", "next_step": "call"}
                for i, p in enumerate(who)
                for d in [*days, AS_OF]
            ],
        },
        as_of=AS_OF,
    )  # fmt: skip


@pytest.fixture(scope="module")
def book(facts: FactsDouble) -> Book:
    return figure_book(facts, calendar=Calendar())


@pytest.fixture
def run() -> AnalysisRun:
    return AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="0", policy_version="p",
        metrics_version=catalogue_version(), finished_at="2026-04-01T00:00Z",
    )  # fmt: skip


def agree(kept: MetricValue, computed: MetricValue) -> None:
    assert (kept.person_id, kept.metric) == (computed.person_id, computed.metric)
    for one, other in zip(parts(kept), parts(computed), strict=True):
        assert same(one, other), (kept.metric, one, other)


def test_weeks_are_those_of_the_engine(run: AnalysisRun, book: Book, facts: FactsDouble) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    found = weeks_of(SYSTEM, "p03")
    assert found is not None
    assert len(found.weeks) == 13
    assert found.periods[-1].end == date(2026, 3, 30)
    computed = metric_rows(facts, grain=Grain.WEEK, calendar=Calendar(), persons=["p03"])
    newest = {v.metric: v for v in reversed(computed)}
    for value in found.newest():
        agree(value, newest[value.metric])
    calls = found.series("calls")[-1]
    assert calls.value == 3.0
    assert calls.peers is not None
    assert (calls.peers.segment, calls.peers.count, calls.peers.median) == ("a", 6, 4.5)
    assert found.numbers("calls")[-1] == 3.0
    assert found.parts("calls")[-1] == (3.0, 1.0, 3)
    assert found.series("calls")[-1].previous is not None
    assert AuditEntry.objects.filter(event="figures.kept").count() == 1


def test_weeks_are_as_many_as_asked_for_and_only_the_last(run: AnalysisRun, book: Book) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    last = weeks_of(SYSTEM, "p03", weeks=2)
    assert last is not None
    assert [week.start for week in last.periods] == [date(2026, 3, 16), date(2026, 3, 23)]
    # Somebody who left: weeks of long ago are not taken for the last ones.
    RepWeek.objects.filter(person_id="p03", start__gt=date(2026, 1, 19)).delete()
    gone = weeks_of(SYSTEM, "p03", weeks=13)
    assert gone is not None
    assert [week.start for week in gone.periods] == [date(2025, 12, 29) + timedelta(days=7 * n) for n in range(4)]
    nobody = weeks_of(SYSTEM, "nobody")
    assert nobody is not None
    assert (nobody.weeks, nobody.newest(), nobody.series("calls")) == ((), (), ())


def test_a_board_is_that_of_the_engine(run: AnalysisRun, book: Book, facts: FactsDouble) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    found = board_of(SYSTEM, metric_keys=KEYS, grain=Grain.QUARTER, size=5, page=2)
    assert found is not None
    assert [row.person_id for row in found.rows] == ["p06", "p07", "p08", "p09", "p10"]
    assert (found.pages, found.total, found.period.start) == (3, 12, date(2026, 1, 1))
    computed = metric_rows(facts, grain=Grain.QUARTER, calendar=Calendar(), metrics=KEYS, back=0)
    wanted = {(v.person_id, v.metric): v for v in computed}
    for row in found.rows:
        for key in KEYS:
            agree(row.values[key], wanted[row.person_id, key])


def test_a_board_is_sorted_by_a_metric_and_kept_to_those_asked_for(run: AnalysisRun, book: Book) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    best = board_of(SYSTEM, metric_keys=["revenue"], order_by="calls", size=2)
    assert best is not None
    assert [row.person_id for row in best.rows] == ["p12", "p11"]
    some = board_of(SYSTEM, ["p05", "p02", "nobody"], metric_keys=["calls"], grain=Grain.MONTH)
    assert some is not None
    assert [row.person_id for row in some.rows] == ["p05", "p02"]
    last = board_of(SYSTEM, metric_keys=["calls"], size=5, page=99)
    assert last is not None
    assert (last.page, len(last.rows)) == (3, 2)


def test_unknown_periods_and_metrics_are_said(run: AnalysisRun, book: Book) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    with pytest.raises(NotFound, match="No figures are kept"):
        board_of(SYSTEM, metric_keys=["calls"], start=date(1999, 1, 1))
    with pytest.raises(NotFound, match="no such metric"):
        board_of(SYSTEM, metric_keys=["nonsense"])


def test_the_number_of_questions_is_the_same_for_any_number_of_people(run: AnalysisRun, book: Book) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    weeks_of(SYSTEM, "p01"), board_of(SYSTEM, metric_keys=KEYS)  # what is kept in the process is read once
    with CaptureQueriesContext(connection) as asked:
        weeks_of(SYSTEM, "p01")
    assert len(asked) == 1
    for size in (1, 12):
        with CaptureQueriesContext(connection) as asked:
            board_of(SYSTEM, metric_keys=KEYS, size=size)
        assert len(asked) <= 3


def test_a_rep_reads_own_weeks_and_a_board_of_one(run: AnalysisRun, book: Book) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    rep = user("rep", "p04")
    assert weeks_of(rep, "p04") is not None
    with pytest.raises(NotFound):
        weeks_of(rep, "p05")
    board = board_of(rep, metric_keys=["calls"])
    assert board is not None
    assert [row.person_id for row in board.rows] == ["p04"]


def test_a_new_analysis_replaces_the_figures(run: AnalysisRun, book: Book) -> None:
    store_figures(run=run, book=book, by=SYSTEM)
    before = RepWeek.objects.count()
    run.pk = None
    run.save()
    store_figures(run=run, book=book, by=SYSTEM)
    assert FigureSet.objects.get().run == run
    assert RepWeek.objects.count() == before == 12 * 53
    assert weeks_of(SYSTEM, "p01") is not None


def test_only_analyses_write_figures_and_nothing_is_half_written(run: AnalysisRun, book: Book) -> None:
    for role in ("rep", "manager", "leader", "hr"):
        with pytest.raises((NotAllowed, NotFound)):
            store_figures(run=run, book=book, by=user(role))
    assert FigureSet.objects.count() == 0
    assert weeks_of(SYSTEM, "p01") is None
    assert board_of(SYSTEM, metric_keys=["calls"]) is None
