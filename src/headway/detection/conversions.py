"""A conversion while it is fitted: exposure of open chances, case mix, evidence by week."""

import numpy as np
from scipy.special import expit

from headway.detection.evidence import Chances
from headway.detection.measure import KIND, SLOPE, Measure, dispersion_of, shared_by_week, sums, tenure_basis
from headway.detection.roster import Roster
from headway.stats.arrays import Floats
from headway.stats.incidence import SuccessDelay, success_delay
from headway.stats.logistic import fit_binomial


class Step:
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
        trials = sums(self.back, self.trials, self.rows.size)
        successes = sums(self.back, self.successes, self.rows.size)
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
        weekly = [sums(cell, value[ended], size).reshape(self.shape) for value in values]
        entry = c.rep * self.shape[1] + c.week
        for segment, delay in self.delays.items():
            here = self.open & (c.segment == segment)
            if not here.any():
                continue
            spread = _toeplitz(delay.density)
            for total, value in zip(weekly, values, strict=True):
                total += sums(entry[here], value[here], size).reshape(self.shape) @ spread
        observed = np.zeros(self.shape)
        done = c.lag >= 0
        np.add.at(observed, (c.rep[done], np.minimum(c.week + c.lag, self.shape[1] - 1)[done]), c.count[done])
        return observed, weekly[0], weekly[1], weekly[2], weekly[3]

    def usual_information(self, group: Floats) -> Floats:
        """(people,) information that ordinary results on these chances would give on the person's effect."""
        assert self.beta is not None
        c = self.chances
        rate = expit(self.design @ self.beta + group[c.rep])
        known = rate * np.maximum(1.0 - rate * (2.0 - self.exposure), 0.0)
        return sums(c.rep, c.count * self.exposure * known, self.shape[0])

    def dispersion(self, effect: Floats) -> float:
        """Pearson dispersion over people and quarters of entry, at least 1."""
        assert self.beta is not None
        c = self.chances
        rate = expit(self.design @ self.beta + effect[c.rep]) * self.exposure
        blocks = self.shape[1] // 13 + 1
        cell = c.rep * blocks + c.week // 13
        size = self.shape[0] * blocks
        expected = sums(cell, c.count * rate, size)
        variance = sums(cell, c.count * rate * (1 - rate), size)
        observed = sums(cell, self.successes, size)
        return dispersion_of(observed, expected, variance, self.shape[0])


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


def conversion(step: Step, effect: Floats) -> tuple[Measure, Floats, Floats]:
    step.fit(effect)
    observed, base, own, weight, chances = step.weekly(effect)
    dispersion = step.dispersion(effect)
    season = shared_by_week(observed, own, dispersion)
    precision = weight * season / dispersion
    information = (observed - own * season) / dispersion + precision * effect[:, None]
    rates = np.divide(base.sum(1), chances.sum(1), out=np.full(len(effect), np.nan), where=chances.sum(1) > 0)
    overall = float(base.sum() / max(chances.sum(), 1e-9))
    delay = max(delay.median for delay in step.delays.values())
    measure = Measure(
        step.chances.key, "conversion", observed, base * season, chances, precision, overall, rates, delay, dispersion
    )
    return measure, information, precision
