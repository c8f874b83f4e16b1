"""Facts in, a `SignalReport` out: everybody active on the day gets a `Signal` or a `NotEvaluable`."""

from datetime import timedelta

import numpy as np

from headway.detection import sentences as say
from headway.detection.analysis import Analysis, colleague_share, first_name, known
from headway.detection.chances import SIZE, read_evidence
from headway.detection.estimate import Estimate, fit
from headway.detection.facts_port import FactsLike
from headway.detection.histories import histories, spread_tests
from headway.detection.index import chance_without, index_posterior
from headway.detection.moves import moves_in
from headway.detection.policy import DEFAULT, Policy
from headway.detection.roster import Roster, read_roster
from headway.detection.rules import Behind, Situation, Tiers, assign_tiers, choose_finding, refusal
from headway.detection.signal import (
    ComparisonGroup,
    Index,
    IndexPoint,
    MetricNotEvaluable,
    NotEvaluable,
    Signal,
    SignalReport,
    StageEvidence,
    Tier,
)
from headway.detection.stage_rows import RECENT_WEEKS, stage_rows, stage_table
from headway.detection.watch import meetings_per_week
from headway.detection.watch_results import warnings_of, watch_charts
from headway.detection.why_not import metric_reason, refusal_sentences
from headway.detection.wording import Told, all_sentences, clearing, short_reasons
from headway.stats.arrays import Flags, Floats

HISTORY_WEEKS = 26
# beyond this many people a change is dated to four weeks instead of two: half the time and memory
MANY = 2_000


def analyse(facts: FactsLike, *, policy: Policy = DEFAULT) -> Analysis:
    """Read and fit. Without any usable measure `estimate` and `posterior` are None."""
    roster = read_roster(facts, policy=policy)
    evidence = read_evidence(facts, roster)
    people = len(roster.ids)
    if people == 0 or not evidence.steps:
        return Analysis(roster, evidence, None, None, None, np.zeros(people), policy.ramp_weeks, policy)
    estimate = fit(evidence, roster)
    meetings = meetings_per_week(facts, roster)
    window = ramp_window(estimate)
    charts = watch_charts(roster, evidence, meetings, estimate)
    chances = sum((m.chances.sum(axis=1) for m in estimate.measures if m.kind == "conversion"), np.zeros(people))
    return Analysis(
        roster,
        evidence,
        estimate,
        index_posterior(estimate, roster, policy=policy, step=2 if people <= MANY else 4),
        stage_table(estimate, evidence.won),
        chances,
        window or policy.ramp_weeks,
        policy,
        facts.currency,
        window is not None,
        meetings,
        warnings_of(charts),
        charts,
        moves_in(facts, roster),
        _behind(roster, window or policy.ramp_weeks, policy),
    )


def _behind(roster: Roster, ramp_weeks: int, policy: Policy) -> Behind:
    held = roster.active & np.isfinite(roster.attainment) & (np.nan_to_num(roster.tenure_weeks, nan=1e6) >= ramp_weeks)
    return Behind(int((roster.attainment[held] < policy.quota_missed_below).sum()), int(held.sum()))


def ramp_window(estimate: Estimate) -> int | None:
    """Weeks until the fitted ramp costs less than 10 %, kept between three months and a year; None where no
    ramp shows."""
    late = np.flatnonzero(estimate.ramp < np.log(0.9))
    return None if late.size == 0 else int(np.clip(late[-1] + 1, 13, 52))


def signals(facts: FactsLike, *, policy: Policy = DEFAULT, history_weeks: int = HISTORY_WEEKS) -> SignalReport:
    """Signals of everybody active on `facts.as_of`.

    history_weeks: how far back the index is drawn (0: not at all; the costliest part with many people).
    """
    return report(facts, analyse(facts, policy=policy), history_weeks=history_weeks)


def report(facts: FactsLike, analysis: Analysis, *, history_weeks: int = 0) -> SignalReport:
    """The report of an analysis already made."""
    roster, policy = analysis.roster, analysis.policy
    codes = _refusals(analysis)
    evaluable = np.array([code is None for code in codes], dtype=bool) & roster.active
    ramping = _ramping(analysis)
    tiers = _tiers(analysis, evaluable, ramping)
    drawn = histories(analysis, history_weeks) if evaluable.any() else {}
    shares = _recent_shares(analysis)
    people: list[Signal | NotEvaluable] = []
    for person in np.flatnonzero(roster.active):
        code = codes[person]
        if code is not None:
            people.append(_refused(analysis, int(person), code))
        else:
            people.append(
                _signal(
                    analysis,
                    int(person),
                    tiers.tier[person],
                    bool(ramping[person]),
                    float(shares[person]),
                    drawn.get(int(person), ()),
                )
            )
    return SignalReport(
        facts.as_of,
        policy.version,
        tuple(people),
        tiers.support_share,
        tiers.formal_share,
        spread_tests(facts, analysis),
        tuple(MetricNotEvaluable(m.key, metric_reason(m.key, m.reason)) for m in analysis.evidence.not_evaluable),
    )


