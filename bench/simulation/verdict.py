"""`python -m bench.simulation.verdict --worlds N`: how often "improved" is said of those who did and did not.

People are picked as companies pick them (quota missed twice) or as the engine does (more likely behind than not), by
what was known on the first day; some of them truly get better then. Half a year later the verdict is compared with
the truth, beside today's practice: bookings up 15 %. Weekly looks are taken as well.
"""

import argparse
import sys
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from bench.simulation.daily import simulate
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.truth import AS_OF, World

WEEKS = 26


@dataclass
class Said:
    """Per picked person: whether they truly recovered, what was said, and by which rule they were picked."""

    recovered: list[bool] = field(default_factory=list)
    missed: list[bool] = field(default_factory=list)
    behind: list[bool] = field(default_factory=list)
    verdict: list[str] = field(default_factory=list)
    ever: list[bool] = field(default_factory=list)
    chance: list[float] = field(default_factory=list)
    bookings_up: list[bool] = field(default_factory=list)


def bookings(facts: MemoryFacts, ids: tuple[str, ...], first_day: object, last_day: object) -> np.ndarray:
    """Amounts won per person in `[first_day, last_day)`."""
    rows = facts.con.execute(
        f"""SELECT owner_id, sum(amount) FROM opportunities WHERE outcome = 'won'
            AND closed_at >= DATE '{first_day}' AND closed_at < DATE '{last_day}' GROUP BY 1"""
    ).fetchall()
    found = dict(rows)
    return np.array([float(found.get(person, 0.0)) for person in ids])


def collect(worlds: list[World], *, looks: tuple[int, ...]) -> Said:
    """Run every world and keep what was said beside what is true."""
    from headway.detection.engine import analyse
    from headway.detection.index import index_posterior
    from headway.outcomes.judged import Answer, Verdict
    from headway.outcomes.verdict import judge_at, levels_at

    said = Said()
    start = AS_OF + timedelta(days=1) - timedelta(days=7 * WEEKS)
    for world in worlds:
        facts, truth = simulate(world)
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
        for person in np.flatnonzero((missed | behind) & settled & roster.active):
            found = judge_at(analysis, int(person), start=start, until=roster.weeks, levels=levels)
            if not isinstance(found, Verdict):
                continue
            number = int(roster.ids[person][1:])
            ever = [judge_at(analysis, int(person), start=start, until=begin + look, levels=levels) for look in looks]
            said.recovered.append(bool(truth.recovery_day[number] >= 0))
            said.missed.append(bool(missed[person]))
            said.behind.append(bool(behind[person]))
            said.verdict.append(found.verdict.value)
            said.ever.append(any(isinstance(e, Verdict) and e.verdict is Answer.IMPROVED for e in (found, *ever)))
            said.chance.append(found.improved_probability)
            said.bookings_up.append(bool(after[person] > 1.15 * (quarters[0] + quarters[1])[person]))
        facts.con.close()
    return said


def print_table(title: str, said: Said) -> None:
    """One block: what is said of those who recovered and of those who did not."""
    recovered, verdict, chance = np.array(said.recovered), np.array(said.verdict), np.array(said.chance)
    print(title)
    for name, picked in (("quota missed twice", np.array(said.missed)), ("likely behind", np.array(said.behind))):
        did, did_not = picked & recovered, picked & ~recovered
        print(f"  picked by: {name} ({did.sum()} recovered, {did_not.sum()} did not)")
        for text, flag, target in (
            ("said to have improved", verdict == "improved", "<= .05 / >= .35"),
            ("the same at any weekly look", np.array(said.ever), "<= .05"),
            ("said not to have improved", verdict == "not improved", ""),
            ("bookings up 15 % (today's practice)", np.array(said.bookings_up), ""),
        ):
            print(f"    {text:<40}did not {flag[did_not].mean():.3f}   did {flag[did].mean():.3f}   {target}")
    for low, high in ((0.0, 0.1), (0.1, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)):
        here = (chance > low) & (chance <= high)
        if here.sum() >= 10:
            print(
                f"  chance of a real gain stated {chance[here].mean():.2f}: true of {recovered[here].mean():.2f} "
                f"({here.sum()} people)"
            )


def main() -> int:
    """Print the tables."""
    import django
    from django.conf import settings

    parser = argparse.ArgumentParser(prog="python -m bench.simulation.verdict")
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--sizes", type=float, nargs="*", default=[0.35, 0.5, 0.7], help="mean gain, log scale")
    parser.add_argument("--looks", type=int, nargs="*", default=[6, 10, 13, 16, 19, 22, 24])
    options = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=False, USE_TZ=True)
        django.setup()
    for size in options.sizes:
        seeds = range(options.seed, options.seed + options.worlds)
        worlds = [World(seed=seed, recoveries=0.4, recovery_size=size) for seed in seeds]
        said = collect(worlds, looks=tuple(options.looks))
        print_table(f"{options.worlds} worlds; people who recover gain {100 * np.expm1(size):.0f} % on average", said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
