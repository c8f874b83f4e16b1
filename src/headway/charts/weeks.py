"""A figure week by week: what the person had, over the band of comparable colleagues of the same week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from headway.charts.palette import Colours
from headway.charts.svg import EMPTY, Canvas, Svg, share
from headway.charts.table import Table

TOP, BOTTOM = 14.0, 150.0
# Room for the words of a scale at the left, in the narrowest picture too.
LEFT, RIGHT = 0.15, 0.98


@dataclass(frozen=True)
class Week:
    """One week: its first day, the number (None where there is none), the band of colleagues, the words read out."""

    on: date
    words: str
    when: str
    value: float | None = None
    low: float | None = None
    median: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Weeks:
    """A course of at least two weeks, oldest first, on a scale that begins at zero.

    days: (date, words) under the picture. ticks: (value, words) at the left. A gap in the line is a week without a
    number; it is never bridged.
    """

    title: str
    description: str
    weeks: tuple[Week, ...]
    days: tuple[tuple[date, str], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        """Fewer than two weeks with a number."""
        return sum(week.value is not None for week in self.weeks) < 2

    @cached_property
    def top(self) -> float:
        """The highest value the picture has room for."""
        values = [v for week in self.weeks for v in (week.value, week.high) if v is not None]
        return max(values, default=0.0) * 1.08 or 1.0

    def x(self, on: date) -> float:
        """Where a week stands, as a share of the width."""
        first, last = self.weeks[0].on, self.weeks[-1].on
        return LEFT + (RIGHT - LEFT) * share((on - first).days / max(1, (last - first).days))

    def y(self, value: float) -> float:
        """Where a value stands, in px from above."""
        return BOTTOM - (BOTTOM - TOP) * share(value / self.top)


def _runs(weeks: Sequence[Week], there: str) -> list[list[Week]]:
    return [list(run) for has, run in groupby(weeks, lambda week: getattr(week, there) is not None) if has]


def render(of: Weeks, *, key: str = "", colours: Colours = "var") -> Svg:
    """The picture, 172 px high; a dotted line where there is no course to show."""
    canvas = Canvas(height=EMPTY if of.is_empty else BOTTOM + 22, colours=colours)
    if of.is_empty:
        canvas.nothing(of.empty)
        return canvas.close(title=of.title, description=of.description, key=key)
    for run in _runs(of.weeks, "high"):
        upper = [(of.x(week.on), of.y(week.high or 0.0)) for week in run]
        lower = [(of.x(week.on), of.y(week.low or 0.0)) for week in reversed(run)]
        if len(run) > 1:
            canvas.curve("polygon", "c-band", [*upper, *lower])
            middle = [(of.x(week.on), of.y(week.median or 0.0)) for week in run]
            canvas.curve("polyline", "c-bandedge", middle, stroke_width=1.5)
    canvas.line("c-axis", x1=LEFT - 0.02, x2=1, y1=BOTTOM, y2=BOTTOM, stroke_width=1)
    for value, words in of.ticks:
        canvas.line("c-grid", x1=LEFT, x2=1, y1=of.y(value), y2=of.y(value), stroke_width=1)
        canvas.text("c-lab2", words, at=0.0, y=of.y(value) + 4)
    for run in _runs(of.weeks, "value"):
        course = [(of.x(week.on), of.y(week.value or 0.0)) for week in run]
        if len(course) > 1:
            canvas.curve("polyline", "s-ink", course, stroke_width=2, stroke_linejoin="round")
        canvas.dots("c-ink c-halo", course, r=3.5, stroke_width=2, paint_order="stroke")
    for on, words in of.days:
        canvas.text("c-lab", words, at=of.x(on), y=BOTTOM + 18)
    canvas.tips([(f"{week.when}: {week.words}", of.x(week.on), of.y(week.value or 0.0)) for week in of.weeks])
    return canvas.close(title=of.title, description=of.description, key=key)


def table(of: Weeks, *, header: tuple[str, str]) -> Table:
    """Week and figure, in words."""
    return Table(header=header, rows=tuple((week.when, week.words) for week in of.weeks), figures=frozenset({1}))
