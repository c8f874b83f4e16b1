"""What a cube is made of: sufficient statistics per person and day, and spans of days where sums do not do.

Parts are additive: the rows that came and, with a negative weight, those that went are simply added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from headway.metrics.spec import At, Measure
from headway.metrics.windows import STATISTICS, name_of_group

Days = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]
# Sums of whole numbers are kept in an eighth, a quarter or half of the room.
Column = npt.NDArray[np.float64] | npt.NDArray[np.int32] | npt.NDArray[np.int16] | npt.NDArray[np.int8]
# The day on which something ends that has not ended.
OPEN = np.int32(2**31 - 1)
SPANS = (At.THROUGH, At.ACCRUED, At.WAITS)


@dataclass(frozen=True)
class Daily:
    """Statistics per person and day of measures with the same rows, in order of days.

    person: position in the cube's list; day: days since 1970. stats: per measure, by the names of `STATISTICS`;
    one that is zero throughout is left out. What holds from a day on is added on it and taken off on the day it ends.
    """

    person: npt.NDArray[np.int32]
    day: Days
    stats: tuple[Mapping[str, Column], ...]


@dataclass(frozen=True)
class Spans:
    """Things from `since` up to `until` (`OPEN` if not over), which windows look at one by one.

    x: as the definition gives it, NaN where unknown; weight: 1, or -1 for one that went.
    """

    person: npt.NDArray[np.int32]
    since: Days
    until: Days
    x: Numbers
    foreign: npt.NDArray[np.bool_]
    weight: npt.NDArray[np.int32]


Part = Daily | Spans


@dataclass(frozen=True)
class Cube:
    """The parts by name of their measures, and the people they speak of.

    parts: what is added up per name: what was there, and what each load since has added and taken off.
    places: per measure the name of its parts and its position in them.
    """

    persons: tuple[str, ...]
    parts: Mapping[str, tuple[Part, ...]]
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def parts_of(self, measure: Measure) -> tuple[tuple[Part, ...], int]:
        """The parts of a measure and its position in them.

        Raises:
            KeyError: the cube was built without it.
        """
        name, position = self.places[measure_name(measure)]
        return self.parts[name], position

    def has(self, measure: Measure) -> bool:
        """Whether the cube was built with the measure."""
        return measure_name(measure) in self.places


def measure_name(measure: Measure) -> str:
    """Names a measure for as long as its definition stays as it is."""
    return name_of_group([measure])


def kept_stats(columns: Mapping[str, Numbers]) -> Mapping[str, Numbers]:
    """The columns that hold anything."""
    return {name: columns[name] for name in STATISTICS if np.any(columns[name])}


def narrow(column: Column) -> Column:
    """Sums of whole numbers in as little room as they need, with their signs turned too."""
    with np.errstate(invalid="ignore"):  # what does not fit comes out different, and stays as it was
        whole = column.astype(np.int32, copy=False)
    if not np.array_equal(whole, column):
        return column
    most = max(int(whole.max(initial=0)), -int(whole.min(initial=0)))
    if most <= np.iinfo(np.int8).max:
        return whole.astype(np.int8)
    return whole.astype(np.int16) if most <= np.iinfo(np.int16).max else whole
