"""Pure decisions of a running plan: where the path stands, how a goal stands, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# What must hold under everything that all looks so far allow, before more is said than "can't tell yet".
LIKELY, UNLIKELY, HARDLY = 0.75, 0.25, 0.05


class Standing(StrEnum):
    """How a goal stands, as far as the data can tell."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OUT_OF_REACH = "out_of_reach"
    CANNOT_TELL = "cannot_tell"
    NOT_STARTED = "not_started"


def standing(*, reached: bool, chance_low: float | None, chance_high: float | None) -> Standing:
    """What may be said about a goal from the chances that all looks so far allow.

    Args:
        reached: whether it is reached for good (a sum that can only grow has passed its target).
        chance_low, chance_high: chance of the target under the lowest and the highest level that is still compatible
            with everything seen, 0 to 1; from a confidence sequence, so that looking every week does not mislead.
            None where no chance can be computed.
    """
    if reached:
        return Standing.REACHED
    if chance_low is None or chance_high is None:
        return Standing.CANNOT_TELL
    if chance_low >= LIKELY:
        return Standing.ON_TRACK
    if chance_high < HARDLY:
        return Standing.OUT_OF_REACH
    return Standing.AT_RISK if chance_high < UNLIKELY else Standing.CANNOT_TELL


def path_at(path: Sequence[tuple[date, float]], on: date, *, start: date, baseline: float) -> float | None:
    """The agreed path's value at the end of a day, straight between its steps; None where there is no path.

    Args:
        path: (last day of a step, value), in order.
        start: the plan's first day; the path begins at `baseline` the day before.
    """
    if not path:
        return None
    before_on, before = start - timedelta(days=1), baseline
    for step_on, value in path:
        if on <= step_on:
            days = (step_on - before_on).days
            part = max(0, (on - before_on).days) / days if days else 1.0
            return before + (value - before) * part
        before_on, before = step_on, value
    return path[-1][1]


def score_of(marks: Sequence[float]) -> float:
    """The mean of a rubric's marks (1 to 5).

    Raises:
        ValueError: there are none, or one is outside 1 to 5.
    """
    if not marks or any(not 1 <= mark <= 5 for mark in marks):
        raise ValueError("marks go from 1 to 5")
    return sum(marks) / len(marks)


@dataclass(frozen=True)
class Given:
    """One entry under a promise or an action: the day, hours (None = time is not the point), all of it or a part."""

    on: date
    hours: float | None = None
    whole: bool = True
    given: bool = True


class Kept(StrEnum):
    """How a line of the ledger stands on a day."""

    OPEN = "open"  # not due yet
    KEPT = "kept"
    LATE = "late"  # given, but after its day
    PARTLY = "partly"
    OVERDUE = "overdue"


def kept(*, due: date, on: date, planned: float | None, entries: Sequence[Given]) -> tuple[Kept, int]:
    """How a promise stands on a day, and by how many days it is or was late.

    Args:
        due: the last day on which it is in time.
        on: the day of looking.
        planned: hours promised; None where time is not the point.
        entries: what was written down, in order of days.
    """
    good = [entry for entry in entries if entry.given]
    hours = sum(entry.hours or 0 for entry in good)
    done = next((entry.on for entry in good if entry.whole), None)
    if done is None and planned and hours >= planned - 1e-9:
        done = good[-1].on
    if done is not None:
        late = max(0, (done - due).days)
        return (Kept.LATE if late else Kept.KEPT), late
    overdue = max(0, (on - due).days)
    if overdue:
        return (Kept.PARTLY if good else Kept.OVERDUE), overdue
    return (Kept.PARTLY if good else Kept.OPEN), 0


def kept_of_many(*, planned: int, given: int, on: date, due: date) -> tuple[Kept, int]:
    """How a promise of many times stands (weekly coaching): `planned` were due by `on`, `given` took place."""
    if given >= planned:
        return (Kept.KEPT if on >= due else Kept.OPEN), 0
    return (Kept.PARTLY if given else Kept.OVERDUE), max(0, (on - due).days)
