"""Observed against expected, step by step and week by week, for everybody at once.

Each measure (a conversion, deal size, own leads) gives, per person and week, an information sum `b` and a
precision `P` on a log scale (log odds for conversions). A chance counts fully once won or lost, in the week
that happened; one still open counts for as much as its age has used up its prospects (competing risks, with
losses that are never recorded). What all colleagues share in a week (season, quarter end, market) is taken out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from headway.detection.chances import EFFORT, SIZE, Chances, Evidence, WonDeals
from headway.detection.roster import VETERAN_WEEKS, Roster
from headway.stats.arrays import Floats, Ints
from headway.stats.incidence import SuccessDelay, success_delay
from headway.stats.logistic import fit_binomial, fit_poisson
from headway.stats.random_effects import GroupEffects, fit_covariance, fit_group_means, spread_between

PASSES = 3
# prior precision of case-mix coefficients on the log-odds scale: sd 1 for kinds, 0.7 for slopes
KIND, SLOPE = 1.0, 2.0
# the usual covariance of effects counts as this many people
PRIOR_PEOPLE, USUAL_CORRELATION = 8.0, 0.25


@dataclass(frozen=True)
class Measure:
    """One measure for everybody. Weekly arrays are (people, weeks).

    observed, expected: events (own leads, successes) or sums of log amounts; chances: exposure-weighted
    chances (conversions), weeks (own leads), deals (size); precision: information on the person's effect.
    kind: "conversion", "effort" or "size"; peer_rate: pooled rate per chance; delay_weeks: median.
    """

    key: str
    kind: str
    observed: Floats
    expected: Floats
    chances: Floats
    precision: Floats
    peer_rate: float
    rates: Floats
    delay_weeks: int
    dispersion: float


@dataclass(frozen=True)
class Estimate:
    """Effects of people on every measure, pooled together.

    effect: (people, k) pooled mean; raw, precision: (people, k) unpooled; information: (people, weeks, k)
    and weekly precision for the change analysis, both around group means; usual_precision: what ordinary results on
    the same chances would have given; groups: what people of the same segment
    and territory show, and its uncertainty; sigma: (k, k);
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
        """(people, k) what people of the same segment and territory show."""
        return self.groups.mean

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(measure.key for measure in self.measures)


def tenure_basis(roster: Roster, rep: Ints, week: Ints) -> Floats:
    """Two saturating ramps, 1 on the first day and 0 when fully ramped: a(1 - exp(-bt)), fast and slow."""
    begun = np.where(np.isnan(roster.hired_week), -VETERAN_WEEKS, roster.hired_week)[rep]
    tenure = np.clip(week + 0.5 - begun, 0.0, None)
    return np.column_stack([np.exp(-tenure / 8.0), np.exp(-tenure / 20.0)])


