"""Adverse-impact tests over what was decided about people: pure, counts and strata in, comparisons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from headway.detection.equal_treatment import sentences as say
from headway.detection.equal_treatment.decided import Decided
from headway.stats.adverse_impact import (
    FOUR_FIFTHS,
    Stratified,
    chance_to_notice,
    fisher,
    group_deviation,
    mantel_haenszel,
    ratio_range,
)
from headway.stats.false_discovery import benjamini_hochberg

# a group smaller than this is not shown: a count would point at persons
LEAST_GROUP = 5
ALPHA = 0.05


@dataclass(frozen=True)
class Placed:
    """Where somebody works: manager and segment, the strata of the tests."""

    manager: str
    segment: str


class Verdict(StrEnum):
    """What a comparison says. Unequal is no proof of unfairness: it asks for a look at the cases."""

    ALIKE = "alike"
    UNEQUAL = "unequal"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Comparison:
    """One group against everybody else in one decision. retention: share not hit over the others'; low, high: nine in
    ten; standard_deviations: hits more (positive) than the group's share; mid_p: exact, both sides; adjusted_p: over
    all comparisons of the report; noticed: chance that a group hit twice as often would be noticed at all."""

    decision: str
    attribute: str
    group: str
    hit: int
    of: int
    other_hit: int
    other_of: int
    retention: float | None
    retention_low: float | None
    retention_high: float | None
    below_four_fifths: bool
    standard_deviations: float | None
    mid_p: float
    adjusted_p: float
    by_manager: Stratified | None
    by_segment: Stratified | None
    noticed: float
    verdict: Verdict
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Hidden:
    """An attribute, or a group of it, that is not shown, and why."""

    attribute: str
    sentence: str


@dataclass(frozen=True)
class Impact:
    """All comparisons of a day."""

    comparisons: tuple[Comparison, ...]
    hidden: tuple[Hidden, ...]
    reason: str | None


def impact(
    decisions: Sequence[Decided],
    *,
    groups: Mapping[str, Mapping[str, str]],
    placed: Mapping[str, Placed],
    attribute: str | None = None,
) -> Impact:
    """Compare every group with everybody else, decision by decision.

    groups: attribute -> person -> value, as the company supplied them; attribute: only this one.
    Four fifths is asked of retention alone; many comparisons are allowed for (Benjamini and Hochberg).
    """
    chosen = {a: of for a, of in groups.items() if attribute is None or a == attribute}
    if not chosen:
        return Impact((), (), say.no_groups(attribute, tuple(sorted(groups))))
    found: list[Comparison] = []
    hidden: list[Hidden] = []
    for name in sorted(chosen):
        left_out = {d.key: _too_small(chosen[name], d) for d in decisions}
        for decision in decisions:
            found.extend(_compare(decision, name, chosen[name], placed, left_out[decision.key]))
        hidden.extend(_hidden(name, left_out))
    return Impact(tuple(_judged(found)), tuple(hidden), None)


def _hidden(name: str, left_out: Mapping[str, frozenset[str]]) -> list[Hidden]:
    """What is not shown: in one sentence where it is the same in every decision, else decision by decision."""
    if len(set(left_out.values())) == 1:
        small = next(iter(left_out.values()))
        return [Hidden(name, say.hidden_sentence(name, small))] if small else []
    return [Hidden(name, say.hidden_sentence(name, small, decision=key)) for key, small in left_out.items() if small]


def _too_small(values: Mapping[str, str], decision: Decided) -> frozenset[str]:
    """Groups too small to be shown in a decision; with only one other group left that one would be known by
    subtraction, so then all are hidden."""
    sizes = {value: sum(values.get(p) == value for p in decision.of) for value in set(values.values())}
    small = {value for value, n in sizes.items() if n < LEAST_GROUP}
    shown = set(sizes) - small
    return frozenset(sizes) if small and len(shown) <= 1 else frozenset(small)


def _compare(
    decision: Decided,
    attribute: str,
    values: Mapping[str, str],
    placed: Mapping[str, Placed],
    small: frozenset[str],
) -> list[Comparison]:
    # people of hidden groups are left out of "everybody else" too, or their counts could be had by subtraction
    people = {p: values[p] for p in decision.of if p in values and values[p] not in small}
    shown = sorted(set(people.values()))
    if len(shown) == 2:
        # two groups mirror each other: the one hit more often is told
        shown = [max(shown, key=lambda v: _rate(decision, people, v))]
    elif len(shown) < 2:
        shown = []
    return [_one(decision, attribute, value, people, placed) for value in shown]


def _rate(decision: Decided, people: Mapping[str, str], value: str) -> float:
    mine = [p for p, v in people.items() if v == value]
    return sum(p in decision.hit for p in mine) / len(mine) if mine else 0.0


def _one(
    decision: Decided, attribute: str, value: str, people: Mapping[str, str], placed: Mapping[str, Placed]
) -> Comparison:
    mine = {p for p, v in people.items() if v == value}
    others = set(people) - mine
    hit, other_hit = len(mine & decision.hit), len(others & decision.hit)
    of, other_of = len(mine), len(others)
    kept = ratio_range(of - hit, of, other_of - other_hit, other_of) if of and other_of else None
    gap = group_deviation(hit, of, other_hit, other_of)
    exact = fisher(hit, of, other_hit, other_of).mid_p if of and other_of else 1.0
    rate = (hit + other_hit) / max(1, of + other_of)
    return Comparison(
        decision.key,
        attribute,
        value,
        hit,
        of,
        other_hit,
        other_of,
        kept.ratio if kept else None,
        kept.low if kept else None,
        kept.high if kept else None,
        kept is not None and kept.ratio < FOUR_FIFTHS,
        gap.z if gap else None,
        exact,
        exact,
        _strata(mine, others, decision, {p: placed[p].manager for p in people if p in placed}),
        _strata(mine, others, decision, {p: placed[p].segment for p in people if p in placed}),
        chance_to_notice(of, other_of, rate=rate),
        Verdict.ALIKE,
        (decision.label,),
    )


def _strata(mine: set[str], others: set[str], decision: Decided, where: Mapping[str, str]) -> Stratified | None:
    tables = [
        [_hit_and_not({p for p, w in where.items() if w == place and p in group}, decision) for group in (mine, others)]
        for place in sorted(set(where.values()))
    ]
    return mantel_haenszel(np.array(tables, dtype=np.float64), level=0.90) if tables else None


def _hit_and_not(people: set[str], decision: Decided) -> list[int]:
    hit = len(people & decision.hit)
    return [hit, len(people) - hit]


def compare_group(
    decision: Decided, attribute: str, value: str, values: Mapping[str, str], placed: Mapping[str, Placed]
) -> Comparison | None:
    """One group against everybody else, on its own; None where a count would point at persons."""
    people = {p: values[p] for p in decision.of if p in values}
    of = sum(v == value for v in people.values())
    if of < LEAST_GROUP or len(people) - of < LEAST_GROUP:
        return None
    return _judged([_one(decision, attribute, value, people, placed)])[0]


def _judged(found: list[Comparison]) -> list[Comparison]:
    """With the allowance for many comparisons, the verdict and the words."""
    if not found:
        return []
    adjusted = benjamini_hochberg(np.array([c.mid_p for c in found]))
    return [_told(c, float(p)) for c, p in zip(found, adjusted, strict=True)]


def _told(c: Comparison, adjusted: float) -> Comparison:
    hits = c.hit + c.other_hit
    worse = c.hit * c.other_of > c.other_hit * c.of
    if hits < 3 or c.of < LEAST_GROUP or c.other_of < LEAST_GROUP:
        verdict = Verdict.TOO_FEW
    elif worse and adjusted <= ALPHA:
        verdict = Verdict.UNEQUAL
    else:
        verdict = Verdict.ALIKE
    label = c.sentences[0]
    told = Comparison(**{**vars(c), "adjusted_p": adjusted, "verdict": verdict, "sentences": ()})
    return Comparison(**{**vars(told), "sentences": say.comparison_sentences(told, label=label)})
