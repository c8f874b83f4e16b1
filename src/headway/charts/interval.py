"""The interval picture: an estimate, how sure it is, and where comparable colleagues are."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from headway.charts.marks import Kind, draw_mark, tone
from headway.charts.palette import Colours
from headway.charts.svg import Attributes, Canvas, Svg, number, share
from headway.charts.table import Table

EVEN_SHARE = 0.41
"""Half-width of an even chance against nine in ten, where only the wider range is known: 0.674 / 1.645."""


@dataclass(frozen=True)
class Scale:
    """A logarithmic scale shared by all pictures of one list. Bounds are ratios above zero, 1 = 100%."""

    low: float = 0.4
    high: float = 1.75
    ticks: tuple[tuple[float, str], ...] = ((0.5, "50%"), (0.75, "75%"), (1.0, "100%"), (1.5, "150%"))

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise ValueError(f"A logarithmic scale needs 0 < low < high, not {self.low} and {self.high}.")

    def at(self, value: float) -> float:
        """Where a value lies, 0 to 1; what lies outside is held at the edge."""
        if value <= self.low:
            return 0.0
        return share(log(value / self.low) / log(self.high / self.low))

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


USUAL = Scale()

TICKS: tuple[tuple[float, str], ...] = (
    (1.0, "100%"),
    (0.5, "50%"),
    (2.0, "200%"),
    (0.25, "25%"),
    (0.75, "75%"),
    (1.5, "150%"),
    (3.0, "300%"),
    (0.1, "10%"),
    (5.0, "500%"),
    (10.0, "1000%"),
)
"""What a widened scale may be labelled with, the most important first."""

LABEL_ROOM = 0.16
"""Least distance of two labels: 32 px of the narrowest picture (204 px)."""


@dataclass(frozen=True)
class Interval:
    """What one row shows. Values are ratios to comparable colleagues, 1 = 100%.

    `low` to `high` is the likely range (nine in ten), `even_low` to `even_high` the even chance; where the
    latter is missing it is drawn at 41% of the width, exact for a log-normal estimate. `estimate=None` means
    "no estimate yet": `low` to `high` is then all that is still possible, drawn dotted.
    """

    title: str
    description: str
    kind: Kind
    estimate: float | None
    low: float | None = None
    high: float | None = None
    even_low: float | None = None
    even_high: float | None = None
    peer_low: float | None = None
    peer_high: float | None = None
    reference: float = 1.0
    estimate_text: str = ""
    range_text: str = ""


def scale_for(
    intervals: Iterable[Interval],
    *,
    least: Scale = USUAL,
    floor: float = 0.1,
    ticks: tuple[tuple[float, str], ...] = TICKS,
) -> Scale:
    """One scale for a whole list: the usual one, widened where a range needs it (never below `floor`).

    A widened scale keeps those of `ticks` (most important first) that fit on it side by side.
    """
    rows = tuple(intervals)
    lows = [row.low for row in rows if row.low] + [row.estimate for row in rows if row.estimate]
    highs = [row.high for row in rows if row.high] + [row.estimate for row in rows if row.estimate]
    low = max(floor, min([least.low, *(value * 0.95 for value in lows)]))
    high = min(10.0, max([least.high, *(value * 1.05 for value in highs)]))
    if (low, high) == (least.low, least.high):
        return least
    return Scale(low=low, high=high, ticks=_spaced(Scale(low=low, high=high, ticks=()), ticks))


def _spaced(scale: Scale, ticks: tuple[tuple[float, str], ...]) -> tuple[tuple[float, str], ...]:
    kept: list[tuple[float, str]] = []
    for value, words in ticks:
        free = all(abs(scale.at(value) - scale.at(other)) >= LABEL_ROOM for other, _ in kept)
        if scale.holds(value) and free:
            kept.append((value, words))
    return tuple(sorted(kept))


def render(
    interval: Interval,
    *,
    large: bool = False,
    scale: Scale = USUAL,
    key: str = "",
    colours: Colours = "var",
) -> Svg:
    """One row: 54 px high with axis labels when `large`, else 28 px without."""
    deep = 26.0 if large else 20.0
    canvas = Canvas(height=54 if large else 28, colours=colours)
    middle = 4 + deep / 2
    if interval.peer_low is not None and interval.peer_high is not None:
        left, right = scale.at(interval.peer_low), scale.at(interval.peer_high)
        canvas.bar("c-band", x1=left, x2=right, y=4, height=deep, rx=5)
    hundred = scale.at(interval.reference)
    canvas.line("c-bandedge", x1=hundred, x2=hundred, y1=4, y2=4 + deep, stroke_width=1.5)
    draw_range(canvas, interval, scale=scale, y=middle)
    if large:
        for value, words in scale.ticks:
            if scale.holds(value):
                canvas.text("c-lab", words, at=scale.at(value), y=48)
    return canvas.close(title=interval.title, description=interval.description, key=key)


def draw_range(canvas: Canvas, interval: Interval, *, scale: Scale, y: float) -> None:
    """The thin and the thick line and the mark; dotted and without a mark where there is no estimate."""
    if interval.estimate is None:
        left = scale.at(interval.low) if interval.low is not None else 0.04
        right = scale.at(interval.high) if interval.high is not None else 0.96
        dots: Attributes = {"stroke_width": 2, "stroke_dasharray": "2 5", "stroke_linecap": "round"}
        canvas.line("s-unknown", x1=left, x2=right, y1=y, y2=y, **dots)
        return
    colour = f"s-{tone(interval.kind)}"
    at = scale.at(interval.estimate)
    if interval.low is not None and interval.high is not None:
        left, right = scale.at(interval.low), scale.at(interval.high)
        canvas.line(colour, x1=left, x2=right, y1=y, y2=y, stroke_width=2, stroke_linecap="round")
        inner = _even(interval, scale, at, left, right)
        thick: Attributes = {"stroke_width": 6, "stroke_linecap": "round", "opacity": ".45"}
        canvas.line(colour, x1=inner[0], x2=inner[1], y1=y, y2=y, **thick)
        _open_ends(canvas, interval.low, interval.high, scale, colour, y)
    draw_mark(canvas, interval.kind, at=at, y=y)


def _even(interval: Interval, scale: Scale, at: float, left: float, right: float) -> tuple[float, float]:
    if interval.even_low is not None and interval.even_high is not None:
        return scale.at(interval.even_low), scale.at(interval.even_high)
    return at - (at - left) * EVEN_SHARE, at + (right - at) * EVEN_SHARE


def _open_ends(canvas: Canvas, low: float, high: float, scale: Scale, colour: str, y: float) -> None:
    """A small arrow head where the range goes on past the edge: nothing is cut off silently."""
    for value, at, step in ((low, 0.0, 5), (high, 1.0, -5)):
        if not scale.holds(value):
            arrow = f"M{number(step)}-4 0 0 {number(step)} 4"
            canvas.place(canvas.written("path", colour, d=arrow, stroke_width=2), at=at, y=y)


def table(intervals: Iterable[Interval], *, header: tuple[str, str, str]) -> Table:
    """Who, estimate, likely range: one row per picture. `header` names the three columns."""
    rows = tuple((row.title, row.estimate_text, row.range_text) for row in intervals)
    return Table(header=header, rows=rows, figures=frozenset({1, 2}))
