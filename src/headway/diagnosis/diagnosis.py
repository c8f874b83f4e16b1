"""Why a person's bookings differ from those of comparable colleagues, in money, adding up exactly."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class GapPart:
    """One part of the gap; positive = behind. low, high: nine in ten; clear: the range leaves out zero."""

    key: str
    name: str
    amount: float
    low: float
    high: float
    controllable: bool
    clear: bool
    note: str


@dataclass(frozen=True)
class ExternalFactor:
    """Something that is not the person's. state: 'ok' looked at and fine, 'todo' to be mended first,
    'open' the data cannot tell and somebody has to answer."""

    key: str
    name: str
    state: str
    sentence: str


@dataclass(frozen=True)
class SwapTest:
    """A median colleague in the person's place, against the quota of the periods from `start` to `end` (included).

    reached: chance to reach it; expected and low, high (nine in ten): what they would have won; results: a hundred
    equally likely results, for the picture.
    """

    quota: float
    reached: float
    expected: float
    low: float
    high: float
    results: tuple[float, ...]
    start: date
    end: date
    sentence: str


@dataclass(frozen=True)
class Level:
    """An index relative to comparable colleagues (1.00) with its range, nine in ten."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class OwnStep:
    """One measure before and since a day: a share of decided chances, leads a week, or a typical amount.

    n_before, n_after: the chances, weeks or deals it rests on.
    """

    key: str
    before: float
    after: float
    n_before: float
    n_after: float


@dataclass(frozen=True)
class OwnPast:
    """A person against their own past. since: the day of a lasting change, or, where none shows (`changed` false), the
    first day of the diagnosis. before, now: the level then and today; steps: in the year before that day and since."""

    since: date
    changed: bool
    before: Level
    now: Level
    steps: tuple[OwnStep, ...]
    sentence: str


@dataclass(frozen=True)
class Diagnosis:
    """gap = expected - actual over [start, as_of]; the parts' amounts sum to the gap to the cent.

    skill, effort, cannot_tell: chances, summing to 1, that the larger loss lies in what is made of leads,
    in the leads found alone, or that neither is clear. swap: None where no quota or no amounts are known; past: None
    where less than half a year of work lies before.
    """

    person_id: str
    as_of: date
    start: date
    currency: str
    gap: float
    expected: float
    actual: float
    parts: tuple[GapPart, ...]
    skill: float
    effort: float
    cannot_tell: float
    external: tuple[ExternalFactor, ...]
    strengths: tuple[str, ...]
    sentences: tuple[str, ...]
    swap: SwapTest | None = None
    past: OwnPast | None = None
