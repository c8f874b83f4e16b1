"""Contrast of every pair of colours that is used, light and dark, straight from the stylesheet."""

import re
from pathlib import Path

import pytest

from headway.charts import palette
from tests.paths import ROOT

WEB = ROOT / "src/headway/web/static/web"
ROLES = ("signal", "luck", "support", "good", "unknown")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2") for ground in ("paper", "surface", "sunken")),
    *(("ink-3", ground) for ground in ("paper", "surface", "sunken")),
    *((role, f"{role}-tint") for role in ROLES),
    *((role, "surface") for role in ROLES),
    *(("ink", f"{role}-tint") for role in ROLES),
    ("action", "paper"), ("action", "surface"), ("action-hover", "surface"), ("action-hover", "action-tint"),
    ("on-action", "action"), ("on-action", "action-hover"), ("signal", "paper"), ("good", "paper"),
    ("ink", "action-tint"), ("paper", "ink"),
]  # fmt: skip
MARKS = [
    *((f"{role}-mark", ground) for role in ROLES for ground in ("surface", "band")),
    ("band-edge", "surface"), ("line-strong", "surface"), ("line-strong", "paper"), ("focus", "paper"),
    ("focus", "surface"), ("path", "surface"), ("axis", "surface"), ("ink", "band"), ("unknown-mark", "sunken"),
]  # fmt: skip


def blocks() -> list[dict[str, str]]:
    text = (WEB / "tokens.css").read_text()
    found = re.findall(r":root[^{]*\{(.*?)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.S), flags=re.S)
    return [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", block)) for block in found]


def themes() -> dict[str, dict[str, str]]:
    light, dark, *_rest = blocks()
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_words_can_be_read(theme: str, ink: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_seen(theme: str, mark: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[mark], colours[ground]) >= 3


def test_the_two_dark_blocks_are_the_same() -> None:
    _light, by_system, by_choice, *_rest = blocks()
    assert by_system == by_choice


def test_paper_uses_the_light_tokens() -> None:
    light = themes()["light"]
    assert {name: light[name] for name in palette.LIGHT} == palette.LIGHT


def test_the_stylesheet_colours_every_chart_class() -> None:
    style = (WEB / "components.css").read_text()
    assert [name for name in sorted(palette.CLASSES) if f".{name} " not in style] == []


@pytest.mark.parametrize("sheet", ["components.css", "pages.css"])
def test_only_tokens_name_colours(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (WEB / sheet).read_text(), flags=re.S)
    lines = [line for line in text.splitlines() if re.search(r"#[0-9a-fA-F]{3,6}\b(?![^{]*\{)", line)]
    assert [line for line in lines if "letterpage" not in line and ".sheet" not in line and "print" not in line] == []


def test_every_used_token_exists() -> None:
    known = set(re.findall(r"--([\w-]+):", (WEB / "tokens.css").read_text()))
    for sheet in ("components.css", "pages.css", "tokens.css"):
        used = set(re.findall(r"var\(--([\w-]+)", (WEB / sheet).read_text()))
        assert used - known == set(), Path(sheet)
