"""From what was to be expected to what was won: parts that add up exactly, each with its range.

On pages each part is a row of label, bar and amount (`rows`), so that words wrap and phones stay readable.
On paper `render` sets the same rows as one picture with the words inside.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isclose

from headway.charts.palette import Colours
from headway.charts.svg import Canvas, Svg
from headway.charts.table import Table

ROW = 30.0


class Nature(StrEnum):
    """What a part means; the bar's colour and strength follow."""

    CLEAR = "clear"  # clear, and the person's to change
    NOT_THEIRS = "not_theirs"  # clear, not in the person's hands
    CHANCE = "chance"  # the range includes zero
    HELPED = "helped"  # clear, and a gain


@dataclass(frozen=True)
class Part:
    """One step. Amounts in the company's currency; `low` to `high` is the likely range of `amount`."""

    label: str
    amount: float
    low: float
    high: float
    nature: Nature
    note: str = ""
    amount_text: str = ""
    range_text: str = ""
    whose: str = ""


@dataclass(frozen=True)
class Waterfall:
    """Expected plus all parts is won, to within `tolerance` of the expected amount.

    Raises ValueError where the parts do not add up: such a picture would be wrong in every row.
    """

    title: str
    description: str
    expected: float
    won: float
    parts: tuple[Part, ...]
    expected_label: str
    won_label: str
    expected_text: str
    won_text: str
    expected_note: str = ""
    won_note: str = ""
    tolerance: float = 1e-6

    def __post_init__(self) -> None:
        total = self.expected + sum(part.amount for part in self.parts)
        scale = max(1.0, abs(self.expected), abs(self.won))
        if not isclose(total, self.won, abs_tol=self.tolerance * scale):
            raise ValueError(f"The parts lead to {total:,.2f}, but {self.won:,.2f} was won.")


@dataclass(frozen=True)
class Row:
    """One line on the page. `role` is first, part or total."""

    role: str
    label: str
    note: str
    amount: str
    range: str
    bar: Svg


@dataclass(frozen=True)
class _Span:
    low: float
    high: float

    def at(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)


def _span(fall: Waterfall) -> _Span:
    running = fall.expected
    reached = [0.0, fall.expected, fall.won]
    for part in fall.parts:
        reached += [running + part.low, running + part.high, running + part.amount]
        running += part.amount
    low, high = min(reached), max(reached)
    room = (high - low) * 0.03 or 1.0
    return _Span(low=low - room if low < 0 else low, high=high + room)


_COLOUR = {
    Nature.CLEAR: ("f-signal", "1"),
    Nature.NOT_THEIRS: ("f-luck", "1"),
    Nature.CHANCE: ("f-unknown", ".45"),
    Nature.HELPED: ("f-good", "1"),
}


def _draw_total(canvas: Canvas, span: _Span, value: float, classes: str, y: float) -> None:
    opacity = ".75" if classes == "c-ink" else "1"
    canvas.bar(classes, x1=span.at(0), x2=span.at(value), y=y + 6, height=18, rx=3, opacity=opacity)


def _draw_part(canvas: Canvas, span: _Span, part: Part, start: float, y: float, *, joined: bool) -> None:
    """Bar and range. The dotted join to the row above is left out where words stand there."""
    at, end = span.at(start), span.at(start + part.amount)
    if joined:
        canvas.line("c-bandedge wf__join", x1=at, x2=at, y1=y - 6, y2=y + 6, stroke_dasharray="2 2")
    classes, opacity = _COLOUR[part.nature]
    canvas.bar(classes, x1=at, x2=end, y=y + 6, height=18, rx=3, opacity=opacity)
    left, right = span.at(start + part.low), span.at(start + part.high)
    canvas.line("s-ink", x1=left, x2=right, y1=y + 15, y2=y + 15, stroke_width=1.25)
    for edge in (left, right):
        canvas.line("s-ink", x1=edge, x2=edge, y1=y + 12, y2=y + 18, stroke_width=1.25)


def rows(fall: Waterfall) -> tuple[Row, ...]:
    """The lines for a page: first the expected amount, then every part, last what was won."""
    span = _span(fall)
    first = Canvas(height=ROW)
    _draw_total(first, span, fall.expected, "c-band", 0)
    lines = [Row("first", fall.expected_label, fall.expected_note, fall.expected_text, "", first.fragment())]
    running = fall.expected
    for part in fall.parts:
        canvas = Canvas(height=ROW)
        _draw_part(canvas, span, part, running, 0, joined=True)
        running += part.amount
        lines.append(Row("part", part.label, part.note, part.amount_text, part.range_text, canvas.fragment()))
    last = Canvas(height=ROW)
    _draw_total(last, span, fall.won, "c-ink", 0)
    lines.append(Row("total", fall.won_label, fall.won_note, fall.won_text, "", last.fragment()))
    return tuple(lines)


def render(fall: Waterfall, *, key: str = "", colours: Colours = "print") -> Svg:
    """The whole picture with its words, one bar under each label: narrow enough for paper and phones."""
    pitch = 46.0
    canvas = Canvas(height=pitch * (len(fall.parts) + 2), colours=colours)
    span = _span(fall)

    def words(label: str, amount: str, top: float) -> None:
        canvas.text("c-lab2", label, at=0, y=top + 11)
        canvas.text("c-lab c-lab--ink", amount, at=1, y=top + 11)

    words(fall.expected_label, fall.expected_text, 0)
    _draw_total(canvas, span, fall.expected, "c-band", 12)
    running, top = fall.expected, pitch
    for part in fall.parts:
        words(part.label, f"{part.amount_text} ({part.range_text})" if part.range_text else part.amount_text, top)
        _draw_part(canvas, span, part, running, top + 12, joined=False)
        running, top = running + part.amount, top + pitch
    words(fall.won_label, fall.won_text, top)
    _draw_total(canvas, span, fall.won, "c-ink", top + 12)
    return canvas.close(title=fall.title, description=fall.description, key=key)


def table(fall: Waterfall, *, header: tuple[str, str, str, str]) -> Table:
    """Part, amount, likely range, in whose hands; framed by the expected and the won amount."""
    body = tuple((p.label, p.amount_text, p.range_text, p.whose) for p in fall.parts)
    first, last = (fall.expected_label, fall.expected_text, "", ""), (fall.won_label, fall.won_text, "", "")
    return Table(header=header, rows=(first, *body, last), figures=frozenset({1, 2}))
