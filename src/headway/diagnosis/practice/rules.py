"""Pure decisions about what comes before a plan: no framework, no clock, no store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MANAGER, SELF = "manager", "self"


class GateState(StrEnum):
    """As the checks on a page name it: done, to do first, open but not in the way."""

    DONE = "done"
    TODO = "todo"
    OPEN = "open"


@dataclass(frozen=True)
class GateItem:
    """One thing before a formal plan, in a sentence. `hr_only` items are made for HR alone."""

    key: str
    label: str
    state: GateState
    sentence: str
    hr_only: bool = False


@dataclass(frozen=True)
class Given:
    """HR's exception as the gate shows it: for which item, why, by whom, until when."""

    item: str
    reason: str
    by: str
    on: date
    until: date


@dataclass(frozen=True)
class Gate:
    """Whether a formal plan is the right step today, as this reader may see it."""

    person_id: str
    as_of: date
    items: tuple[GateItem, ...]
    exceptions: tuple[Given, ...] = ()

    @property
    def missing(self) -> tuple[GateItem, ...]:
        """What is to do first and not lifted by HR."""
        lifted = {given.item for given in self.exceptions}
        return tuple(item for item in self.items if item.state is GateState.TODO and item.key not in lifted)

    @property
    def may_go_on(self) -> bool:
        """Nothing is missing, or HR has lifted what is."""
        return not self.missing

    @property
    def exception(self) -> Given | None:
        """The newest exception, if any holds today."""
        return self.exceptions[-1] if self.exceptions else None

    def item(self, key: str) -> GateItem | None:
        """One of the items by its key."""
        return next((item for item in self.items if item.key == key), None)


def enough_coaching(held: Iterable[date], *, as_of: date, needed: int, days: int) -> tuple[int, bool]:
    """How many talks were held in the last `days` days up to `as_of`, and whether that is enough."""
    since = as_of - timedelta(days=days)
    count = sum(since < day <= as_of for day in held)
    return count, count >= needed


def current_turn(rated: Mapping[str, Mapping[int, date]], *, rater: str, on: date, turn_days: int) -> int:
    """The turn that a rating of `rater` on a day belongs to.

    Args:
        rated: per side the first day of its ratings in each turn.
        turn_days: how long a turn waits for the other side.

    A side that has not yet rated the newest turn joins it while it waits; otherwise a new turn begins.
    """
    turns = {turn for side in rated.values() for turn in side}
    if not turns:
        return 1
    newest = max(turns)
    begun = min(side[newest] for side in rated.values() if newest in side)
    mine = rated.get(rater, {})
    joins = newest not in mine and on <= begun + timedelta(days=turn_days)
    return newest if joins else newest + 1


def open_turns(rated: Mapping[str, Mapping[int, date]], *, side: str, as_of: date, turn_days: int) -> frozenset[int]:
    """The turns whose ratings by the other side `side` may read: both have rated, or the wait is over."""
    mine, other = rated.get(side, {}), rated.get(SELF if side == MANAGER else MANAGER, {})
    return frozenset(turn for turn, day in other.items() if turn in mine or as_of > day + timedelta(days=turn_days))
