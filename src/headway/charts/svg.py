"""Writing SVG safely: everything is escaped, colours come from classes, ids from the caller.

A `Canvas` is fluid on pages (positions in per cent, curves in a nested box that stretches without
touching the text) and fixed on paper (`colours="print"`: plain pixels, which every renderer reads).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Self

from headway.charts.palette import Colours, print_attributes

PAPER_WIDTH = 520.0
"""Width in px of a picture on paper."""

EMPTY = 40.0
"""Height in px of a picture that has nothing to show."""

_ID = re.compile(r"^[A-Za-z][\w-]*$")
_Value = str | float | int
Attributes = dict[str, str | float | int]


class Svg(str):
    """Finished markup: a template may insert it as it is."""

    __slots__ = ()

    def __html__(self) -> Self:
        return self


def number(value: float) -> str:
    """A coordinate with at most two decimals, without a trailing ``.0`` and never ``-0``."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def share(position: float) -> float:
    """A position held inside the picture: 0 (left or top) to 1."""
    return min(1.0, max(0.0, position))


def key_of(*texts: str) -> str:
    """An id derived from the picture's own words, the same on every rendering."""
    return "c" + hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:10]


def anchor(position: float) -> str:
    """Keeps a label inside the picture: at the very ends it grows inwards."""
    if position < 0.05:
        return "start"
    return "end" if position > 0.95 else "middle"


@dataclass
class Canvas:
    """Collects shapes and closes them into one SVG with title and description.

    `height` in px. Horizontal positions are shares of the width, 0 to 1; vertical ones are px.
    """

    height: float
    colours: Colours = "var"
    width: float = PAPER_WIDTH
    parts: list[str] = field(default_factory=list)

    @property
    def fluid(self) -> bool:
        return self.colours == "var"

    def x(self, position: float) -> str:
        return f"{number(position * 100)}%" if self.fluid else number(position * self.width)

    def _open(self, tag: str, classes: str, attributes: dict[str, _Value]) -> str:
        shown: dict[str, _Value] = {}
        if classes and self.fluid:
            shown["class"] = classes
        elif classes:
            shown |= print_attributes(classes)
        shown |= attributes
        written = "".join(
            f' {name.replace("_", "-")}="{escape(value if isinstance(value, str) else number(value))}"'
            for name, value in shown.items()
        )
        return f"<{tag}{written}"

    def add(self, tag: str, classes: str = "", **attributes: _Value) -> None:
        self.parts.append(self._open(tag, classes, attributes) + "/>")

    def line(self, classes: str, *, x1: float, y1: float, x2: float, y2: float, **attributes: _Value) -> None:
        self.add("line", classes, x1=self.x(x1), x2=self.x(x2), y1=y1, y2=y2, **attributes)

    def text(self, classes: str, words: str, *, at: float, y: float, towards: str = "") -> None:
        """A label at a share of the width; it is anchored so that it stays inside the picture."""
        attributes: dict[str, _Value] = {"x": self.x(at), "y": y, "text_anchor": towards or anchor(at)}
        self.parts.append(f"{self._open('text', classes, attributes)}>{escape(words)}</text>")

    def bar(self, classes: str, *, x1: float, x2: float, y: float, height: float, **more: _Value) -> None:
        left, right = min(x1, x2), max(x1, x2)
        self.add("rect", classes, x=self.x(left), width=self.x(right - left), y=y, height=height, **more)

    def dots(self, classes: str, points: Sequence[tuple[float, float]], *, r: float, **attributes: _Value) -> None:
        """Many small circles at (share of width, px): what they share is written once."""
        shapes = "".join(f'<circle cx="{self.x(x)}" cy="{number(y)}" r="{number(r)}"/>' for x, y in points)
        self.parts.append(f"{self._open('g', classes, attributes)}>{shapes}</g>")

    def place(self, shapes: str, *, at: float, y: float) -> None:
        """Puts px-sized shapes (already written) with their origin at a position."""
        if self.fluid:
            self.parts.append(f'<svg x="{self.x(at)}" y="{number(y)}" overflow="visible">{shapes}</svg>')
        else:
            self.parts.append(f'<g transform="translate({self.x(at)} {number(y)})">{shapes}</g>')

    def written(self, tag: str, classes: str, **attributes: _Value) -> str:
        """One shape as text, for `place`."""
        return self._open(tag, classes, attributes) + "/>"

    def written_text(self, classes: str, words: str, *, x: float, y: float, towards: str) -> str:
        """A label as text, in px, for `place`."""
        opened = self._open("text", classes, {"x": x, "y": y, "text_anchor": towards})
        return f"{opened}>{escape(words)}</text>"

    def curve(self, tag: str, classes: str, points: Sequence[tuple[float, float]], **attributes: _Value) -> None:
        """A polyline or polygon through (share of width, px). Strokes keep their width when stretched."""
        if self.fluid:
            shown = " ".join(f"{number(x * 100)},{number(y * 100 / self.height)}" for x, y in points)
            shape = self._open(tag, classes, attributes | {"points": shown, "vector_effect": _STILL})
            self.parts.append(f"{_BOX.format(height=number(self.height))}{shape}/></svg>")
        else:
            shown = " ".join(f"{number(x * self.width)},{number(y)}" for x, y in points)
            self.add(tag, classes, points=shown, **attributes)

    def nothing(self, words: str) -> None:
        """Nothing to draw: a dotted line. On pages the words stand beside it, where they can wrap."""
        y = self.height / 2
        self.line("s-unknown", x1=0, x2=1, y1=y, y2=y, stroke_width=2, stroke_dasharray="2 5", stroke_linecap="round")
        if not self.fluid:
            self.text("c-lab2", words, at=0, y=y - 8)

    def tip(self, words: str, *, at: float, y: float) -> None:
        """An invisible point that the page's script reads out on hover and with the arrow keys."""
        self.tips([(words, at, y)])

    def tips(self, points: Sequence[tuple[str, float, float]]) -> None:
        """Such points at (share of width, px), each with its words; nothing on paper."""
        if self.fluid:
            self.parts += [
                f'<circle class="tip" cx="{self.x(at)}" cy="{number(y)}" r="1" fill="none" data-tip="{escape(words)}"/>'
                for words, at, y in points
            ]

    def close(self, *, title: str, description: str, key: str = "", role: str = "img") -> Svg:
        """The finished picture. `key` must be unique on the page; where it is missing, or no id could look
        like it, the id is made from it and the words. `role="group"` for a picture that holds links."""
        name = key if _ID.match(key) else key_of(key, title, description)
        if self.fluid:
            size = f'width="100%" height="{number(self.height)}"'
        else:
            # A margin, so that a mark on the very edge isn't cut off on paper.
            box = f"-8 -6 {number(self.width + 16)} {number(self.height + 12)}"
            size = (
                f'xmlns="http://www.w3.org/2000/svg" width="{number(self.width + 16)}" '
                f'height="{number(self.height + 12)}" viewBox="{box}"'
            )
        role = role if self.fluid else "img"
        head = f'<svg role="{role}" aria-labelledby="{name}-t" aria-describedby="{name}-d" {size}>'
        words = f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        return Svg(head + words + "".join(self.parts) + "</svg>")

    def fragment(self) -> Svg:
        """The shapes as a decoration: the words stand beside it on the page."""
        size = f'height="{number(self.height)}"'
        return Svg(f'<svg aria-hidden="true" focusable="false" {size}>{"".join(self.parts)}</svg>')


_STILL = "non-scaling-stroke"
_BOX = '<svg x="0" y="0" width="100%" height="{height}" viewBox="0 0 100 100" preserveAspectRatio="none">'
