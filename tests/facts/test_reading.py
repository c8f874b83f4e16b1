"""Numbers and dates as people write them, whatever the notation, come back as they were meant."""

# ruff: noqa: E501, DTZ001
# (word lists and tables read better unwrapped; the facts are naive UTC)

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.facts.csv_files import find_header, layout_of
from headway.facts.dates import Counts, Order, Spelling, decide, timestamp_sql
from headway.facts.numbers_in_text import Decimal, number_sql, style_of
from headway.facts.people_match import Known, match, name_key
from headway.facts.rejects import safe
from headway.facts.store import open_facts
from headway.facts.synonyms import plain_header
from tests.facts.conftest import PEOPLE, Write, load, rows

_CON = duckdb.connect()
_CON.execute("SET TimeZone = 'UTC'")


def _value(expression: str, text: str) -> Any:
    found = _CON.execute(f"SELECT {expression} FROM (SELECT ? AS v)", [text]).fetchone()
    return found[0] if found else None


def _german(number: float) -> str:
    return f"{number:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.floats(min_value=0, max_value=9e9), st.sampled_from(["", "€ ", "EUR ", "USD "]), st.booleans())
def test_numbers_come_back(number: float, sign: str, negative: bool) -> None:
    """English and German writing with and without currency; minus before; the style found from the cell."""
    number = round(number, 2)
    wanted = pytest.approx(-number if negative else number)
    for text in (f"{number:,.2f}", _german(number)):
        written = f"{sign}{'-' if negative else ''}{text}"
        decimal = style_of([written]).decimal
        assert _value(number_sql("v", decimal), written) == wanted


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dates(date(1970, 1, 1), date(2068, 12, 31)),
    st.sampled_from("./-"),
    st.sampled_from([Order.DAY_FIRST, Order.MONTH_FIRST]),
    st.sampled_from([2, 4]),
)
def test_dates_come_back(day: date, separator: str, order: Order, digits: int) -> None:
    """Every separator, order and length of the year."""
    year = f"{day.year:04d}"[-digits:]
    parts = (day.day, day.month) if order is Order.DAY_FIRST else (day.month, day.day)
    written = separator.join((f"{parts[0]:02d}", f"{parts[1]:02d}", year))
    spelling = Spelling(separator, digits, order, 1)
    assert _value(timestamp_sql("v", (spelling,)), written) == datetime(day.year, day.month, day.day)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=20))
def test_rubbish_is_never_a_number_or_a_date_with_an_error(text: str) -> None:
    """Whatever stands in a cell, reading it gives a value or nothing."""
    spelling = Spelling("/", 4, Order.DAY_FIRST, 1)
    _value(number_sql("v", Decimal.POINT), text)
    _value(number_sql("v", Decimal.COMMA), text)
    _value(timestamp_sql("v", (spelling,)), text)


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.234,56", "comma", 1234.56), ("1.234", "comma", 1234), ("1.234", "point", 1.234), ("1,234", "point", 1234),
        ("1234.56", "comma", 1234.56), ("−1.200,00", "comma", -1200), ("(1,200.50)", "point", -1200.5), ("12 %", "point", 12),
        ("3956.65x", "point", None), ("nan", "point", None), ("inf", "point", None), ("1e3", "point", 1000), ("100-", "point", -100),
        ("0.918", "comma", 0.918), ("0,918", "point", 0.918), ("-0.918", "comma", -0.918), ("10.918", "comma", 10918),
        ("1 234,50", "comma", 1234.5), ("1'234.50", "point", 1234.5), ("", "point", None), ("12abc34", "point", None),
    ],
)  # fmt: skip
def test_numbers_by_hand(text: str, decimal: str, number: float | None) -> None:
    """The notations of the issue and of accountants."""
    assert _value(number_sql("v", Decimal(decimal)), text) == number


def test_three_decimals_are_not_thousands(write: Write) -> None:
    """A nought before the point tells; in a canonical file the point stands before the decimals anyway."""
    assert style_of(["0.918", "1.040"]).decimal is Decimal.POINT
    assert style_of(["0,918", "1,040"]).decimal is Decimal.COMMA
    assert style_of(["1.040"]).decimal is Decimal.COMMA
    people = write("people.csv", PEOPLE)
    territories = write("territories.csv", "territory_id,name,potential\nT1,North,1.040\nT2,South,1.275\n")
    load(people, territories)
    with open_facts() as facts:
        assert rows(facts, "SELECT potential FROM territories ORDER BY territory_id") == [(1.04,), (1.275,)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-01-01T10:00:00+02:00", datetime(2024, 1, 1, 8)), ("2024-01-01T10:00:00Z", datetime(2024, 1, 1, 10)),
        ("2024-1-2 6:49:18", datetime(2024, 1, 2, 6, 49, 18)), ("31.06.2026", None), ("2024-02-30", None), ("9999-12-31", None),
        ("5 Jan 2024", datetime(2024, 1, 5)), ("Jan 5, 2024", datetime(2024, 1, 5)), ("20240105", datetime(2024, 1, 5)),
        ("3/1/2024 10:22 PM", datetime(2024, 1, 3, 22, 22)), ("2024/12/06", datetime(2024, 12, 6)), ("soon", None),
    ],
)  # fmt: skip
def test_dates_by_hand(text: str, wanted: datetime | None) -> None:
    """ISO with offsets, words, impossible days; a program's "for ever" is no day."""
    spellings = (Spelling("/", 4, Order.DAY_FIRST, 1), Spelling(".", 4, Order.DAY_FIRST, 1))
    assert _value(timestamp_sql("v", spellings), text) == wanted


