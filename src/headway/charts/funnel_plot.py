"""Funnel plot: a rate against how much it rests on, inside the limits in which ordinary luck puts equal people.

A point inside the inner limits is what 95 of 100 equal people show; outside the outer ones luck is rare (2 in 1,000).
Every point is a link that the keyboard reaches, with its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from headway.charts.marks import Kind, draw_mark, shape_of
from headway.charts.palette import Colours
from headway.charts.svg import EMPTY, Canvas, Svg, share
from headway.charts.table import Table

TOP, BOTTOM = 12.0, 236.0


@dataclass(frozen=True)
class Point:
    """One person: `n` what the rate rests on, `rate` in the chart's unit, `words` said on hover and by a reader.

    `label` is drawn beside the mark; empty for people who stay unnamed. `href` makes it a link.
    """

    n: float
    rate: float
    kind: Kind
    words: str
    name: str = ""
    counts: str = ""
    rate_text: str = ""
    label: str = ""
    href: str = ""


@dataclass(frozen=True)
class Limits:
    """Limits at one `n`: the outer pair holds 998 of 1,000 equal people, the inner one 95 of 100."""

    n: float
    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float


@dataclass(frozen=True)
class FunnelPlot:
    """The whole picture. `others` are drawn small, without words; ticks are (value, words)."""

    title: str
    description: str
    target: float
    target_text: str
    points: tuple[Point, ...]
    limits: tuple[Limits, ...]
    others: tuple[tuple[float, float], ...] = ()
    x_label: str = ""
    x_ticks: tuple[tuple[float, str], ...] = ()
    y_ticks: tuple[tuple[float, str], ...] = ()
    inner_text: str = ""
    outer_text: str = ""
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        """Nobody to show: the page then says `empty` beside the picture."""
        return not self.points


@dataclass(frozen=True)
class _Axes:
    right: float
    low: float
    high: float

    def x(self, n: float) -> float:
        return share(0.02 + 0.96 * n / self.right)

    def y(self, rate: float) -> float:
        inside = min(self.high, max(self.low, rate))
        return BOTTOM - (BOTTOM - TOP) * (inside - self.low) / (self.high - self.low)


def _axes(plot: FunnelPlot) -> _Axes:
    counts = [p.n for p in plot.points] + [n for n, _rate in plot.others]
    right = max([*counts, 1.0]) * 1.08
    rates = [p.rate for p in plot.points] + [plot.target]
    shown = [limit for limit in plot.limits if limit.n >= 0.15 * right]
    rates += [value for limit in shown for value in (limit.inner_low, limit.inner_high)]
    low, high = min(rates), max(rates)
    room = max(0.08 * (high - low), 1e-6)
    return _Axes(right, max(0.0, low - room), high + room)


def render(plot: FunnelPlot, *, key: str = "", colours: Colours = "var") -> Svg:
    """The picture, 272 px high; a dotted line where there is nobody to show."""
    canvas = Canvas(height=EMPTY if plot.is_empty else BOTTOM + 36, colours=colours)
    if plot.is_empty:
        canvas.nothing(plot.empty)
        return canvas.close(title=plot.title, description=plot.description, key=key)
    axes = _axes(plot)
    _draw_ground(canvas, plot, axes)
    if plot.others:
        dots = [(axes.x(n), axes.y(rate)) for n, rate in plot.others]
        canvas.dots("f-unknown", dots, r=2.5, opacity=".45")
    for point in sorted(plot.points, key=lambda p: p.n):
        _draw_point(canvas, point, axes)
    return canvas.close(title=plot.title, description=plot.description, key=key, role="group")


def _draw_ground(canvas: Canvas, plot: FunnelPlot, axes: _Axes) -> None:
    inside = [limit for limit in sorted(plot.limits, key=lambda limit: limit.n) if limit.n <= axes.right]
    if len(inside) > 1:
        upper = [(axes.x(limit.n), axes.y(limit.inner_high)) for limit in inside]
        lower = [(axes.x(limit.n), axes.y(limit.inner_low)) for limit in inside]
        canvas.curve("polygon", "c-band", [*upper, *reversed(lower)])
        for edge in ("outer_high", "outer_low"):
            course = [(axes.x(limit.n), axes.y(getattr(limit, edge))) for limit in inside]
            canvas.curve("polyline", "c-bandedge", course, stroke_width=1.25, stroke_dasharray="4 4")
    for value, words in plot.y_ticks:
        if axes.low <= value <= axes.high:
            canvas.text("c-lab", words, at=0.0, y=axes.y(value) + 4)
    middle = axes.y(plot.target)
    canvas.line("c-bandedge", x1=0.02, x2=1, y1=middle, y2=middle, stroke_width=1.5)
    canvas.text("c-lab2", plot.target_text, at=1.0, y=middle - 6)
    canvas.line("c-axis", x1=0.02, x2=1, y1=BOTTOM + 4, y2=BOTTOM + 4, stroke_width=1)
    for n, words in plot.x_ticks:
        if n <= axes.right:
            canvas.text("c-lab", words, at=axes.x(n), y=BOTTOM + 18)
    canvas.text("c-lab2", plot.x_label, at=1.0, y=BOTTOM + 34)


def _draw_point(canvas: Canvas, point: Point, axes: _Axes) -> None:
    at, y = axes.x(point.n), axes.y(point.rate)
    if canvas.fluid and point.href:
        hit = canvas.written("circle", "", r=14, fill="transparent")
        link = (
            f'<a href="{escape(point.href)}" aria-label="{escape(point.words)}">{hit}{shape_of(canvas, point.kind)}</a>'
        )
        canvas.place(link, at=at, y=y)
    else:
        draw_mark(canvas, point.kind, at=at, y=y)
    canvas.tip(point.words, at=at, y=y)
    if point.label:
        right = at < 0.75
        shift = 12 if right else -12
        towards = "start" if right else "end"
        words = canvas.written_text("c-lab c-lab--ink", point.label, x=shift, y=4, towards=towards)
        canvas.place(words, at=at, y=y)


def table(plot: FunnelPlot, *, header: tuple[str, str, str]) -> Table:
    """Name, counts and rate of everybody named."""
    rows = tuple((p.name, p.counts, p.rate_text) for p in _by_name(plot.points))
    return Table(header=header, rows=rows, figures=frozenset({1, 2}))


def _by_name(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda p: p.name)