def _refusals(analysis: Analysis) -> list[str | None]:
    roster = analysis.roster
    evidence = analysis.evidence
    working = colleagues_at_work(analysis)
    steps = len(evidence.steps)
    return [
        refusal(
            owns=bool(evidence.owned[r] > 0),
            tenure_weeks=float(np.nan_to_num(roster.tenure_weeks[r], nan=1e6)),
            present_lately=float(roster.present[r, -13:].mean()),
            chances=float(analysis.chances[r]),
            conversions=steps,
            too_little=any(m.reason == "too_few" for m in evidence.not_evaluable),
            colleagues=int(working.sum() - working[r]),
            policy=analysis.policy,
        )
        for r in range(len(roster.ids))
    ]


def colleagues_at_work(analysis: Analysis) -> Flags:
    """Who can stand for what is usual: has chances; where no step can be fitted, has any lead or deal."""
    if analysis.estimate is None:
        return np.asarray(analysis.evidence.owned > 0)
    return np.asarray(np.isfinite(analysis.roster.first_week) & (analysis.chances > 0))


def _ramping(analysis: Analysis) -> Flags:
    tenure = analysis.roster.tenure_weeks
    return np.asarray(np.nan_to_num(tenure, nan=1e6) < analysis.ramp_weeks)


def _tiers(analysis: Analysis, evaluable: Flags, ramping: Flags) -> Tiers:
    if analysis.posterior is None or analysis.estimate is None:
        return Tiers(tuple([Tier.NOT_EVALUABLE] * len(evaluable)), None, None)
    p = analysis.posterior
    return assign_tiers(
        p_under=p.p_under,
        p_fine=p.p_fine,
        reliability=p.reliability,
        p_fall=p.p_fall,
        evaluable=evaluable,
        ramping=ramping,
        anyone_differs=bool((analysis.estimate.spreads > 0).any()),
        nameable=_nameable(analysis),
        warned=np.isin(np.arange(len(evaluable)), list(analysis.warnings)),
        policy=analysis.policy,
    )


def _nameable(analysis: Analysis) -> Flags:
    """Where nobody knows what was sold, deal size alone names nobody: the rest must point below fine too."""
    won, posterior, estimate = analysis.evidence.won, analysis.posterior, analysis.estimate
    assert posterior is not None
    assert estimate is not None
    if won is None or won.mix_known:
        return np.ones(len(analysis.roster.ids), dtype=bool)
    return chance_without(SIZE, analysis.policy.fine, posterior, estimate) >= 0.5


def _recent_shares(analysis: Analysis) -> Floats:
    """Bookings of the last half year over the median colleague's of the same segment; NaN unknown."""
    roster = analysis.roster
    recent = analysis.evidence.bookings[:, -RECENT_WEEKS:].sum(axis=1)
    share = np.full(len(recent), np.nan)
    for segment in np.unique(roster.segment):
        here = (roster.segment == segment) & roster.active & np.isfinite(roster.first_week)
        told = recent[here & np.isfinite(recent)]
        middle = float(np.median(told)) if told.size >= 5 else 0.0
        if middle > 0:
            share[here] = recent[here] / middle
    return share


def _refused(analysis: Analysis, person: int, code: str) -> NotEvaluable:
    roster, policy = analysis.roster, analysis.policy
    chances = int(analysis.chances[person])
    needed = {
        "too_few": max(1, policy.least_outcomes - chances),
        "no_comparison": policy.least_colleagues,
        "too_new": policy.least_tenure_weeks,
    }.get(code, 0)
    name = first_name(roster.names[person])
    weeks = int(max(0.0, np.nan_to_num(roster.tenure_weeks[person])))
    why, what = refusal_sentences(code, name, chances=chances, needed=needed, weeks=weeks)
    rows: tuple[StageEvidence, ...] = ()
    if analysis.estimate is not None and analysis.table is not None and analysis.posterior is not None:
        rows = stage_rows(person, analysis.table, analysis.estimate, analysis.posterior)
    return NotEvaluable(
        roster.ids[person],
        roster.as_of,
        code,
        why,
        what,
        rows,
        known(roster.attainment[person]),
        known(roster.potential[person]),
        name,
    )


