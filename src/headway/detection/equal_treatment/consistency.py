"""Like cases treated alike across managers: plans against what the evidence leads to expect, ratings against data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.detection.equal_treatment import sentences as say
from headway.stats.arrays import Floats
from headway.stats.false_discovery import benjamini_hochberg
from headway.stats.rater_agreement import leniency

ALPHA = 0.10
LEAST_TEAM = 3


@dataclass(frozen=True)
class Case:
    """One person as far as consistency needs: manager, level of the evidence, whether a plan was started."""

    person_id: str
    manager: str
    level: str
    planned: bool


@dataclass(frozen=True)
class ManagerLine:
    """One manager: plans started against what like cases elsewhere lead to expect. low, high: nine in ten by chance;
    clear: outside what chance does, many managers allowed for."""

    manager: str
    people: int
    named: int
    planned_of_named: int
    plans: int
    expected: float
    low: int
    high: int
    p_value: float
    clear: bool
    sentence: str


@dataclass(frozen=True)
class Rating:
    """A rating a manager gave, and what data say of the person (log of the index)."""

    manager: str
    score: float
    log_index: float


@dataclass(frozen=True)
class RaterLine:
    """How much higher (positive) a manager rates than the data support, in points of the scale."""

    manager: str
    n: int
    estimate: float
    low: float
    high: float
    clear: bool
    sentence: str


def plans_by_manager(cases: Sequence[Case], names: Mapping[str, str]) -> tuple[ManagerLine, ...]:
    """Each manager's plans against the other managers' habit at the same levels, in the order of their names.

    The chance of a plan at a level is the other managers' share, pulled toward everybody's by two cases.
    """
    managers = sorted({c.manager for c in cases if c.manager}, key=lambda m: names.get(m, m))
    raw = [_line(m, cases) for m in managers]
    rows = [(m, r) for m, r in zip(managers, raw, strict=True) if r is not None]
    if not rows:
        return ()
    adjusted = benjamini_hochberg(np.array([r.p_value for _m, r in rows]))
    return tuple(_told(r, names.get(m, m), float(p)) for (m, r), p in zip(rows, adjusted, strict=True))


def _line(manager: str, cases: Sequence[Case]) -> ManagerLine | None:
    mine = [c for c in cases if c.manager == manager]
    others = [c for c in cases if c.manager != manager and c.manager]
    if len(mine) < LEAST_TEAM or not others:
        return None
    whole = sum(c.planned for c in cases) / len(cases)
    chances = np.array([_share([o for o in others if o.level == c.level], whole) for c in mine])
    many = _poisson_binomial(chances)
    plans = sum(c.planned for c in mine)
    here, cumulative = float(many[plans]), many.cumsum()
    upper = 1.0 - float(cumulative[plans]) + 0.5 * here
    p_value = min(1.0, 2.0 * min(upper, 1.0 - upper))
    low, high = (int(np.searchsorted(cumulative, q)) for q in (0.05, 0.95))
    named = [c for c in mine if c.level in ("support", "formal")]
    return ManagerLine(
        manager,
        len(mine),
        len(named),
        sum(c.planned for c in named),
        plans,
        float(chances.sum()),
        low,
        high,
        p_value,
        False,
        "",
    )


def _share(like: Sequence[Case], whole: float) -> float:
    return (sum(c.planned for c in like) + 2.0 * whole) / (len(like) + 2.0)


def _poisson_binomial(chances: Floats) -> Floats:
    """Distribution of the number of hits of independent cases with different chances."""
    many = np.ones(1)
    for chance in chances:
        many = np.convolve(many, [1.0 - chance, chance])
    return many


def _told(line: ManagerLine, name: str, adjusted: float) -> ManagerLine:
    words = say.manager_sentence(
        name=name, plans=line.plans, people=line.people, expected=line.expected, low=line.low, high=line.high
    )
    return ManagerLine(**{**vars(line), "clear": adjusted <= ALPHA, "sentence": words})


def ratings_by_manager(ratings: Sequence[Rating], names: Mapping[str, str]) -> tuple[RaterLine, ...]:
    """Each manager's leniency: ratings minus what the data of the rated people lead to expect.

    Empty where fewer than two managers gave two ratings each, or nothing differs.
    """
    managers = sorted({r.manager for r in ratings}, key=lambda m: names.get(m, m))
    if len(managers) < 2 or len(ratings) < 6:
        return ()
    score = np.array([r.score for r in ratings])
    index = np.array([r.log_index for r in ratings])
    rater = np.array([managers.index(r.manager) for r in ratings])
    try:
        found = leniency(score - _within_fit(score, index, rater), rater, raters=len(managers))
    except ValueError:
        return ()
    lines = []
    for place, manager in enumerate(managers):
        if not np.isfinite(found.estimate[place]):
            continue
        estimate, low, high = (float(a[place]) for a in (found.estimate, found.low, found.high))
        clear = low > 0 or high < 0
        n = int(found.n[place])
        words = say.leniency_sentence(
            name=names.get(manager, manager), estimate=estimate, low=low, high=high, n=n, clear=clear
        )
        lines.append(RaterLine(manager, n, estimate, low, high, clear, words))
    return tuple(lines)


def _within_fit(score: Floats, index: Floats, rater: np.ndarray) -> Floats:
    """Score that the data lead to expect: the slope is taken within managers, so that a lenient manager of a strong
    team does not bend it."""
    counts = np.bincount(rater)
    centred_x = index - (np.bincount(rater, index) / np.maximum(counts, 1))[rater]
    centred_y = score - (np.bincount(rater, score) / np.maximum(counts, 1))[rater]
    spread = float((centred_x**2).sum())
    slope = max(0.0, float((centred_x * centred_y).sum()) / spread) if spread > 1e-9 else 0.0
    return np.asarray(slope * (index - index.mean()) + score.mean())
