"""Diagnoses as JSON: the public contract's shape, and a lossless one for the record."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from headway.diagnosis.diagnosis import Diagnosis, ExternalFactor, GapPart, Level, OwnPast, OwnStep, SwapTest


def contract(diagnosis: Diagnosis) -> dict[str, Any]:
    """The document that `headway diagnose --json` prints; amounts are numbers in `currency`."""
    found = asdict(diagnosis)
    if diagnosis.swap is not None:
        found["swap"] |= {"start": diagnosis.swap.start.isoformat(), "end": diagnosis.swap.end.isoformat()}
    if diagnosis.past is not None:
        found["past"]["since"] = diagnosis.past.since.isoformat()
    return {**found, "as_of": diagnosis.as_of.isoformat(), "start": diagnosis.start.isoformat()}


def to_json(diagnosis: Diagnosis) -> str:
    """Text from which `from_json` makes the same diagnosis again."""
    return json.dumps(contract(diagnosis), ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Diagnosis:
    """The diagnosis that `to_json` wrote. Raises ValueError or KeyError on anything else."""
    raw = json.loads(text)
    return Diagnosis(
        **{
            **raw,
            "as_of": date.fromisoformat(raw["as_of"]),
            "start": date.fromisoformat(raw["start"]),
            "parts": tuple(GapPart(**part) for part in raw["parts"]),
            "external": tuple(ExternalFactor(**factor) for factor in raw["external"]),
            "strengths": tuple(raw["strengths"]),
            "sentences": tuple(raw["sentences"]),
            "swap": _swap(raw.get("swap")),
            "past": _past(raw.get("past")),
        }
    )


def _past(raw: dict[str, Any] | None) -> OwnPast | None:
    """Runs from before diagnoses looked at a person's own past have none."""
    if raw is None:
        return None
    return OwnPast(
        date.fromisoformat(raw["since"]),
        raw["changed"],
        Level(**raw["before"]),
        Level(**raw["now"]),
        tuple(OwnStep(**step) for step in raw["steps"]),
        raw["sentence"],
    )


def _swap(raw: dict[str, Any] | None) -> SwapTest | None:
    """Runs from before there was a swap test have none."""
    if raw is None:
        return None
    days = {key: date.fromisoformat(raw[key]) for key in ("start", "end")}
    return SwapTest(**{**raw, **days, "results": tuple(raw["results"])})
