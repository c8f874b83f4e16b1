"""Observed against expected, step by step and week by week, for everybody at once.

Each measure (a conversion, deal size, own leads) gives, per person and week, an information sum `b` and a
precision `P` on a log scale (log odds for conversions). A chance counts fully once won or lost, in the week
that happened; one still open counts for as much as its age has used up its prospects (competing risks, with
losses that are never recorded). What all colleagues share in a week (season, quarter end, market) is taken out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from headway.detection.conversions import Step, conversion
from headway.detection.effort_and_size import effort_measure, size_measure
from headway.detection.evidence import Evidence
from headway.detection.lead_quality import mean_scores
from headway.detection.measure import Measure
from headway.detection.roster import Roster
from headway.stats.arrays import Floats
from headway.stats.random_effects import GroupEffects, fit_covariance, fit_group_means, spread_between

PASSES = 3
# the usual covariance of effects counts as this many people
PRIOR_PEOPLE, USUAL_CORRELATION = 8.0, 0.25
# sd of log deal size that is a person's own at most, where nobody knows what was sold
OWN_SIZE = 0.15


@dataclass(frozen=True)
class Estimate:
    """Effects of people on every measure, pooled together.

    effect: (people, k) pooled mean; raw, precision: (people, k) unpooled; information: (people, weeks, k)
    and weekly precision for the change analysis, both around group means; usual_precision: what ordinary results on
    the same chances would have given; groups: what people of the same segment,
    territory and lead scores show, and its uncertainty; sigma: (k, k);
    slope: (k,) change of log bookings per unit of effect; ramp: (weeks,) log bookings lost at that tenure;
    scored: whether leads or deals come with a score.
    """

    measures: tuple[Measure, ...]
    effect: Floats
    raw: Floats
    precision: Floats
    information: Floats
    weekly_precision: Floats
    usual_precision: Floats
    groups: GroupEffects
    sigma: Floats
    spreads: Floats
    slope: Floats
    ramp: Floats
    scored: bool

    @property
    def group(self) -> Floats:
        """(people, k) what people of the same segment, territory and lead scores show."""
        return self.groups.mean

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(measure.key for measure in self.measures)


@dataclass(frozen=True)
class _Design:
    """Covariates of people (people, q) and the prior precisions of their coefficients (q,)."""

    columns: Floats
    penalty: Floats


def _group_design(roster: Roster, scores: Floats | None) -> _Design:
    """Common mean, segment, territory potential, mean score of the leads."""
    columns, penalty = [np.ones(len(roster.ids))], [1e-3]
    if len(roster.segments) > 1:
        for code in range(len(roster.segments)):
            columns.append((roster.segment == code).astype(float))
            penalty.append(1.0 / 0.15**2)
    known = np.isfinite(roster.potential)
    if known.sum() >= 3:
        log_potential = np.where(known, np.log(np.where(known, roster.potential, 1.0)), 0.0)
        columns.append(np.clip(log_potential - log_potential[known].mean(), -1.5, 1.5) * known)
        penalty.append(1.0 / 0.5**2)
    if scores is not None:
        columns.append(scores)
        penalty.append(1.0 / 0.3**2)
    return _Design(np.column_stack(columns), np.array(penalty))


@dataclass(frozen=True)
class _Pass:
    """Measures, evidence by week, and what it says of people, given the effects assumed for case mix."""

    measures: tuple[Measure, ...]
    weekly_b: Floats
    weekly_p: Floats
    precision: Floats
    raw: Floats
    groups: GroupEffects
    spreads: Floats
    sigma: Floats
    pooled: Floats


def fit(evidence: Evidence, roster: Roster) -> Estimate:
    """Fit all measures together: case mix given people's effects, people's effects given case mix, thrice.

    Needs at least one usable measure (the caller checks).
    """
    steps = [Step(chances, roster) for chances in evidence.steps]
    k = len(steps) + (evidence.won is not None) + (evidence.own is not None)
    effect, sigma = np.zeros((len(roster.ids), k)), None
    design = _group_design(roster, mean_scores(evidence.steps, len(roster.ids)))
    for _ in range(PASSES - 1):
        # of a pass only this is kept: with ten thousand people its arrays take half a gigabyte
        effect, sigma = _learnt(_pass(steps, evidence, roster, design, effect, sigma))
    last = _pass(steps, evidence, roster, design, effect, sigma)
    group = last.groups.mean
    return Estimate(
        last.measures,
        last.pooled,
        last.raw,
        last.precision,
        last.weekly_b - last.weekly_p * group[:, None, :],
        last.weekly_p,
        _usual_precision(steps, last.measures, last.precision, group),
        last.groups,
        last.sigma,
        last.spreads,
        _slopes(last.measures, evidence),
        _ramp(steps, last.measures, evidence, roster),
        any(bool(chances.scored.any()) for chances in evidence.steps),
    )


def _learnt(done: _Pass) -> tuple[Floats, Floats]:
    return done.groups.mean + done.pooled, done.sigma


def _pass(
    steps: list[Step], evidence: Evidence, roster: Roster, design: _Design, effect: Floats, sigma: Floats | None
) -> _Pass:
    fitted = [conversion(step, effect[:, j]) for j, step in enumerate(steps)]
    if evidence.won is not None:
        fitted.append(size_measure(evidence.won, roster, effect[:, len(fitted)]))
    if evidence.own is not None:
        fitted.append(effort_measure(evidence.own, roster, effect[:, len(fitted)]))
    measures = tuple(f[0] for f in fitted)
    weekly_b = np.stack([f[1] for f in fitted], axis=2)
    weekly_p = np.stack([f[2] for f in fitted], axis=2)
    k = len(measures)
    precision = weekly_p.sum(axis=1)
    precision = np.where(precision > 1e-9, precision, 0.0)
    raw = np.divide(weekly_b.sum(axis=1), precision, out=np.zeros_like(precision), where=precision > 1e-9)
    usual = _usual(measures)
    around = usual if sigma is None else sigma
    groups = fit_group_means(raw, precision, design.columns, sigma=around, penalty=design.penalty)
    centred = raw - groups.mean
    spreads = np.array([spread_between(centred[:, j], precision[:, j]) for j in range(k)])
    if evidence.won is not None and not evidence.won.mix_known:
        size = len(steps)
        told = _told_of_size(precision[:, size], spreads[size])
        precision[:, size] *= told
        weekly_b[:, :, size] *= told[:, None]
        weekly_p[:, :, size] *= told[:, None]
        spreads[size] = min(spreads[size], OWN_SIZE**2)
    sigma = fit_covariance(centred, precision, prior=usual, prior_weight=PRIOR_PEOPLE)
    posterior = np.linalg.inv(np.linalg.inv(sigma) + precision[:, None, :] * np.eye(k))
    pooled = np.einsum("rij,rj->ri", posterior, precision * centred)
    return _Pass(measures, weekly_b, weekly_p, precision, raw, groups, spreads, sigma, pooled)


def _told_of_size(precision: Floats, spread: float) -> Floats:
    """(people,) share of the information on deal size that is left where nobody knows what was sold: what people differ
    by beyond `OWN_SIZE` is taken for what they are given to sell."""
    return 1.0 / (1.0 + precision * max(spread - OWN_SIZE**2, 0.0))


def _usual_precision(steps: list[Step], measures: tuple[Measure, ...], precision: Floats, group: Floats) -> Floats:
    """(people, k) information on each effect that ordinary results on a person's chances would have given."""
    found = precision.copy()
    for j, measure in enumerate(measures):
        if measure.kind == "conversion":
            found[:, j] = steps[j].usual_information(group[:, j]) / measure.dispersion
        elif measure.kind == "effort":
            found[:, j] = measure.expected.sum(axis=1) * np.exp(group[:, j]) / measure.dispersion
    return found


