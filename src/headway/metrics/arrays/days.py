"""The company's day of many instants at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from headway.metrics.arrays.values import DAY_MICROS, MICRO
from headway.metrics.canonical import EPOCH, Canonical, clock_changes


def days_of(instant: npt.NDArray[np.int64], c: Canonical) -> npt.NDArray[np.int32]:
    """The day of each instant (microseconds), as `Canonical.day` has it: midnight stays where it is."""
    plain = (instant // DAY_MICROS).astype(np.int32)
    if c.calendar.time_zone == "UTC":
        return plain
    changes = clock_changes(c.calendar.time_zone, c.first_day or EPOCH, c.last_day or EPOCH)
    begins = np.array([np.datetime64(at, "us").astype(np.int64) for at, _seconds in changes[1:]], dtype=np.int64)
    offsets = np.array([seconds for _at, seconds in changes], dtype=np.int64) * MICRO
    moved = (instant + offsets[np.searchsorted(begins, instant, side="right")]) // DAY_MICROS
    return np.where(instant % DAY_MICROS == 0, plain, moved.astype(np.int32))
