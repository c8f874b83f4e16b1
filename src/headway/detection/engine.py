"""Facts in, a `SignalReport` out: everybody active on the day gets a `Signal` or a `NotEvaluable`."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.stats import norm

from headway.detection import sentences as say
from headway.detection.chances import Evidence, read_evidence
from headway.detection.estimate import Estimate, fit
from headway.detection.facts_port import FactsLike
from headway.detection.index import IndexPosterior, index_posterior
from headway.detection.policy import DEFAULT, Policy
from headway.detection.roster import Roster, read_roster
from headway.detection.rules import Situation, Tiers, assign_tiers, choose_finding, refusal
from headway.detection.signal import (
    ComparisonGroup,
    Finding,
    Index,
    IndexPoint,
    MetricNotEvaluable,
    NotEvaluable,
    Signal,
    SignalReport,
    SpreadTest,
    StageEvidence,
    Tier,
)
from headway.detection.stage_rows import RECENT_WEEKS, StageTable, stage_rows, stage_table
from headway.stats.arrays import Flags, Floats
from headway.stats.spread import Spread, mean_spread, rate_spread

HISTORY_WEEKS = 26
# below this reliability 'steady' would claim too much
LITTLE = 0.30


@dataclass(frozen=True)
class Analysis:
    """Everything worked out for one day; diagnosis builds on it."""

    roster: Roster
    evidence: Evidence
    estimate: Estimate | None
    posterior: IndexPosterior | None
    table: StageTable | None
    chances: Floats
    ramp_weeks: int
    policy: Policy


def analyse(facts: FactsLike, *, policy: Policy = DEFAULT) -> Analysis:
    """Read and fit. Without any usable measure `estimate` and `posterior` are None."""
    roster = read_roster(facts, policy=policy)
    evidence = read_evidence(facts, roster)
    people = len(roster.ids)
    if people == 0 or not evidence.steps:
        return Analysis(roster, evidence, None, None, None, np.zeros(people), policy.ramp_weeks, policy)
    estimate = fit(evidence, roster)
    chances = sum((m.chances.sum(axis=1) for m in estimate.measures if m.kind == "conversion"), np.zeros(people))
    return Analysis(
        roster,
        evidence,
        estimate,
        index_posterior(estimate, roster, policy=policy),
        stage_table(estimate),
        chances,
        ramp_window(estimate, policy),
        policy,
    )


def ramp_window(estimate: Estimate, policy: Policy) -> int:
    """Weeks until the fitted ramp costs less than 10 %, kept between three months and a year; the policy's
    where no ramp shows."""
    late = np.flatnonzero(estimate.ramp < np.log(0.9))
    return policy.ramp_weeks if late.size == 0 else int(np.clip(late[-1] + 1, 13, 52))


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
    histories = _histories(analysis, history_weeks) if evaluable.any() else {}
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
                    histories.get(int(person), ()),
                )
            )
    return SignalReport(
        facts.as_of,
        policy.version,
        tuple(people),
        tiers.support_share,
        tiers.formal_share,
        _spread_tests(facts, analysis),
        tuple(MetricNotEvaluable(m.key, say.metric_reason(m.key, m.reason)) for m in analysis.evidence.not_evaluable),
    )


def _refusals(analysis: Analysis) -> list[str | None]:
    roster = analysis.roster
    working = np.isfinite(roster.first_week) & (analysis.chances > 0)
    steps = len(analysis.evidence.steps)
    return [
        refusal(
            owns=bool(analysis.evidence.owned[r] > 0),
            tenure_weeks=float(np.nan_to_num(roster.tenure_weeks[r], nan=1e6)),
            present_lately=float(roster.present[r, -13:].mean()),
            chances=float(analysis.chances[r]),
            conversions=steps,
            colleagues=int(working.sum() - working[r]),
            policy=analysis.policy,
        )
        for r in range(len(roster.ids))
    ]


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
        policy=analysis.policy,
    )


def _recent_shares(analysis: Analysis) -> Floats:
    """Bookings of the last half year over the median colleague's of the same segment; NaN unknown."""
    roster = analysis.roster
    recent = analysis.evidence.bookings[:, -RECENT_WEEKS:].sum(axis=1)
    share = np.full(len(recent), np.nan)
    for segment in np.unique(roster.segment):
        here = (roster.segment == segment) & roster.active & np.isfinite(roster.first_week)
        middle = float(np.median(recent[here])) if here.sum() >= 5 else 0.0
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
    why, what = say.refusal_sentences(code, name, chances=chances, needed=needed, weeks=weeks)
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
        _known(roster.attainment[person]),
        _known(roster.potential[person]),
        name,
    )


