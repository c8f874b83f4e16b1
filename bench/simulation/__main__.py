"""`python -m bench.simulation --worlds N`: the engine beside today's practice, on worlds with known truth.

Each figure stands beside its target. The naive rules see what their users see: bookings and quota.
"""

import argparse
import sys
import time
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import rankdata

from bench.simulation.world import World, simulate


@dataclass
class Tally:
    """What is collected over worlds, person by person (evaluable people only, refusals counted)."""

    p_under: list[np.ndarray] = field(default_factory=list)
    index: list[np.ndarray] = field(default_factory=list)
    covered: list[np.ndarray] = field(default_factory=list)
    tier: list[np.ndarray] = field(default_factory=list)
    stated: list[float] = field(default_factory=list)
    ramping: list[np.ndarray] = field(default_factory=list)
    poor: list[np.ndarray] = field(default_factory=list)
    missed_twice: list[np.ndarray] = field(default_factory=list)
    bottom: list[np.ndarray] = field(default_factory=list)
    declined: list[np.ndarray] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    people: int = 0
    worlds_with_formal: int = 0
    worlds: int = 0

    def all(self, name: str) -> np.ndarray:
        return np.concatenate(getattr(self, name))


def area(score: np.ndarray, positive: np.ndarray, negative: np.ndarray) -> float:
    """Area under the curve: how often a positive scores above a negative."""
    a, b = score[positive], score[negative]
    rank = rankdata(np.concatenate([a, b]))[: a.size].sum()
    return float((rank - a.size * (a.size + 1) / 2) / max(a.size * b.size, 1))


def collect(worlds: list[World]) -> Tally:
    """Run the engine on each world and keep what was said beside what is true."""
    from headway.detection.engine import signals
    from headway.detection.signal import Signal, Tier

    tally = Tally()
    for world in worlds:
        facts, truth = simulate(world)
        began = time.perf_counter()
        report = signals(facts, history_weeks=0)
        tally.seconds.append(time.perf_counter() - began)
        entries = [(int(e.person_id[1:]), e) for e in report.people if isinstance(e, Signal)]
        who = np.array([number for number, _ in entries], dtype=int)
        tally.people += len(report.people)
        tally.refused += len(report.people) - len(entries)
        tally.worlds += 1
        tally.p_under.append(np.array([e.p_under for _, e in entries]))
        tally.index.append(truth.index[who])
        tally.covered.append(np.array([e.index.low <= truth.index[n] <= e.index.high for n, e in entries]))
        rank = {Tier.NONE: 0, Tier.WATCH: 1, Tier.SUPPORT: 2, Tier.FORMAL: 3}
        tier = np.array([rank[e.tier] for _, e in entries])
        tally.tier.append(tier)
        tally.worlds_with_formal += bool((tier == 3).any())
        if report.expected_false_discovery_support is not None:
            tally.stated.append(report.expected_false_discovery_support * float((tier >= 2).sum()))
        tally.ramping.append(truth.tenure_days[who] < 180)
        tally.poor.append(truth.potential[who] < 0.75)
        missed = (truth.bookings < truth.quota[:, None]).all(axis=1)
        tally.missed_twice.append(missed[who])
        total = truth.bookings.sum(axis=1)
        tally.bottom.append((total <= np.quantile(total, 0.1))[who])
        tally.declined.append(truth.decline_day[who] >= 0)
        facts.con.close()
    return tally


def main() -> int:
    """Print the table."""
    import django
    from django.conf import settings

    parser = argparse.ArgumentParser(prog="python -m bench.simulation")
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1000)
    options = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=False, USE_TZ=True)
        django.setup()
    seeds = range(options.seed, options.seed + options.worlds)
    steady = collect([World(seed=s, declines=0.0) for s in seeds])
    print(f"{options.worlds} worlds of 100 people over two years, known truth\n")
    _print_main("without changes in time", steady)
    _print_main("one in ten declines within the last ten months", collect([World(seed=s) for s in seeds]))
    _print_main("the same, skill works when a step begins", collect([World(seed=s, at_entry=True) for s in seeds]))
    print("teams of other sizes (no declines)")
    for people in (12, 25, 50):
        _print_team(people, collect([World(seed=s, people=people, declines=0.0) for s in seeds]))
    same = collect([World(seed=s, same_skill=True) for s in seeds])
    print("\nall people identical")
    _row("worlds with a formal flag", same.worlds_with_formal / same.worlds, "<= .01")
    _row("people named (support or formal), of 100", 100 * float((same.all("tier") >= 2).mean()), "")
    _row("named by 'missed twice', of 100", 100 * float(same.all("missed_twice").mean()), "39.5 (today's practice)")
    return 0


def _print_main(title: str, tally: Tally) -> None:
    p, index = tally.all("p_under"), tally.all("index")
    under, fine, tier = index < 0.7, index >= 0.85, tally.all("tier")
    print(
        f"{title}: {100 * under.mean():.0f} % under, {100 * fine.mean():.0f} % fine, "
        f"{tally.refused} of {tally.people} not evaluable, {np.median(tally.seconds):.2f} s a world"
    )
    _row("area under the curve", area(p, under, fine), ">= .94")
    for share, target in ((0.05, ">= .68"), (0.01, ">= .42")):
        bound = np.quantile(p[fine], 1 - share)
        _row(f"found at {100 * share:.0f} % false flags", float((p[under] > bound).mean()), target)
    named = tier >= 2
    _row("support tier: found", float(named[under].mean()), ">= .50")
    _row("  share of fine among named", float(fine[named].mean()) if named.any() else 0.0, "stated +- .02")
    _row("  stated", sum(tally.stated) / max(int(named.sum()), 1), "")
    formal = tier == 3
    _row("formal tier: found", float(formal[under].mean()), ">= .30")
    _row("  false flags among fine", float(formal[fine].mean()), "<= .001")
    _row("  share of fine among named", float(fine[formal].mean()) if formal.any() else 0.0, "<= .02")
    _row("90 % intervals cover", float(tally.all("covered").mean()), ".88 to .92")
    bound = np.quantile(p[fine], 0.95)
    for name in ("ramping", "poor"):
        here = tally.all(name) & fine
        ratio = float((p[here] > bound).mean()) / 0.05 if here.any() else 0.0
        _row(f"false flags of fine {name} people, ratio to all", ratio, "<= 1.2")
    for name, text in (("missed_twice", "missed quota twice"), ("bottom", "bottom 10 % by bookings")):
        flagged = tally.all(name)
        print(f"  {text:<52}false {flagged[fine].mean():.3f}  found {flagged[under].mean():.3f}")
    print()


def _print_team(people: int, tally: Tally) -> None:
    p, index, tier = tally.all("p_under"), tally.all("index"), tally.all("tier")
    under, fine, named = index < 0.7, index >= 0.85, tier >= 2
    print(
        f"  {people:>3}: area {area(p, under, fine):.3f}  cover {tally.all('covered').mean():.3f}  "
        f"support found {named[under].mean():.2f}, fine among named {fine[named].mean() if named.any() else 0:.3f} "
        f"(stated {sum(tally.stated) / max(int(named.sum()), 1):.3f})  formal among fine {(tier[fine] == 3).mean():.4f}"
    )


def _row(text: str, value: float, target: str) -> None:
    print(f"  {text:<52}{value:8.3f}   {target}")


if __name__ == "__main__":
    sys.exit(main())
