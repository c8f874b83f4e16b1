"""What detection says about a person on a day: a `Signal`, or `NotEvaluable` with the reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Tier(StrEnum):
    """How far the evidence goes. Nothing is decided by the program alone."""

    NONE = "none"
    WATCH = "watch"
    SUPPORT = "support"
    FORMAL = "formal"
    NOT_EVALUABLE = "not_evaluable"


class Finding(StrEnum):
    """What the person needs; groups people on the manager's home, never ranks them."""

    REAL_DROP = "real_drop"
    BELOW = "below"
    EARLY_SIGN = "early_sign"
    RECOVERING = "recovering"
    TERRITORY = "territory"
    SHARED = "shared"
    OUT_OF_REACH = "out_of_reach"
    LUCK = "luck"
    RAMPING = "ramping"
    NOT_ENOUGH = "not_enough"
    STEADY = "steady"
    WELL = "well"


# results behind for reasons that do not lie in the person's work
MISSED = (Finding.TERRITORY, Finding.SHARED, Finding.OUT_OF_REACH, Finding.LUCK)


@dataclass(frozen=True)
class Index:
    """Expected bookings on the standard territory and leads, fully ramped; 1.00 = comparable colleagues.

    low, high: nine in ten; low50, high50: even chance.
    """

    estimate: float
    low: float
    high: float
    low50: float
    high50: float


@dataclass(frozen=True)
class ComparisonGroup:
    """Who a person is compared with. The band holds the middle 80 % of the group's indexes."""

    label: str
    n: int
    band_low: float
    band_high: float
    start: date
    end: date
    adjusted_for: tuple[str, ...]


@dataclass(frozen=True)
class StageEvidence:
    """One row of the funnel: what happened against what comparable colleagues would have made of it.

    n: chances (leads, deals) won or lost in the last half year, one still open counting for the part of its
    prospects that its age has used up (nothing while young); own_leads: weeks. `observed` and `expected` in the
    same unit; `rate` and `peer_rate` per chance (own_leads: per week; deal_size: money); `low`/`high` nine in ten
    and `low50`/`high50` even chance around the person's pooled rate; `peer_low`/`peer_high` middle 80 % of
    colleagues.
    finding: "below", "above", "as_expected" or "cannot_tell".
    """

    key: str
    n: int
    observed: float
    expected: float
    rate: float
    peer_rate: float
    peer_low: float
    peer_high: float
    low: float
    high: float
    low50: float
    high50: float
    finding: str


@dataclass(frozen=True)
class IndexPoint:
    """The index as the evidence up to `day` gives it."""

    day: date
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Signal:
    """An evaluable person's result. `p_under` = P(index < 0.70), `p_fine` = P(index >= 0.85).

    since_kind: the step, `own_leads`, `deal_size` or `meetings` that carries the change; reasons: the one or two
    most concrete sentences, for a list; p_warning: strength of an early warning, 0 for none;
    warned: what it is on, `effort` or `results`.
    """

    person_id: str
    as_of: date
    index: Index
    p_under: float
    p_fine: float
    reliability: float
    tier: Tier
    finding: Finding
    since: date | None
    sentences: tuple[str, ...]
    comparison: ComparisonGroup
    what_would_clear: str
    stages: tuple[StageEvidence, ...]
    history: tuple[IndexPoint, ...]
    quota_attainment: float | None
    territory_potential: float | None
    policy_version: str
    since_kind: str | None = None
    p_change: float = 0.0
    first_name: str = ""
    reasons: tuple[str, ...] = ()
    p_warning: float = 0.0
    warned: str | None = None


@dataclass(frozen=True)
class NotEvaluable:
    """No judgement, and why. `what_would_help` says what is missing."""

    person_id: str
    as_of: date
    code: str
    sentence: str
    what_would_help: str
    stages: tuple[StageEvidence, ...] = ()
    quota_attainment: float | None = None
    territory_potential: float | None = None
    first_name: str = ""

    @property
    def finding(self) -> Finding:
        return Finding.NOT_ENOUGH

    @property
    def tier(self) -> Tier:
        return Tier.NOT_EVALUABLE


@dataclass(frozen=True)
class SpreadTest:
    """Whether people differ by more than chance in one metric (chi-square over people)."""

    metric: str
    statistic: float
    df: int
    p_value: float
    n_people: int
    sentence: str
    more_than_chance: bool


@dataclass(frozen=True)
class MetricNotEvaluable:
    """A measure that could not be used for anybody, and why."""

    key: str
    reason: str


@dataclass(frozen=True)
class SignalReport:
    """Everybody active on the day, with the share of false flags to expect in each tier."""

    as_of: date
    policy: str
    people: tuple[Signal | NotEvaluable, ...]
    expected_false_discovery_support: float | None
    expected_false_discovery_formal: float | None
    spread: tuple[SpreadTest, ...]
    not_evaluable_metrics: tuple[MetricNotEvaluable, ...]

    def of(self, person_id: str) -> Signal | NotEvaluable | None:
        """The entry of one person, None if not active on the day."""
        return next((entry for entry in self.people if entry.person_id == person_id), None)
