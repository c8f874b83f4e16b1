"""Pure arithmetic of the gap: relative factors in, parts in cents out."""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Floats
from headway.stats.shapley import shapley_split

# order of the relative factors; conversions and size follow
PRESENCE, RAMP, TERRITORY, LEADS, OWN = range(5)
FIXED = 5
MATTERS = 0.10
# with no part clear of luck at least this chance stays with "cannot tell"
UNCLEAR = 0.60


@dataclass(frozen=True)
class SkillOrEffort:
    """Chances that the larger loss (at least 10 %) lies in conversion and size, in own leads, or neither."""

    skill: float
    effort: float
    cannot_tell: float


def model_bookings(factors: Floats, self_share: float) -> Floats:
    """Bookings relative to the standard colleague for relative factors (..., 5 + measures)."""
    assigned = factors[..., TERRITORY] * factors[..., LEADS]
    volume = (1.0 - self_share) * assigned + self_share * factors[..., OWN]
    return np.asarray(factors[..., PRESENCE] * factors[..., RAMP] * volume * factors[..., FIXED:].prod(axis=-1))


def gap_shares(factors: Floats, self_share: float) -> Floats:
    """Shapley parts (..., factors) of 1 - model bookings: positive where a factor costs bookings."""
    start = np.ones_like(factors)
    return -shapley_split(lambda f: model_bookings(f, self_share), start, factors)


def in_cents(amounts: list[float], gap: float) -> list[float]:
    """Amounts rounded to cents; the last one takes what is left, so that they add up to the gap exactly."""
    cents = [round(100 * amount) for amount in amounts[:-1]]
    cents.append(round(100 * gap) - sum(cents))
    return [value / 100 for value in cents]


def skill_or_effort(conversion_loss: Floats, effort_loss: Floats, *, clear: bool = True) -> SkillOrEffort:
    """From draws of log losses (positive = loss) in conversion and in own leads.

    clear: whether a part that is the person's stands out from luck; where none does, the chances are scaled
    down so that at least `UNCLEAR` stays with "cannot tell".
    """
    skill = float(((conversion_loss > MATTERS) & (conversion_loss >= effort_loss)).mean())
    effort = float(((effort_loss > MATTERS) & (effort_loss > conversion_loss)).mean())
    if not clear and skill + effort > 1.0 - UNCLEAR:
        scale = (1.0 - UNCLEAR) / (skill + effort)
        skill, effort = skill * scale, effort * scale
    return SkillOrEffort(skill, effort, max(0.0, 1.0 - skill - effort))
