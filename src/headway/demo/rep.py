"""What is said of a seller, a team and a segment of the demo company.

Factors are relative to an ordinary colleague of the same segment (1.0); None = drawn from the ordinary
spread. Luck is ordinary luck for everybody. People with a story are dealt it again until what is `wanted`
shows, in every seed; `even` people log in time, get the usual mix of leads and are there in the last weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["qualified", "proposal", "won", "assigned", "own", "discount", "follow_up", "meetings", "survey"]


@dataclass(frozen=True)
class Segment:
    """What is ordinary in a segment; leads per week at full presence, gaps in median days, amounts in EUR."""

    name: str
    assigned: float
    own: float
    qualified: float
    proposal: float
    won: float
    amount: float
    amount_spread: float
    gap_qualified: float
    gap_proposal: float
    gap_close: float
    quota: int


@dataclass(frozen=True)
class Team:
    name: str
    segment: str
    manager: str


@dataclass(frozen=True)
class Change:
    """From a day on (until another), a factor is multiplied."""

    since: str
    stage: Stage
    factor: float
    until: str = "2099-01-01"


@dataclass(frozen=True)
class Wanted:
    """A share that has to show between two days for the story to be there, with how many cases behind it.

    `share` = won of decided proposals (by the day of closing), proposed of qualified (by the day of
    qualifying), or qualified or found alone of leads (both by the day they came).
    """

    share: Literal["won", "proposed", "qualified", "own"]
    start: str
    end: str
    low: float
    high: float
    cases: tuple[int, int] = (0, 10_000)


@dataclass(frozen=True)
class Attained:
    """Won amounts of a span of quarters are scaled so that this share of quota is reached."""

    start: str
    end: str
    share: float


@dataclass(frozen=True)
class Rep:
    """One seller. `moved` = (day, team before, territory before, potential before)."""

    name: str
    team: str
    hired: str
    territory: str
    potential: float | None = None
    gender: str = "f"
    qualified: float | None = None
    proposal: float | None = None
    won: float | None = None
    size: float | None = None
    effort: float | None = None
    assigned: float | None = None
    changes: tuple[Change, ...] = ()
    attained: tuple[Attained, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    even: bool = False
    pace: float = 1.0  # deals take this times as long between proposal and close
    no_absence_since: str = ""
    left: str = ""
    back_from_leave: tuple[str, str] | None = None
    moved: tuple[str, str, str, float] | None = None
    sells: bool = True
    quota: bool = True
    story: str = ""
