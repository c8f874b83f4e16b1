"""A verdict made by hand, as a look keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from headway.outcomes.judged import Answer, StageChange, Verdict
from headway.outcomes.sentences import verdict_sentences


def a_verdict(**changes: Any) -> Verdict:
    made = Verdict(
        person_id="P7", first_name="Jonas", start=date(2026, 6, 1), as_of=date(2026, 8, 31), weeks=13,
        improved_probability=0.86, expected_from_luck=0.1, verdict=Answer.IMPROVED, steps_before=40.0,
        usual_before=50.0, steps_after=30.0, usual_after=28.0, before=0.8, after=1.07, expected=0.88,
        observed_change=0.3375, gain=0.22, gain_low=0.02, gain_high=0.45, carried_by="proposal_to_won", p_value=0.001,
        look_level=0.004, colleagues=24, selection_start=date(2025, 12, 1), series_ratio=1.18, series_low=1.01,
        series_high=1.38, stages=(StageChange("proposal_to_won", 28.0, 0.32, 12.0, 0.5, 0.41, 0.0),), sentences=(),
    )  # fmt: skip
    made = replace(made, **changes)
    return replace(made, sentences=verdict_sentences(made))


def verdict_document(**changes: Any) -> dict[str, Any]:
    return a_verdict(**changes).as_json()
