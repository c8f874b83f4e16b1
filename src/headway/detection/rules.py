"""Pure decisions: who may be judged, which tier, what the person needs. Arrays in, arrays or enums out."""

from dataclasses import dataclass

import numpy as np

from headway.detection.policy import Policy
from headway.detection.signal import Finding, Tier
from headway.stats.arrays import Flags, Floats
from headway.stats.false_discovery import largest_set


@dataclass(frozen=True)
class Tiers:
    """Tier per person and the share of fine people to expect among those named (None: nobody named)."""

    tier: tuple[Tier, ...]
    support_share: float | None
    formal_share: float | None


def assign_tiers(
    *,
    p_under: Floats,
    p_fine: Floats,
    reliability: Floats,
    p_fall: Floats,
    evaluable: Flags,
    ramping: Flags,
    anyone_differs: bool,
    policy: Policy,
    nameable: Flags | None = None,
    warned: Flags | None = None,
) -> Tiers:
    """Largest sets within each tier's share of errors. Nobody is named where nobody differs, nor anybody more
    likely fine than under; a ramping person is watched at most; `warned` (activity fell) never leads further."""
    open_to = evaluable & ~ramping & anyone_differs
    if nameable is not None:
        open_to = open_to & nameable
    support = largest_set(
        p_under,
        p_fine,
        share=policy.support_false_discovery,
        eligible=open_to & (p_under >= np.maximum(p_fine, policy.support_p_under)),
    )
    formal = largest_set(
        p_under,
        p_fine,
        share=policy.formal_false_discovery,
        eligible=support.chosen & (p_under >= policy.formal_p_under) & (reliability >= policy.formal_reliability),
    )
    watched = evaluable & ((p_under >= policy.watch_p_under) & anyone_differs | (p_fall >= policy.change_probability))
    if warned is not None:
        watched = watched | (evaluable & warned)
    tiers = np.select([~evaluable, formal.chosen, support.chosen, watched], [4, 3, 2, 1], 0)
    names = (Tier.NONE, Tier.WATCH, Tier.SUPPORT, Tier.FORMAL, Tier.NOT_EVALUABLE)
    return Tiers(tuple(names[int(t)] for t in tiers), support.expected_share, formal.expected_share)


@dataclass(frozen=True)
class Situation:
    """What is known of one evaluable person when the finding is chosen. colleague: share of the quota that a
    comparable colleague would have reached with the same leads, None where that is not known."""

    tier: Tier
    ramping: bool
    p_fall: float
    p_rise: float
    estimate: float
    low: float
    attainment: float | None
    recent_share: float | None
    potential: float | None
    warned: bool = False
    shared: bool = False
    colleague: float | None = None


@dataclass(frozen=True)
class Behind:
    """How many of those with a quota (ramped) are clearly behind it."""

    people: int
    of: int

    def most(self, policy: Policy) -> bool:
        """Whether it is most of the team: then it is no single person's bad luck."""
        return self.of >= policy.least_colleagues and self.people >= policy.shared_from * self.of


NOBODY_BEHIND = Behind(0, 0)


def missed(situation: Situation, policy: Policy) -> bool:
    """Results behind, and clearly further than the work behind them: under quota, or, without a quota,
    under comparable colleagues' bookings."""
    behind = situation.attainment if situation.attainment is not None else situation.recent_share
    return behind is not None and behind < policy.quota_missed_below and behind < situation.estimate - 0.15


def out_of_reach(situation: Situation, policy: Policy) -> bool:
    """Whether a comparable colleague would have missed the quota too, and what they would have lacked is more than
    what came on top of it: then it is the leads or the quota, not luck."""
    reached, attained = situation.colleague, situation.attainment
    if reached is None or attained is None:
        return False
    return reached < policy.quota_missed_below and reached**2 < attained


def _outside(situation: Situation, policy: Policy) -> Finding:
    if situation.shared:
        return Finding.SHARED
    return Finding.OUT_OF_REACH if out_of_reach(situation, policy) else Finding.LUCK


def choose_finding(situation: Situation, policy: Policy) -> Finding:
    """What the person needs, from the evidence; results alone never make somebody 'below'."""
    fell = situation.p_fall >= policy.change_probability
    if situation.ramping:
        return Finding.RAMPING
    if situation.tier in (Tier.SUPPORT, Tier.FORMAL):
        return Finding.REAL_DROP if fell else Finding.BELOW
    if fell:
        return Finding.EARLY_SIGN
    if situation.p_rise >= policy.change_probability and situation.estimate < 1.0:
        return Finding.RECOVERING
    if missed(situation, policy) and situation.tier is Tier.NONE:
        poor = situation.potential is not None and situation.potential < policy.poor_territory_below
        if poor:
            return Finding.TERRITORY
        if situation.attainment is not None:
            # without a quota fewer bookings may simply be fewer deals received
            return _outside(situation, policy)
    if situation.warned:
        return Finding.EARLY_SIGN
    if situation.tier is Tier.WATCH:
        return Finding.BELOW
    return Finding.WELL if situation.low >= 1.0 else Finding.STEADY


def refusal(
    *,
    owns: bool,
    tenure_weeks: float,
    present_lately: float,
    chances: float,
    conversions: int,
    colleagues: int,
    policy: Policy,
    too_little: bool = False,
) -> str | None:
    """Code of the reason why somebody cannot be judged, None if they can.

    conversions: steps that could be fitted; too_little: a step could not because it has too few chances.
    """
    if not owns:
        return "owns_nothing"
    if colleagues < policy.least_colleagues:
        return "no_comparison"
    if conversions == 0:
        return "too_little" if too_little else "no_conversion"
    if tenure_weeks < policy.least_tenure_weeks:
        return "too_new"
    if present_lately < 0.5:
        return "away"
    if chances < policy.least_outcomes:
        return "too_few"
    return None
