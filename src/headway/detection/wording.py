"""Chooses and fills the sentences about one person from an analysis."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import ndtr

from headway.detection import change_sentences as changed
from headway.detection import sentences as say
from headway.detection.analysis import LITTLE, Analysis, first_name, same_leads_wins
from headway.detection.before_after import BeforeAfter
from headway.detection.chances import EFFORT
from headway.detection.estimate import rate_with
from headway.detection.moves import Move
from headway.detection.reasons import WEEKS_A_MONTH, Case, before_after, reasons, weekly_before_after
from headway.detection.signal import MISSED, ComparisonGroup, Finding, Index, StageEvidence, Tier
from headway.detection.stage_rows import RECENT_WEEKS
from headway.detection.watch import MEETINGS

# as many changes as a reader takes in; and how far from a change in figures one may be its reason
MOST_MOVES, NEAR_DAYS = 4, 61


@dataclass(frozen=True)
class Told:
    """What has been decided about a person before the words are chosen; colleague: share of the quota that a comparable
    colleague would have reached with the same leads."""

    person: int
    finding: Finding
    tier: Tier
    index: Index
    comparison: ComparisonGroup
    rows: tuple[StageEvidence, ...]
    since: date | None
    week: int
    kind: str | None
    attainment: float | None
    potential: float | None
    colleague: float | None


def change_told(analysis: Analysis, told: Told) -> BeforeAfter | None:
    """Counts around the change; None where they are few or do not show what the estimate says."""
    if told.since is None or told.kind is None:
        return None
    found = before_after(analysis.evidence, analysis.roster, told.person, told.kind, told.week)
    if found is None:
        return None
    down = told.finding is not Finding.RECOVERING
    return found if (found.after < found.before) == down else None


def _meetings_told(analysis: Analysis, told: Told) -> BeforeAfter | None:
    """Meetings around a fall of own leads, where they fell too: they back it and never stand alone."""
    if told.kind != EFFORT or analysis.meetings is None:
        return None
    found = weekly_before_after(analysis.meetings, analysis.roster, told.person, MEETINGS, told.week, kind="activity")
    return found if found is not None and found.after < found.before else None


def short_reasons(analysis: Analysis, told: Told) -> tuple[str, ...]:
    """The one or two most concrete sentences."""
    roster = analysis.roster
    tenure = float(roster.tenure_weeks[told.person])
    expected, observed = same_leads_wins(analysis, told.person)
    assert analysis.posterior is not None
    return reasons(
        Case(
            first_name(roster.names[told.person]),
            told.finding,
            told.since,
            change_told(analysis, told),
            None if expected is None else (expected, observed),
            _leads(analysis),
            told.rows,
            told.attainment,
            told.potential,
            int(tenure // WEEKS_A_MONTH) + 1 if np.isfinite(tenure) else None,
            max(1, round(analysis.ramp_weeks / WEEKS_A_MONTH)) if analysis.ramp_shown else None,
            float(analysis.posterior.reliability[told.person]) < LITTLE,
            analysis.currency,
            _moves_near(analysis, told),
            (analysis.behind.people, analysis.behind.of),
            told.colleague,
            _colleagues_since(analysis, told),
        )
    )


def _colleagues_since(analysis: Analysis, told: Told) -> float | None:
    """What colleagues would have made of the chances since the change: a share, or own leads a week."""
    estimate = analysis.estimate
    assert estimate is not None
    if told.kind not in estimate.keys or told.week < 0:
        return None
    j = estimate.keys.index(told.kind)
    measure, since = estimate.measures[j], slice(told.week, None)
    if measure.kind == "size":
        return None
    chances, base = (float(a[told.person, since].sum()) for a in (measure.chances, measure.expected))
    group = float(estimate.group[told.person, j])
    if chances < 1e-9:
        return None
    if measure.kind == "conversion":
        return float(rate_with(base / chances, np.array(group)))
    return base * float(np.exp(group)) / chances


def _moves_near(analysis: Analysis, told: Told) -> tuple[Move, ...]:
    """What changed around the person within two months of the change in figures: perhaps its reason."""
    if told.since is None:
        return ()
    return tuple(m for m in analysis.moves.get(told.person, ()) if abs((m.on - told.since).days) <= NEAR_DAYS)


def _leads(analysis: Analysis) -> bool:
    return analysis.evidence.steps[0].key.startswith("lead_")


def all_sentences(analysis: Analysis, told: Told) -> tuple[str, ...]:
    """Verdict, reasons, estimate, chance, comparison and certainty, in this order."""
    p, roster, policy = analysis.posterior, analysis.roster, analysis.policy
    assert p is not None
    person, finding, since = told.person, told.finding, told.since
    attainment, potential, colleague = told.attainment, told.potential, told.colleague
    name = first_name(roster.names[person])
    words = [_verdict(told, name, says_little=bool(p.reliability[person] < LITTLE))]
    if finding is Finding.OUT_OF_REACH and attainment is not None and colleague is not None:
        words.append(say.reach_sentence(attainment, colleague, leads=_leads(analysis)))
    elif finding in MISSED and attainment is not None:
        words.append(say.quota_sentence(attainment, potential if finding is Finding.TERRITORY else None))
    elif finding is Finding.TERRITORY and potential is not None:
        words.append(say.territory_sentence(potential))
    if finding is Finding.SHARED:
        words.append(say.behind_sentence(analysis.behind.people, analysis.behind.of))
    change = change_told(analysis, told)
    if change is not None and since is not None:
        words.append(changed.before_after_sentence(name, since, change, currency=analysis.currency))
        rate = _colleagues_since(analysis, told)
        if rate is not None:
            words.append(changed.since_then_sentence(change, rate))
        meetings = _meetings_told(analysis, told)
        if meetings is not None:
            words.append(changed.before_after_sentence(name, since, meetings, currency=analysis.currency))
    expected, observed = same_leads_wins(analysis, person)
    if expected is not None:
        words.append(say.wins_sentence(name, expected=expected, observed=observed, leads=_leads(analysis)))
    words.append(say.index_sentence(told.index, peers=say.peers_label(ramping=finding is Finding.RAMPING)))
    if told.tier in (Tier.WATCH, Tier.SUPPORT, Tier.FORMAL):
        words.append(say.chance_sentence(float(p.p_under[person]), under=policy.under))
    comparison = told.comparison
    words.append(say.group_sentence(comparison.n, label=comparison.label, adjusted=comparison.adjusted_for))
    words.extend(changed.move_sentence(move, name) for move in analysis.moves.get(person, ())[:MOST_MOVES])
    words.append(say.reliability_sentence(float(p.reliability[person]), int(analysis.chances[person])))
    return tuple(words)


def _verdict(told: Told, name: str, *, says_little: bool) -> str:
    if told.finding is Finding.BELOW and told.tier is Tier.WATCH:
        return say.watch_below_sentence()
    if told.finding is Finding.BELOW:
        return say.below_sentence(told.comparison.adjusted_for)
    if told.finding is Finding.STEADY and says_little:
        return say.says_little_sentence()
    return say.finding_sentence(told.finding, name, since=told.since, kind=told.kind)


def clearing(analysis: Analysis, told: Told) -> str:
    """What would clear a person, with wins in the step that costs them most as the example."""
    if told.tier is Tier.NONE:
        return changed.clear_sentence(None)
    p, estimate, table = analysis.posterior, analysis.estimate, analysis.table
    assert p is not None
    assert estimate is not None
    assert table is not None
    if float(p.p_under[told.person]) < analysis.policy.watch_p_under and told.kind == EFFORT:
        return changed.clear_effort_sentence()
    weeks = _weeks_to_clear(analysis, told.person)
    steps = [j for j, m in enumerate(estimate.measures) if m.kind == "conversion"]
    step = min(steps, key=lambda j: float(p.effect[told.person, j] * estimate.slope[j]))
    per_week = float(table.chances[told.person, step]) / min(RECENT_WEEKS, analysis.roster.weeks)
    chances = round(per_week * weeks)
    wins = round(per_week * weeks * float(table.peer_rate[told.person, step]))
    return changed.clear_sentence(weeks, key=estimate.measures[step].key, wins=wins, chances=chances)


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
    under = ndtr((np.log(policy.under) - mean / variance / precision) * np.sqrt(precision))
    clear = np.flatnonzero(under < policy.watch_p_under)
    return int(weeks[clear[0]]) if clear.size else 104
