"""Two courses of levels: every mark is there, in its place, and readable without sight."""

from __future__ import annotations

import re
from datetime import date

import pytest

from headway.charts.levels import Levels, Rated, render

MARCH, MAY = date(2026, 3, 2), date(2026, 5, 18)


def picture(*, first: tuple[Rated, ...] = (), second: tuple[Rated, ...] = ()) -> Levels:
    return Levels(
        title="Negotiation", description="Marta 3, Jonas <4>", first=first, second=second, start=MARCH, end=MAY,
        ticks=((MARCH, "2 Mar"), (MAY, "18 May")), spoken=("a", "b", "c"), empty="Not rated yet",
    )  # fmt: skip


BOTH = picture(first=(Rated(MARCH, 2), Rated(MAY, 3)), second=(Rated(MAY, 4),))


def test_a_square_for_each_of_the_first_and_a_ring_for_each_of_the_second() -> None:
    svg = render(BOTH, key="k")
    assert svg.count("<rect") == 2
    assert svg.count('class="s-ink"') == 1
    assert len(re.findall('data-tip="[abc]"', svg)) == 3
    assert "Jonas &lt;4&gt;" in svg
    assert "style=" not in svg


def test_higher_levels_stand_higher_and_later_days_further_right() -> None:
    assert BOTH.y(5) < BOTH.y(4) < BOTH.y(1)
    assert BOTH.x(MARCH) < BOTH.x(date(2026, 4, 1)) < BOTH.x(MAY) <= 1


def test_nothing_yet() -> None:
    assert picture().is_empty
    assert "<rect" not in render(picture())
    assert "Not rated yet" in render(picture(), colours="print")


@pytest.mark.parametrize("level", [0, 6])
def test_a_level_outside_the_scale_is_refused(level: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        picture(first=(Rated(MAY, level),))
