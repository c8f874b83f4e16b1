"""The rows of the funnel: what happened in the last half year against what colleagues would have made of it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit, gammaincinv, logit, ndtr

from headway.detection.estimate import Estimate, log_ratio
from headway.detection.evidence import WonDeals
from headway.detection.index import IndexPosterior
from headway.detection.measure import Measure
from headway.detection.signal import StageEvidence
from headway.stats.arrays import Floats

RECENT_WEEKS = 26


@dataclass(frozen=True)
class StageTable:
    """Arrays (people, measures) for the recent weeks: chances, observed, expected by colleagues' rates."""

    chances: Floats
    observed: Floats
    expected: Floats
    peer_rate: Floats
    rate: Floats


def stage_table(estimate: Estimate, won: WonDeals | None, *, weeks: int = RECENT_WEEKS) -> StageTable:
    """Sums over the last `weeks` weeks; colleagues' rates are those for the same case mix and group."""
    columns, amounts = [], _mean_amounts(won, estimate, weeks)
    for j, m in enumerate(estimate.measures):
        chances, observed, base = (a[:, -weeks:].sum(axis=1) for a in (m.chances, m.observed, m.expected))
        group = estimate.group[:, j]
        if m.kind == "conversion":
            rate = np.divide(base, chances, out=np.full(base.size, m.peer_rate), where=chances > 1e-9)
            rate = np.clip(rate, 1e-4, 1 - 1e-4)
            expected = base * np.exp(log_ratio(rate, group))
        elif m.kind == "effort":
            expected = base * np.exp(group)
        else:
            expected = base + chances * group
        columns.append((chances, observed, expected, *_rates(m, chances, observed, expected, amounts)))
    return StageTable(*(np.column_stack(part) for part in zip(*columns, strict=True)))


def _mean_amounts(won: WonDeals | None, estimate: Estimate, weeks: int) -> Floats:
    """(people,) average amount of the deals won in the last weeks, as anybody adds them up; NaN without any."""
    people, total = estimate.measures[0].chances.shape
    if won is None:
        return np.full(people, np.nan)
    here = won.week >= total - weeks
    deals = np.bincount(won.rep[here], minlength=people)
    money = np.bincount(won.rep[here], np.exp(won.log_amount[here]), people)
    return np.asarray(np.divide(money, deals, out=np.full(people, np.nan), where=deals > 0))


def _rates(m: Measure, chances: Floats, observed: Floats, expected: Floats, amounts: Floats) -> tuple[Floats, Floats]:
    """Colleagues' rate and the person's. Of deal size: the average amount won, and what a comparable colleague would
    have got for the same deals (their logarithms are compared, so that a single large one does not decide)."""
    safe = np.maximum(chances, 1e-9)
    if m.kind == "size":
        peer = np.where(chances > 0, amounts * np.exp((expected - observed) / safe), m.peer_rate)
        return peer, np.where(chances > 0, amounts, np.nan)
    peer = np.where(chances > 1e-9, expected / safe, m.peer_rate)
    return peer, np.where(chances > 1e-9, observed / safe, np.nan)


def stage_rows(
    person: int, table: StageTable, estimate: Estimate, posterior: IndexPosterior
) -> tuple[StageEvidence, ...]:
    """Rows of one person; a measure without any chance is left out."""
    rows = []
    for j, m in enumerate(estimate.measures):
        chances, observed = float(table.chances[person, j]), float(table.observed[person, j])
        if chances < 0.5:
            continue
        peer, rate = float(table.peer_rate[person, j]), float(table.rate[person, j])
        low, low50, high50, high = _interval(m, chances, observed, rate)
        spread = float(np.sqrt(max(estimate.spreads[j], 0.0)))
        peer_low, peer_high = _peer_band(m, peer, spread)
        expected = float(table.expected[person, j])
        if m.kind == "size":
            observed, expected = rate * chances, peer * chances
        rows.append(
            StageEvidence(
                m.key,
                round(chances),
                observed,
                expected,
                rate,
                peer,
                peer_low,
                peer_high,
                low,
                high,
                low50,
                high50,
                _finding(float(posterior.effect[person, j]), float(posterior.effect_sd[person, j]), spread),
            )
        )
    return tuple(rows)


def _interval(m: Measure, chances: float, observed: float, rate: float) -> tuple[float, float, float, float]:
    """5, 25, 75 and 95 % points of the rate as these chances alone show it (Jeffreys)."""
    levels = np.array([0.05, 0.25, 0.75, 0.95])
    if m.kind == "conversion":
        chances = max(chances, observed) / m.dispersion
        observed = min(observed / m.dispersion, chances)
        points = betaincinv(observed + 0.5, chances - observed + 0.5, levels)
    elif m.kind == "effort":
        points = gammaincinv(observed / m.dispersion + 0.5, levels) * m.dispersion / chances
    else:
        z = np.array([-1.645, -0.674, 0.674, 1.645])
        points = rate * np.exp(z * np.sqrt(m.dispersion / chances))
    low, low50, high50, high = (float(p) for p in points)
    return min(low, rate), min(low50, rate), max(high50, rate), max(high, rate)


def _peer_band(m: Measure, peer: float, spread: float) -> tuple[float, float]:
    """Where the middle 80 % of colleagues lie, true differences only."""
    if m.kind == "conversion":
        centre = logit(np.clip(peer, 1e-4, 1 - 1e-4))
        return float(expit(centre - 1.2816 * spread)), float(expit(centre + 1.2816 * spread))
    return peer * float(np.exp(-1.2816 * spread)), peer * float(np.exp(1.2816 * spread))


def _finding(effect: float, sd: float, spread: float) -> str:
    below = float(ndtr(-effect / max(sd, 1e-6)))
    if spread > 0 and below >= 0.9:
        return "below"
    if spread > 0 and below <= 0.1:
        return "above"
    return "as_expected" if abs(effect) + sd < 0.25 else "cannot_tell"