def _usual(measures: tuple[Measure, ...]) -> Floats:
    """What people usually differ by (log scale): good people tend to be good at several things."""
    sd = np.array([{"effort": 0.25, "size": 0.10}.get(m.kind, 0.16) for m in measures])
    return np.asarray(np.outer(sd, sd) * np.where(np.eye(sd.size) > 0, 1.0, USUAL_CORRELATION))


def _slopes(measures: tuple[Measure, ...], evidence: Evidence) -> Floats:
    """Change of log bookings on the standard mix per unit of each effect."""
    return np.array(
        [
            1.0 - min(m.peer_rate, 0.999)
            if m.kind == "conversion"
            else evidence.self_share
            if m.kind == "effort"
            else 1.0
            for m in measures
        ]
    )


def _ramp(steps: list[Step], measures: tuple[Measure, ...], evidence: Evidence, roster: Roster) -> Floats:
    """Log bookings lost at each week of tenure (0..103) by the fitted ramp of the conversions."""
    tenure = np.arange(104) + 0.5
    basis = np.column_stack([np.exp(-tenure / 8.0), np.exp(-tenure / 20.0)])
    loss = np.zeros(104)
    if np.isfinite(roster.hired_week).any():
        for step, measure in zip(steps, measures, strict=False):
            assert step.beta is not None
            loss += log_ratio(measure.peer_rate, basis @ step.beta[-2:])
    return loss


def rate_with(rate: Floats | float, effect: Floats) -> Floats:
    """A conversion's rate with the effect."""
    return np.asarray(expit(logit(np.clip(rate, 1e-4, 1 - 1e-4)) + effect))


def log_ratio(rate: Floats | float, effect: Floats) -> Floats:
    """Log of the rate with the effect over the rate without, for a conversion."""
    return np.asarray(np.log(rate_with(rate, effect)) - np.log(np.clip(rate, 1e-4, 1 - 1e-4)))
