"""One thing that somebody has to do about plans this week, and the rooms that know of more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from headway.core.actors import Actor


@dataclass(frozen=True)
class Duty:
    """One thing to do: by which day, what, why, where, and about how many minutes it takes (0: no time of its own)."""

    on: date
    text: str
    when: str
    path: str
    minutes: int = 0
    late: bool = False


# Rooms further on append what they ask of somebody (follow-ups, decisions): actor and day to duties.
SOURCES: list[Callable[[Actor, date], Iterable[Duty]]] = []
