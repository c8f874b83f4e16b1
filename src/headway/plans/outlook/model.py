"""What the past of all colleagues says of how deals go: chances, waiting times, new leads, sizes, season.

Fitted once for a day and shared by all forecasts of it. Nothing here is about one plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.detection.analysis import Analysis
from headway.detection.measure import tenure_basis
from headway.plans.outlook.arrivals import Arrivals, fit_arrivals
from headway.plans.outlook.calendar import Calendar, fit_calendar, year_wave
from headway.plans.outlook.pipeline import Walks
from headway.stats.arrays import Flags, Floats, Ints
from headway.stats.competing_risks import Course, course
from headway.stats.logistic import fit_binomial

YEARS = 728
LEAST_WINS = 20
LEAST_PER_SEGMENT = 60
KIND, SLOPE = 1.0, 2.0
SIZES = 32
# the year's wave in a step's log odds has a prior sd of .15, and is told only from more than sixteen months
WAVE, LEAST_SEASON = 1.0 / 0.15**2, 500.0


@dataclass(frozen=True)
class Timing:
    """How long a step takes, per segment: (segments, days + 1) shares of the successes and losses that are in by the
    end of a day after entry, each rising to 1 (a loss that is never recorded: to less)."""

    success: Floats
    loss: Floats


@dataclass(frozen=True)
class Effects:
    """Log-odds by which people differ at each step, own leads and size (logs): mean and sd, (people, measures)."""

    keys: tuple[str, ...]
    mean: Floats
    sd: Floats

    def at(self, key: str) -> tuple[Floats, Floats]:
        """Mean and standard deviation of one measure; zero where it was not measured."""
        if key not in self.keys:
            return np.zeros(len(self.mean)), np.zeros(len(self.mean))
        place = self.keys.index(key)
        return self.mean[:, place], self.sd[:, place]


@dataclass(frozen=True)
class PipelineModel:
    """Everything a forecast needs. base: (walks, steps) log odds of each step without the person's effect and ramp;
    ramp: (steps, 2) what being new costs in log odds, by `tenure_basis`;
    wave: (steps, 2) the year's wave in each step's log odds (sine, cosine), wait: (steps, segments) mean days to pass;
    sizes: (segments, m) equally likely amounts of a win; size_factor: (people,) of the person's deals to the
    segment's; effects: as people sell today."""

    walks: Walks
    segment: Ints
    timing: tuple[Timing, ...]
    base: Floats
    ramp: Floats
    hired_week: Floats
    weeks: int
    wave: Floats
    wait: Floats
    effects: Effects
    arrivals: Arrivals
    calendar: Calendar
    sizes: Floats
    size_spread: Floats
    days: int
    median_cycle: Floats
    correction: Floats


class TooLittle(Exception):
    """The past holds too few wins to forecast from."""


def fit_model(analysis: Analysis, walks: Walks, *, days: int) -> PipelineModel:
    """Fit to the walks as of the analysis' day, for forecasts up to `days` days ahead.

    Raises:
        TooLittle: fewer than 20 wins, or a step that nobody has passed.
    """
    roster = analysis.roster
    if np.isfinite(walks.won).sum() < LEAST_WINS:
        raise TooLittle
    segment = roster.segment
    grid = YEARS + days
    long_run, today = _effects(analysis)
    timing, base = [], np.zeros((walks.rep.size, len(walks.keys)))
    ramp = np.zeros((len(walks.keys), 2))
    wave, wait = np.zeros((len(walks.keys), 2)), np.zeros((len(walks.keys), len(roster.segments)))
    for step, key in enumerate(walks.keys):
        found, share = _timing(walks, segment, step, grid)
        timing.append(found)
        wait[step] = (1.0 - found.success).sum(axis=1)
        fitted = _base(analysis, walks, step, found, share, wait[step], long_run.at(key)[0])
        base[:, step], ramp[step], wave[step] = fitted
    calendar = _calendar(roster.as_of, walks)
    sizes, spread = _sizes(walks, segment, len(roster.segments))
    return PipelineModel(
        walks,
        segment,
        tuple(timing),
        base,
        ramp,
        roster.hired_week,
        roster.weeks,
        wave,
        wait,
        today,
        fit_arrivals(roster, walks),
        calendar,
        sizes,
        spread,
        days,
        _cycles(walks, segment, len(roster.segments)),
        np.ones((len(walks.rungs), len(roster.segments))),
    )


