"""Numbers, money, chances and days in words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import formats, translation

from headway.web import text


@pytest.mark.parametrize(
    ("value", "words"),
    [(150_000, "€150,000"), (0, "€0"), (-50_000, "−€50,000"), (Decimal("1234.5"), "€1,235"), (None, "–")],
)
def test_money_in_text(value: text.Amount | None, words: str) -> None:
    assert text.money(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (150_000, "€150k"), (28_400, "€28k"), (1_500, "€1.5k"), (2_000, "€2k"), (999, "€999"), (999_499, "€999k"),
        (999_600, "€1m"), (1_240_000, "€1.2m"), (2_000_000, "€2m"), (123_456_789, "€123m"), (-116_000, "−€116k"),
    ],
)  # fmt: skip
def test_money_in_pictures(value: int, words: str) -> None:
    assert text.money(value, short=True) == words


def test_money_of_other_currencies_and_with_a_sign() -> None:
    assert text.money(1200, currency="SEK") == "SEK\u00a01,200"
    assert text.money(1200, currency="USD") == "$1,200"
    assert text.money(10_000, short=True, plus=True) == "+€10k"
    assert text.money(0, plus=True) == "€0"


def test_numbers_follow_the_language() -> None:
    with translation.override("de"):
        assert text.money(150_000) == "€150.000"
        assert text.money(1_240_000, short=True) == "€1,2m"
        assert text.percent(0.123, digits=1) == "12,3%"


@pytest.mark.parametrize(
    ("share", "words"), [(0.55, "55%"), (0.005, "1%"), (1.22, "122%"), (-0.1, "−10%"), (None, "–")]
)
def test_percent(share: float | None, words: str) -> None:
    assert text.percent(share) == words


def test_ranges_in_one_phrase() -> None:
    assert text.range_percent(0.44, 0.68) == "likely 44 to 68%"
    assert text.range_percent(None, 0.68) == "–"


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.56, "56 in 100"),
        (0.9999, "99 in 100"),
        (1.0, "100 in 100"),
        (0.0001, "1 in 100"),
        (0.0, "0 in 100"),
        (None, "–"),
    ],
)
def test_chances_claim_no_certainty_that_is_not_there(chance: float | None, words: str) -> None:
    assert text.chances(chance) == words


def test_days() -> None:
    today = date(2026, 5, 18)
    assert text.day(date(2026, 3, 3), today=today) == "3 March"
    assert text.day(date(2025, 12, 1), today=today) == "1 December 2025"
    assert text.day(date(2026, 3, 3), short=True, today=today) == "3 Mar"
    assert text.day(datetime(2026, 3, 3, 12, tzinfo=UTC), today=today) == "3 March"
    assert text.day(None) == "–"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marta Lindqvist", "ML"), ("Ines", "I"), ("Dr. Anna von Ost", "DO"), ("Jean-Luc", "JL"), ("émile zola", "ÉZ"),
        ("  ", "?"), ("", "?"), ("42", "?"), ("李 小龙", "李小"),
    ],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert text.initials(name) == letters


@pytest.mark.parametrize("language", ["en-gb", "de", "fr", "pl", "hi"])
def test_numbers_are_grouped_as_the_framework_does(language: str) -> None:
    values = [0.0, 0.5, 7, 12.25, 999.99, 1000, 1234.5, -1234567.89, 0.05, -0.04, 123456789012.3, 2e15]
    with translation.override(language):
        for value in values:
            for digits in (0, 1, 2):
                rounded = round(value, digits) + 0.0
                wanted = formats.number_format(rounded, decimal_pos=digits, use_l10n=True, force_grouping=True)
                assert text.grouped(rounded, digits) == wanted


def test_a_single_time_in_a_hundred_is_said_as_people_say_it() -> None:
    assert [text.times_in_hundred(n) for n in (1, 2, 31)] == ["once in 100 times", "2 times in 100", "31 times in 100"]
