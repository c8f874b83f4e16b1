"""Where a figure stands beside comparable colleagues, and what mark says so. Pure."""

from __future__ import annotations

from enum import StrEnum

from headway.charts.marks import Kind
from headway.metrics.spec import Direction, Unit
from headway.metrics.values import Measured, MetricValue


class Standing(StrEnum):
    """Beside the middle 80 % of comparable colleagues.

    BEYOND: on the less good side, and so is the whole likely range of the figure. BELOW: on the less good side, but
    the likely range still touches the band, or no range can be told. AHEAD: on the better side. OTHER: outside, of a
    figure that is neither better nor worse by itself. ALONE: a number, but nobody to compare with.
    """

    BEYOND = "beyond"
    BELOW = "below"
    INSIDE = "inside"
    AHEAD = "ahead"
    OTHER = "other"
    ALONE = "alone"
    NOTHING = "nothing"


MARKS: dict[Standing, Kind | None] = {
    Standing.BEYOND: Kind.SIGNAL,
    Standing.BELOW: Kind.EARLY,
    Standing.INSIDE: None,
    Standing.AHEAD: Kind.GOOD,
    Standing.OTHER: Kind.LUCK,
    Standing.ALONE: None,
    Standing.NOTHING: Kind.UNKNOWN,
}
HALF_A_POINT = 0.005
OUTSIDE = frozenset({Standing.BEYOND, Standing.BELOW, Standing.AHEAD, Standing.OTHER})


def standing_of(value: MetricValue) -> Standing:
    """Where the figure stands."""
    of, peers = value.result, value.peers
    if not isinstance(of, Measured):
        return Standing.NOTHING
    if peers is None:
        return Standing.ALONE
    # What reads the same as the edge of the band is not outside it.
    slack = HALF_A_POINT if value.spec.unit is Unit.SHARE else 0.0
    if peers.low - slack <= of.value <= peers.high + slack:
        return Standing.INSIDE
    direction = value.spec.direction
    if direction is Direction.NEUTRAL:
        return Standing.OTHER
    under = of.value < peers.low
    if under is (direction is Direction.LOWER):
        return Standing.AHEAD
    edge = of.high if under else of.low
    if edge is not None and (edge < peers.low if under else edge > peers.high):
        return Standing.BEYOND
    return Standing.BELOW