def _effects(analysis: Analysis) -> tuple[Effects, Effects]:
    """People's effects over all the time (to fit the rest beside) and as of today (to forecast from)."""
    people = len(analysis.roster.ids)
    estimate, posterior = analysis.estimate, analysis.posterior
    if estimate is None or posterior is None:
        none = Effects((), np.zeros((people, 0)), np.zeros((people, 0)))
        return none, none
    long_run = Effects(estimate.keys, estimate.group + estimate.effect, np.zeros_like(estimate.effect))
    return long_run, Effects(estimate.keys, estimate.group + posterior.effect, posterior.effect_sd)


def _timing(walks: Walks, segment: Ints, step: int, grid: int) -> tuple[Timing, Floats]:
    """Waiting times of a step by segment, and the share that passes it."""
    entered, passed = walks.reached[:, step], walks.reached[:, step + 1]
    used = np.isfinite(entered) & (entered >= -YEARS)
    if not np.isfinite(passed[used]).sum() >= 5:
        raise TooLittle
    everybody = _course(entered[used], passed[used], walks.lost[used], grid, walks.since)
    success, loss, share = [], [], []
    for code in range(int(segment.max(initial=0)) + 1):
        here = used & (segment[walks.rep] == code)
        enough = np.isfinite(passed[here]).sum() >= LEAST_PER_SEGMENT
        found = _course(entered[here], passed[here], walks.lost[here], grid, walks.since) if enough else everybody
        eventual = min(found.eventual, 0.995)
        share.append(eventual)
        success.append(found.success / max(found.eventual, 1e-9))
        loss.append(np.minimum(found.loss / (1.0 - eventual), 1.0))
    lead = np.zeros((len(success), 1))
    return Timing(np.hstack([lead, success]), np.hstack([lead, loss])), np.array(share)


def _course(entered: Floats, passed: Floats, lost: Floats, grid: int, since: float) -> Course:
    def periods(day: Floats) -> Ints:
        return np.where(np.isfinite(day), np.floor(np.nan_to_num(day) - entered), -1).astype(np.int64)

    gone = np.where(np.isfinite(passed), np.nan, lost)
    return course(
        np.where(np.isfinite(passed), np.maximum(periods(passed), 0), -1),
        np.where(np.isfinite(gone), np.maximum(periods(gone), 0), -1),
        np.floor(-entered).astype(np.int64),
        periods=grid,
        seen_from=np.maximum(np.ceil(max(since, -2.0 * YEARS) - entered), 0.0).astype(np.int64),
    )


def _on_record(walks: Walks, began: Floats, passed: Floats) -> Flags:
    """Walks that began since ends are on record: of earlier ones only those that lasted are known. All of them, where
    that leaves too little."""
    here = np.isfinite(began) & (began >= -YEARS)
    later = here & (began >= walks.since)
    return later if np.isfinite(passed[later]).sum() >= LEAST_PER_SEGMENT else here


