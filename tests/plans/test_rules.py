"""Which part of a gap a plan works on."""

from __future__ import annotations

from datetime import date

import pytest

from headway.plans.evidence import Gap, GapLine
from headway.plans.rules import largest_controllable


def gap(*lines: tuple[str, float, bool, bool]) -> Gap:
    """Of 100,000 expected; lines: key, amount, in the person's hands, clear."""
    rows = tuple(GapLine(key, key, amount, amount, amount, mine, clear) for key, amount, mine, clear in lines)
    return Gap("EUR", date(2026, 1, 1), date(2026, 7, 1), 100_000.0, 100_000.0 + sum(r.amount for r in rows), rows)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ([("size", -8_000, True, True), ("rest", -40_000, False, True)], "size"),
        ([("size", -8_000, True, True), ("step", -20_000, True, False)], "size"),
        ([("size", -8_000, True, False), ("step", -20_000, True, False)], "step"),
        ([("size", -2_500, True, True), ("mix", -60_000, False, True)], None),
        ([("size", -2_500, True, True), ("step", -9_000, True, False)], "step"),
        ([("size", 5_000, True, True)], None),
        ([], None),
    ],
)
def test_a_plan_works_on_what_is_clear_and_no_trifle(lines, key):
    found = largest_controllable(gap(*lines))
    assert (found.key if found else None) == key