def first_name(name: str) -> str:
    """The first word of a name ('Weber, Jonas' -> 'Jonas')."""
    tail = name.split(",", 1)[1] if "," in name else name
    return (tail.split() or [name])[0]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _signal(
    analysis: Analysis, person: int, tier: Tier, ramping: bool, share: float, history: tuple[IndexPoint, ...]
) -> Signal:
    p, roster, policy = analysis.posterior, analysis.roster, analysis.policy
    assert p is not None
    assert analysis.estimate is not None
    assert analysis.table is not None
    index = Index(*(float(a[person]) for a in (p.estimate, p.low, p.high, p.low50, p.high50)))
    attainment, potential = _known(roster.attainment[person]), _known(roster.potential[person])
    finding = choose_finding(
        Situation(
            tier,
            ramping,
            float(p.p_fall[person]),
            float(p.p_rise[person]),
            index.estimate,
            index.low,
            None if ramping else attainment,
            None if ramping else _known(share),
            potential,
        ),
        policy,
    )
    p_change = float(max(p.p_fall[person], p.p_rise[person]))
    since, kind = None, None
    if p_change >= policy.change_probability and p.change_week[person] >= 0:
        since, kind = roster.day(int(p.change_week[person])), _carrier(analysis, person)
    comparison = _comparison(analysis, person, ramping)
    rows = stage_rows(person, analysis.table, analysis.estimate, p)
    words = _sentences(analysis, person, finding, tier, index, comparison, since, kind, attainment, potential)
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
        words,
        comparison,
        say.clear_sentence(_weeks_to_clear(analysis, person) if tier is not Tier.NONE else None),
        rows,
        history,
        attainment,
        potential,
        policy.version,
        kind,
        p_change,
        first_name(roster.names[person]),
    )


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
    group = same if own_segment else working
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


def _sentences(
    analysis: Analysis,
    person: int,
    finding: Finding,
    tier: Tier,
    index: Index,
    comparison: ComparisonGroup,
    since: date | None,
    kind: str | None,
    attainment: float | None,
    potential: float | None,
) -> tuple[str, ...]:
    p, roster, policy = analysis.posterior, analysis.roster, analysis.policy
    assert p is not None
    name = first_name(roster.names[person])
    if finding is Finding.BELOW and tier is Tier.WATCH:
        words = [say.watch_below_sentence()]
    elif finding is Finding.STEADY and p.reliability[person] < LITTLE:
        words = [say.says_little_sentence()]
    else:
        words = [say.finding_sentence(finding, name, since=since, kind=kind)]
    if finding in (Finding.TERRITORY, Finding.LUCK) and attainment is not None:
        words.append(say.quota_sentence(attainment, potential if finding is Finding.TERRITORY else None))
    elif finding is Finding.TERRITORY and potential is not None:
        words.append(say.territory_sentence(potential))
    expected, observed = same_leads_wins(analysis, person)
    if expected is not None:
        leads = analysis.evidence.steps[0].key.startswith("lead_")
        words.append(say.wins_sentence(name, expected=expected, observed=observed, leads=leads))
    words.append(say.index_sentence(index, peers=say.peers_label(ramping=finding is Finding.RAMPING)))
    if tier in (Tier.WATCH, Tier.SUPPORT, Tier.FORMAL):
        words.append(say.chance_sentence(float(p.p_under[person]), under=policy.under))
    words.append(say.group_sentence(comparison.n, label=comparison.label, adjusted=comparison.adjusted_for))
    words.append(say.reliability_sentence(float(p.reliability[person]), int(analysis.chances[person])))
    return tuple(words)


