"""CUSUM strip: how evidence of a fall adds up week by week, and the line it has to cross before anybody is told.

The level goes up with every result below what colleagues would have had, down with every one above, never under zero.
"""

from dataclasses import dataclass
from datetime import date

from headway.charts.marks import Kind, draw_mark, tone
from headway.charts.palette import Colours
from headway.charts.svg import EMPTY, Canvas, Svg, share
from headway.charts.table import Table

TOP, BOTTOM = 16.0, 74.0


@dataclass(frozen=True)
class Level:
    """The evidence at the end of one week, on a scale on which the limit is 1. `words` are read out."""

    on: date
    level: float
    words: str
    when: str


@dataclass(frozen=True)
class Strip:
    """One person's strip. `since` is the week from which the evidence builds up without a break; days are
    (date, words) under the picture."""

    title: str
    description: str
    kind: Kind
    levels: tuple[Level, ...]
    limit_text: str
    since: date | None = None
    since_text: str = ""
    days: tuple[tuple[date, str], ...] = ()
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        """Too few weeks to add anything up."""
        return len(self.levels) < 2


def render(strip: Strip, *, key: str = "", colours: Colours = "var") -> Svg:
    """The picture, 96 px high; a dotted line where there is nothing to add up."""
    canvas = Canvas(height=EMPTY if strip.is_empty else BOTTOM + 22, colours=colours)
    if strip.is_empty:
        canvas.nothing(strip.empty)
        return canvas.close(title=strip.title, description=strip.description, key=key)
    first, last = strip.levels[0].on, strip.levels[-1].on
    days = max(1, (last - first).days)
    highest = max(1.25, *(level.level for level in strip.levels)) * 1.08

    def x(on: date) -> float:
        return share((on - first).days / days)

    def y(level: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * level / highest

    colour = tone(strip.kind)
    course = [(x(level.on), y(level.level)) for level in strip.levels]
    canvas.curve("polygon", f"f-{colour}", [(0.0, BOTTOM), *course, (course[-1][0], BOTTOM)], opacity=".25")
    canvas.curve("polyline", f"s-{colour}", course, stroke_width=2, stroke_linejoin="round")
    canvas.line("c-axis", x1=0, x2=1, y1=BOTTOM, y2=BOTTOM, stroke_width=1)
    canvas.line("s-ink", x1=0, x2=1, y1=y(1.0), y2=y(1.0), stroke_width=1.25, stroke_dasharray="4 4")
    canvas.text("c-lab2", strip.limit_text, at=0.0, y=y(1.0) - 5)
    if strip.since is not None and first <= strip.since <= last:
        at = x(strip.since)
        canvas.line("s-ink", x1=at, x2=at, y1=TOP, y2=BOTTOM, stroke_width=1, stroke_dasharray="2 4")
        canvas.text("c-lab", strip.since_text, at=at, y=TOP - 5)
    draw_mark(canvas, strip.kind, at=course[-1][0], y=course[-1][1])
    for on, words in strip.days:
        canvas.text("c-lab", words, at=x(on), y=BOTTOM + 18)
    for level in strip.levels:
        canvas.tip(f"{level.when}: {level.words}", at=x(level.on), y=y(level.level))
    return canvas.close(title=strip.title, description=strip.description, key=key)


def table(strip: Strip, *, header: tuple[str, str]) -> Table:
    """Week and level, in words."""
    return Table(header=header, rows=tuple((level.when, level.words) for level in strip.levels), figures=frozenset({1}))
