"""What decides, pure: when there can be a verdict, which one, and which outcome the evidence speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from headway.detection.policy import Policy
from headway.outcomes.judged import Answer
from headway.outcomes.states import HARSH, Outcome
from headway.stats.alpha_spending import look_levels

# Looked at every week for half a year, all looks together err in at most 5 of 100.
LOOKS, ERROR = 26, 0.05
# Beforehand: of people with a plan about a quarter really gain, one in ten loses (the chance is checked in bench/).
PRIOR_GAIN, PRIOR_LOSS = 0.25, 0.10
# "Not improved" needs this much doubt about a gain worth having.
WORTH_HAVING, HARDLY = 0.10, 0.06
LEAST_WEEKS, LEAST_WEEKS_BEFORE, LEAST_AFTER = 4, 13, 4.0


def look_level(weeks: int) -> float:
    """How small the chance of luck has to be for "improved" at the look after this many whole weeks."""
    return look_levels(LOOKS, alpha=ERROR)[min(weeks, LOOKS) - 1] if weeks > 0 else 0.0


def answer(*, p_value: float, weeks: int, p_worth_having: float) -> Answer:
    """The verdict at a look. p_worth_having: chance of a real gain of at least a tenth."""
    if p_value <= look_level(weeks):
        return Answer.IMPROVED
    return Answer.NOT_IMPROVED if p_worth_having <= HARDLY else Answer.INCONCLUSIVE


def refusal(
    *, weeks: int, weeks_before: int, chances_before: float, chances_after: float, colleagues: int, policy: Policy
) -> str | None:
    """Code of the reason why there can be no verdict, None if there can."""
    if colleagues < policy.least_colleagues:
        return "no_comparison"
    if weeks < LEAST_WEEKS:
        return "too_soon"
    if weeks_before < LEAST_WEEKS_BEFORE or chances_before < policy.least_outcomes:
        return "no_past"
    if chances_after < LEAST_AFTER:
        return "too_few"
    return None


@dataclass(frozen=True)
class Case:
    """What an outcome may rest on. answer: the verdict, None where there is none; promised, given: times until now."""

    goals: int
    met: int
    cannot_tell: int
    answer: str | None
    promised: int
    given: int
    extended_before: bool


@dataclass(frozen=True)
class Advice:
    """The outcome that the evidence speaks for, with codes of the reasons. Nobody is bound by it."""

    outcome: Outcome
    reasons: tuple[str, ...]


def speaks_for(case: Case) -> Advice:
    """What the evidence speaks for. In order: what was reached; what the company owed; what the figures can tell."""
    kept = case.given / case.promised if case.promised else 1.0
    if case.goals and case.met == case.goals:
        return Advice(Outcome.MET, ("all_met", *(("improved",) if case.answer == Answer.IMPROVED else ())))
    if kept < 0.5:
        return Advice(Outcome.UNFAIR, ("support_missing",))
    if case.answer == Answer.IMPROVED:
        return Advice(Outcome.PARTLY, ("improved", "most_met" if case.met * 2 > case.goals else "few_met"))
    if kept < 0.8:
        return Advice(Outcome.EXTENDED, ("support_short",))
    if case.met * 2 > case.goals:
        return Advice(Outcome.PARTLY, ("most_met", *(() if case.answer else ("no_verdict",))))
    if case.answer == Answer.NOT_IMPROVED and case.cannot_tell == 0:
        return Advice(Outcome.NOT_MET, ("not_improved", "few_met"))
    if case.extended_before:
        return Advice(Outcome.PARTLY, ("extended_before", "cannot_tell"))
    return Advice(Outcome.EXTENDED, ("cannot_tell", *(() if case.answer else ("no_verdict",))))


def forbidden(outcome: Outcome, *, unanswered: int, with_hr: bool, warned: bool) -> str | None:
    """Code of the reason why an outcome cannot be chosen, None if it can. warned: the plan is a written warning."""
    if outcome in HARSH and not with_hr:
        return "no_hr"
    if outcome in HARSH and unanswered:
        return "unanswered"
    if outcome is Outcome.TRANSITION and not warned:
        return "not_warned"
    return None


def may_decide(*, reader: int | None, proposed_by: int | None, confirmed_by: int | None) -> bool:
    """An appeal is decided by somebody who neither proposed nor confirmed."""
    return reader is not None and reader not in {proposed_by, confirmed_by}


# Weeks from one follow-up to the next grow: what holds needs less and less.
INTERVALS = (1, 2, 4, 8, 16)


def follow_up_days(decided: date, intervals: Sequence[int] = INTERVALS) -> tuple[date, ...]:
    """The days of the follow-ups after a plan; a weekend moves to the Monday."""
    days, day = [], decided
    for weeks in intervals:
        day = day + timedelta(weeks=weeks)
        days.append(day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0))
    return tuple(days)