def _base(
    analysis: Analysis,
    walks: Walks,
    step: int,
    timing: Timing,
    share: Floats,
    wait: Floats,
    effect: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Log odds of a step for every walk without the person's effect and ramp; the ramp's parts; the year's wave."""
    roster = analysis.roster
    entered, passed = walks.reached[:, step], walks.reached[:, step + 1]
    used = _on_record(walks, entered, passed)
    over = np.isfinite(passed) | np.isfinite(walks.lost)
    trials = np.where(over, 1.0, 0.0)
    still = used & ~over
    segment = roster.segment[walks.rep]
    trials[still] = _used_up(timing, share, segment[still], -entered[still])
    entry = np.where(np.isfinite(entered), entered, 0.0)
    design, penalty = _design(analysis, walks, entry)
    seasons = bool(used.any()) and float(entry[used].min()) < -LEAST_SEASON
    wave = year_wave(np.round((entry + wait[segment]) / 28.0) * 28.0) * seasons
    rows, back = _same(np.hstack([design[used], wave[used, :1] + 10.0 * wave[used, 1:]]), walks.rep[used])
    tries = np.bincount(back, trials[used], rows.size).astype(np.float64)
    done = np.bincount(back, np.isfinite(passed[used]).astype(float), rows.size)
    kept = tries > 0
    pick = np.flatnonzero(used)[rows[kept]]
    fitted = fit_binomial(
        np.hstack([design[pick], wave[pick]]),
        successes=np.minimum(done[kept], tries[kept]),
        trials=tries[kept],
        offset=effect[walks.rep[pick]],
        penalty=np.append(penalty, [WAVE, WAVE]),
    ).coefficients
    ramped = np.isfinite(roster.hired_week).any()
    plain = design[:, :-2] @ fitted[:-4] if ramped else design @ fitted[:-2]
    return np.asarray(plain), np.asarray(fitted[-4:-2] if ramped else np.zeros(2)), np.asarray(fitted[-2:])


def _calendar(as_of: date, walks: Walks) -> Calendar:
    """The pace of closing, from the last step of all deals."""
    entered, won = walks.reached[:, -2], walks.won
    ended = np.where(np.isfinite(won), won, np.where(np.isfinite(walks.lost), walks.lost, 0.0))
    known = np.isfinite(entered)
    usual = _course(entered[known], won[known], walks.lost[known], YEARS, walks.since)
    still = np.concatenate([[1.0], 1.0 - usual.success - usual.loss])[:-1]
    hazard = np.diff(usual.success, prepend=0.0) / np.maximum(still, 1e-6)
    return fit_calendar(as_of, entered, won, ended, np.where(still > 0.01, hazard, 0.0), since=walks.since)


def _used_up(timing: Timing, share: Floats, segment: Ints, age: Floats) -> Floats:
    """Share of its prospects that an open item has lost by its age."""
    place = np.minimum(age.astype(np.int64), timing.success.shape[1] - 1)
    pi, in_time, lost = share[segment], timing.success[segment, place], timing.loss[segment, place]
    open_still = np.maximum(1.0 - pi * in_time - (1.0 - pi) * lost, 1e-9)
    return np.asarray(np.clip(1.0 - (1.0 - in_time) / open_still, 0.0, 1.0))


def _same(design: Floats, rep: Ints) -> tuple[Ints, Ints]:
    """Rows with the same person and covariates, once: their places, and which of them each row is."""
    code = rep.astype(np.int64)
    for column in design.T:
        _levels, level = np.unique(column, return_inverse=True)
        code = code * (int(level.max(initial=0)) + 1) + level
        _seen, code = np.unique(code, return_inverse=True)
    _seen, first, back = np.unique(code, return_index=True, return_inverse=True)
    return first, back


def _design(analysis: Analysis, walks: Walks, when: Floats) -> tuple[Floats, Floats]:
    roster = analysis.roster
    segment = roster.segment[walks.rep]
    parts, penalty = [np.ones((walks.rep.size, 1))], [1e-4]
    for codes in (segment, walks.source):
        kinds = np.unique(codes)[:12]
        if kinds.size > 1:
            parts.append((codes[:, None] == kinds).astype(float))
            penalty.extend([KIND] * kinds.size)
    scored = np.isfinite(walks.score)
    if scored.sum() >= 50 and np.ptp(walks.score[scored]) > 0:
        score = np.where(scored, (walks.score - walks.score[scored].mean()) / walks.score[scored].std(), 0.0)
        score = np.round(np.clip(score, -2.5, 2.5) * 2.0) / 2.0
        parts.append(np.column_stack([score, score**2 - 1.0, ~scored]))
        penalty.extend([SLOPE, 4.0 * SLOPE, KIND])
    if np.isfinite(roster.hired_week).any():
        week = np.floor((when / 7.0 + roster.weeks) / 8.0) * 8.0 + 4.0
        parts.append(tenure_basis(roster, walks.rep, week.astype(np.int64)))
        penalty.extend([SLOPE, SLOPE])
    return np.hstack(parts), np.array(penalty)


def _sizes(walks: Walks, segment: Ints, segments: int) -> tuple[Floats, Floats]:
    """Equally likely amounts of a win by segment (their mean is kept), and their standard deviation over mean."""
    known = np.isfinite(walks.won) & np.isfinite(walks.amount) & (walks.won >= -YEARS)
    everybody = walks.amount[known] if known.any() else np.ones(1)
    rows, spread = [], []
    for code in range(max(segments, 1)):
        mine = walks.amount[known & (segment[walks.rep] == code)]
        mine = np.sort(mine if mine.size >= SIZES else everybody)
        rows.append([float(part.mean()) for part in np.array_split(np.repeat(mine, SIZES), SIZES)])
        spread.append(float(mine.std() / mine.mean()))
    return np.array(rows), np.array(spread)


def _cycles(walks: Walks, segment: Ints, segments: int) -> Floats:
    """Median days from a deal's creation to its win, by segment; NaN without wins."""
    first = 1 if walks.leads else 0
    days = walks.won - walks.reached[:, first]
    known = _on_record(walks, walks.reached[:, first], walks.won) & np.isfinite(walks.won)
    found = [days[known & (segment[walks.rep] == code)] for code in range(max(segments, 1))]
    return np.array([float(np.median(d)) if d.size else np.nan for d in found])
