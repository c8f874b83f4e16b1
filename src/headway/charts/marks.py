"""What a colour means, and the shape that always goes with it."""

from enum import StrEnum

from headway.charts.svg import Attributes, Canvas


class Kind(StrEnum):
    """The meaning of a finding. Shape and colour follow from it, never the other way round."""

    SIGNAL = "signal"  # a clear finding, something to mend
    LUCK = "luck"  # chance, territory: outside the person's hands
    SUPPORT = "support"  # a plan is running, help, forecasts
    RAMPING = "ramping"  # still learning the job, on the curve
    GOOD = "good"  # going well
    EARLY = "early"  # an early sign, could be chance
    UNKNOWN = "unknown"  # not enough data


_TONE = {Kind.RAMPING: "support", Kind.EARLY: "unknown"}


def tone(kind: Kind) -> str:
    """The colour role of a kind: signal, luck, support, good or unknown."""
    return _TONE.get(kind, kind.value)


def draw_mark(canvas: Canvas, kind: Kind, *, at: float, y: float) -> None:
    """Diamond, ring, square, triangle, disc or hollow diamond, with a halo of the surface colour."""
    canvas.place(shape_of(canvas, kind), at=at, y=y)


def shape_of(canvas: Canvas, kind: Kind) -> str:
    """The mark alone, around the origin, for `Canvas.place`."""
    fill = f"f-{tone(kind)} c-halo"
    halo: Attributes = {"stroke_width": 2.5, "paint_order": "stroke", "stroke_linejoin": "round"}
    match kind:
        case Kind.SIGNAL:
            return canvas.written("path", fill, d="M0-7 7 0 0 7-7 0Z", **halo)
        case Kind.SUPPORT:
            return canvas.written("rect", fill, x=-5.5, y=-5.5, width=11, height=11, rx=2, **halo)
        case Kind.RAMPING:
            return canvas.written("path", fill, d="M0-7 7 6H-7Z", **halo)
        case Kind.GOOD:
            return canvas.written("circle", fill, r=6, **halo)
        case Kind.LUCK:
            under = canvas.written("circle", "c-surface", r=5.5)
            return under + canvas.written("circle", "s-luck", r=5, stroke_width=3)
        case _:
            under = canvas.written("path", "c-surface", d="M0-7 7 0 0 7-7 0Z")
            return under + canvas.written(
                "path", "s-unknown", d="M0-6 6 0 0 6-6 0Z", stroke_width=2.5, stroke_linejoin="round"
            )
