"""Where deals stall: beyond luck and for most, counted by hand; luck alone seldom says so; numbers are the result's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.diagnosis.stalls import Stay, stall_sentence, stalls_of


def test_a_stage_that_nearly_everybody_is_slow_in_stalls() -> None:
    days = [21.0, 18.0, 24.0, 30.0, 20.0, 19.0, 13.0, 28.0]
    (found,) = stalls_of({"proposal": [Stay(d, 14.0) for d in days]})
    assert found.stalls
    assert (found.people, found.longer, found.days, found.usual) == (8, 7, 20.5, 14.0)
    # of eight, one or none beyond the middle comes by chance 3.5 times in a hundred: the second from each end
    assert (found.low, found.high) == (pytest.approx(18 / 14), pytest.approx(28 / 14))


def test_one_very_slow_person_makes_no_finding() -> None:
    (found,) = stalls_of({"proposal": [Stay(14.0, 14.0)] * 6 + [Stay(300.0, 14.0)]})
    assert not found.stalls
    assert found.longer == 1


def test_fewer_than_five_people_say_nothing() -> None:
    assert stalls_of({"proposal": [Stay(30.0, 10.0)] * 4}) == ()


def test_luck_alone_seldom_stalls() -> None:
    rng = np.random.default_rng(3)
    draws = rng.lognormal(np.log(14.0), 0.3, (2000, 8))
    said = sum(stalls_of({"s": [Stay(float(d), 14.0) for d in row]})[0].stalls for row in draws)
    assert said / 2000 <= 0.06


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=5, max_size=12))
def test_numbers_in_the_sentence_are_those_of_the_result(rows: list[tuple[float, float]]) -> None:
    (found,) = stalls_of({"s": [Stay(*row) for row in rows]})
    text = stall_sentence(found, stage="Proposal")
    assert f"after {found.days:.0f} days (middle of {found.people} people)" in text
    assert f"after {found.usual:.0f}" in text
    assert f"{found.longer} of {found.people} people take longer" in text
    assert ("stall" in text) == found.stalls
    assert found.low <= found.ratio <= found.high