def _signal(
    analysis: Analysis, person: int, tier: Tier, ramping: bool, share: float, history: tuple[IndexPoint, ...]
) -> Signal:
    p, roster, policy = analysis.posterior, analysis.roster, analysis.policy
    assert p is not None
    assert analysis.estimate is not None
    assert analysis.table is not None
    index = Index(*(float(a[person]) for a in (p.estimate, p.low, p.high, p.low50, p.high50)))
    attainment, potential = known(roster.attainment[person]), known(roster.potential[person])
    colleague = colleague_share(analysis, person, attainment)
    finding = choose_finding(
        Situation(
            tier,
            ramping,
            float(p.p_fall[person]),
            float(p.p_rise[person]),
            index.estimate,
            index.low,
            None if ramping else attainment,
            None if ramping else known(share),
            potential,
            person in analysis.warnings,
            analysis.behind.most(policy),
            colleague,
        ),
        policy,
    )
    p_change = float(max(p.p_fall[person], p.p_rise[person]))
    week, kind = _change(analysis, person)
    since = roster.day(week) if week >= 0 else None
    comparison = _comparison(analysis, person, ramping)
    rows = stage_rows(person, analysis.table, analysis.estimate, p)
    told = Told(person, finding, tier, index, comparison, rows, since, week, kind, attainment, potential, colleague)
    return Signal(
        roster.ids[person],
        roster.as_of,
        index,
        float(p.p_under[person]),
        float(p.p_fine[person]),
        float(p.reliability[person]),
        tier,
        finding,
        since,
        all_sentences(analysis, told),
        comparison,
        clearing(analysis, told),
        rows,
        history,
        attainment,
        potential,
        policy.version,
        kind,
        p_change,
        first_name(roster.names[person]),
        short_reasons(analysis, told),
        analysis.warnings[person].strength if person in analysis.warnings else 0.0,
        analysis.warnings[person].kind if person in analysis.warnings else None,
    )


def _change(analysis: Analysis, person: int) -> tuple[int, str | None]:
    """Week of a lasting change and what carries it, or what an early warning shows; (-1, None) for neither."""
    p = analysis.posterior
    assert p is not None
    if max(p.p_fall[person], p.p_rise[person]) >= analysis.policy.change_probability and p.change_week[person] >= 0:
        return int(p.change_week[person]), _carrier(analysis, person)
    warning = analysis.warnings.get(person)
    return (warning.week, warning.key) if warning else (-1, None)


def _carrier(analysis: Analysis, person: int) -> str | None:
    """The measure that carries most of a change in log bookings."""
    assert analysis.posterior is not None
    assert analysis.estimate is not None
    moved = analysis.posterior.fall[person] * analysis.estimate.slope
    return analysis.estimate.keys[int(np.abs(moved).argmax())] if np.abs(moved).max() > 0.02 else None


def _comparison(analysis: Analysis, person: int, ramping: bool) -> ComparisonGroup:
    roster, p = analysis.roster, analysis.posterior
    assert p is not None
    working = analysis.chances >= analysis.policy.least_outcomes
    same = working & (roster.segment == roster.segment[person])
    name = roster.segments[roster.segment[person]]
    own_segment = bool(name) and same.sum() > analysis.policy.least_colleagues and len(roster.segments) > 1
    # where few have enough chances to be judged themselves, all who have any still say together what is usual
    enough = working.sum() - working[person] >= analysis.policy.least_colleagues
    group = same if own_segment else working if enough else colleagues_at_work(analysis)
    cumulative = p.posterior.prior.cumsum()
    low, high = (float(np.exp(np.interp(q, cumulative, p.posterior.grid) - p.log_centre)) for q in (0.1, 0.9))
    return ComparisonGroup(
        say.group_label(name if own_segment else None, ramping=ramping),
        int(group.sum() - group[person]),
        low,
        high,
        roster.as_of - timedelta(days=7 * min(RECENT_WEEKS, roster.weeks) - 1),
        roster.as_of,
        analysis.evidence.adjusts,
    )


__all__ = ["Analysis", "analyse", "colleagues_at_work", "report", "signals"]
