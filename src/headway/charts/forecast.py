"""Forecast and path: black happened, dashed was agreed, the fan is what may come.

With no `fan` and nothing `happened` it is the agreed path alone, as a letter shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.charts.marks import Kind, tone
from headway.charts.palette import Colours
from headway.charts.svg import EMPTY, Attributes, Canvas, Svg, share
from headway.charts.table import Table

TOP, FOOT = 14.0, 28.0


@dataclass(frozen=True)
class Ahead:
    """What is expected on one day: the middle, an even chance, nine in ten. Company currency."""

    on: date
    middle: float
    even_low: float
    even_high: float
    low: float
    high: float
    when: str = ""
    words: str = ""


@dataclass(frozen=True)
class Step:
    """An amount reached on a day (running total); `words` for the label or the table."""

    on: date
    amount: float
    when: str = ""
    words: str = ""


@dataclass(frozen=True)
class Forecast:
    """A plan's course from `start` to `end`. `happened` are running totals (drawn as steps), `path` what was
    agreed, `fan` the forecast from today on. `ticks` are (amount, words), `days` (day, words)."""

    title: str
    description: str
    start: date
    end: date
    path: tuple[Step, ...] = ()
    happened: tuple[Step, ...] = ()
    fan: tuple[Ahead, ...] = ()
    target: float | None = None
    target_text: str = ""
    now_text: str = ""
    ticks: tuple[tuple[float, str], ...] = ()
    days: tuple[tuple[date, str], ...] = ()
    marks: tuple[Step, ...] = ()
    kind: Kind = Kind.SUPPORT
    empty: str = ""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"The end ({self.end}) must come after the start ({self.start}).")

    @property
    def is_empty(self) -> bool:
        """Neither a path nor a course: the page then says `empty` beside the picture."""
        return not (self.path or self.happened or self.fan)


@dataclass(frozen=True)
class _Axes:
    start: date
    days: int
    top: float
    base: float
    peak: float

    def x(self, on: date) -> float:
        return share((on - self.start).days / self.days)

    def y(self, amount: float) -> float:
        return self.base - (self.base - self.peak) * share(amount / self.top)


def _axes(view: Forecast, height: float) -> _Axes:
    amounts = [step.amount for step in (*view.path, *view.happened)] + [a.high for a in view.fan]
    amounts += [tick for tick, _ in view.ticks] + ([view.target] if view.target else [])
    top = max([amount for amount in amounts if amount > 0], default=1.0) * 1.04
    return _Axes(view.start, (view.end - view.start).days, top, height - FOOT, TOP)


def render(view: Forecast, *, key: str = "", colours: Colours = "var", height: float | None = None) -> Svg:
    """The picture, 300 px high (150 for a path alone); a dotted line where there is nothing to show."""
    if view.is_empty:
        blank = Canvas(height=EMPTY, colours=colours)
        blank.nothing(view.empty)
        return blank.close(title=view.title, description=view.description, key=key)
    height = height or (300 if view.fan or view.happened else 150)
    canvas = Canvas(height=height, colours=colours)
    axes = _axes(view, height)
    canvas.line("c-bandedge", x1=0, x2=1, y1=axes.base, y2=axes.base)
    _draw_grid(canvas, view, axes)
    _draw_fan(canvas, view, axes)
    line = [(axes.x(step.on), axes.y(step.amount)) for step in view.path]
    if line:
        canvas.curve("polyline", "c-path", line, stroke_width=1.5, stroke_dasharray="5 4")
    _draw_target(canvas, view, axes)
    _draw_happened(canvas, view, axes)
    for mark in view.marks:
        _draw_milestone(canvas, view, mark, axes)
    for on, words in view.days:
        canvas.text("c-lab", words, at=axes.x(on), y=height - 6)
    _draw_tips(canvas, view, axes)
    return canvas.close(title=view.title, description=view.description, key=key)


def _draw_milestone(canvas: Canvas, view: Forecast, mark: Step, axes: _Axes) -> None:
    """A dot on the path, its amount up and to the left where a rising path leaves room."""
    at, y = axes.x(mark.on), axes.y(mark.amount)
    canvas.place(canvas.written("circle", f"f-{tone(view.kind)} c-halo", r=4.5, stroke_width=1.5), at=at, y=y)
    towards = "start" if at < 0.15 else "end"
    canvas.text("c-lab c-lab--ink", mark.words, at=at, y=y - 9, towards=towards)


def _draw_grid(canvas: Canvas, view: Forecast, axes: _Axes) -> None:
    for amount, words in view.ticks:
        y = axes.y(amount)
        if view.target is not None and abs(y - axes.y(view.target)) < 16:
            continue  # the target's own line and label stand here
        canvas.line("c-grid", x1=0, x2=1, y1=y, y2=y)
        canvas.text("c-lab", words, at=0.006, y=y - 6)


def _draw_fan(canvas: Canvas, view: Forecast, axes: _Axes) -> None:
    if len(view.fan) < 2:
        return
    colour = tone(view.kind)
    for opacity, upper, lower in (
        (".16", [a.high for a in view.fan], [a.low for a in view.fan]),
        (".24", [a.even_high for a in view.fan], [a.even_low for a in view.fan]),
    ):
        there = [(axes.x(a.on), axes.y(value)) for a, value in zip(view.fan, upper, strict=True)]
        back = [(axes.x(a.on), axes.y(value)) for a, value in zip(view.fan, lower, strict=True)]
        canvas.curve("polygon", f"f-{colour}", [*there, *reversed(back)], opacity=opacity)
    middle = [(axes.x(a.on), axes.y(a.middle)) for a in view.fan]
    canvas.curve("polyline", f"s-{colour}", middle, stroke_width=1.75)


def _draw_target(canvas: Canvas, view: Forecast, axes: _Axes) -> None:
    if view.target is None:
        return
    y = axes.y(view.target)
    canvas.line("s-ink", x1=0, x2=1, y1=y, y2=y, stroke_width=1.25)
    canvas.text("c-lab c-lab--ink", view.target_text, at=0.006, y=y - 7)


def _stairs(view: Forecast, axes: _Axes) -> list[tuple[float, float]]:
    """Money comes in whole deals: flat, then up."""
    line: list[tuple[float, float]] = []
    for step in view.happened:
        x, y = axes.x(step.on), axes.y(step.amount)
        if line and line[-1][1] != y:
            line.append((x, line[-1][1]))
        line.append((x, y))
    return line


def _draw_happened(canvas: Canvas, view: Forecast, axes: _Axes) -> None:
    line = _stairs(view, axes)
    if not line:
        return
    join: Attributes = {"stroke_width": 2.75, "stroke_linejoin": "round", "stroke_linecap": "round"}
    canvas.curve("polyline", "s-ink", line, **join)
    at, y = line[-1]
    canvas.line("c-bandedge", x1=at, x2=at, y1=y + 8, y2=max(y + 8, axes.base), stroke_dasharray="2 3")
    canvas.place(canvas.written("circle", "c-ink c-halo", r=5.5, stroke_width=2.5), at=at, y=y)
    towards = "end" if at > 0.3 else "start"
    canvas.text("c-lab c-lab--ink", view.now_text, at=at, y=y - 12, towards=towards)


def _draw_tips(canvas: Canvas, view: Forecast, axes: _Axes) -> None:
    for step in (*view.happened, *(view.path if not view.fan else ())):
        if step.words:
            canvas.tip(f"{step.when}: {step.words}", at=axes.x(step.on), y=axes.y(step.amount))
    for ahead in view.fan:
        if ahead.words:
            canvas.tip(f"{ahead.when}: {ahead.words}", at=axes.x(ahead.on), y=axes.y(ahead.middle))


def table(view: Forecast, *, header: tuple[str, str, str], kinds: tuple[str, str, str]) -> Table:
    """Day, what it is, amount. `kinds` are the words for happened, agreed path and forecast."""
    happened, agreed, ahead = kinds
    rows: list[tuple[str, str, str]] = []
    sources: Sequence[tuple[str, Sequence[Step | Ahead]]] = (
        (happened, view.happened), (agreed, view.path), (ahead, view.fan)
    )  # fmt: skip
    for kind, steps in sources:
        rows += [(step.when, kind, step.words) for step in steps if step.words]
    return Table(header=header, rows=tuple(rows), figures=frozenset({2}))
