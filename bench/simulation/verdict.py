"""How often "improved" is said of those who did and did not (`python -m bench.simulation --parts verdict`).

People are picked as companies pick them (quota missed twice) or as the engine does (more likely behind than not), by
what was known on the first day; some of them truly get better then. Half a year later the verdict is compared with
the truth, beside today's practice: bookings up 15 %. Weekly looks are taken as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np

from bench.simulation.generators import GENERATORS, configured
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.recovery import gain_score
from bench.simulation.table import heading, row
from bench.simulation.truth import AS_OF, World

WEEKS = 26
LOOKS = (6, 10, 13, 16, 19, 22, 24)
# how much those who get better gain on average, on the log scale
SIZES = (0.35, 0.5, 0.7)
UP = 1.15


@dataclass(frozen=True)
class Said:
    """Per picked person: whether they truly recovered, by which rule they were picked, what was said, and how likely a
    gain is to a judge who knows all that can be known."""

    recovered: np.ndarray
    missed: np.ndarray
    behind: np.ndarray
    improved: np.ndarray
    ever: np.ndarray
    chance: np.ndarray
    bookings_up: np.ndarray
    limit: np.ndarray


def joined(parts: Iterable[Said]) -> Said:
    """What was said in several worlds."""
    found = list(parts)
    return Said(*(np.concatenate([getattr(p, f.name) for p in found]) for f in fields(Said)))


def bookings(facts: MemoryFacts, ids: tuple[str, ...], first_day: object, last_day: object) -> np.ndarray:
    """Amounts won per person in `[first_day, last_day)`."""
    rows = facts.con.execute(
        f"""SELECT owner_id, sum(amount) FROM opportunities WHERE outcome = 'won'
            AND closed_at >= DATE '{first_day}' AND closed_at < DATE '{last_day}' GROUP BY 1"""
    ).fetchall()
    found = dict(rows)
    return np.array([float(found.get(person, 0.0)) for person in ids])


def said_in(task: tuple[str, World]) -> Said:
    """Draw a world, pick people, judge them half a year later and at looks in between."""
    from headway.detection.engine import analyse
    from headway.detection.index import index_posterior
    from headway.outcomes.judged import Answer, Verdict
    from headway.outcomes.verdict import judge_at, levels_at

    configured()
    generator, world = task
    start = AS_OF + timedelta(days=1) - timedelta(days=7 * WEEKS)
    facts, truth = GENERATORS[generator](world)
    analysis = analyse(facts)
    roster = analysis.roster
    begin = roster.weeks - WEEKS
    assert analysis.estimate is not None
    assert analysis.posterior is not None
    past = index_posterior(
        analysis.estimate, roster, policy=analysis.policy, until=begin, step=4, like=analysis.posterior.posterior
    )
    quarters = [
        bookings(facts, roster.ids, start - timedelta(days=91 * (q + 1)), start - timedelta(days=91 * q))
        for q in range(2)
    ]
    after = bookings(facts, roster.ids, start, AS_OF + timedelta(days=1))
    missed = np.ones(len(roster.ids), dtype=bool)
    for quarter in quarters:
        usual = np.array([np.median(quarter[roster.segment == s]) for s in range(len(roster.segments))])
        missed &= quarter < 1.1 * np.maximum(usual[roster.segment], 1.0)
    behind = past.p_under > 0.5
    levels = levels_at(analysis, begin)
    settled = roster.first_week < begin - 13
    known = gain_score(truth, world)
    rows = []
    for person in np.flatnonzero((missed | behind) & settled & roster.active):
        found = judge_at(analysis, int(person), start=start, until=roster.weeks, levels=levels)
        if not isinstance(found, Verdict):
            continue
        looks = [judge_at(analysis, int(person), start=start, until=begin + look, levels=levels) for look in LOOKS]
        rows.append(
            (
                truth.recovery_day[int(roster.ids[person][1:])] >= 0,
                missed[person],
                behind[person],
                found.verdict is Answer.IMPROVED,
                any(isinstance(e, Verdict) and e.verdict is Answer.IMPROVED for e in (found, *looks)),
                found.improved_probability,
                after[person] > UP * (quarters[0] + quarters[1])[person],
                known[int(roster.ids[person][1:])],
            )
        )
    facts.con.close()
    columns = np.array(rows, dtype=float).reshape(-1, len(fields(Said))).T
    return Said(*(c if f.name in {"chance", "limit"} else c > 0.5 for f, c in zip(fields(Said), columns, strict=True)))


def verdict_table(title: str, said: Said) -> None:
    """Target 8, and of 9 what is said at any weekly look; today's practice: bookings up 15 %."""
    heading(title, plain="up 15%", best="limit")
    for name, picked in (("quota missed twice", said.missed), ("likely behind", said.behind)):
        did, did_not = picked & said.recovered, picked & ~said.recovered
        print(f"  picked by: {name} ({did.sum()} recovered, {did_not.sum()} did not)")
        for text, here, target in (("did not", did_not, "<= .05"), ("did", did, ">= .35")):
            row(f"8 'improved' said of those who {text}", _mean(said.improved, here), target,
                plain=_mean(said.bookings_up, here), best=_mean(_surely(said, did_not), here))  # fmt: skip
        row("9   at any look, of those who did not", _mean(said.ever, did_not), "<= .05")
    for low, high in ((0.0, 0.1), (0.1, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)):
        here = (said.chance > low) & (said.chance <= high)
        if here.sum() >= 10:
            stated, true = said.chance[here].mean(), said.recovered[here].mean()
            print(f"  chance of a real gain stated {stated:.2f}: true of {true:.2f} ({here.sum()} people)")


def _surely(said: Said, did_not: np.ndarray) -> np.ndarray:
    """What the all-knowing judge says who errs on five in a hundred of those who did not."""
    return np.asarray(said.limit > np.quantile(said.limit[did_not], 0.95) if did_not.any() else said.limit > np.inf)


def _mean(values: np.ndarray, here: np.ndarray) -> float:
    return float(values[here].mean()) if here.any() else float("nan")
