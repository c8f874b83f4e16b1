"""Every picture: escaped, named, unique, complete without a stylesheet, and well-formed."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from headway.charts import change, cusum, dots, forecast, funnel, funnel_plot, interval, palette, waterfall
from headway.charts.marks import Kind
from headway.charts.svg import Svg, key_of, number
from tests.charts import samples

NASTY = '<script>alert("x")</script> & \'Söhne\' class="f-signal"'
RUDE = {"words": NASTY, "label": NASTY, "href": NASTY}
SVG = "{http://www.w3.org/2000/svg}"


def pictures(colours: palette.Colours) -> dict[str, Svg]:
    return {
        "interval": interval.render(samples.JONAS, large=True, colours=colours),
        "no estimate": interval.render(samples.NO_ESTIMATE, colours=colours),
        "change": change.render(samples.CHANGE, colours=colours),
        "waterfall": waterfall.render(samples.FALL, colours=colours),
        "funnel": funnel.render(samples.STEP, colours=colours),
        "dots": dots.render(samples.REACH, colours=colours),
        "forecast": forecast.render(samples.FORECAST, colours=colours),
        "funnel plot": funnel_plot.render(samples.PLOT, colours=colours),
        "strip": cusum.render(samples.STRIP, colours=colours),
    }


def nasty() -> list[Svg]:
    part = replace(samples.PARTS[0], label=NASTY, amount_text=NASTY, range_text=NASTY)
    fall = replace(samples.FALL, title=NASTY, parts=(part, *samples.PARTS[1:]), expected_label=NASTY)
    moment = replace(samples.CHANGE.moments[0], words=NASTY, when=NASTY)
    course = replace(samples.CHANGE, title=NASTY, changed_label=NASTY, moments=(moment, *samples.CHANGE.moments[1:]))
    return [
        interval.render(replace(samples.JONAS, title=NASTY, description=NASTY), key=NASTY),
        change.render(course),
        waterfall.render(fall),
        funnel.render(replace(samples.STEP, title=NASTY, value_text=NASTY)),
        funnel_plot.render(replace(samples.PLOT, title=NASTY, points=(replace(samples.PLOT.points[0], **RUDE),))),
        cusum.render(replace(samples.STRIP, title=NASTY, limit_text=NASTY)),
        dots.render(replace(samples.REACH, title=NASTY, target_text=NASTY)),
        forecast.render(replace(samples.FORECAST, title=NASTY, target_text=NASTY, now_text=NASTY)),
    ]


@pytest.mark.parametrize("colours", ["var", "print"])
def test_pictures_are_well_formed_and_named(colours: palette.Colours) -> None:
    for name, picture in pictures(colours).items():
        root = ElementTree.fromstring(picture)
        ids = [node.get("id") for node in root.iter() if node.get("id")]
        title, description = root[0], root[1]
        assert root.get("role") == ("group" if root.find(".//{*}a") is not None else "img"), name
        assert root.get("aria-labelledby") == title.get("id"), name
        assert root.get("aria-describedby") == description.get("id"), name
        assert title.text, name
        assert description.text, name
        assert len(ids) == len(set(ids)), name


def test_foreign_words_stay_words() -> None:
    for picture in nasty():
        assert "<script" not in picture
        tree = ElementTree.fromstring(picture)
        assert NASTY in [*(node.text for node in tree.iter()), *(node.get("data-tip") for node in tree.iter())] or any(
            NASTY in (node.text or "") for node in tree.iter()
        )


def test_colours_are_classes_on_pages_and_literals_on_paper() -> None:
    for name, picture in pictures("var").items():
        assert "style=" not in picture, name
        assert not re.search(r'(fill|stroke)="#', picture), name
        used = {word for group in re.findall(r'class="([^"]+)"', picture) for word in group.split()}
        assert used <= palette.CLASSES | {"tip", "wf__join"}, name
    for name, picture in pictures("print").items():
        assert "class=" not in picture, name
        assert "%" not in re.sub(r">[^<]*<", "><", picture).replace(" in 100%", ""), name
        assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', picture)) <= set(palette.LIGHT.values()), name


def test_a_template_may_insert_a_picture_as_it_is() -> None:
    picture = interval.render(samples.JONAS)
    assert picture.__html__() is picture


def test_ids_follow_the_words_or_the_caller() -> None:
    assert interval.render(samples.JONAS) == interval.render(samples.JONAS)
    assert 'id="row-7-t"' in interval.render(samples.JONAS, key="row-7")
    assert key_of("a", "b") != key_of("ab")


def test_any_key_makes_a_valid_id() -> None:
    one, other = (interval.render(samples.JONAS, key=key) for key in ("rep 0042/ä", "rep 0042/b"))
    ids = re.findall(r' id="([^"]+)"', one + other)
    assert len(set(ids)) == 4
    assert all(re.fullmatch(r"[A-Za-z][\w-]*", found) for found in ids)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (-0.001, "0"), (1.5, "1.5"), (100.0, "100"), (12.345, "12.35")]
)
def test_coordinates_are_short(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_shape_of_its_own(kind: Kind) -> None:
    def shape(one: Kind) -> str:
        return re.sub(r"[fs]-\w+", "", interval.render(replace(samples.JONAS, kind=one), key="k"))

    same = {Kind.EARLY, Kind.UNKNOWN}  # with an estimate both are the hollow diamond
    others = [shape(other) for other in Kind if other != kind and not {other, kind} <= same]
    assert shape(kind) not in others
