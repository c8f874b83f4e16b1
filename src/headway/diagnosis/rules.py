"""Pure arithmetic of the gap: relative factors in, parts in cents out."""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Floats
from headway.stats.shapley import shapley_of

# order of the relative factors; conversions and size follow
PRESENCE, RAMP, TERRITORY, LEADS, MIX, OWN = range(6)
FIXED = 6
_VOLUME = (TERRITORY, LEADS, OWN)
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
    """Bookings relative to the standard colleague for relative factors (..., 6 + measures)."""
    held = factors[..., PRESENCE] * factors[..., RAMP] * factors[..., MIX]
    return np.asarray(held * _volume(factors, self_share) * factors[..., FIXED:].prod(axis=-1))


def gap_shares(factors: Floats, self_share: float) -> Floats:
    """Shapley parts (..., factors) of 1 - model bookings: positive where a factor costs bookings.

    Most factors only multiply, so the value of every subset is a product of two small tables: those of the factors
    that make up the volume, and those of the others. Factors that are 1 throughout have no part.
    """
    differs = (factors != 1.0).reshape(-1, factors.shape[-1]).any(axis=0)
    volume = [k for k in _VOLUME if differs[k]]
    others = [int(k) for k in np.flatnonzero(differs) if k not in _VOLUME]
    table = np.ones((1, *factors.shape[:-1]))
    for k in others:
        table = np.concatenate([table, table * factors[..., k]])
    worth = _volumes(factors, volume, self_share)[:, None] * table[None]
    shares = np.zeros_like(factors)
    shares[..., [*others, *volume]] = -shapley_of(worth.reshape(-1, *factors.shape[:-1]))
    return shares


def _volumes(factors: Floats, among: list[int], self_share: float) -> Floats:
    """(2^n, ...) leads relative to the standard for every subset of the volume's factors."""
    found = []
    for place in range(1 << len(among)):
        chosen = np.ones_like(factors)
        for bit, k in enumerate(among):
            if place >> bit & 1:
                chosen[..., k] = factors[..., k]
        found.append(_volume(chosen, self_share))
    return np.stack(found)


def _volume(factors: Floats, self_share: float) -> Floats:
    assigned = factors[..., TERRITORY] * factors[..., LEADS]
    return np.asarray((1.0 - self_share) * assigned + self_share * factors[..., OWN])


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
