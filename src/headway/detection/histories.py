"""The index week by week, and whether anybody differs at all."""

from datetime import timedelta

import numpy as np

from headway.detection import sentences as say
from headway.detection.analysis import Analysis
from headway.detection.facts_port import FactsLike
from headway.detection.index import index_posterior
from headway.detection.roster import Roster
from headway.detection.signal import IndexPoint, SpreadTest
from headway.stats.arrays import Floats
from headway.stats.spread import Spread, mean_spread, rate_spread


def histories(analysis: Analysis, weeks: int) -> dict[int, tuple[IndexPoint, ...]]:
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


def spread_tests(facts: FactsLike, analysis: Analysis) -> tuple[SpreadTest, ...]:
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
