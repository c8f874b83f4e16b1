"""Did somebody really get better since a day? Luck, return to the mean, season and what the whole team did taken out.

The evidence is that of detection: what comparable colleagues would have made of the same leads and deals, week by
week, with what everybody shares in a week taken out. All of it up to the day says what was to be expected of the
person, a change in that time allowed for and pulled toward colleagues: the weeks that led to the plan (the selection
window) are never the level that the time after is compared with, only evidence on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from headway.detection.analysis import Analysis, first_name
from headway.detection.engine import analyse, colleagues_at_work
from headway.detection.estimate import Estimate, log_ratio
from headway.detection.facts_port import FactsLike
from headway.detection.index import CHANGES_PER_WEEK, candidate_weeks, change_covariances, gradient, log_index
from headway.detection.measure import Measure
from headway.outcomes import rules
from headway.outcomes.judged import NotEvaluable, StageChange, Verdict
from headway.outcomes.sentences import refused, verdict_sentences
from headway.stats.arrays import Floats
from headway.stats.change_point import ChangePosterior, change_posterior
from headway.stats.interrupted_series import StepChange, step_change
from headway.stats.real_change import RealChange, real_change

SELECTION_WEEKS = 26
STEP = 2
PRIORS = {"prior_gain": rules.PRIOR_GAIN, "prior_loss": rules.PRIOR_LOSS}


@dataclass(frozen=True)
class _Spans:
    """Week numbers: the time judged is [begin, weeks); the weeks from `selection` to `begin` led to it."""

    selection: int
    begin: int
    weeks: int


def verdict_of(facts: FactsLike, person_id: str, *, start: date, as_of: date) -> Verdict | NotEvaluable:
    """The verdict on the time from `start` to `as_of`, or why there is none.

    facts must be those known on `as_of`. Raises ValueError where they are not, or `start` is not before it.
    """
    if facts.as_of != as_of or start > as_of:
        raise ValueError("the facts must be those of the day, and the start must lie before it")
    return judge(analyse(facts), person_id, start=start)


def judge(analysis: Analysis, person_id: str, *, start: date) -> Verdict | NotEvaluable:
    """The verdict from an analysis already made; `start` is the first day that counts."""
    person = analysis.roster.position.get(person_id)
    if person is None:
        return refused(person_id, "", start, analysis.roster.as_of, "unknown")
    return judge_at(analysis, person, start=start, until=analysis.roster.weeks)


def judge_all(analysis: Analysis, asked: Iterable[tuple[str, date]]) -> list[Verdict | NotEvaluable]:
    """The verdicts on many people, each from a first day of its own, in the order asked.

    What was to be expected of everybody at a start is reckoned once for all who start in the same week.
    """
    levels: dict[int, ChangePosterior] = {}
    found = []
    for person_id, start in asked:
        person, begin = analysis.roster.position.get(person_id), begin_of(analysis, start)
        if person is None or analysis.estimate is None or begin < rules.LEAST_WEEKS_BEFORE:
            found.append(judge(analysis, person_id, start=start))
            continue
        if begin not in levels:
            levels[begin] = levels_at(analysis, begin)
        until = analysis.roster.weeks
        found.append(judge_at(analysis, person, start=start, until=until, levels=levels[begin]))
    return found


def judge_at(
    analysis: Analysis, person: int, *, start: date, until: int, levels: ChangePosterior | None = None
) -> Verdict | NotEvaluable:
    """The verdict on one row of the roster as the weeks before `until` show it (all of them: `roster.weeks`).

    levels: `levels_at` the week in which `start` lies, where the caller has them already.
    """
    roster = analysis.roster
    name = first_name(roster.names[person])
    begin = begin_of(analysis, start)
    spans = _Spans(max(0, begin - SELECTION_WEEKS), begin, until)
    code = _refusal(analysis, person, spans)
    if code is not None:
        return refused(roster.ids[person], name, start, roster.as_of, code)
    return _verdict(analysis, person, start, spans, levels or levels_at(analysis, begin))


def begin_of(analysis: Analysis, start: date) -> int:
    """Number of the first whole week after `start`; a week that it cuts belongs to the time before."""
    return analysis.roster.weeks - ((analysis.roster.as_of - start).days + 1) // 7


def _refusal(analysis: Analysis, person: int, spans: _Spans) -> str | None:
    estimate, working = analysis.estimate, colleagues_at_work(analysis)
    colleagues = int(working.sum() - working[person])
    if estimate is None:
        return "no_comparison" if colleagues < analysis.policy.least_colleagues else "no_conversion"
    chances = sum(m.chances[person] for m in estimate.measures if m.kind == "conversion")
    before, after = float(np.sum(chances[: spans.begin])), float(np.sum(chances[spans.begin : spans.weeks]))
    return rules.refusal(
        weeks=spans.weeks - spans.begin,
        weeks_before=spans.begin,
        chances_before=before,
        chances_after=after,
        colleagues=colleagues,
        policy=analysis.policy,
    )


def levels_at(analysis: Analysis, begin: int) -> ChangePosterior:
    """What was to be expected of everybody at `begin`, from all evidence before it."""
    estimate, roster = analysis.estimate, analysis.roster
    assert estimate is not None
    candidates = candidate_weeks(begin, STEP)
    started = np.where(np.isnan(roster.first_week), 0.0, roster.first_week)
    return change_posterior(
        estimate.information[:, :begin],
        estimate.weekly_precision[:, :begin],
        candidates=candidates,
        sigma=estimate.sigma,
        change=change_covariances(estimate.sigma),
        prior_change=np.where(candidates[None, :] >= started[:, None] + 8, CHANGES_PER_WEEK * STEP, 0.0),
    )


def _team_change(analysis: Analysis, levels: ChangePosterior, spans: _Spans, person: int) -> Floats:
    """(k,) how far colleagues who were not behind at the start have moved since: what is not this person's own.

    The season of the engine takes out what all share in a week; where several of the flagged recover together, part
    of it would be theirs. Colleagues who were fine are the comparison instead.
    """
    estimate = analysis.estimate
    assert estimate is not None
    expected = np.einsum("rc,rcj->rj", levels.weight, levels.mean)
    index = log_index(expected, estimate)
    started = np.where(np.isnan(analysis.roster.first_week), 0.0, analysis.roster.first_week)
    there = analysis.roster.active & (started < spans.begin - 8)
    fine = there & (index > np.median(index[there]) - 0.1) if there.any() else there
    fine[person] = False
    if fine.sum() < analysis.policy.least_colleagues:
        return np.zeros(expected.shape[1])
    p = estimate.weekly_precision[fine, spans.begin : spans.weeks].sum(axis=1)
    b = estimate.information[fine, spans.begin : spans.weeks].sum(axis=1)
    # pulled toward no change, as if one more colleague had shown exactly that
    return np.asarray((b - p * expected[fine]).sum(axis=0) / (p.sum(axis=0) + p.mean(axis=0) + 1e-9))


def _directions(estimate: Estimate) -> tuple[Floats, Floats]:
    """Usual ways of getting better: everything at once, as far as people differ, or one measure alone."""
    k = len(estimate.sigma)
    together = np.sqrt(np.diag(estimate.sigma))[None, :]
    if k == 1:
        return together, np.ones(1)
    return np.concatenate([together, 0.4 * np.eye(k)]), np.array([0.6, *([0.4 / k] * k)])


def _verdict(analysis: Analysis, person: int, start: date, spans: _Spans, levels: ChangePosterior) -> Verdict:
    estimate, roster = analysis.estimate, analysis.roster
    assert estimate is not None
    team = _team_change(analysis, levels, spans, person)
    p = estimate.weekly_precision[person, spans.begin : spans.weeks].sum(axis=0)
    b = estimate.information[person, spans.begin : spans.weeks].sum(axis=0) - p * team
    expected = levels.weight[person] @ levels.mean[person]
    directions, shares = _directions(estimate)
    slope = gradient(expected[None, :], estimate)[0]
    change = real_change(
        levels.weight[person], levels.mean[person], levels.covariance[person],
        b=b, p=p, directions=directions, shares=shares, slope=slope,
    )  # fmt: skip
    seen = _seen(estimate, person, spans, expected, team)
    gain, low, high = _gain(change)
    weeks = spans.weeks - spans.begin
    series = _series(estimate, person, spans)
    found = Verdict(
        person_id=roster.ids[person],
        first_name=first_name(roster.names[person]),
        start=start,
        as_of=roster.as_of,
        weeks=weeks,
        improved_probability=change.probability(**PRIORS),
        expected_from_luck=seen.expected / seen.before - 1.0,
        verdict=rules.answer(
            p_value=change.p_value,
            weeks=weeks,
            p_worth_having=change.above(float(np.log1p(rules.WORTH_HAVING)), **PRIORS),
        ),
        steps_before=seen.steps_before,
        usual_before=seen.steps_before / seen.before,
        steps_after=seen.steps_after,
        usual_after=seen.steps_after / seen.after if seen.after > 0 else seen.usual_after,
        before=seen.before,
        after=seen.after,
        expected=seen.expected,
        observed_change=seen.after / seen.before - 1.0,
        gain=gain,
        gain_low=low,
        gain_high=high,
        carried_by=estimate.keys[int((slope * (b - p * expected) / (p + 6.0)).argmax())],
        p_value=change.p_value,
        look_level=rules.look_level(weeks),
        colleagues=int((roster.active & (analysis.chances > 0)).sum()) - 1,
        selection_start=roster.day(spans.selection),
        series_ratio=series.ratio if series else None,
        series_low=series.low if series else None,
        series_high=series.high if series else None,
        stages=_stages(estimate, person, spans, team),
        sentences=(),
    )
    return replace(found, sentences=verdict_sentences(found))


def _gain(change: RealChange) -> tuple[float, float, float]:
    """Best estimate of the real change and nine in ten, as shares."""
    points = (change.mean(**PRIORS), change.quantile(0.05, **PRIORS), change.quantile(0.95, **PRIORS))
    best, low, high = (float(np.expm1(point)) for point in points)
    return best, min(low, best), max(high, best)


@dataclass(frozen=True)
class _Seen:
    """Steps forward that happened, and their ratio to what colleagues would have made of the same."""

    steps_before: float
    before: float
    steps_after: float
    after: float
    usual_after: float
    expected: float


def _seen(estimate: Estimate, person: int, spans: _Spans, expected: Floats, team: Floats) -> _Seen:
    """All steps that leads and deals made, in the weeks that led to the start and since; half a step is added on
    both sides, so that nobody starts from nothing. `expected`: the ratio to expect since, without a real change."""
    sums = np.full((2, 2), 0.5)
    as_expected = 0.5
    for j, m in enumerate(estimate.measures):
        if m.kind != "conversion":
            continue
        for span, (first, last) in enumerate(((spans.selection, spans.begin), (spans.begin, spans.weeks))):
            base, chances = float(m.expected[person, first:last].sum()), float(m.chances[person, first:last].sum())
            if chances <= 1e-9:
                continue
            rate = np.clip(base / chances, 1e-4, 1 - 1e-4)
            usual = estimate.group[person, j] + (team[j] if span else 0.0)
            sums[span] += float(m.observed[person, first:last].sum()), base * float(np.exp(log_ratio(rate, usual)))
            if span:
                as_expected += base * float(np.exp(log_ratio(rate, usual + expected[j])))
    before, after = sums[0, 0] / sums[0, 1], sums[1, 0] / sums[1, 1]
    return _Seen(sums[0, 0] - 0.5, before, sums[1, 0] - 0.5, after, sums[1, 1], as_expected / sums[1, 1])


def _series(estimate: Estimate, person: int, spans: _Spans) -> StepChange | None:
    """A second look with nothing modelled about the person: steps that went on against steps expected, in blocks of
    four weeks, the weeks that led to the start left out."""
    steps = [m for m in estimate.measures if m.kind == "conversion"]
    observed = np.sum([m.observed[person] for m in steps], axis=0)
    usual = np.sum([m.expected[person] for m in steps], axis=0)
    used = np.concatenate([np.arange(spans.selection), np.arange(spans.begin, spans.weeks)])
    block = np.where(used < spans.begin, used // 4, 1000 + (used - spans.begin) // 4)
    names, where = np.unique(block, return_inverse=True)
    counts = np.asarray(np.bincount(where, observed[used]), dtype=np.float64)
    exposure = np.asarray(np.bincount(where, usual[used]), dtype=np.float64)
    kept = exposure > 0.5
    after = names[kept] >= 1000
    if counts[kept][after].sum() < 5 or counts[kept][~after].sum() < 5 or kept.sum() < 4:
        return None
    found = step_change(counts[kept], exposure=exposure[kept], after=after, trend=False, z=1.644854)
    return found if np.isfinite([found.low, found.high]).all() else None


def _stages(estimate: Estimate, person: int, spans: _Spans, team: Floats) -> tuple[StageChange, ...]:
    return tuple(
        StageChange(
            m.key,
            *_span(m, person, spans.selection, spans.begin),
            *_span(m, person, spans.begin, spans.weeks),
            m.peer_rate,
            float(np.expm1(team[j])),
        )
        for j, m in enumerate(estimate.measures)
    )


def _span(m: Measure, person: int, first: int, last: int) -> tuple[float, float | None]:
    chances, observed = float(m.chances[person, first:last].sum()), float(m.observed[person, first:last].sum())
    if chances < 0.5:
        return chances, None
    rate = observed / chances
    return chances, float(np.exp(rate + 0.5 * m.dispersion)) if m.kind == "size" else rate
