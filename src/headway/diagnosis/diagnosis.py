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
class Diagnosis:
    """gap = expected - actual over [start, as_of]; the parts' amounts sum to the gap to the cent.

    skill, effort, cannot_tell: chances, summing to 1, that the larger loss lies in what is made of leads,
    in the leads found alone, or that neither is clear. swap: None where no quota or no amounts are known.
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
