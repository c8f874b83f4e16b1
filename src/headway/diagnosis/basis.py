"""What all diagnoses of a day share: what makes bookings larger or smaller, relative to a standard colleague."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from headway.detection.analysis import Analysis
from headway.detection.chances import EFFORT
from headway.detection.deal_sizes import Sizes, sizes_by_segment
from headway.detection.estimate import Estimate
from headway.detection.facts_port import FactsLike
from headway.detection.index import IndexPosterior
from headway.detection.stage_rows import RECENT_WEEKS
from headway.diagnosis.mix import mix_of, ramp_at
from headway.diagnosis.own_past import earlier_index
from headway.diagnosis.rules import FIXED, LEADS, MIX, OWN, PRESENCE, RAMP, TERRITORY
from headway.diagnosis.swap import QuotaSpan, quotas_of
from headway.diagnosis.window import WindowLevels, window_levels
from headway.stats.arrays import Floats


@dataclass(frozen=True)
class Basis:
    """What all diagnoses of a day share. Arrays over people.

    factors: (people, 6 + measures) relative to the standard colleague, over the window; sd: log sd of the first
    six; levels: what people made of their chances in it; standard: bookings of a standard colleague of the same
    group over the window; lead_volume, lead_quality: relative, NaN unknown;
    earlier: the index as the window began, None where the record is too short.
    """

    analysis: Analysis
    keys: tuple[str, ...]
    measure: tuple[int, ...]
    factors: Floats
    sd: Floats
    levels: WindowLevels
    standard: Floats
    actual: Floats
    self_share: float
    lead_volume: Floats
    lead_quality: Floats
    quotas: dict[str, QuotaSpan]
    sizes: Sizes | None
    earlier: IndexPosterior | None


def basis_of(facts: FactsLike, analysis: Analysis) -> Basis | None:
    estimate, posterior = analysis.estimate, analysis.posterior
    if estimate is None or posterior is None:
        return None
    roster, people = analysis.roster, len(analysis.roster.ids)
    window = min(RECENT_WEEKS, roster.weeks)
    used = tuple(j for j, m in enumerate(estimate.measures) if m.kind != "effort")
    factors, sd = np.ones((people, FIXED + len(used))), np.zeros((people, FIXED))
    presence = roster.present[:, -window:].mean(axis=1)
    # colleagues take holidays too: only what goes beyond theirs counts
    factors[:, PRESENCE] = presence / np.maximum(_group_mean(analysis, presence), 0.05)
    factors[:, RAMP] = _ramp_factor(analysis, window)
    known = np.isfinite(roster.potential)
    factors[:, TERRITORY] = np.where(known, np.clip(np.nan_to_num(roster.potential, nan=1.0), 0.2, 5.0), 1.0)
    volume, volume_sd = _lead_volume(analysis, window, presence)
    factors[:, LEADS] = volume / factors[:, TERRITORY]
    sd[:, LEADS] = volume_sd
    factors[:, MIX] = mix_of(facts, analysis, weeks=window, mean_of=partial(_group_mean, analysis))
    levels = window_levels(estimate, posterior, weeks=window)
    for place, j in places(estimate, used):
        factors[:, place] = levels.factor[:, j]
    has_leads = any(m.key.startswith("lead_") for m in estimate.measures)
    names = ("presence", "ramp", "territory", "leads" if has_leads else "deals", "mix", EFFORT)
    keys = names + tuple(estimate.measures[j].key for j in used)
    actual = analysis.evidence.bookings[:, -window:].sum(axis=1)
    quality = np.full(people, np.nan)
    if has_leads:
        first = estimate.measures[0]
        quality = first.rates / first.peer_rate
    return Basis(
        analysis,
        keys,
        used,
        factors,
        sd,
        levels,
        _standard(analysis, actual, factors),
        actual,
        analysis.evidence.self_share if EFFORT in estimate.keys else 0.0,
        volume if has_leads else np.full(people, np.nan),
        quality,
        quotas_of(facts, days=analysis.policy.quota_days),
        sizes_by_segment(facts, roster),
        earlier_index(analysis, weeks=window),
    )


def places(estimate: Estimate, used: tuple[int, ...]) -> list[tuple[int, int]]:
    """Which factor each measure fills: (place among the factors, measure)."""
    own = [(OWN, j) for j, m in enumerate(estimate.measures) if m.kind == "effort"]
    return own + [(FIXED + place, j) for place, j in enumerate(used)]


def _ramp_factor(analysis: Analysis, window: int) -> Floats:
    """Share of full bookings that the fitted ramp leaves over the weeks at work: those before the first day are time
    away, and would count twice."""
    assert analysis.estimate is not None
    roster = analysis.roster
    left = np.exp(ramp_at(analysis.estimate, roster, np.arange(roster.weeks - window, roster.weeks)))
    present = roster.present[:, -window:]
    at_work = present.sum(axis=1)
    mean = np.divide((left * present).sum(axis=1), at_work, out=left[:, -1].copy(), where=at_work > 0.05)
    return np.asarray(mean)


def _lead_volume(analysis: Analysis, window: int, presence: Floats) -> tuple[Floats, Floats]:
    """Chances at the first step per present week (own leads taken out), relative to the group's mean."""
    roster, estimate = analysis.roster, analysis.estimate
    assert estimate is not None
    step = analysis.evidence.steps[0]
    recent = step.week >= roster.weeks - window
    received = np.bincount(step.rep[recent], step.count[recent], len(roster.ids))
    if analysis.evidence.own is not None:
        received = np.maximum(received - analysis.evidence.own[:, -window:].sum(axis=1), 0.0)
    rate = np.divide(received, presence, out=np.zeros_like(received), where=presence > 0.05)
    mean = _group_mean(analysis, rate)
    relative = np.divide(rate, mean, out=np.ones_like(rate), where=mean > 0)
    return np.clip(relative, 0.02, 10.0), 1.0 / np.sqrt(np.maximum(received, 1.0))


def _group_mean(analysis: Analysis, values: Floats) -> Floats:
    """Mean over active colleagues of the same segment who can be compared (all, where fewer than five), of those
    whose value is known."""
    roster = analysis.roster
    working = roster.active & (analysis.chances >= analysis.policy.least_outcomes) & np.isfinite(values)
    mean = np.full(len(values), float(values[working].mean()) if working.any() else 0.0)
    for segment in np.unique(roster.segment):
        here = working & (roster.segment == segment)
        if here.sum() >= analysis.policy.least_colleagues:
            mean[roster.segment == segment] = values[here].mean()
    return mean


def _standard(analysis: Analysis, actual: Floats, factors: Floats) -> Floats:
    """Bookings of a fully ramped colleague of the group with the usual absences, on the standard territory."""
    full = factors[:, PRESENCE] * factors[:, RAMP]
    return np.divide(
        _group_mean(analysis, actual),
        np.maximum(_group_mean(analysis, full), 0.05),
        out=np.zeros_like(actual),
        where=full >= 0,
    )
