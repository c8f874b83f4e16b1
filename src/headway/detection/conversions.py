"""A conversion while it is fitted: exposure of open chances, case mix, evidence by week."""

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from headway.detection.case_mix import CaseMix
from headway.detection.evidence import Chances
from headway.detection.measure import Measure, dispersion_of, shared_by_week, sums
from headway.detection.roster import Roster
from headway.stats.arrays import Floats, Ints
from headway.stats.incidence import SuccessDelay, success_delay
from headway.stats.logistic import Blocks, blocks, fit_binomial


class Step:
    """A conversion being fitted: case mix, delay and Toeplitz bookkeeping (private, mutable)."""

    def __init__(self, chances: Chances, roster: Roster) -> None:
        self.chances, self.roster = chances, roster
        self.shape = (len(roster.ids), roster.weeks)
        self.delays = self._delays()
        self.open = (chances.lag < 0) & (chances.lost < 0)
        self.exposure = np.ones(chances.week.size)
        age = roster.weeks - 1 - chances.week
        for segment in self.delays:
            here = self.open & (chances.segment == segment)
            self.exposure[here] = self._used_up(segment)[age[here]]
        self.mix = CaseMix(chances, roster)
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
        code = c.rep.astype(np.int64)
        # tenure enters the design in steps of four weeks
        for part in (c.segment, c.source, c.product, c.level, c.week // 4):
            code *= int(part.max(initial=0)) + 1
            code += part
        _, rows, back = np.unique(code, return_index=True, return_inverse=True)
        self.rows, self.back = rows.astype(np.int32), back.astype(np.int32)

    def fit(self, effect: Floats) -> None:
        c = self.chances
        trials = sums(self.back, c.count * self.exposure, self.rows.size)
        successes = sums(self.back, np.where(c.lag >= 0, c.count, 0.0), self.rows.size)
        kept = trials > 0
        rows = self.rows[kept]
        self.beta = fit_binomial(
            Blocks(rows.size, self.mix.penalty.size, lambda part: self.mix.rows(rows[part])),
            successes=np.minimum(successes[kept], trials[kept]),
            trials=trials[kept],
            offset=effect[c.rep[rows]],
            penalty=self.mix.penalty,
            start=self.beta,
            # the passes refine it further
            tolerance=1e-3,
        ).coefficients

    def weekly(self, effect: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Observed, expected without and with the effect, precision, chances: each (people, weeks)."""
        c, weeks = self.chances, self.shape[1]
        found, waiting = np.zeros((5, *self.shape)), {s: np.zeros((4, *self.shape)) for s in self.delays}
        for rows in blocks(c.week.size):
            rep, week, closed = c.rep[rows], c.week[rows], ~self.open[rows]
            done = c.lag[rows] >= 0
            end = np.minimum(np.where(done, c.lag[rows], c.lost[rows]) + week, weeks - 1)
            found[0] += self._by_week(rep[done], end[done], c.count[rows][done])
            for place, value in enumerate(self._values(rows, effect)):
                found[place + 1] += self._by_week(rep[closed], end[closed], value[closed])
                for segment, total in waiting.items():
                    here = ~closed & (c.segment[rows] == segment)
                    total[place] += self._by_week(rep[here], week[here], value[here])
        for segment, delay in self.delays.items():
            found[1:] += waiting[segment] @ _toeplitz(delay.density)
        return found[0], found[1], found[2], found[3], found[4]

    def _values(self, rows: slice, effect: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Per chance: expected successes without and with the effect, information, exposure."""
        eta = self._eta(rows)
        base, own = expit(eta), expit(eta + effect[self.chances.rep[rows]])
        used = self.chances.count[rows] * self.exposure[rows]
        # what an open chance can still become is doubt, not evidence
        known = own * np.maximum(1.0 - own * (2.0 - self.exposure[rows]), 0.0)
        return base * used, own * used, known * used, used

    def _eta(self, rows: slice) -> Floats:
        assert self.beta is not None
        return np.asarray(self.mix.rows(rows) @ self.beta)

    def _by_week(self, rep: Ints, week: Ints, value: Floats) -> Floats:
        cell = rep.astype(np.int64) * self.shape[1] + week
        return sums(cell, value, self.shape[0] * self.shape[1]).reshape(self.shape)

    def usual_information(self, group: Floats) -> Floats:
        """(people,) information that ordinary results on these chances would give on the person's effect."""

        def known(rows: slice) -> tuple[Floats]:
            return (self._values(rows, group)[2],)

        return self._summed(lambda rows: self.chances.rep[rows], known, self.shape[0])[0]

    def dispersion(self, effect: Floats) -> float:
        """Pearson dispersion over people and quarters of entry, at least 1."""
        c = self.chances
        quarters = self.shape[1] // 13 + 1

        def moments(rows: slice) -> tuple[Floats, Floats, Floats]:
            rate = expit(self._eta(rows) + effect[c.rep[rows]]) * self.exposure[rows]
            mean = c.count[rows] * rate
            return np.where(c.lag[rows] >= 0, c.count[rows], 0.0), mean, mean * (1 - rate)

        def quarter(rows: slice) -> Ints:
            return np.asarray(c.rep[rows].astype(np.int64) * quarters + c.week[rows] // 13)

        observed, expected, variance = self._summed(quarter, moments, self.shape[0] * quarters)
        return dispersion_of(observed, expected, variance, self.shape[0])

    def _summed(
        self, cell: Callable[[slice], Ints], values: Callable[[slice], tuple[Floats, ...]], size: int
    ) -> list[Floats]:
        """Sums of values over cells, a block of chances at a time."""
        parts = [[sums(cell(rows), value, size) for value in values(rows)] for rows in blocks(self.chances.week.size)]
        return [np.asarray(sum(column)) for column in zip(*parts, strict=True)]


def _toeplitz(density: Floats) -> Floats:
    """(entry week, week): when the evidence of a chance still open arrived; rows sum to 1."""
    weeks = density.size
    lag = np.arange(weeks)[None, :] - np.arange(weeks)[:, None]
    spread = np.where(lag >= 0, density[np.maximum(lag, 0)], 0.0)
    total = spread.sum(axis=1, keepdims=True)
    last = np.where(np.arange(weeks) == weeks - 1, 1.0, 0.0)
    return np.where(total > 1e-9, spread / np.maximum(total, 1e-9), last)


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
