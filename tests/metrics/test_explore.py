"""Pages and files of figures: what is asked, who sees whom, where a figure stands; nothing grows with people."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from headway.charts.weeks import Week, Weeks, render, table
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput
from headway.core.models import AuditEntry
from headway.core.period import Grain, Period
from headway.metrics import catalogue
from headway.metrics.actions import store_figures
from headway.metrics.canonical import Calendar, Canonical
from headway.metrics.cube.book import Book, figure_book, kept_of
from headway.metrics.explore.asking import Against, Question, question_of
from headway.metrics.explore.board import sheet_of
from headway.metrics.explore.export import COLUMNS
from headway.metrics.explore.pages import _person_link
from headway.metrics.explore.quality import Flaw, quality_in
from headway.metrics.explore.reading import figure_of
from headway.metrics.explore.standing import Standing, standing_of
from headway.metrics.explore.written import Written
from headway.metrics.models import AnalysisRun, FigureColumn, FigureSet
from headway.metrics.spec import Direction
from headway.metrics.values import Measured, MetricValue, NotEvaluable, Peers
from headway.people.actions import change_company
from headway.people.company import CompanyChange
from headway.people.models import Person, User
from tests.metrics.facts_double import FactsDouble, facts_of
from tests.metrics.test_figures import book, facts, run  # noqa: F401 (fixtures)

SPECS = catalogue.specs()
WIN_RATE = next(spec for spec in SPECS if spec.key == "win_rate")
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def asked(query: str) -> Question:
    return question_of(QueryDict(query), SPECS)


def test_an_address_asks_the_same_again() -> None:
    question = asked(
        "family=funnel&metric=calls&metric=win_rate&period=quarter&start=2026-01-01&team=N%26O&beside=past"
    )
    assert question == Question("funnel", ("calls", "win_rate"), Grain.QUARTER, date(2026, 1, 1), "N&O", Against.PAST)
    assert asked(question.address().removeprefix("?")) == question
    assert [spec.key for spec in question.chosen(SPECS)] == ["win_rate", "calls"]
    assert Question().address() == "?"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("family=funel", "no such family of metrics: funel. Did you mean funnel?"),
        ("metric=win_rat", "no such metric: win_rat. Did you mean win_rate?"),
        ("period=year", "Choose one of: week, month, quarter"),
        ("start=1 April", "This is not a day: 1 April. Write it as year-month-day."),
    ],
)
def test_what_means_nothing_is_said_with_what_was_meant(query: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        asked(query)
    assert said in refused.value.sentence


@pytest.mark.parametrize("page", ["0x1", "-1", "٣", "99999999999", ""])
def test_an_odd_page_number_is_the_first(page: str) -> None:
    assert asked(f"page={page}").page == 1


def value(at: float | None, low: float | None = None, high: float | None = None, **more: object) -> MetricValue:
    nothing = NotEvaluable("no_rows", {"name": "Pia", "table": "opportunities"})
    of = Measured(at, low, high) if at is not None else nothing
    kept = MetricValue("p", "Pia", WIN_RATE, Grain.MONTH, MARCH, of, 20, "EUR", 4.0, peers=Peers(0.4, 0.3, 0.5, 9))
    return replace(kept, **more)  # type: ignore[arg-type]


def test_a_figure_is_called_clear_only_where_its_whole_range_lies_outside() -> None:
    assert standing_of(value(0.1, 0.02, 0.25)) is Standing.BEYOND
    assert standing_of(value(0.1, 0.02, 0.35)) is Standing.BELOW
    assert standing_of(value(0.1)) is Standing.BELOW
    assert standing_of(value(0.3)) is Standing.INSIDE
    assert standing_of(value(0.297)) is Standing.INSIDE  # reads as 30 %, the edge
    assert standing_of(value(0.9, 0.8, 0.95)) is Standing.AHEAD
    assert standing_of(value(None)) is Standing.NOTHING
    assert standing_of(value(0.1, peers=None)) is Standing.ALONE
    less = replace(WIN_RATE, direction=Direction.LOWER)
    assert standing_of(value(0.1, spec=less)) is Standing.AHEAD
    assert standing_of(value(0.9, 0.6, 0.95, spec=less)) is Standing.BEYOND
    assert standing_of(value(0.9, spec=replace(WIN_RATE, direction=Direction.NEUTRAL))) is Standing.OTHER


@given(st.lists(st.none() | st.floats(0, 1e9), min_size=1, max_size=53))
def test_no_course_leaves_its_picture_and_no_gap_is_bridged(numbers: list[float | None]) -> None:
    weeks = tuple(
        Week(date.fromordinal(739000 + 7 * i), "w", f"{i}", number, *((0.0, number, number) if number else ()))
        for i, number in enumerate(numbers)
    )
    course = Weeks("t", "d", weeks, empty="nothing")
    for number in numbers:
        if number is not None:
            assert 14 <= course.y(number) <= 150
    drawn = render(course)
    told = [number is not None for number in numbers]
    runs = sum(now and not before for before, now in zip([False, *told], told, strict=False))
    alone = sum(
        now and not before and not after
        for before, now, after in zip([False, *told], told, [*told[1:], False], strict=False)
    )
    if not course.is_empty:
        assert drawn.count("s-ink") == runs - alone
    assert len(table(course, header=("a", "b")).rows) == len(numbers)


@pytest.fixture
def company_of_twelve(run: AnalysisRun, book: Book) -> dict[str, User]:  # noqa: F811
    store_figures(run=run, book=book, by=SYSTEM)
    boss = Person.objects.create(person_id="boss", name="Marta", role="manager")
    for i in range(1, 13):
        Person.objects.create(
            person_id=f"p{i:02}", name=f"Rep {13 - i:02}", role="rep", team="North" if i < 7 else "South",
            manager=boss if i < 5 else None,
        )  # fmt: skip
    roles = {"manager": boss, "rep": Person.objects.get(pk="p03"), "revops": None, "admin": None}
    return {
        role: User.objects.create(email=f"{role}@x.example", name=role, role=role, person=person)
        for role, person in roles.items()
    }


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.usefixtures("facts")
def test_each_sees_the_own_people(company_of_twelve: dict[str, User]) -> None:
    seen = {
        role: signed_in(company_of_twelve[role])
        .get("/figures/?period=month")
        .content.decode()
        .count('<tr><th scope="row">')
        for role in ("manager", "rep", "revops")
    }
    assert seen == {"manager": 4, "rep": 1, "revops": 12}
    assert signed_in(company_of_twelve["admin"]).get("/figures/").status_code in (403, 404)
    assert signed_in(company_of_twelve["rep"]).get("/people/p04/metrics/").status_code == 404
    assert signed_in(company_of_twelve["rep"]).get("/people/p04/metrics/calls/").status_code == 404
    assert signed_in(company_of_twelve["rep"]).get("/people/p03/metrics/").status_code == 200


@pytest.mark.django_db
def test_people_stand_by_name_and_a_team_can_be_chosen(company_of_twelve: dict[str, User]) -> None:
    page = signed_in(company_of_twelve["revops"]).get("/figures/?team=South").content.decode()
    names = [f"Rep {n:02}" for n in range(1, 7)]
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    assert "Rep 07" not in page


@pytest.mark.django_db
def test_a_metric_newer_than_the_figures_is_left_out_and_said(company_of_twelve: dict[str, User]) -> None:
    kept = FigureSet.objects.get()
    for column in FigureColumn.objects.filter(metric="calls"):
        column.delete()
    FigureSet.objects.filter(pk=kept.pk).update(metrics=["calls_of_old", *kept.metrics[1:]], stamp="another")
    client = signed_in(company_of_twelve["revops"])
    new = kept.metrics[0]
    assert client.get("/figures/map/").status_code == 200
    answer = client.get(f"/figures/?metric={new}")
    assert answer.status_code == 200
    assert "These metrics are newer than the figures" in answer.content.decode()
    assert b"after the next analysis" in client.get(f"/people/p01/metrics/{new}/").content
    api = client.get("/api/v1/figures").json()
    assert new not in {row["metric"] for row in api["rows"]}
    assert len(api["rows"]) == 12 * (len(kept.metrics) - 1)


@pytest.mark.django_db
def test_why_nobody_has_a_figure_stands_once_above_the_column(company_of_twelve: dict[str, User]) -> None:
    page = signed_in(company_of_twelve["revops"]).get("/figures/?metric=quota_attainment&metric=calls").content.decode()
    assert page.count("No quotas were loaded") == 1
    assert page.count("can’t be told, see above") == 12


@pytest.mark.parametrize(("peers", "alone"), [(None, True), (Peers(0.4, 0.3, 0.5, 9), False)])
def test_what_nobody_is_compared_with_does_not_look_as_usual(peers: Peers | None, alone: bool) -> None:
    of = value(0.4, peers=peers)
    drawn = Written().mark(of, standing_of(of), "/somewhere/")
    assert ("dotmark--alone" in drawn, "not compared" in drawn) == (alone, alone)
    assert 'class="dotmark' in drawn


@pytest.mark.django_db
def test_the_map_says_each_figure_in_words(company_of_twelve: dict[str, User]) -> None:
    page = signed_in(company_of_twelve["revops"]).get("/figures/map/").content.decode()
    assert page.count("<td><a href") == 12 * len(SPECS)
    assert re.search(r"Calls: [\d.]+ a week, others [\d.]+ a week \(", page)
    assert "about 20 of 100 figures lie outside it by definition" in page


@pytest.mark.django_db
def test_a_page_asks_the_same_however_many_people(company_of_twelve: dict[str, User]) -> None:
    client = signed_in(company_of_twelve["revops"])
    client.get("/figures/")

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/figures/").status_code == 200
        return len(asked)

    before = count()
    Person.objects.filter(pk__gt="p06").delete()
    assert count() == before <= 10


@pytest.mark.django_db
@pytest.mark.usefixtures("facts")
def test_a_persons_weeks_are_drawn_family_by_family(company_of_twelve: dict[str, User]) -> None:
    client = signed_in(company_of_twelve["manager"])
    page = client.get("/people/p03/metrics/?family=activity").content.decode()
    assert '<a href="/people/p03/metrics/?family=activity" aria-current="page">Activity</a>' in page
    assert "What Calls is made of" in page
    assert page.count('<figure class="chart">') == page.count("is made of")
    assert re.search(r'data-tip="23 Mar: [\d.]+ a week, comparable [\d.]+ a week \(', page)
    # What can't be drawn is one line each, with the reason.
    assert "Too few weeks with a number to draw a course" in page
    assert page.count("No leads were loaded") == 1
    results = client.get("/people/p03/metrics/").content.decode()
    assert "Calls" not in results
    assert results.count("No quotas were loaded") == 1
    assert client.get("/people/p03/metrics/?family=activty").status_code == 400


@pytest.mark.django_db
def test_what_nobody_has_a_figure_of_is_not_asked_for_again(company_of_twelve: dict[str, User]) -> None:
    client = signed_in(company_of_twelve["revops"])
    query = "/figures/?metric=quota_attainment&metric=calls&period=week"
    assert client.get(query).status_code == 200
    with CaptureQueriesContext(connection) as found:
        assert client.get(query).status_code == 200
    assert not [one for one in found if "metrics_figurecolumn" in one["sql"]]


@pytest.mark.parametrize("person", ["p1", "a b/c", "ü&x", "100%", "x?y#z", "person", "<>'\"", "~:@!$()*+,;="])
def test_a_persons_address_is_the_one_that_django_gives(person: str) -> None:
    assert _person_link(person) == reverse("figure-weeks", args=[person])


@pytest.mark.django_db
def test_rows_that_are_kept_are_written_in_the_readers_language_and_under_todays_name(
    company_of_twelve: dict[str, User],
) -> None:
    client = signed_in(company_of_twelve["revops"])
    first = client.get("/figures/?metric=win_rate").content.decode()
    assert client.get("/figures/?metric=win_rate").content.decode().count("others ") == first.count("others ") > 0
    beside = client.get("/figures/?metric=win_rate&beside=past").content.decode()
    assert ("before: " in beside, "others " in beside) == (True, False)
    Person.objects.filter(pk="p01").update(name="New Name", team="<East>")
    page = client.get("/figures/?metric=win_rate").content.decode()
    assert "New Name" in page
    assert "&lt;East&gt;" in page

    def written() -> str:
        sheet = sheet_of(company_of_twelve["revops"], asked("period=week"), SPECS[:40], link=str, about=str)
        assert sheet is not None
        return " ".join(row.markup for row in sheet.rows)

    assert re.search(r"others \d+\.\d", written())
    with override("de"):
        assert re.search(r"others \d+,\d", written())


@pytest.mark.django_db
def test_thirteen_weeks_on_end_can_be_chosen(run: AnalysisRun, facts: FactsDouble) -> None:  # noqa: F811
    kept = figure_book(facts, calendar=Calendar(), kept={Grain.WEEK: 1, Grain.TRAILING: 2})
    store_figures(run=run, book=kept, by=SYSTEM)
    client = signed_in(User.objects.create(email="ro@x.example", name="ro", role="revops"))
    page = client.get("/figures/?period=13weeks").content.decode()
    assert "13 weeks to 29 March 2026" in page
    assert '<option value="2025-09-29">13 weeks from 29 September 2025</option>' in page
    calls = figure_of(SYSTEM, "p03", "calls", grain=Grain.TRAILING, start=None)
    assert calls is not None
    assert "in the 13 weeks to 29 March 2026" in calls[0].sentence
    found = client.get("/api/v1/figures?period=13weeks&metric=calls").json()
    assert (found["period_start"], found["period_end"]) == ("2025-12-29", "2026-03-30")
    # Figures of before there was this length: said, not broken.
    FigureSet.objects.update(never={"week": {"2026-03-23": {}}}, stamp="older")
    answer = client.get("/figures/?period=13weeks")
    assert answer.status_code == 404
    assert "No figures are kept of this length yet" in answer.content.decode()


@pytest.mark.django_db
def test_a_fiscal_year_of_whole_weeks_names_its_periods(run: AnalysisRun, facts: FactsDouble) -> None:  # noqa: F811
    change_company(change=CompanyChange.from_texts(fiscal_pattern="4-4-5"), by=SYSTEM)
    calendar = Calendar(fiscal_pattern="4-4-5")
    store_figures(run=run, book=figure_book(facts, calendar=calendar), by=SYSTEM)
    client = signed_in(User.objects.create(email="ro@x.example", name="ro", role="revops"))
    page = client.get("/figures/").content.decode()
    # The year begins on Monday, 29 December 2025: 4, 4 and 5 weeks.
    assert "period 3 (5 weeks), 23 February to 29 March 2026" in page
    assert '<option value="2026-01-26">period 2 (4 weeks), from 26 January 2026</option>' in page
    assert ">fiscal period</option>" in page
    assert (
        "quarter 1 (13 weeks), 29 December 2025 to 29 March 2026"
        in client.get("/figures/?period=quarter").content.decode()
    )
    found = client.get("/api/v1/figures?period=month&metric=calls").json()
    assert (found["period_start"], found["period_end"]) == ("2026-02-23", "2026-03-30")
    calls = figure_of(SYSTEM, "p03", "calls", grain=Grain.MONTH, start=None)
    assert calls is not None
    assert "from 23 February to 29 March 2026" in calls[0].sentence
    # p03 makes three calls each on 1, 8, 15, 22 and 25 March, in five weeks at work.
    assert calls[0].value == pytest.approx(3 * 5 / 5)
    # The calendar is changed before the next analysis: what is kept is named by its days, and still stands.
    change_company(change=CompanyChange.from_texts(fiscal_pattern="months"), by=SYSTEM)
    assert "23 February to 29 March 2026" in client.get("/figures/").content.decode()


def test_another_fiscal_calendar_needs_no_fact_again() -> None:
    store = facts_of({"people": []}, as_of=date(2026, 3, 31))
    plain = Canonical.of(store, calendar=Calendar(), whole=True)
    # What the cube and the compiled definitions are kept under.
    assert str(plain) == str(Canonical.of(store, calendar=Calendar("UTC", 4, 6, "13x4", "last"), whole=True))
    assert str(plain) != str(Canonical.of(store, calendar=Calendar("Europe/Oslo"), whole=True))
    assert kept_of(Calendar()) == {Grain.WEEK: 53, Grain.MONTH: 13, Grain.QUARTER: 5, Grain.TRAILING: 5}
    assert kept_of(Calendar(fiscal_pattern="13x4"))[Grain.MONTH] == 14


@pytest.mark.django_db
def test_another_length_keeps_to_the_same_time_of_the_year(company_of_twelve: dict[str, User]) -> None:
    client = signed_in(company_of_twelve["revops"])
    page = client.get("/figures/?period=quarter&start=2026-02-01").content.decode()
    assert "January to March 2026" in page
    assert '<option value="2026-01-01" selected>' in page
    calls = figure_of(SYSTEM, "p03", "calls", grain=Grain.QUARTER, start=date(2026, 2, 1), nearest=True)
    assert calls is not None
    assert calls[0].period.start == date(2026, 1, 1)
    assert client.get("/figures/?period=quarter&start=1999-01-01").status_code == 404
    assert client.get("/api/v1/figures?period=quarter&start=2026-02-01").status_code == 404


@pytest.mark.django_db
def test_files_hold_every_figure_and_no_formula(company_of_twelve: dict[str, User]) -> None:
    Person.objects.filter(pk="p01").update(name="=HYPERLINK(1)")
    client = signed_in(company_of_twelve["revops"])
    query = "?metric=calls&metric=win_rate&period=quarter"
    lines = list(csv.reader(io.StringIO(client.get(f"/figures/file.csv{query}").content.decode())))
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == 1 + 12 * 2
    assert "'=HYPERLINK(1)" in {line[1] for line in lines}
    sheet = load_workbook(io.BytesIO(client.get(f"/figures/file.xlsx{query}").content)).active
    assert sheet.max_row == 25
    typed = pq.read_table(io.BytesIO(client.get(f"/figures/file.parquet{query}").content)).to_pylist()
    calls = {row["person_id"]: row["value"] for row in typed if row["metric"] == "calls"}
    assert calls["p03"] == pytest.approx(3 * calls["p01"])
    assert AuditEntry.objects.filter(event="figures.exported").count() == 3
    assert client.get("/figures/file.exe").status_code == 404


def test_each_mark_has_its_own_shape() -> None:
    """Colour alone tells some readers nothing."""
    written = Written()
    drawn = {
        standing: str(written.mark(value(at, low, high), standing, "/x/"))
        for standing, at, low, high in (
            (Standing.BEYOND, 0.1, 0.02, 0.25), (Standing.BELOW, 0.1, None, None), (Standing.AHEAD, 0.9, None, None),
            (Standing.INSIDE, 0.4, None, None), (Standing.NOTHING, None, None, None),
        )
    }  # fmt: skip
    shapes = [one[one.index("<svg") : one.index("</svg>")] if "<svg" in one else "dot" for one in drawn.values()]
    assert len(set(shapes)) == 5, shapes
    assert "<circle" in drawn[Standing.AHEAD]


def test_open_deals_say_why_they_are_worth_a_look() -> None:
    deals = [
        {"opportunity_id": "fine", "owner_id": "a", "created_at": date(2026, 3, 20), "outcome": "open", "amount": 5.0,
         "expected_close_on": date(2026, 5, 1), "next_step": "call"},
        {"opportunity_id": "still", "owner_id": "a", "created_at": date(2026, 1, 2), "outcome": "open", "amount": 9.0,
         "expected_close_on": date(2026, 3, 1), "next_step": " "},
        {"opportunity_id": "moved", "owner_id": "a", "created_at": date(2026, 1, 2), "outcome": "open",
         "expected_close_on": date(2026, 5, 1), "next_step": "call", "amount": None},
        {"opportunity_id": "won", "owner_id": "a", "created_at": date(2026, 1, 2), "outcome": "won"},
        {"opportunity_id": "other", "owner_id": "b", "created_at": date(2026, 1, 2), "outcome": "open"},
    ]  # fmt: skip
    moves = [
        {"opportunity_id": "moved", "stage": "proposal", "entered_at": date(2026, 3, 25)},
        {"opportunity_id": "still", "stage": "qualified", "entered_at": date(2026, 1, 5)},
        {"opportunity_id": "fine", "stage": "lead", "entered_at": date(2026, 3, 20)},
    ]
    store = facts_of({"opportunities": deals, "stage_changes": moves}, as_of=date(2026, 3, 31))
    found = quality_in(store, ["a"])
    assert found.open == 3
    assert {deal.opportunity_id: deal.flaws for deal in found.deals} == {
        "fine": (Flaw.UNQUALIFIED,),
        "still": (Flaw.STILL, Flaw.PAST, Flaw.NO_STEP),
        "moved": (Flaw.NO_AMOUNT,),
    }
    assert found.deals[0].opportunity_id == "still"
    assert quality_in(store, []).open == 0