def test_the_whole_column_decides() -> None:
    """One clear cell decides; none leaves it open; a few slips do not turn the column round."""
    assert decide(Counts("/", 4, 100, 1, 0)).order is Order.DAY_FIRST
    assert decide(Counts("/", 4, 100, 0, 1)).order is Order.MONTH_FIRST
    assert decide(Counts("/", 4, 100, 0, 0)).order is Order.UNDECIDED
    assert decide(Counts("/", 4, 100, 30, 3)).order is Order.DAY_FIRST
    assert decide(Counts("/", 4, 100, 5, 4)).order is Order.UNDECIDED
    assert decide(Counts(".", 4, 100, 0, 0)).order is Order.DAY_FIRST


def test_header_row_is_found_below_a_title() -> None:
    """Reports start with a title; numbers are no names; a file of numbers has no header."""
    assert find_header([["Report 2024", "", ""], ["", "", ""], ["Id", "Owner", "Amount"], ["1", "A", "2"]]) == 2
    assert find_header([["1", "2"], ["3", "4"]]) is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(write: Write, delimiter: str) -> None:
    """The delimiter that cuts all rows alike; a comma inside names does not count."""
    text = delimiter.join(["id", "owner", "amount"]) + "\n"
    text += "".join(delimiter.join([str(i), '"Weber, Jonas; jr"', "1"]) + "\n" for i in range(5))
    found = layout_of(write("x.csv", text))
    assert found is not None
    assert (found.delimiter, found.headers) == (delimiter, ("id", "owner", "amount"))


def test_owners() -> None:
    """By id, mail, name in either order, without accents; two of a name, initials and slips are not guessed."""
    people = [
        Known("1", "Jonas Weber", "jw@x.example"), Known("2", "Ana Müller", ""), Known("3", "Kim Lee", ""), Known("4", "Kim Lee", ""),
        Known("5", "Maria Albrecht", ""),
    ]  # fmt: skip
    found = match(
        ["1", "JW@x.example", "Weber, Jonas", "ana muller", "Kim Lee", "Albrecht, M.", "Jonas Webber", "5.0", "Who"],
        people,
        {},
    )
    assert found.found == {"1": "1", "JW@x.example": "1", "Weber, Jonas": "1", "ana muller": "2", "5.0": "5"}
    assert {(d.text, d.person_id) for d in found.doubts} == {("Albrecht, M.", "5"), ("Jonas Webber", "1")}
    assert "Kim Lee" in found.unknown
    assert match(["Albrecht, M."], people, {"Albrecht, M.": "5"}).found == {"Albrecht, M.": "5"}
    assert not match(["Albrecht, M."], people, {"Albrecht, M.": ""}).doubts
    assert name_key("Weiß, Änne") == "anne weiss"


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2", "@x", "\tx", "|x"])
def test_spreadsheets_do_not_run_rejects(cell: str) -> None:
    """A quote makes it text."""
    assert safe(cell) == f"'{cell}"
    assert safe("plain") == "plain"


@pytest.mark.parametrize(
    ("header", "plain"),
    [("Deal - Owner", "owner"), ("property_hs_createdate", "createdate"), ("Region__c", "region"), ("Amount (EUR)", "amount"),
     ("Probability (%)", "probability"), ("Verkaufschance-ID", "verkaufschanceid"), ("hubspot_owner_id", "hubspotownerid")],
)  # fmt: skip
def test_headers_are_compared_bare(header: str, plain: str) -> None:
    """Prefixes, units, signs and case do not matter."""
    assert plain_header(header) == plain


def test_what_was_paid_counts_whatever_the_deal_hoped_for(write: Write) -> None:
    """And the day of the sale fills only what is missing; both hold when the sales come in a later load."""
    people = write("sales_reps.csv", "rep_id,full_name\nr1,Jonas Weber\n")
    deals = write(
        "deals.csv",
        "opportunity_id,rep_id,created_date,stage,actual_close_date,estimated_value\n"
        "d1,r1,2024-01-02,Closed Won,2024-02-01,1000\nd2,r1,2024-01-02,Closed Won,,2000\n"
        "d3,r1,2024-01-02,Closed Won,2024-02-03,\n",
    )
    sales = write(
        "sales.csv",
        "sale_id,opportunity_id,final_value,sale_date\ns1,d1,900,2024-02-09\ns2,d2,,2024-02-02\ns3,d3,700,2024-02-03\n",
    )
    wanted = [("d1", 900.0, "2024-02-01"), ("d2", 2000.0, "2024-02-02"), ("d3", 700.0, "2024-02-03")]
    sql = "SELECT opportunity_id, amount, CAST(CAST(closed_at AS DATE) AS VARCHAR) FROM opportunities ORDER BY 1"
    load(people, deals, sales)
    with open_facts() as facts:
        assert rows(facts, sql) == wanted
    load(people, deals, sales)
    with open_facts() as facts:
        assert rows(facts, sql) == wanted
