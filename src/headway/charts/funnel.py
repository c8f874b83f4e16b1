"""One step of the funnel beside comparable colleagues, each step on its own scale."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from headway.charts.marks import Kind, draw_mark, tone
from headway.charts.palette import Colours
from headway.charts.svg import Attributes, Canvas, Svg, share
from headway.charts.table import Table

LINE = 18.0
# two labels of eight letters under the narrowest picture (180 px), as a share of its width
LABEL_ROOM = 0.34


@dataclass(frozen=True)
class Step:
    """What one row shows, in the step's own unit (a share 0 to 1, a count, money).

    `value=None` means not evaluable: the line is dotted and `value_text` says so. `say` is the sentence
    beside it ("Colleagues 45%"), `counts` what it rests on ("9 of 28"), `fine` the range in words.
    `goal` and `began` draw the two short marks of a running plan; `earlier`, a small pointer above the line: where
    the same person stood before (`earlier_text` in words).
    """

    label: str
    title: str
    description: str
    kind: Kind
    value: float | None
    value_text: str
    low: float | None = None
    high: float | None = None
    even_low: float | None = None
    even_high: float | None = None
    peer: float | None = None
    peer_low: float | None = None
    peer_high: float | None = None
    counts: str = ""
    say: str = ""
    fine: str = ""
    peer_text: str = ""
    range_text: str = ""
    goal: float | None = None
    goal_text: str = ""
    began: float | None = None
    began_text: str = ""
    earlier: float | None = None
    earlier_text: str = ""
    scale_low: float | None = None
    scale_high: float | None = None


def _bounds(step: Step) -> tuple[float, float]:
    """From zero to a little past the largest thing shown, unless the caller sets the scale."""
    shown = (step.value, step.high, step.peer, step.peer_high, step.goal, step.began, step.low, step.peer_low,
             step.earlier)  # fmt: skip
    values = [value for value in shown if value is not None]
    top = max(values, default=1.0)
    low = step.scale_low if step.scale_low is not None else min(0.0, *values, 0.0)
    high = step.scale_high if step.scale_high is not None else top * 1.25
    return (low, high) if high > low else (low, low + 1.0)


def render(step: Step, *, key: str = "", colours: Colours = "var") -> Svg:
    """The picture of one row, 46 px high, with the value under its mark."""
    canvas = Canvas(height=46, colours=colours)
    low, high = _bounds(step)

    def at(value: float) -> float:
        return share((value - low) / (high - low))

    dotted: Attributes = {"stroke_dasharray": "2 5"} if step.value is None else {}
    canvas.line("c-grid", x1=0, x2=1, y1=LINE, y2=LINE, stroke_width=2, **dotted)
    if step.peer_low is not None and step.peer_high is not None:
        canvas.bar("c-band", x1=at(step.peer_low), x2=at(step.peer_high), y=6, height=24, rx=5)
    if step.peer is not None:
        canvas.line("c-bandedge", x1=at(step.peer), x2=at(step.peer), y1=6, y2=30, stroke_width=1.5)
    if step.earlier is not None:
        canvas.place(canvas.written("path", "c-ink", d="M-4.5-15H4.5L0-8Z"), at=at(step.earlier), y=LINE)
    if step.value is None:
        canvas.text("c-lab2", step.value_text, at=0, y=44)
    else:
        _draw_value(canvas, step, step.value, at)
    for value, classes, words, ink in (
        (step.began, "c-bandedge", step.began_text, "c-lab"),
        (step.goal, "s-ink", step.goal_text, "c-lab c-lab--ink"),
    ):
        if value is not None:
            canvas.line(classes, x1=at(value), x2=at(value), y1=6, y2=30, stroke_width=2)
            canvas.text(ink, words, at=at(value), y=44, towards=_aside(step, value, at))
    return canvas.close(title=step.title, description=step.description, key=key)


def _aside(step: Step, value: float, at: Callable[[float], float]) -> str:
    """Where the words of `began` go where the goal's stand close: away from them."""
    if step.goal is None or step.began is None or value == step.goal:
        return ""
    gap = at(step.goal) - at(step.began)
    return "" if abs(gap) >= LABEL_ROOM else "end" if gap > 0 else "start"


def _draw_value(canvas: Canvas, step: Step, value: float, at: Callable[[float], float]) -> None:
    colour = f"s-{tone(step.kind)}"
    if step.low is not None and step.high is not None:
        canvas.line(colour, x1=at(step.low), x2=at(step.high), y1=LINE, y2=LINE, stroke_width=2, stroke_linecap="round")
        inner_low = step.even_low if step.even_low is not None else value - (value - step.low) * 0.41
        inner_high = step.even_high if step.even_high is not None else value + (step.high - value) * 0.41
        thick: Attributes = {"stroke_width": 6, "stroke_linecap": "round", "opacity": ".45"}
        canvas.line(colour, x1=at(inner_low), x2=at(inner_high), y1=LINE, y2=LINE, **thick)
    draw_mark(canvas, step.kind, at=at(value), y=LINE)
    if step.goal is None:  # with a goal the figure stands beside the picture
        canvas.text("c-lab c-lab--ink", step.value_text, at=at(value), y=44)


def table(steps: Iterable[Step], *, header: tuple[str, str, str, str, str]) -> Table:
    """Step, value, likely range, counts, colleagues."""
    rows = tuple((s.label, s.value_text, s.range_text, s.counts, s.peer_text) for s in steps)
    return Table(header=header, rows=rows, figures=frozenset({1, 2, 3, 4}))
