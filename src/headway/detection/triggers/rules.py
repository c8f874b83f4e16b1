"""Pure decisions of triggers: who is held to a floor, who missed it, who is named. Arrays (people, periods)."""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Flags, Floats

LEAST_PRESENCE = 0.5


@dataclass(frozen=True)
class Seen:
    """What a trigger looks at. value against floor, both (people, periods), in the trigger's own unit;
    held: whether the period counts for the person at all (a quota, at work, not ramping, enough chances)."""

    value: Floats
    floor: Floats
    held: Flags

    @property
    def missed(self) -> Flags:
        """Below the floor, where held to it."""
        return np.asarray(self.held & (self.value < self.floor - 1e-9))


def named(missed: Flags, *, held: Flags, in_a_row: int, bridge: bool = False) -> Flags:
    """Named at the end of a period: it and the ones before it were all missed.

    A period that does not count breaks the row; with `bridge` it is passed over (a week away says nothing).
    Either way nobody is named for time away or ramping.
    """
    run = np.zeros(missed.shape[0], dtype=np.int64)
    found = np.zeros_like(missed)
    for period in range(missed.shape[1]):
        longer = np.where(missed[:, period], run + 1, 0)
        run = np.where(held[:, period], longer, run if bridge else 0)
        found[:, period] = missed[:, period] & (run >= in_a_row)
    return found


def can_be_named(held: Flags, *, in_a_row: int, bridge: bool = False) -> Flags:
    """Held to enough periods in a row, so that the rule could have named them."""
    return named(held, held=held, in_a_row=in_a_row, bridge=bridge)