class _Step:
    """A conversion being fitted: design, delay and Toeplitz bookkeeping (private, mutable)."""

    def __init__(self, chances: Chances, roster: Roster) -> None:
        self.chances, self.roster = chances, roster
        self.shape = (len(roster.ids), roster.weeks)
        self.delays = self._delays()
        self.end = np.where(chances.lag >= 0, chances.lag, chances.lost) + chances.week
        self.open = (chances.lag < 0) & (chances.lost < 0)
        self.exposure = np.ones(chances.week.size)
        age = np.minimum(roster.weeks - 1 - chances.week, roster.weeks - 1)
        for segment in self.delays:
            here = self.open & (chances.segment == segment)
            self.exposure[here] = self._used_up(segment)[age[here]]
        self.design, self.penalty = _design(chances, roster)
        self.trials = chances.count * self.exposure
        self.successes = np.where(chances.lag >= 0, chances.count, 0.0)
        self.beta: Floats | None = None
        self._compress()

    def _delays(self) -> dict[int, SuccessDelay]:
        c, weeks = self.chances, self.roster.weeks
        seen_for = weeks - 1 - c.week
        pooled = success_delay(c.lag, seen_for, weight=c.count, periods=weeks)
        found = {}
        for segment in np.unique(c.segment):
            here = c.segment == segment
            enough = c.count[here & (c.lag >= 0)].sum() >= 150
            found[int(segment)] = (
                success_delay(c.lag[here], seen_for[here], weight=c.count[here], periods=weeks) if enough else pooled
            )
        return found

    def _used_up(self, segment: int) -> Floats:
        """Share of its prospects that a chance still open at an age has lost, by age in weeks: one minus its
        remaining chance of success over that on entry. Losses never recorded count as still open."""
        c, delay = self.chances, self.delays[segment]
        here = c.segment == segment
        if c.count[here & (c.lost >= 0)].sum() < 50:
            here = np.ones(c.week.size, dtype=bool)
        not_won = np.clip(1.0 - delay.cumulative, 0.0, 1.0)
        not_lost, chance = np.ones_like(not_won), min(delay.eventual, 0.95)
        if (c.lost[here] >= 0).any():
            seen_for = self.shape[1] - 1 - c.week[here]
            loss = success_delay(c.lost[here], seen_for, weight=c.count[here], periods=self.shape[1])
            not_lost = np.clip(1.0 - loss.eventual * loss.cumulative / (1.0 - chance), 0.0, 1.0)
        still = chance * not_won + (1.0 - chance) * not_lost
        return np.clip(1.0 - np.divide(not_won, still, out=np.zeros_like(still), where=still > 1e-9), 0.0, 1.0)

    def _compress(self) -> None:
        """Rows with the same person and covariates add up: same fit, fewer rows."""
        c = self.chances
        levels, level = np.unique(c.score, return_inverse=True)
        code = c.rep
        for part, size in (
            (c.segment, int(c.segment.max(initial=0)) + 1),
            (c.source, int(c.source.max(initial=0)) + 1),
            (level, levels.size),
            (c.scored.astype(np.int64), 2),
            # tenure enters the design in steps of four weeks
            (c.week // 4, self.shape[1] // 4 + 1),
        ):
            code = code * size + part
        _, self.rows, self.back = np.unique(code, return_index=True, return_inverse=True)

    def fit(self, effect: Floats) -> None:
        trials = _sums(self.back, self.trials, self.rows.size)
        successes = _sums(self.back, self.successes, self.rows.size)
        kept = trials > 0
        rows = self.rows[kept]
        self.beta = fit_binomial(
            self.design[rows],
            successes=np.minimum(successes[kept], trials[kept]),
            trials=trials[kept],
            offset=effect[self.chances.rep[rows]],
            penalty=self.penalty,
            start=self.beta,
            # the passes refine it further
            tolerance=1e-3,
        ).coefficients

    def weekly(self, effect: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Observed, expected without and with the effect, precision, chances: each (people, weeks)."""
        assert self.beta is not None
        c, size = self.chances, self.shape[0] * self.shape[1]
        eta = self.design @ self.beta
        base, own = expit(eta), expit(eta + effect[c.rep])
        used = c.count * self.exposure
        # what an open chance can still become is doubt, not evidence
        known = own * np.maximum(1.0 - own * (2.0 - self.exposure), 0.0)
        values = (base * used, own * used, known * used, used)
        ended = ~self.open
        cell = c.rep[ended] * self.shape[1] + np.minimum(self.end[ended], self.shape[1] - 1)
        sums = [_sums(cell, value[ended], size).reshape(self.shape) for value in values]
        entry = c.rep * self.shape[1] + c.week
        for segment, delay in self.delays.items():
            here = self.open & (c.segment == segment)
            if not here.any():
                continue
            spread = _toeplitz(delay.density)
            for total, value in zip(sums, values, strict=True):
                total += _sums(entry[here], value[here], size).reshape(self.shape) @ spread
        observed = np.zeros(self.shape)
        done = c.lag >= 0
        np.add.at(observed, (c.rep[done], np.minimum(c.week + c.lag, self.shape[1] - 1)[done]), c.count[done])
        return observed, sums[0], sums[1], sums[2], sums[3]

    def usual_information(self, group: Floats) -> Floats:
        """(people,) information that ordinary results on these chances would give on the person's effect."""
        assert self.beta is not None
        c = self.chances
        rate = expit(self.design @ self.beta + group[c.rep])
        known = rate * np.maximum(1.0 - rate * (2.0 - self.exposure), 0.0)
        return _sums(c.rep, c.count * self.exposure * known, self.shape[0])

    def dispersion(self, effect: Floats) -> float:
        """Pearson dispersion over people and quarters of entry, at least 1."""
        assert self.beta is not None
        c = self.chances
        rate = expit(self.design @ self.beta + effect[c.rep]) * self.exposure
        blocks = self.shape[1] // 13 + 1
        cell = c.rep * blocks + c.week // 13
        size = self.shape[0] * blocks
        expected = _sums(cell, c.count * rate, size)
        variance = _sums(cell, c.count * rate * (1 - rate), size)
        observed = _sums(cell, self.successes, size)
        return _dispersion(observed, expected, variance, self.shape[0])


def _sums(cell: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(cell, values, size).astype(np.float64)


def _dispersion(observed: Floats, expected: Floats, variance: Floats, people: int) -> float:
    use = expected >= 1.0
    if use.sum() < 2 * people or use.sum() < 30:
        return 1.0
    ratio = ((observed - expected) ** 2 / np.maximum(variance, 1e-9))[use]
    return float(max(1.0, np.minimum(ratio, 9.0).sum() / (use.sum() - 0.5 * people)))


def _toeplitz(density: Floats) -> Floats:
    """(entry week, week): when the evidence of a chance still open arrived; rows sum to 1."""
    weeks = density.size
    lag = np.arange(weeks)[None, :] - np.arange(weeks)[:, None]
    spread = np.where(lag >= 0, density[np.maximum(lag, 0)], 0.0)
    total = spread.sum(axis=1, keepdims=True)
    last = np.where(np.arange(weeks) == weeks - 1, 1.0, 0.0)
    return np.where(total > 1e-9, spread / np.maximum(total, 1e-9), last)


def _design(c: Chances, roster: Roster) -> tuple[Floats, Floats]:
    segments, sources = np.unique(c.segment), np.unique(c.source)
    parts = [np.ones((c.week.size, 1))]
    penalty = [1e-4]
    for codes, values in ((segments, c.segment), (sources, c.source)):
        if codes.size > 1:
            parts.append((values[:, None] == codes).astype(float))
            penalty.extend([KIND] * codes.size)
    if c.scored.any():
        parts.append(np.column_stack([c.score, c.score**2 - 1.0, 1.0 - c.scored]))
        penalty.extend([SLOPE, 4.0 * SLOPE, KIND])
    if np.isfinite(roster.hired_week).any():
        # four-week steps keep the number of different rows small
        basis = tenure_basis(roster, c.rep, c.week // 4 * 4 + 1)
        if segments.size > 1:
            # long sales cycles ramp more slowly: each segment may bend the common curve (which stays last)
            parts.append((c.segment[:, None] == segments) * basis[:, 1:])
            penalty.extend([2.0 * SLOPE] * segments.size)
        parts.append(basis)
        penalty.extend([SLOPE, SLOPE])
    return np.column_stack(parts), np.array(penalty)


def _season(observed: Floats, expected: Floats, dispersion: float) -> Floats:
    """What everybody shares in a week, pulled toward 1 by the size of ordinary luck."""
    prior = 8.0 * dispersion
    return np.asarray((observed.sum(axis=0) + prior) / (expected.sum(axis=0) + prior))


def _conversion(step: _Step, effect: Floats) -> tuple[Measure, Floats, Floats]:
    step.fit(effect)
    observed, base, own, weight, chances = step.weekly(effect)
    dispersion = step.dispersion(effect)
    season = _season(observed, own, dispersion)
    precision = weight * season / dispersion
    information = (observed - own * season) / dispersion + precision * effect[:, None]
    rates = np.divide(base.sum(1), chances.sum(1), out=np.full(len(effect), np.nan), where=chances.sum(1) > 0)
    overall = float(base.sum() / max(chances.sum(), 1e-9))
    delay = max(delay.median for delay in step.delays.values())
    measure = Measure(
        step.chances.key, "conversion", observed, base * season, chances, precision, overall, rates, delay, dispersion
    )
    return measure, information, precision


def _effort(own: Floats, roster: Roster, effect: Floats) -> tuple[Measure, Floats, Floats]:
    people, weeks = own.shape
    rep = np.repeat(np.arange(people), weeks)
    week = np.tile(np.arange(weeks), people)
    design, penalty = [np.ones((rep.size, 1))], [1e-4]
    if len(roster.segments) > 1:
        design.append((roster.segment[rep][:, None] == np.arange(len(roster.segments))).astype(float))
        penalty.extend([KIND] * len(roster.segments))
    if np.isfinite(roster.hired_week).any():
        design.append(tenure_basis(roster, rep, week))
        penalty.extend([SLOPE, SLOPE])
    columns = np.column_stack(design)
    exposure = np.where(np.isnan(roster.first_week), 0.0, 1.0)[:, None] * roster.present
    used = exposure.ravel() > 0
    beta = fit_poisson(
        columns[used],
        counts=own.ravel()[used],
        exposure=exposure.ravel()[used],
        offset=effect[rep][used],
        penalty=np.array(penalty),
    ).coefficients
    base = exposure * np.exp(columns @ beta).reshape(people, weeks)
    with_effect = base * np.exp(effect)[:, None]
    months = (weeks + 3) // 4
    block = np.arange(weeks) // 4
    gather = (block[:, None] == np.arange(months)).astype(float)
    dispersion = _dispersion(
        (own @ gather).ravel(), (with_effect @ gather).ravel(), (with_effect @ gather).ravel(), people
    )
    season = _season(own, with_effect, dispersion)
    precision = with_effect * season / dispersion
    information = (own - with_effect * season) / dispersion + precision * effect[:, None]
    rates = np.divide(base.sum(1), exposure.sum(1), out=np.full(people, np.nan), where=exposure.sum(1) > 0)
    measure = Measure(
        EFFORT,
        "effort",
        own,
        base * season,
        exposure,
        precision,
        float(base.sum() / max(exposure.sum(), 1e-9)),
        rates,
        0,
        dispersion,
    )
    return measure, information, precision


def _size(won: WonDeals, roster: Roster, effect: Floats) -> tuple[Measure, Floats, Floats]:
    people, weeks = len(roster.ids), roster.weeks
    design = [np.ones((won.week.size, 1))]
    penalty = [1e-4]
    for codes, values in (
        (np.unique(won.segment), won.segment),
        (np.unique(won.source), won.source),
        (np.unique(won.product), won.product),
    ):
        if codes.size > 1:
            design.append((values[:, None] == codes).astype(float))
            penalty.extend([KIND / 4] * codes.size)
    listed = np.isfinite(won.log_list)
    if listed.sum() >= 20:
        price = np.where(listed, won.log_list - won.log_list[listed].mean(), 0.0)
        design.append(np.column_stack([price, ~listed]))
        penalty.extend([0.1, KIND / 4])
    if np.isfinite(roster.hired_week).any():
        design.append(tenure_basis(roster, won.rep, won.week))
        penalty.extend([4 * SLOPE, 4 * SLOPE])
    columns = np.column_stack(design)
    beta = np.linalg.solve(columns.T @ columns + np.diag(penalty), columns.T @ (won.log_amount - effect[won.rep]))
    fitted = columns @ beta
    residual = won.log_amount - fitted - effect[won.rep]
    sigma = max(1.4826 * float(np.median(np.abs(residual - np.median(residual)))), 0.5 * float(residual.std()), 1e-3)
    clipped = np.clip(residual, -3 * sigma, 3 * sigma)
    variance = max(float(clipped.var()), 1e-6)
    cell, size = won.rep * weeks + won.week, people * weeks

    def by_week(values: Floats) -> Floats:
        return _sums(cell, values, size).reshape(people, weeks)

    count = by_week(np.ones_like(fitted))
    precision = count / variance
    information = by_week(clipped + effect[won.rep]) / variance
    deals = count.sum(1)
    usual = np.exp(np.divide(by_week(fitted).sum(1), deals, out=np.full(people, np.nan), where=deals > 0))
    measure = Measure(
        SIZE,
        "size",
        by_week(won.log_amount),
        by_week(fitted),
        count,
        precision,
        float(np.exp(fitted.mean() + 0.5 * variance)),
        usual * np.exp(0.5 * variance),
        0,
        variance,
    )
    return measure, information, precision


def _group_design(roster: Roster) -> tuple[Floats, Floats]:
    """Person-level covariates: common mean, segment, territory potential."""
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
    return np.column_stack(columns), np.array(penalty)


def fit(evidence: Evidence, roster: Roster) -> Estimate:
    """Fit all measures together: case mix given people's effects, people's effects given case mix, thrice.

    Needs at least one usable measure (the caller checks).
    """
    people = len(roster.ids)
    steps = [_Step(chances, roster) for chances in evidence.steps]
    k = len(steps) + (evidence.won is not None) + (evidence.own is not None)
    effect = np.zeros((people, k))
    design, penalty = _group_design(roster)
    sigma: Floats | None = None
    for last in [False] * (PASSES - 1) + [True]:
        fitted = [_conversion(step, effect[:, j]) for j, step in enumerate(steps)]
        if evidence.won is not None:
            fitted.append(_size(evidence.won, roster, effect[:, len(fitted)]))
        if evidence.own is not None:
            fitted.append(_effort(evidence.own, roster, effect[:, len(fitted)]))
        weekly_p = np.stack([f[2] for f in fitted], axis=2)
        weekly_b = np.stack([f[1] for f in fitted], axis=2)
        precision = weekly_p.sum(axis=1)
        precision = np.where(precision > 1e-9, precision, 0.0)
        raw = np.divide(weekly_b.sum(axis=1), precision, out=np.zeros((people, k)), where=precision > 1e-9)
        usual = _usual([f[0] for f in fitted])
        means = fit_group_means(raw, precision, design, sigma=usual if sigma is None else sigma, penalty=penalty)
        group, centred = means.mean, raw - means.mean
        spreads = np.array([spread_between(centred[:, j], precision[:, j]) for j in range(k)])
        sigma = fit_covariance(centred, precision, prior=usual, prior_weight=PRIOR_PEOPLE)
        if last:
            break
        inverse = np.linalg.inv(sigma)
        posterior = np.linalg.inv(inverse + precision[:, None, :] * np.eye(k))
        effect = group + np.einsum("rij,rj->ri", posterior, precision * centred)
    assert sigma is not None
    measures = tuple(f[0] for f in fitted)
    inverse = np.linalg.inv(sigma)
    posterior = np.linalg.inv(inverse + precision[:, None, :] * np.eye(k))
    pooled = np.einsum("rij,rj->ri", posterior, precision * centred)
    return Estimate(
        measures,
        pooled,
        raw,
        precision,
        weekly_b - weekly_p * group[:, None, :],
        weekly_p,
        _usual_precision(steps, measures, precision, group),
        means,
        sigma,
        spreads,
        _slopes(measures, evidence),
        _ramp(steps, measures, evidence, roster),
        any(bool(chances.scored.any()) for chances in evidence.steps),
    )


def _usual_precision(steps: list[_Step], measures: tuple[Measure, ...], precision: Floats, group: Floats) -> Floats:
    """(people, k) information on each effect that ordinary results on a person's chances would have given."""
    found = precision.copy()
    for j, measure in enumerate(measures):
        if measure.kind == "conversion":
            found[:, j] = steps[j].usual_information(group[:, j]) / measure.dispersion
        elif measure.kind == "effort":
            found[:, j] = measure.expected.sum(axis=1) * np.exp(group[:, j]) / measure.dispersion
    return found


def _usual(measures: list[Measure]) -> Floats:
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


def _ramp(steps: list[_Step], measures: tuple[Measure, ...], evidence: Evidence, roster: Roster) -> Floats:
    """Log bookings lost at each week of tenure (0..103) by the fitted ramp of the conversions."""
    tenure = np.arange(104) + 0.5
    basis = np.column_stack([np.exp(-tenure / 8.0), np.exp(-tenure / 20.0)])
    loss = np.zeros(104)
    if np.isfinite(roster.hired_week).any():
        for step, measure in zip(steps, measures, strict=False):
            assert step.beta is not None
            loss += (1.0 - min(measure.peer_rate, 0.999)) * (basis @ step.beta[-2:])
    return loss


def log_ratio(rate: Floats | float, effect: Floats) -> Floats:
    """Log of the rate with the effect over the rate without, for a conversion."""
    base = logit(np.clip(rate, 1e-4, 1 - 1e-4))
    return np.asarray(np.log(expit(base + effect)) - np.log(expit(base)))
