"""Two courses on a described scale of levels, side by side over time: how each of two people sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from headway.charts.palette import Colours
from headway.charts.svg import Attributes, Canvas, Svg

LEFT, RIGHT = 0.06, 0.96
TOP, STEP = 10.0, 13.0


@dataclass(frozen=True)
class Rated:
    """One rating: the day and the level."""

    on: date
    level: float


@dataclass(frozen=True)
class Levels:
    """Two courses over the same time, `first` as filled squares, `second` as rings; levels are 1 to `top`.

    `ticks` are (day, words) under the picture; `spoken` gives the words of each mark, the first course's before.
    """

    title: str
    description: str
    first: tuple[Rated, ...]
    second: tuple[Rated, ...]
    start: date
    end: date
    ticks: tuple[tuple[date, str], ...] = ()
    top: int = 5
    spoken: tuple[str, ...] = ()
    empty: str = ""

    def __post_init__(self) -> None:
        for rated in (*self.first, *self.second):
            if not 1 <= rated.level <= self.top:
                raise ValueError(f"A level is 1 to {self.top}, not {rated.level}.")

    @property
    def is_empty(self) -> bool:
        """Nobody has rated yet."""
        return not self.first and not self.second

    def x(self, on: date) -> float:
        """Where a day stands, as a share of the width."""
        days = max((self.end - self.start).days, 1)
        return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, (on - self.start).days / days))

    def y(self, level: float) -> float:
        """Where a level stands, in px from above."""
        return TOP + (self.top - level) * STEP


def render(levels: Levels, *, key: str = "", colours: Colours = "var") -> Svg:
    """The picture: a line per level, two courses, and the days under it."""
    base = levels.y(1) + 10
    canvas = Canvas(height=base + (18 if levels.ticks else 2), colours=colours)
    if levels.is_empty:
        canvas.nothing(levels.empty)
        return canvas.close(title=levels.title, description=levels.description, key=key)
    for level in range(1, levels.top + 1):
        y = levels.y(level)
        canvas.line("c-grid", x1=LEFT - 0.02, x2=1, y1=y, y2=y)
        if level in (1, levels.top):
            canvas.text("c-lab", str(level), at=0, y=y + 4, towards="start")
    _course(canvas, levels, levels.first, "c-path")
    _course(canvas, levels, levels.second, "c-path", stroke_dasharray="3 4")
    for rated in levels.second:
        ring = canvas.written("circle", "c-surface", r=7) + canvas.written("circle", "s-ink", r=6.5, stroke_width=2)
        canvas.place(ring, at=levels.x(rated.on), y=levels.y(rated.level))
    for rated in levels.first:
        square = canvas.written("rect", "c-ink", x=-4, y=-4, width=8, height=8, rx=1.5)
        canvas.place(square, at=levels.x(rated.on), y=levels.y(rated.level))
    for rated, words in zip((*levels.first, *levels.second), levels.spoken, strict=False):
        canvas.tip(words, at=levels.x(rated.on), y=levels.y(rated.level))
    for on, words in levels.ticks:
        at = levels.x(on)
        canvas.text("c-lab", words, at=at, y=base + 14, towards="start" if at < 0.2 else "end" if at > 0.8 else "")
    return canvas.close(title=levels.title, description=levels.description, key=key)


def _course(canvas: Canvas, levels: Levels, course: Sequence[Rated], classes: str, **more: str) -> None:
    style: Attributes = {"stroke_width": 1.5, **more}
    for before, after in pairwise(course):
        canvas.line(
            classes, x1=levels.x(before.on), y1=levels.y(before.level), x2=levels.x(after.on), y2=levels.y(after.level),
            **style,
        )  # fmt: skip
