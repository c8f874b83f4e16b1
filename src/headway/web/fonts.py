"""Cuts Inter to what the pages use: one small variable woff2, made at set-up and never committed."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path


# Latin with its extensions, punctuation, currency, arrows and the signs we write.
FONT = Path(__file__).parent / "static" / "web" / "fonts" / "inter.woff2"
UNICODES = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x2BC, 0x2C6, 0x2C7, 0x2DC, 0x1E9E,
    *range(0x2010, 0x2016), 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2022, 0x2026, 0x202F,
    0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x20B9, 0x20BA, 0x20BD, 0x2122,
    0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265,
)  # fmt: skip
FEATURES = ["kern", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case"]
RECIPE = "1"
"""Raise when the cut changes, so that the next set-up makes the file anew."""


def _stamp() -> str:
    return f"{version('fontpkg-inter')} {RECIPE}"


def build_fonts(target: Path = FONT) -> bool:
    """Writes the font unless it is there already; True when a font is ready.

    Idempotent and quick the second time. Where the package is missing or the folder cannot be written, pages
    use the system's font: the answer is then False, never an error.
    """
    note = target.with_suffix(".txt")
    try:
        if target.exists() and note.exists() and note.read_text() == _stamp():
            return True
        target.parent.mkdir(parents=True, exist_ok=True)
        _cut(_source(), target)
        note.write_text(_stamp())
    except (ImportError, OSError):
        return target.exists()
    return True


def _source() -> Path:
    import fontpkg_inter

    folder = Path(fontpkg_inter.__file__).parent / "files"
    upright = [path for path in folder.glob("*.ttf") if "Italic" not in path.name]
    if not upright:
        raise FileNotFoundError(f"No upright font in {folder.name}")
    return upright[0]


def _cut(source: Path, target: Path) -> None:
    """Weights 400 to 600, all optical sizes (titles turn into Inter Display), the characters above."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    with TTFont(source) as font:
        options = Options()
        options.layout_features = FEATURES
        options.flavor = "woff2"
        options.hinting = False
        options.name_IDs = [1, 2]
        cutter = Subsetter(options)
        cutter.populate(unicodes=UNICODES)
        cutter.subset(font)
        small = instantiateVariableFont(font, {"wght": (400, 400, 600)}, inplace=True)
        small.flavor = "woff2"
        part = target.with_suffix(f".{os.getpid()}.part")
        small.save(part)
        os.replace(part, target)


if __name__ == "__main__":
    build_fonts()
