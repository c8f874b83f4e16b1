"""What decides, pure: when there can be a verdict, which one, and which outcome the evidence speaks for."""

from __future__ import annotations

from headway.detection.policy import Policy
from headway.outcomes.judged import Answer
from headway.stats.alpha_spending import look_levels

# Looked at every week for half a year, all looks together err in at most 5 of 100.
LOOKS, ERROR = 26, 0.05
# Beforehand: of people with a plan about a third really gain, one in ten loses (the chance is checked in bench/).
PRIOR_GAIN, PRIOR_LOSS = 0.35, 0.10
# "Not improved" needs this much doubt about a gain worth having.
WORTH_HAVING, HARDLY = 0.10, 0.10
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
