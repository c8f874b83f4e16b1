"""A small bar for a chance or a share, with its words beside it on the page."""

from dataclasses import dataclass

from headway.charts.marks import Kind, tone
from headway.charts.svg import Canvas, Svg, share


@dataclass(frozen=True)
class Meter:
    """`share` from 0 to 1; `mark` draws an agreed level as a short line."""

    share: float
    kind: Kind = Kind.UNKNOWN
    mark: float | None = None


def render(meter: Meter) -> Svg:
    """A decoration 10 px high; say the figure in words next to it."""
    canvas = Canvas(height=10)
    canvas.bar("c-band", x1=0, x2=1, y=0, height=10, rx=5)
    canvas.bar(f"f-{tone(meter.kind)}", x1=0, x2=share(meter.share), y=0, height=10, rx=5)
    if meter.mark is not None:
        at = share(meter.mark)
        canvas.line("s-ink", x1=at, x2=at, y1=-2, y2=12, stroke_width=2)
    return canvas.fragment()
