"""What this room hands on: a metric's value with its comparison, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from headway.core.period import Grain, Period
from headway.metrics.spec import MetricSpec


@dataclass(frozen=True)
class NotEvaluable:
    """No number, and why. `code` names the reason, `about` the values in it; `sentence` says it to a person."""

    code: str
    about: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The reason in the reader's language, without the final stop."""
        from headway.metrics import sentences

        return sentences.reason(self)


@dataclass(frozen=True)
class Measured:
    """A value with its nine-in-ten interval where one can be told (shares and averages)."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Peers:
    """Comparable colleagues without the person: median and the band of the middle 80 %.

    segment: the segment they share; empty when they are all reps of the company.
    """

    median: float
    low: float
    high: float
    count: int
    segment: str = ""


@dataclass(frozen=True)
class MetricValue:
    """One metric of one person in one period.

    n: how many things (deals, leads, activities) it rests on. weeks_present: weeks of five workdays at work in it.
    unknown: things left out because their value is missing. no_peers: why there is no comparison.
    """

    person_id: str
    first_name: str
    spec: MetricSpec
    grain: Grain
    period: Period
    result: Measured | NotEvaluable
    n: int
    currency: str
    weeks_present: float
    unknown: int = 0
    peers: Peers | None = None
    no_peers: NotEvaluable | None = None
    previous: Measured | NotEvaluable | None = None

    @property
    def metric(self) -> str:
        """The metric's key."""
        return self.spec.key

    @property
    def value(self) -> float | None:
        """The number, or None where it is not evaluable."""
        return self.result.value if isinstance(self.result, Measured) else None

    @property
    def not_evaluable(self) -> NotEvaluable | None:
        """The reason, or None where there is a number."""
        return self.result if isinstance(self.result, NotEvaluable) else None

    @property
    def sentence(self) -> str:
        """The comparison in one plain sentence, in the reader's language."""
        from headway.metrics import sentences

        return sentences.comparison(self)

    @property
    def heading(self) -> str:
        """The family's heading."""
        from headway.metrics import sentences

        return sentences.family_name(self.spec.family)

    @property
    def figure(self) -> str:
        """The number as shown, a dash where there is none."""
        from headway.metrics import sentences

        return "–" if self.value is None else sentences.shown(self.value, self.spec.unit, self.currency)

    @property
    def beside(self) -> str:
        """What stands beside the figure: comparable reps, the own past, what it rests on; or the reason."""
        from headway.metrics import sentences

        return sentences.beside(self)


@dataclass(frozen=True)
class Member:
    """Somebody whose metrics are computed, as of a period: place then, tenure, weeks at work."""

    person_id: str
    first_name: str
    segment: str
    team: str
    hired_on: date | None
    left_on: date | None
    workdays: int
    workdays_whole: int
    days_employed: int

    @property
    def weeks_present(self) -> float:
        """Weeks of five workdays at work."""
        return self.workdays / 5
