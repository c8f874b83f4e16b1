"""All that one analysis found, before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from headway.detection.early import WatchSeen
from headway.detection.signal import NotEvaluable, SignalReport
from headway.diagnosis.diagnosis import Diagnosis
from headway.metrics.cube.book import Book
from headway.metrics.values import MetricValue


@dataclass(frozen=True)
class Said:
    """Feedback about a person, as the facts hold it."""

    person_id: str
    given_on: date
    from_role: str
    kind: str
    score: float | None
    text: str


@dataclass(frozen=True)
class Away:
    """Days on which somebody is not there; `end_on` is the first day back, None where it is not known."""

    person_id: str
    start_on: date
    end_on: date | None


@dataclass(frozen=True)
class Found:
    """All that one analysis found, ready to be kept."""

    as_of: date
    facts_version: int
    facts_hash: str
    code_version: str
    policy_version: str
    metrics_version: str
    first_day: date | None
    last_day: date | None
    summary: dict[str, Any]
    report: SignalReport
    diagnoses: dict[str, Diagnosis | NotEvaluable]
    metrics: tuple[MetricValue, ...]
    evidence: tuple[Said, ...]
    triggers: dict[str, tuple[tuple[str, str], ...]]
    absences: tuple[Away, ...] = ()
    watched: tuple[WatchSeen, ...] = ()
    book: Book | None = None
