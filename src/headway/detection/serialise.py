"""Signals as JSON: the public contract's shape, and a lossless one for the record."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from headway.detection.signal import (
    ComparisonGroup,
    Finding,
    Index,
    IndexPoint,
    NotEvaluable,
    Signal,
    SignalReport,
    StageEvidence,
    Tier,
)


def contract(report: SignalReport) -> dict[str, Any]:
    """The document that `headway signals --json` prints."""
    return {
        "as_of": report.as_of.isoformat(),
        "policy": report.policy,
        "expected_false_discovery": {
            "support": report.expected_false_discovery_support,
            "formal": report.expected_false_discovery_formal,
        },
        "people": [person_contract(entry) for entry in report.people],
        "spread": [asdict(test) for test in report.spread],
        "not_evaluable_metrics": [asdict(metric) for metric in report.not_evaluable_metrics],
    }


def person_contract(entry: Signal | NotEvaluable) -> dict[str, Any]:
    """One person: the contract's fields are always there, null where not evaluable."""
    shared = {
        "person_id": entry.person_id,
        "tier": entry.tier.value,
        "finding": entry.finding.value,
        "quota_attainment": entry.quota_attainment,
        "territory_potential": entry.territory_potential,
        "stages": [asdict(stage) for stage in entry.stages],
    }
    if isinstance(entry, NotEvaluable):
        return {
            **shared,
            "evaluable": False,
            "reason": entry.sentence,
            "code": entry.code,
            "index": None,
            "p_under": None,
            "p_fine": None,
            "reliability": None,
            "since": None,
            "since_kind": None,
            "sentences": [entry.sentence],
            "reasons": [entry.sentence],
            "comparison_group": None,
            "what_would_clear": entry.what_would_help,
        }
    index = asdict(entry.index)
    return {
        **shared,
        "evaluable": True,
        "reason": None,
        "index": index,
        "p_under": entry.p_under,
        "p_fine": entry.p_fine,
        "reliability": entry.reliability,
        "since": entry.since.isoformat() if entry.since else None,
        "since_kind": entry.since_kind,
        "sentences": list(entry.sentences),
        "reasons": list(entry.reasons),
        "comparison_group": _group_json(entry.comparison),
        "what_would_clear": entry.what_would_clear,
    }


def to_json(entry: Signal | NotEvaluable) -> str:
    """Text from which `from_json` makes the same entry again."""
    raw = asdict(entry)
    raw["type"] = "not_evaluable" if isinstance(entry, NotEvaluable) else "signal"
    return json.dumps(raw, ensure_ascii=False, allow_nan=False, default=_plain)


def from_json(text: str) -> Signal | NotEvaluable:
    """The entry that `to_json` wrote. Raises ValueError or KeyError on anything else."""
    raw = json.loads(text)
    kind = raw.pop("type")
    raw["as_of"] = date.fromisoformat(raw["as_of"])
    raw["stages"] = tuple(StageEvidence(**stage) for stage in raw["stages"])
    if kind == "not_evaluable":
        return NotEvaluable(**raw)
    group = raw["comparison"]
    raw["comparison"] = ComparisonGroup(
        **{
            **group,
            "start": date.fromisoformat(group["start"]),
            "end": date.fromisoformat(group["end"]),
            "adjusted_for": tuple(group["adjusted_for"]),
        }
    )
    raw["index"] = Index(**raw["index"])
    raw["tier"], raw["finding"] = Tier(raw["tier"]), Finding(raw["finding"])
    raw["since"] = date.fromisoformat(raw["since"]) if raw["since"] else None
    raw["sentences"] = tuple(raw["sentences"])
    raw["reasons"] = tuple(raw.get("reasons", ()))
    raw["history"] = tuple(IndexPoint(**{**point, "day": date.fromisoformat(point["day"])}) for point in raw["history"])
    return Signal(**raw)


def _group_json(group: ComparisonGroup) -> dict[str, Any]:
    return {**asdict(group), "start": group.start.isoformat(), "end": group.end.isoformat()}


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot write {value!r} as JSON")