def same_leads_wins(analysis: Analysis, person: int) -> tuple[float | None, float]:
    """Deals a comparable colleague would have won in the last half year with the same leads, and those won.

    None where a step had fewer than five successes (the chain would be guesswork).
    """
    assert analysis.estimate is not None
    assert analysis.table is not None
    steps = [j for j, m in enumerate(analysis.estimate.measures) if m.kind == "conversion"]
    observed = analysis.table.observed[person, steps]
    expected = analysis.table.expected[person, steps]
    if (observed < 5).any() or not analysis.estimate.measures[steps[-1]].key.endswith("won"):
        return None, float(observed[-1])
    return float(observed[-1] * np.prod(expected / observed)), float(observed[-1])


def _weeks_to_clear(analysis: Analysis, person: int) -> int:
    """Weeks at colleagues' level until the chance of being under falls below the watch threshold."""
    p, policy = analysis.posterior, analysis.policy
    assert p is not None
    mean = float(p.posterior.mean[person] - p.log_centre)
    variance = max(float(p.posterior.variance[person]), 1e-4)
    present = max(float(analysis.roster.present[person].sum()), 8.0)
    learnt = max(1.0 / variance - 1.0 / max(p.posterior.spread**2, 1e-4), 1.0) / min(present, 52.0)
    weeks = np.arange(1, 105)
    precision = 1.0 / variance + weeks * learnt
    under = norm.cdf((np.log(policy.under) - mean / variance / precision) * np.sqrt(precision))
    clear = np.flatnonzero(under < policy.watch_p_under)
    return int(weeks[clear[0]]) if clear.size else 104


def _histories(analysis: Analysis, weeks: int) -> dict[int, tuple[IndexPoint, ...]]:
    """The index week by week, as the evidence up to then gives it (priors of today)."""
    roster, estimate = analysis.roster, analysis.estimate
    if estimate is None or analysis.posterior is None or weeks <= 0:
        return {}
    untils = range(max(13, roster.weeks - weeks), roster.weeks + 1)
    points: dict[int, list[IndexPoint]] = {r: [] for r in range(len(roster.ids))}
    for until in untils:
        last = until == roster.weeks
        past = (
            analysis.posterior
            if last
            else index_posterior(
                estimate, roster, policy=analysis.policy, until=until, step=6, like=analysis.posterior.posterior
            )
        )
        assert past is not None
        day = roster.day(until) - timedelta(days=1)
        for r in points:
            if not roster.first_week[r] > until - 8:
                points[r].append(IndexPoint(day, float(past.estimate[r]), float(past.low[r]), float(past.high[r])))
    return {r: tuple(found) for r, found in points.items()}


def _spread_tests(facts: FactsLike, analysis: Analysis) -> tuple[SpreadTest, ...]:
    """Does anybody differ by more than chance? Plain tests, and per step after case mix."""
    tests = []
    wins, decided = _won_and_decided(facts, analysis.roster)
    plain = rate_spread(wins, decided)
    if plain is not None:
        tests.append(_spread_test("win_rate", plain))
    if analysis.estimate is not None:
        whole = f"{facts.ladder[1]}_to_{facts.ladder[-1]}"
        for j, m in enumerate(analysis.estimate.measures):
            if plain is not None and m.key == whole:
                # the same thing as the win rate
                continue
            precision = analysis.estimate.precision[:, j]
            variance = np.where(precision > 1e-9, 1.0 / np.maximum(precision, 1e-9), np.nan)
            found = mean_spread(analysis.estimate.raw[:, j], variance)
            if found is not None:
                tests.append(_spread_test(m.key, found))
    return tuple(tests)


def _spread_test(key: str, found: Spread) -> SpreadTest:
    text = say.spread_sentence(key, statistic=found.statistic, df=found.df, p_value=found.p_value)
    return SpreadTest(key, found.statistic, found.df, found.p_value, found.df + 1, text, found.p_value < 0.05)


def _won_and_decided(facts: FactsLike, roster: Roster) -> tuple[Floats, Floats]:
    wins, decided = np.zeros(len(roster.ids)), np.zeros(len(roster.ids))
    for rep, won, total in facts.con.execute(
        """SELECT p.rep, count(*) FILTER (d.outcome = 'won'), count(*) FROM _deals d
           JOIN _pool p ON p.person_id = d.owner_id WHERE d.outcome IN ('won', 'lost') GROUP BY ALL"""
    ).fetchall():
        wins[rep], decided[rep] = won, total
    return wins, decided


__all__ = ["Analysis", "analyse", "report", "signals"]
