"""What is measured on worlds with known truth: the engine, today's plain rules and the limit, person by person."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from scipy.stats import rankdata

from bench.simulation.limit import limit, limit_on_evidence
from bench.simulation.truth import KEYS, Truth
from headway.detection.analysis import Analysis
from headway.detection.signal import Signal, SignalReport, Tier
from headway.diagnosis.engine import diagnose_all

UNDER, FINE = 0.70, 0.85
RANK = {Tier.NONE: 0, Tier.WATCH: 1, Tier.SUPPORT: 2, Tier.FORMAL: 3}


@dataclass(frozen=True)
class Rows:
    """One entry per evaluable person, worlds one after the other; `people` and `worlds` count all.

    behind: how far below quota; limit_*: the all-knowing judge; seen_under: one who sees what the engine sees (NaN:
    cannot be told); off: cents by which the parts miss the gap; stage_judged: weakest step clear.
    """

    index: np.ndarray
    p_under: np.ndarray
    p_fine: np.ndarray
    tier: np.ndarray
    covered: np.ndarray
    ramping: np.ndarray
    poor: np.ndarray
    group: np.ndarray
    missed_twice: np.ndarray
    bottom: np.ndarray
    behind: np.ndarray
    limit_under: np.ndarray
    limit_fine: np.ndarray
    seen_under: np.ndarray
    off: np.ndarray
    stage_right: np.ndarray
    stage_judged: np.ndarray
    stage_limit: np.ndarray
    with_formal: int = 0
    people: int = 0
    worlds: int = 1

    @property
    def under(self) -> np.ndarray:
        return np.asarray(self.index < UNDER)

    @property
    def fine(self) -> np.ndarray:
        return np.asarray(self.index >= FINE)


STAGES = ("off", "stage_right", "stage_judged")
COUNTS = ("with_formal", "people", "worlds")


def joined(parts: Iterable[Rows]) -> Rows:
    """Rows of several worlds."""
    found = list(parts)
    columns = {
        f.name: np.concatenate([getattr(p, f.name) for p in found]) for f in fields(Rows) if f.name not in COUNTS
    }
    return Rows(**columns, **{name: sum(getattr(p, name) for p in found) for name in COUNTS})


def rows_of(facts: object, truth: Truth, analysis: Analysis, report: SignalReport, *, seed: int, stages: bool) -> Rows:
    """What was said of everybody beside what is true; stages: the split of gaps too."""
    entries = [(int(e.person_id[1:]), e) for e in report.people if isinstance(e, Signal)]
    who = np.array([number for number, _ in entries], dtype=int)
    best = limit(truth.ideal, seed=seed)
    seen = limit_on_evidence(truth.ideal, analysis.estimate, seed=seed) if analysis.estimate is not None else None
    total = truth.bookings.sum(axis=1)
    tier = np.array([RANK[e.tier] for _, e in entries])
    columns = {
        "index": truth.index[who],
        "p_under": np.array([e.p_under for _, e in entries]),
        "p_fine": np.array([e.p_fine for _, e in entries]),
        "tier": tier,
        "covered": np.array([e.index.low <= truth.index[n] <= e.index.high for n, e in entries]),
        "ramping": truth.tenure_days[who] < 180,
        "poor": truth.potential[who] < 0.75,
        "group": truth.group[who] == 1,
        "missed_twice": (truth.bookings < truth.quota[:, None]).all(axis=1)[who],
        "bottom": (total <= np.quantile(total, 0.1))[who],
        "behind": -(total / truth.quota)[who],
        "limit_under": best.p_under[who],
        "limit_fine": best.p_fine[who],
        "seen_under": seen.p_under[who] if seen is not None else np.full(len(who), np.nan),
        **(_stages(facts, truth, analysis, report, who) if stages else dict.fromkeys(STAGES, np.zeros(len(who)))),
        "stage_limit": (-best.effects * truth.worth).argmax(1)[who] == (-truth.effects * truth.worth).argmax(1)[who],
    }
    return Rows(**columns, with_formal=int((tier == 3).any()), people=len(report.people))


def _stages(
    facts: object, truth: Truth, analysis: Analysis, report: SignalReport, who: np.ndarray
) -> dict[str, np.ndarray]:
    """Does the gap add up, and is its largest controllable part the truly weakest step? Judged for people whose
    weakest step truly costs at least 10 % and stands out from the next by 5 points."""
    found = diagnose_all(facts, report, analysis=analysis)  # type: ignore[arg-type]
    cost = -truth.effects * truth.worth
    off, right, judged = (np.zeros(len(who)) for _ in range(3))
    for place, n in enumerate(who):
        one = found[report_id(int(n))]
        parts = getattr(one, "parts", None)
        if parts is None:
            continue
        off[place] = abs(round(sum(p.amount for p in parts), 2) - one.gap)  # type: ignore[union-attr]
        order = np.sort(cost[n])[::-1]
        mine = [p for p in parts if p.controllable and p.key in KEYS]
        if order[0] < 0.10 or order[0] - order[1] < 0.05 or not mine or truth.index[n] >= UNDER:
            continue
        judged[place] = 1
        right[place] = max(mine, key=lambda p: p.amount).key == KEYS[int(cost[n].argmax())]
    return {"off": off, "stage_right": right, "stage_judged": judged}


def report_id(number: int) -> str:
    """The person's id in the tables."""
    return f"P{number:04d}"


def area(score: np.ndarray, positive: np.ndarray, negative: np.ndarray) -> float:
    """Area under the curve: how often a positive scores above a negative."""
    a, b = score[positive], score[negative]
    rank = rankdata(np.concatenate([a, b]))[: a.size].sum()
    return float((rank - a.size * (a.size + 1) / 2) / max(a.size * b.size, 1))


def found_at(score: np.ndarray, rows: Rows, share: float) -> float:
    """Share of those under whom a threshold finds that flags `share` of the fine people."""
    return float((score[rows.under] > np.quantile(score[rows.fine], 1 - share)).mean())


def share(of: np.ndarray, among: np.ndarray) -> float:
    """Mean of a condition among some; NaN among nobody."""
    return float(of[among].mean()) if among.any() else float("nan")


def false_flag_ratio(score: np.ndarray, rows: Rows, here: np.ndarray) -> float:
    """False flags among fine people `here` over the overall rate, where `score` flags 5 % of all fine people."""
    bound = np.quantile(score[rows.fine], 0.95)
    return share(score > bound, here & rows.fine) / 0.05
