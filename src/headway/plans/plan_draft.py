"""A drafted plan: every word of it with the data or the template it came from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from headway.plans.evidence import Evidence, Unit
from headway.plans.json_form import from_json, to_json
from headway.plans.outlook.reach import Reach


class GoalKind(StrEnum):
    """The four kinds that keep a plan balanced."""

    REVENUE = "revenue"
    ACTIVITY = "activity"
    SKILL = "skill"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class Paragraph:
    """Words and where they come from: "data: <metric>", "template: <id>" or "person: <name>"."""

    text: str
    source: str


@dataclass(frozen=True)
class Party:
    """Somebody named in the plan."""

    person_id: str
    name: str
    team: str = ""
    segment: str = ""

    @property
    def first_name(self) -> str:
        """What colleagues call the person."""
        return self.name.split()[0] if self.name.split() else self.name


@dataclass(frozen=True)
class Step:
    """What should be reached by the end of a day; `week` counts from 1."""

    week: int
    on: date
    value: float
    milestone: bool = False


@dataclass(frozen=True)
class Chance:
    """How likely a target is, as computed; None where it was not. `basis` says in words from what.

    method: "outlook" (`reach` holds the forecast), "deals" (deals_* deals of mean_size money, sizes spread by
    `spread`), "share" (of n decisions, each going well with rate_*) or "none"; what is needed to reckon again for
    another target. fair_target: what the fair-target rule proposes.
    """

    adequate_colleague: float | None
    person_today: float | None
    basis: str
    method: str = "none"
    deals_adequate: float = 0.0
    deals_today: float = 0.0
    mean_size: float = 0.0
    spread: float = 0.0
    n: int = 0
    rate_adequate: float = 0.0
    rate_today: float = 0.0
    fair_target: float | None = None
    reach: Reach | None = None


@dataclass(frozen=True)
class Goal:
    """One goal, bound to a metric's version, a baseline, a target and dates. weight: parts of 100."""

    key: str
    kind: GoalKind
    text: str
    metric_key: str
    metric_name: str
    metric_version: str
    unit: Unit
    baseline: float | None
    target: float
    start: date
    by: date
    gap_key: str
    weight: int
    source: str
    why: str = ""
    higher_is_better: bool = True
    peer: float | None = None
    peer_low: float | None = None
    peer_high: float | None = None
    path: tuple[Step, ...] = ()
    chance: Chance | None = None


@dataclass(frozen=True)
class RepAction:
    """Something the rep does."""

    text: str
    when: str
    source: str


@dataclass(frozen=True)
class Promise:
    """Something the company gives. hours: the company's time, None where time is not the point."""

    key: str
    kind: str
    text: str
    owner: str
    owner_role: str
    due: date
    when: str
    hours: float | None
    source: str


@dataclass(frozen=True)
class CheckIn:
    """A meeting of the plan; kind: "check_in", "milestone" or "final"."""

    on: date
    kind: str


@dataclass(frozen=True)
class PlanDraft:
    """The whole plan, ready to be edited. Money in `currency`; `end` is the first day after it."""

    name: str
    company: str
    currency: str
    language: str
    rep: Party
    manager: Party | None
    drafted_on: date
    start: date
    end: date
    days: int
    cycle_days: float | None
    content_version: str
    purpose: tuple[Paragraph, ...]
    duration: Paragraph
    doubt: Paragraph | None
    strengths: tuple[Paragraph, ...]
    what_we_saw: tuple[Paragraph, ...]
    not_yours: tuple[Paragraph, ...]
    goals: tuple[Goal, ...]
    missing_kinds: tuple[Paragraph, ...]
    actions: tuple[RepAction, ...]
    promises: tuple[Promise, ...]
    check_ins: tuple[CheckIn, ...]
    how_we_talk: tuple[Paragraph, ...]
    how_measured: tuple[Paragraph, ...]
    success: tuple[Paragraph, ...]
    outcomes: tuple[Paragraph, ...]
    clear: tuple[Paragraph, ...]
    evidence: Evidence
    recorded_gaps: tuple[str, ...] = ()
    gap_name: str = ""

    @property
    def last_day(self) -> date:
        """The last day of the plan."""
        return date.fromordinal(self.end.toordinal() - 1)

    @property
    def hours(self) -> float:
        """The company's hours promised in all."""
        return sum(promise.hours or 0 for promise in self.promises)

    def as_json(self) -> dict[str, Any]:
        """A JSON document; `from_json` gives the same draft again."""
        result: dict[str, Any] = to_json(self)
        return result

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PlanDraft:
        """Read what `as_json` wrote."""
        return from_json(cls, data)

    @property
    def fingerprint(self) -> str:
        """A short hash of every word and number, printed on the letter."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
