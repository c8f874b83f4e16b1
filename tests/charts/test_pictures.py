"""What each picture says: positions, gaps, extremes, sums, and the tables behind them."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.charts import change, cusum, dots, forecast, funnel, funnel_plot, interval, meter, waterfall
from headway.charts.marks import Kind
from headway.charts.table import Table
from tests.charts import samples

SHARES = re.compile(r'\b(?:x|x1|x2|cx|width)="(-?[\d.]+)%"')
NAME = "Dr. Maximiliane-Wilhelmine von Hohenstein-Oppenheimer-Sachsen-Coburg " * 3


def inside(picture: str) -> bool:
    return all(-0.01 <= float(found) <= 100.01 for found in SHARES.findall(picture))


def test_the_usual_scale_is_logarithmic_with_the_reference_where_the_design_has_it() -> None:
    scale = interval.USUAL
    assert scale.at(0.5) == pytest.approx(0.1512, abs=1e-4)
    assert scale.at(1.0) == pytest.approx(0.6208, abs=1e-4)
    assert scale.at(1.5) == pytest.approx(0.8956, abs=1e-4)


@given(st.floats(0.0001, 50), st.floats(0.0001, 50), st.floats(0.0001, 50))
def test_no_interval_leaves_its_picture(a: float, b: float, c: float) -> None:
    low, estimate, high = sorted((a, b, c))
    assert inside(interval.render(replace(samples.JONAS, low=low, estimate=estimate, high=high), large=True))


def test_a_range_past_the_edge_gets_an_arrow_and_one_inside_none() -> None:
    wide = interval.render(replace(samples.JONAS, low=0.1, high=4.0))
    assert wide.count("M5-4") == 1
    assert wide.count("M-5-4") == 1
    assert "M5-4" not in interval.render(samples.JONAS)


def test_no_estimate_is_dotted_and_has_no_mark() -> None:
    picture = interval.render(samples.NO_ESTIMATE)
    assert "stroke-dasharray" in picture
    assert "overflow" not in picture
    nothing = interval.render(replace(samples.NO_ESTIMATE, low=None, high=None, peer_low=None, peer_high=None))
    assert "stroke-dasharray" in nothing
    assert "c-band " not in nothing


def test_a_known_even_chance_is_drawn_as_given() -> None:
    given_one = interval.render(replace(samples.JONAS, even_low=0.5, even_high=0.6))
    assert f'x1="{interval.USUAL.at(0.5) * 100:.2f}%"' in given_one


def test_one_scale_for_a_list_holds_every_range() -> None:
    scale = interval.scale_for([samples.JONAS, replace(samples.JONAS, high=3.0), samples.NO_ESTIMATE])
    assert scale.holds(3.0)
    assert scale.holds(0.44)
    assert interval.scale_for([]) == interval.USUAL
    places = [scale.at(value) for value, _ in scale.ticks]
    assert all(right - left >= interval.LABEL_ROOM for left, right in pairwise(places))
    assert (1.0, "100%") in scale.ticks
    with pytest.raises(ValueError, match="0 < low < high"):
        interval.Scale(low=0)


def test_the_line_is_interrupted_where_nothing_could_be_said() -> None:
    gap = tuple(
        replace(m, estimate=None, low=None, high=None) if 8 <= n < 12 else m for n, m in enumerate(samples.moments())
    )
    assert change.render(samples.CHANGE).count("<polyline") == 1
    assert change.render(replace(samples.CHANGE, moments=gap)).count("<polyline") == 2


def test_a_change_is_dated_and_a_course_without_estimates_says_so() -> None:
    assert "3 March" in change.render(samples.CHANGE)
    nothing = tuple(replace(m, estimate=None, low=None, high=None) for m in samples.moments())
    without = replace(samples.CHANGE, moments=nothing)
    assert without.is_empty
    assert not samples.CHANGE.is_empty
    assert "<polyline" not in change.render(without)
    assert "stroke-dasharray" in change.render(without)
    assert "No estimate yet" in change.render(without, colours="print")
    assert "stroke-dasharray" in change.render(replace(samples.CHANGE, moments=()))


@given(st.lists(st.floats(0.0, 1000.0), min_size=1, max_size=12))
def test_a_course_of_any_values_stays_inside(values: list[float]) -> None:
    moments = tuple(
        change.Moment(date(2026, 1, 1) + timedelta(days=n), "w", "d", v, v * 0.5, v * 2) for n, v in enumerate(values)
    )
    assert inside(change.render(replace(samples.CHANGE, moments=moments)))


def test_parts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match=r"lead to 252\.00, but 260\.00 was won"):
        replace(samples.FALL, won=260)


def test_each_bar_begins_where_the_last_one_ended_and_the_last_meets_what_was_won() -> None:
    bars = []
    for row in waterfall.rows(samples.FALL):
        found = re.search(r'<rect [^>]*x="([\d.]+)%" width="([\d.]+)%"', row.bar)
        assert found, row
        bars.append((float(found[1]), float(found[1]) + float(found[2])))
    first, *parts, last = bars
    here = first[1]
    for part, (left, right) in zip(samples.FALL.parts, parts, strict=True):
        start, end = (right, left) if part.amount < 0 else (left, right)
        assert start == pytest.approx(here, abs=0.03)
        here = end
    assert here == pytest.approx(last[1], abs=0.03)


@given(st.lists(st.integers(-500, 500), max_size=8), st.integers(0, 1000))
def test_any_waterfall_stays_inside(amounts: list[int], expected: int) -> None:
    parts = tuple(waterfall.Part(f"p{n}", a, a - 50, a + 50, waterfall.Nature.CLEAR) for n, a in enumerate(amounts))
    fall = replace(samples.FALL, expected=expected, won=expected + sum(amounts), parts=parts)
    assert all(inside(row.bar) for row in waterfall.rows(fall))


def test_a_step_that_is_not_evaluable_is_dotted_and_says_so() -> None:
    step = replace(samples.STEP, value=None, value_text="not evaluable", low=None, high=None)
    picture = funnel.render(step)
    assert "not evaluable" in picture
    assert "stroke-dasharray" in picture
    assert "overflow" not in picture


@given(st.floats(-1e6, 1e9), st.floats(0, 1e9))
def test_any_step_stays_inside(value: float, spread: float) -> None:
    step = replace(samples.STEP, value=value, low=value - spread, high=value + spread, goal=value * 2, began=0.0)
    assert inside(funnel.render(step))


@given(st.lists(st.floats(-100, 1e6), min_size=100, max_size=100), st.floats(-50, 1.5e6))
def test_as_many_coloured_dots_as_chances(results: list[float], target: float) -> None:
    reach = replace(samples.REACH, results=tuple(results), target=target, top=None)
    picture = dots.render(reach)
    assert picture.count("<circle") == 100
    assert picture.count('class="f-support"') == reach.reached
    line = float(re.findall(r'class="s-ink" x1="([\d.]+)%"', picture)[0])
    for side, at in re.findall(r'class="f-(support|unknown)"[^>]*cx="([\d.]+)%"', picture):
        assert (float(at) > line) == (side == "support")


def test_a_hundred_results_from_any_number_of_draws() -> None:
    assert dots.hundred(range(10_000)) == tuple(float(n * 100 + 50) for n in range(100))
    assert len(dots.hundred([7.0])) == 100
    with pytest.raises(ValueError, match="nothing to draw"):
        dots.hundred([])
    with pytest.raises(ValueError, match="needs 100 results, not 3"):
        replace(samples.REACH, results=(1.0, 2.0, 3.0))


def test_what_happened_is_drawn_as_stairs() -> None:
    found = re.search(r'<polyline class="s-ink"[^>]*points="([^"]+)"', forecast.render(samples.FORECAST))
    assert found
    points = [tuple(map(float, pair.split(","))) for pair in found[1].split()]
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


def test_a_forecast_alone_a_path_alone_and_nothing_at_all() -> None:
    nothing = replace(samples.FORECAST, path=(), fan=(), happened=(), target=None, ticks=())
    assert nothing.is_empty
    assert "stroke-dasharray" in forecast.render(nothing)
    assert "Nothing to show yet" in forecast.render(nothing, colours="print")
    path = replace(nothing, path=samples.path(), marks=samples.path()[-1:])
    assert "<polygon" not in forecast.render(path)
    assert "€150k" in forecast.render(path)
    with pytest.raises(ValueError, match="must come after"):
        replace(samples.FORECAST, end=samples.START)


def test_long_names_are_kept_whole() -> None:
    picture = interval.render(replace(samples.JONAS, title=NAME))
    assert NAME in picture
    part = replace(samples.PARTS[0], label=NAME)
    assert NAME in waterfall.rows(replace(samples.FALL, parts=(part, *samples.PARTS[1:])))[1].label


def test_tables_say_what_the_pictures_show() -> None:
    fall = waterfall.table(samples.FALL, header=("Part", "Amount", "Range", "Whose"))
    assert fall.rows[5] == ("Proposal to won", "−€116k", "−172 to −58", "Jonas")
    assert fall.columns[1] == ("Amount", True)
    reach = dots.table(samples.REACH, header=("Result", "Chances"), bands=(("below", 0, 240), ("from 240", 240, None)))
    assert [row[1] for row in reach.rows] == ["69", "31"]
    assert change.table(samples.CHANGE, header=("Week", "Estimate")).rows[0][0] == "week 0"
    assert funnel.table([samples.STEP], header=("a", "b", "c", "d", "e")).rows[0][3] == "9 of 28"
    assert interval.table([samples.JONAS], header=("Who", "Estimate", "Range")).rows[0][1] == "55%"
    course = forecast.table(samples.FORECAST, header=("Day", "What", "Amount"), kinds=("won", "path", "forecast"))
    assert ("3 July", "won", "€52k") in course.rows
    with pytest.raises(ValueError, match="1 cells, the header 2"):
        Table(header=("a", "b"), rows=(("only one",),))


def test_a_meter_is_held_between_nothing_and_everything() -> None:
    assert 'width="100%" y="0"' in meter.render(meter.Meter(share=3, kind=Kind.SIGNAL)).split("f-signal")[1]


def test_every_named_point_is_a_link_with_its_words_and_paper_has_none() -> None:
    picture = funnel_plot.render(samples.PLOT)
    assert picture.count("<a href=") == 2
    assert 'aria-label="Jonas Weber: 20% (6 of 28), below"' in picture
    assert "<a " not in funnel_plot.render(samples.PLOT, colours="print")
    assert [row[0] for row in funnel_plot.table(samples.PLOT, header=("a", "b", "c")).rows] == [
        "Amira Haddad", "Ines", "Jonas Weber",
    ]  # fmt: skip
    assert funnel_plot.render(replace(samples.PLOT, points=())).count("stroke-dasharray") == 1


@given(st.lists(st.tuples(st.floats(1, 500), st.floats(0, 1)), min_size=1, max_size=12), st.floats(0.01, 0.99))
def test_no_point_leaves_the_funnel_plot(points: list[tuple[float, float]], target: float) -> None:
    made = tuple(replace(samples.PLOT.points[0], n=n, rate=rate) for n, rate in points)
    assert inside(funnel_plot.render(replace(samples.PLOT, points=made, target=target)))


@given(st.lists(st.floats(0, 30), min_size=2, max_size=30))
def test_the_line_of_a_strip_is_always_in_the_picture(levels: list[float]) -> None:
    made = tuple(
        replace(samples.STRIP.levels[0], on=date(2026, 1, 5) + timedelta(weeks=w), level=v)
        for w, v in enumerate(levels)
    )
    picture = cusum.render(replace(samples.STRIP, levels=made))
    line = next(part for part in picture.split("<line") if 'stroke-dasharray="4 4"' in part)
    height = float(re.search(r'y1="([\d.]+)"', line).group(1))  # type: ignore[union-attr]
    assert cusum.TOP <= height <= cusum.BOTTOM
    assert inside(picture)
    assert len(cusum.table(samples.STRIP, header=("a", "b")).rows) == 14
