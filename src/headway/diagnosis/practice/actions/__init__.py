"""Every write about what people saw and did before a plan, by what people do."""

from headway.diagnosis.practice.actions.gate import ask_for_exception, decline_exception, grant_exception, record_reason
from headway.diagnosis.practice.actions.keeping import LONGEST
from headway.diagnosis.practice.actions.links import LinkGiven, change_link, end_link, make_link, validate_link
from headway.diagnosis.practice.actions.outside import FactorGiven, answer_factors
from headway.diagnosis.practice.actions.protected import end_protected, record_protected
from headway.diagnosis.practice.actions.skills import RatingGiven, decide_axis, rate_competencies
from headway.diagnosis.practice.actions.talks import (
    ObservationGiven,
    SessionGiven,
    answer_coaching,
    note_coaching,
    note_observation,
)

__all__ = [
    "LONGEST",
    "FactorGiven",
    "LinkGiven",
    "ObservationGiven",
    "RatingGiven",
    "SessionGiven",
    "answer_coaching",
    "answer_factors",
    "ask_for_exception",
    "change_link",
    "decide_axis",
    "decline_exception",
    "end_link",
    "end_protected",
    "grant_exception",
    "make_link",
    "note_coaching",
    "note_observation",
    "rate_competencies",
    "record_protected",
    "record_reason",
    "validate_link",
]
