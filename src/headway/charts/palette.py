"""The fixed light colours for paper and mail, and what each chart class means there.

On pages a class like ``f-signal`` gets its colour from the design tokens, so that light and dark
work by themselves. A PDF or a mail has no stylesheet: `print_attributes` writes the same colours as
plain attributes. A test compares `LIGHT` with tokens.css.
"""

from typing import Final, Literal

Colours = Literal["var", "print"]
"""``var``: classes, coloured by the page's tokens. ``print``: fixed light colours, no stylesheet needed."""

LIGHT: Final[dict[str, str]] = {
    "surface": "#ffffff",
    "ink": "#1f1d1a",
    "ink-2": "#57524a",
    "ink-3": "#6b655c",
    "band": "#e9e4da",
    "band-edge": "#948b7b",
    "axis": "#6b655c",
    "grid": "#ece8e0",
    "path": "#57524a",
    "signal-mark": "#c8651b",
    "luck-mark": "#7f76b8",
    "support-mark": "#2f8199",
    "good-mark": "#43895b",
    "unknown-mark": "#88827a",
}

_FILL: Final = {
    "c-band": "band", "c-surface": "surface", "c-ink": "ink",
    "f-signal": "signal-mark", "f-luck": "luck-mark", "f-support": "support-mark",
    "f-good": "good-mark", "f-unknown": "unknown-mark",
}  # fmt: skip
_STROKE: Final = {
    "c-bandedge": "band-edge", "c-axis": "axis", "c-grid": "grid", "c-path": "path", "s-ink": "ink",
    "s-signal": "signal-mark", "s-luck": "luck-mark", "s-support": "support-mark",
    "s-good": "good-mark", "s-unknown": "unknown-mark",
}  # fmt: skip
_LABEL: Final = {"c-lab": "ink-3", "c-lab2": "ink-2", "c-lab--ink": "ink"}

CLASSES: Final = frozenset(_FILL) | frozenset(_STROKE) | frozenset(_LABEL) | {"c-halo"}
"""Every class a chart may use; a test holds the stylesheet to it."""


def print_attributes(classes: str) -> dict[str, str]:
    """Presentation attributes with fixed colours for a space-separated list of chart classes."""
    attributes: dict[str, str] = {}
    for name in classes.split():
        if name in _FILL:
            attributes["fill"] = LIGHT[_FILL[name]]
        elif name in _STROKE:
            attributes["stroke"] = LIGHT[_STROKE[name]]
            attributes.setdefault("fill", "none")
        elif name == "c-halo":
            attributes["stroke"] = LIGHT["surface"]
        elif name in _LABEL:
            attributes["fill"] = LIGHT[_LABEL[name]]
            attributes["font-family"] = "Inter, Arial, sans-serif"
            attributes["font-size"] = "12"
            attributes["font-weight"] = "600" if name.endswith("--ink") else "500"
    return attributes
