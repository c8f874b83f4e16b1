"""Reach: a hundred dots, each one chance in a hundred, with the target as a line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from headway.charts.marks import Kind, tone
from headway.charts.palette import Colours
from headway.charts.svg import Attributes, Canvas, Svg
from headway.charts.table import Table

COLUMNS = 22
PITCH = 8.6
RADIUS = 3.7


@dataclass(frozen=True)
class Reach:
    """A hundred equally likely results and the target they are held against.

    `results` are exactly 100 values (the 0.5th, 1.5th … 99.5th percentile of a forecast: see `hundred`).
    `ticks` are (value, words) under the line.
    """

    title: str
    description: str
    results: tuple[float, ...]
    target: float
    target_text: str
    kind: Kind = Kind.SUPPORT
    ticks: tuple[tuple[float, str], ...] = ()
    top: float | None = None

    def __post_init__(self) -> None:
        if len(self.results) != 100:
            raise ValueError(f"A picture of a hundred chances needs 100 results, not {len(self.results)}.")

    @property
    def reached(self) -> int:
        """How many of the hundred lie at or beyond the target."""
        return sum(result >= self.target for result in self.results)


def hundred(draws: Sequence[float]) -> tuple[float, ...]:
    """The 0.5th to 99.5th percentile of simulated results (nearest rank): what the dots stand for."""
    if not draws:
        raise ValueError("No simulated results: there is nothing to draw a hundred chances from.")
    ordered = sorted(draws)
    return tuple(ordered[(2 * n + 1) * len(ordered) // 200] for n in range(100))


@dataclass(frozen=True)
class _Bins:
    """Columns of equal width with one edge exactly on the target, so that no dot is on the wrong side."""

    target: float
    width: float
    first: int
    count: int

    def of(self, value: float) -> int:
        inside = min(self.count - 1, max(0, floor((value - self.target) / self.width + 1e-9) - self.first))
        beyond = value >= self.target
        return max(inside, -self.first) if beyond else min(inside, -self.first - 1)

    def x(self, value: float) -> float:
        return ((value - self.target) / self.width - self.first) / self.count


def _bins(reach: Reach) -> _Bins:
    low = min(0.0, *reach.results)
    high = reach.top or max(*reach.results, reach.target * 1.1, low + 1.0)
    width = (high - low) / COLUMNS
    before = max(1, ceil((reach.target - low) / width - 1e-9))
    after = max(1, ceil((high - reach.target) / width - 1e-9))
    return _Bins(target=reach.target, width=width, first=-before, count=before + after)


def render(reach: Reach, *, key: str = "", colours: Colours = "var") -> Svg:
    """The picture; its height follows the tallest column."""
    bins = _bins(reach)
    columns = Counter(bins.of(result) for result in reach.results)
    base = max(columns.values()) * PITCH + 16
    canvas = Canvas(height=base + 24, colours=colours)
    canvas.line("c-bandedge", x1=0, x2=1, y1=base, y2=base)
    for column, dots in sorted(columns.items()):
        beyond = column + bins.first >= 0
        classes = f"f-{tone(reach.kind)}" if beyond else "f-unknown"
        for dot in range(dots):
            place: Attributes = {"cx": canvas.x((column + 0.5) / bins.count), "cy": base - 5 - dot * PITCH}
            if not beyond:
                place["opacity"] = ".38"
            canvas.add("circle", classes, r=RADIUS, **place)
    line = bins.x(reach.target)
    canvas.line("s-ink", x1=line, x2=line, y1=0, y2=base + 4, stroke_width=1.5)
    for value, words in reach.ticks:
        at = bins.x(value)
        if 0 <= at <= 1 and abs(at - line) > 0.12:  # a tick under the target's own label would be unreadable
            canvas.text("c-lab", words, at=at, y=base + 20)
    canvas.text("c-lab c-lab--ink", reach.target_text, at=line, y=base + 20)
    return canvas.close(title=reach.title, description=reach.description, key=key)


def table(reach: Reach, *, header: tuple[str, str], bands: Sequence[tuple[str, float, float | None]]) -> Table:
    """Chances in 100 per band. `bands` are (words, from, up to but not including; None = no upper end)."""
    rows = tuple(
        (words, str(sum(low <= r and (high is None or r < high) for r in reach.results))) for words, low, high in bands
    )
    return Table(header=header, rows=rows, figures=frozenset({1}))
