"""What `headway diagnose` prints."""

import json
from collections.abc import Callable

from headway.detection.signal import NotEvaluable
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.sentences import money
from headway.diagnosis.serialise import contract

Out = Callable[[str], None]


def print_diagnosis(found: Diagnosis | NotEvaluable, *, json_out: bool, currency: str, out: Out) -> None:
    """Write a diagnosis to `out`; a refusal keeps the contract's fields, null, with the reason."""
    if json_out:
        out(json.dumps(document(found, currency=currency), ensure_ascii=False, allow_nan=False))
        return
    if isinstance(found, NotEvaluable):
        out(f"{found.sentence} {found.what_would_help}")
        return
    for sentence in found.sentences:
        out(sentence)
    if found.past is not None:
        out(found.past.sentence)
    for part in found.parts:
        span = f"{money(part.low, currency)} … {money(part.high, currency)}"
        out(f"  {part.name}: {money(part.amount, currency)} ({span})")
    for factor in found.external:
        out(f"  {factor.name}: {factor.sentence}")


def document(found: Diagnosis | NotEvaluable, *, currency: str) -> dict[str, object]:
    """The contract's document, also for a person who cannot be judged."""
    if isinstance(found, Diagnosis):
        return {**contract(found), "evaluable": True, "reason": None}
    return {
        "person_id": found.person_id,
        "as_of": found.as_of.isoformat(),
        "currency": currency,
        "evaluable": False,
        "reason": found.sentence,
        "gap": None,
        "parts": [],
        "skill": None,
        "effort": None,
        "cannot_tell": None,
        "external": [],
        "sentences": [found.sentence, found.what_would_help],
    }
