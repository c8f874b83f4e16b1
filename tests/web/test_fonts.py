"""The font is cut once, small, and never stands in the way of a page."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from headway.web import fonts


def test_the_cut_is_small_has_both_axes_and_our_signs(tmp_path: Path) -> None:
    target = tmp_path / "inter.woff2"
    assert fonts.build_fonts(target)
    assert target.stat().st_size < 80_000
    with TTFont(target) as font:
        axes = {axis.axisTag: (axis.minValue, axis.maxValue) for axis in font["fvar"].axes}
        signs = set(font.getBestCmap())
    assert axes["wght"] == (400, 600)
    assert axes["opsz"][1] > axes["opsz"][0]
    assert {ord(sign) for sign in "€−–’“”ßşłÅ…·"} <= signs
    before = target.stat().st_mtime_ns
    assert fonts.build_fonts(target)
    assert target.stat().st_mtime_ns == before


def test_without_the_package_pages_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise ImportError("fontpkg_inter")

    monkeypatch.setattr(fonts, "_source", missing)
    assert not fonts.build_fonts(tmp_path / "inter.woff2")
    assert not (tmp_path / "inter.woff2").exists()
