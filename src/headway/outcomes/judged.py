"""What a verdict says: frozen results, and JSON for the contract and the record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """Did the person really get better?"""

    IMPROVED = "improved"
    NOT_IMPROVED = "not improved"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class StageChange:
    """One measure before the start (the weeks that led to it) and since: what the person made of `before_n` and
    `after_n` chances, beside what comparable colleagues would have. Rates per chance, own leads per week, money."""

    key: str
    before_n: float
    before_rate: float | None
    after_n: float
    after_rate: float | None
    peer_rate: float
    team_change: float


@dataclass(frozen=True)
class Verdict:
    """Did a person really improve between `start` and `as_of`?

    steps_*: steps forward their leads and deals made, usual_*: steps comparable colleagues would have made with the
    same; before (the weeks that led to the start) and after: one over the other, 1.00 = like them. expected: `after`
    to expect without any real change; observed_change = after / before - 1; expected_from_luck = expected / before - 1.
    gain: best estimate of the real change of the index, `gain_low` to `gain_high` nine in ten; carried_by: the measure
    that moved up most. look_level: how small `p_value` had to be at this look for "improved" (all weekly looks together
    err in at most 5 of 100). series_*: steps per usual step, after over before, the weeks that led to the start left
    out, nine in ten; None where they are few.
    """

    person_id: str
    first_name: str
    start: date
    as_of: date
    weeks: int
    improved_probability: float
    expected_from_luck: float
    verdict: Answer
    steps_before: float
    usual_before: float
    steps_after: float
    usual_after: float
    before: float
    after: float
    expected: float
    observed_change: float
    gain: float
    gain_low: float
    gain_high: float
    carried_by: str
    p_value: float
    look_level: float
    colleagues: int
    selection_start: date
    series_ratio: float | None
    series_low: float | None
    series_high: float | None
    stages: tuple[StageChange, ...]
    sentences: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract's document."""
        return {
            **asdict(self),
            "evaluable": True,
            "reason": None,
            "start": self.start.isoformat(),
            "as_of": self.as_of.isoformat(),
            "selection_start": self.selection_start.isoformat(),
            "verdict": self.verdict.value,
        }


@dataclass(frozen=True)
class NotEvaluable:
    """No verdict, and why."""

    person_id: str
    first_name: str
    start: date
    as_of: date
    code: str
    sentence: str
    what_would_help: str

    def as_json(self) -> dict[str, Any]:
        """The contract's fields, null, with the reason. Nobody was judged: the verdict is open."""
        return {
            "person_id": self.person_id,
            "start": self.start.isoformat(),
            "as_of": self.as_of.isoformat(),
            "evaluable": False,
            "code": self.code,
            "reason": self.sentence,
            "improved_probability": None,
            "expected_from_luck": None,
            "verdict": Answer.INCONCLUSIVE.value,
            "sentences": [self.sentence, self.what_would_help],
        }


def verdict_from_json(raw: dict[str, Any]) -> Verdict | NotEvaluable:
    """What `as_json` wrote. Raises KeyError or ValueError on anything else."""
    days = {key: date.fromisoformat(raw[key]) for key in ("start", "as_of")}
    if not raw["evaluable"]:
        why, what = raw["sentences"]
        return NotEvaluable(raw["person_id"], raw.get("first_name", ""), **days, code=raw["code"], sentence=why,
                            what_would_help=what)  # fmt: skip
    rest = {key: value for key, value in raw.items() if key not in {"evaluable", "reason", *days}}
    return Verdict(
        **{
            **rest,
            **days,
            "selection_start": date.fromisoformat(raw["selection_start"]),
            "verdict": Answer(raw["verdict"]),
            "stages": tuple(StageChange(**stage) for stage in raw["stages"]),
            "sentences": tuple(raw["sentences"]),
        }
    )
