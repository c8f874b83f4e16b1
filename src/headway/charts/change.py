"""Change over time: a line with its ribbon, and a dotted vertical on the day something changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import log

from headway.charts.marks import Kind, draw_mark, tone
from headway.charts.palette import Colours
from headway.charts.svg import EMPTY, Attributes, Canvas, Svg, number, share
from headway.charts.table import Table

TOP, BOTTOM = 16.0, 186.0


@dataclass(frozen=True)
class Moment:
    """The estimate on one day: a ratio to comparable colleagues (1 = 100%), or None where there is none.

    `words` is read out on hover and stands in the table: "103%, likely 88 to 120%".
    """

    on: date
    words: str
    when: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Change:
    """A whole course. `changed_on` with its label draws the dotted vertical; ticks are (value, words)."""

    title: str
    description: str
    kind: Kind
    moments: tuple[Moment, ...]
    peer_low: float | None = None
    peer_high: float | None = None
    reference: float = 1.0
    changed_on: date | None = None
    changed_label: str = ""
    days: tuple[tuple[date, str], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ((0.5, "50%"), (1.0, "100%"))
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        """Not a single estimate: the page then says `empty` beside the picture."""
        return all(m.estimate is None for m in self.moments)


@dataclass(frozen=True)
class _Axes:
    first: date
    days: int
    low: float
    high: float

    def x(self, on: date) -> float:
        return share((on - self.first).days / self.days)

    def y(self, value: float) -> float:
        inside = min(self.high, max(self.low, value))
        return BOTTOM - (BOTTOM - TOP) * log(inside / self.low) / log(self.high / self.low)


def _axes(change: Change) -> _Axes:
    moments = change.moments
    first, last = min(m.on for m in moments), max(m.on for m in moments)
    values = [v for m in moments for v in (m.estimate, m.low, m.high) if v is not None and v > 0]
    values += [v for v in (change.peer_low, change.peer_high) if v] + [change.reference]
    low = max(0.05, min(0.46, *values) * 0.94)
    high = min(20.0, max(1.3, *values) * 1.04)
    return _Axes(first=first, days=max(1, (last - first).days), low=low, high=high)


def render(change: Change, *, key: str = "", colours: Colours = "var", height: float = 212) -> Svg:
    """The picture, `height` px high; a dotted line where there is not a single estimate."""
    canvas = Canvas(height=EMPTY if change.is_empty else height, colours=colours)
    if change.is_empty:
        canvas.nothing(change.empty)
        return canvas.close(title=change.title, description=change.description, key=key)
    axes = _axes(change)
    _draw_ground(canvas, change, axes)
    _draw_course(canvas, change, axes)
    if change.changed_on is not None:
        at = axes.x(change.changed_on)
        canvas.line("s-ink", x1=at, x2=at, y1=TOP, y2=BOTTOM, stroke_width=1, stroke_dasharray="3 4")
        canvas.text("c-lab c-lab--ink", change.changed_label, at=at, y=10, towards=_inside(at))
    for on, words in change.days:
        canvas.text("c-lab", words, at=axes.x(on), y=height - 4)
    for moment in change.moments:
        if moment.estimate is not None:
            canvas.tip(f"{moment.when}: {moment.words}", at=axes.x(moment.on), y=axes.y(moment.estimate))
    return canvas.close(title=change.title, description=change.description, key=key)


def _inside(at: float) -> str:
    """A date is wider than a figure: near the ends it needs more room."""
    if at < 0.12:
        return "start"
    return "end" if at > 0.88 else "middle"


def _draw_ground(canvas: Canvas, change: Change, axes: _Axes) -> None:
    if change.peer_low is not None and change.peer_high is not None:
        top, bottom = axes.y(change.peer_high), axes.y(change.peer_low)
        canvas.add("rect", "c-band", x=0, width=canvas.x(1), y=top, height=bottom - top, rx=4)
    for value, words in change.ticks:
        if axes.low <= value <= axes.high:
            y = axes.y(value)
            here = value == change.reference
            stroke = "c-bandedge" if here else "c-grid"
            canvas.line(stroke, x1=0, x2=1, y1=y, y2=y, stroke_width=1.5 if here else 1)
            canvas.text("c-lab2", words, at=0.99 if here else 0.01, y=y - 5)


def _runs(moments: Sequence[Moment]) -> list[list[Moment]]:
    """Stretches without a gap: a line never bridges days on which nothing could be said."""
    ordered = sorted(moments, key=lambda m: m.on)
    return [list(run) for there, run in groupby(ordered, lambda m: m.estimate is not None) if there]


def _draw_course(canvas: Canvas, change: Change, axes: _Axes) -> None:
    colour = tone(change.kind)
    last: tuple[float, float] | None = None
    for run in _runs(change.moments):
        upper = [(axes.x(m.on), axes.y(m.high)) for m in run if m.high is not None]
        lower = [(axes.x(m.on), axes.y(m.low)) for m in run if m.low is not None]
        if len(upper) > 1 and len(lower) > 1:
            canvas.curve("polygon", f"f-{colour}", [*upper, *reversed(lower)], opacity=".2")
        line = [(axes.x(m.on), axes.y(m.estimate)) for m in run if m.estimate is not None]
        join: Attributes = {"stroke_width": 2.5, "stroke_linejoin": "round", "stroke_linecap": "round"}
        canvas.curve("polyline", f"s-{colour}", line, **join)
        last = line[-1]
    if last is not None:
        draw_mark(canvas, change.kind, at=last[0], y=float(number(last[1])))


def table(change: Change, *, header: tuple[str, str]) -> Table:
    """Day and estimate with its range, in words."""
    return Table(header=header, rows=tuple((m.when, m.words) for m in change.moments), figures=frozenset({1}))
