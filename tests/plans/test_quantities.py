from __future__ import annotations

from datetime import date

import pytest

from headway.plans.quantities import dates_in, numbers_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€150,000", [(150_000, "money")]),
        ("150 000 SEK", [(150_000, "money")]),
        ("$1.2m", [(1_200_000, "money")]),
        ("1.234,56 €", [(1234.56, "money")]),
        ("85%", [(0.85, "share")]),
        ("85 per cent", [(0.85, "share")]),
        ("4.3 of 5", [(4.3, "plain")]),
        ("nine out of ten", [(9, "plain")]),
        ("4,3", [(4.3, "plain")]),
        ("12,500 calls", [(12_500, "plain")]),
        ("1 2 3", [(1, "plain"), (2, "plain"), (3, "plain")]),
        ("by 28 August", []),
        ("on 16 and 23 June 2026", []),
        ("2026-08-28", []),
        ("28.08.2026", []),
        ("until August 28, 2026", []),
        ("MP3 and H2O", []),
        ("no number here", []),
        ("40 calls by 28 August", [(40, "plain")]),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(number.value, number.kind) for number in numbers_in(text)] == expected


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("by 28 August", True),
        ("by 28 Aug 2026", True),
        ("by 28 August 2027", False),
        ("by August 28th", True),
        ("2026-08-28", True),
        ("28.08.2026", True),
        ("by 27 August", False),
        ("by the end of August", True),
    ],
)
def test_dates_are_compared_with_a_day(text: str, same: bool) -> None:
    assert dates_in(text)[0].same_day(date(2026, 8, 28)) is same


@pytest.mark.parametrize("text", ["45 August", "2026-13-01", "may be", "march on", "12 may-flies"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert [hit for hit in dates_in(text) if hit.day is not None and hit.day > 31] == []
