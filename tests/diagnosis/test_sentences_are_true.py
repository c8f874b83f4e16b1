"""Every number in a sentence is one of the result's, over seeded worlds and the demo company's kind of story."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

import pytest

from bench.simulation.daily import simulate
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.truth import World
from headway.core.actors import SYSTEM
from headway.detection.analysis import Analysis
from headway.detection.engine import analyse, report
from headway.detection.equal_treatment.reading import impact_of
from headway.detection.policy import Policy
from headway.detection.signal import Signal, SignalReport
from headway.detection.triggers.dry_run import run_triggers
from headway.detection.triggers.serialise import trigger_contract
from headway.detection.triggers.trigger import Every, Trigger, TriggerKind
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.engine import diagnose_all

pytestmark = pytest.mark.django_db
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = re.compile(rf"(\d{{1,2}}) ({MONTHS}) (\d{{4}})")
NUMBER = re.compile(r"[−-]?[€$£]?\d+(?:,\d{3})*(?:\.\d+)?%?")
# words of the method, not figures of a result: "95 of 100", "nine in ten", "the line is 80%"
FIXED = {"100", "1"}


@lru_cache(maxsize=3)
def told(seed: int) -> tuple[MemoryFacts, Analysis, SignalReport]:
    facts, _truth = simulate(World(seed, people=30, days=500))
    facts.con.execute(
        """INSERT INTO quotas SELECT person_id, 'revenue',
           DATE '2026-01-01' + CAST(q * 3 AS INTEGER) * INTERVAL 1 MONTH,
           DATE '2026-04-01' + CAST(q * 3 AS INTEGER) * INTERVAL 1 MONTH, 150000, 'EUR'
           FROM people, range(-2, 2) AS r(q)"""
    )
    facts.con.execute(
        "INSERT INTO groups SELECT person_id, 'origin', "
        "CASE WHEN hash(person_id) % 3 = 0 THEN 'B' ELSE 'A' END FROM people"
    )
    fitted = analyse(facts)
    return facts, fitted, report(facts, fitted)


@lru_cache(maxsize=3)
def diagnosed(seed: int) -> tuple[Diagnosis, ...]:
    facts, fitted, found = told(seed)
    return tuple(d for d in diagnose_all(facts, found, analysis=fitted).values() if isinstance(d, Diagnosis))


def figures(sentence: str) -> list[str]:
    """The numbers in a sentence; days are looked at apart, names of people and quotes have none."""
    return NUMBER.findall(DAY.sub(" ", sentence))


def days(sentence: str) -> set[date]:
    months = MONTHS.split("|")
    return {date(int(y), months.index(m) + 1, int(d)) for d, m, y in DAY.findall(sentence)}


def shown(values: Iterable[float]) -> set[str]:
    """Every way in which the sentences write a value: whole, one or two decimals, share, chance, money."""
    made: set[str] = set()
    for value in values:
        for v in (value, abs(value), -value):
            made |= {f"{v:.0f}", f"{v:.1f}", f"{v:.2f}", f"{v:g}", f"{100 * v:.0f}%", f"{100 * v:.0f}", f"{v:,.0f}"}
            made.add(str(min(99, max(1, round(100 * v)))))
            digits = len(str(int(abs(v)))) if abs(v) < 1e15 else 1
            for unit in range(digits + 1):
                made.add(f"{round(v / 10**unit) * 10**unit:,.0f}")
    return {m.replace("-", "−") for m in made} | made


def numbers_in(thing: Any) -> list[float]:
    """All numbers of a result, however deep, and the lengths of its lists."""
    if isinstance(thing, bool) or thing is None:
        return []
    if isinstance(thing, (int, float)):
        return [float(thing)]
    if isinstance(thing, dict):
        return [n for value in thing.values() for n in numbers_in(value)]
    if isinstance(thing, (list, tuple)):
        return [float(len(thing)), *(n for value in thing for n in numbers_in(value))]
    return []


def check(sentence: str, values: Iterable[float], *, known_days: Iterable[date] | None = None) -> None:
    allowed = shown(values) | FIXED
    for figure in figures(sentence):
        bare = re.sub(r"[€$£]", "", figure)
        assert {bare, bare.rstrip("%"), bare.lstrip("−-")} & allowed, f"{figure!r} is in no field: {sentence}"
    if known_days is not None:
        assert days(sentence) <= set(known_days), sentence


@pytest.mark.parametrize("seed", [101, 102])
def test_the_sentences_of_signals_say_the_fields(seed: int) -> None:
    _facts, _fitted, found = told(seed)
    policy = Policy()
    checked = 0
    for entry in found.people:
        if not isinstance(entry, Signal):
            continue
        own = [*numbers_in(asdict(entry)), policy.under, policy.fine]
        for sentence in entry.sentences[:1]:
            known = [entry.since] if entry.since else []
            check(sentence, own, known_days=known)
            checked += 1
        estimate = next(s for s in entry.sentences if s.startswith("Estimate"))
        index = entry.index
        assert figures(estimate)[:3] == [f"{100 * v:.0f}%" for v in (index.estimate, index.low, index.high)]
        chance = [s for s in entry.sentences if "chance of being under" in s]
        for sentence in chance:
            assert figures(sentence)[1] == str(min(99, max(1, round(100 * entry.p_under))))
    assert checked >= 15


@pytest.mark.parametrize("seed", [101, 102])
def test_the_sentences_of_a_diagnosis_say_the_fields(seed: int) -> None:
    _facts, _fitted, found = told(seed)
    diagnoses = diagnosed(seed)
    assert len(diagnoses) >= 15
    for d in diagnoses:
        own = numbers_in(asdict(d))
        known = [d.start, d.as_of]
        since = next((e.since for e in found.people if isinstance(e, Signal) and e.person_id == d.person_id), None)
        amounts = [float(f.replace(",", "").lstrip("€")) for f in figures(d.sentences[0])]
        check(" ".join(d.sentences[0].split("so ")[:1]), own, known_days=known)
        if d.gap > 0:
            # what a reader works out from the two amounts is the gap that is said
            assert amounts[2] == pytest.approx(amounts[1] - amounts[0])
            assert abs(amounts[2] - d.gap) <= 2 * 10 ** max(0, len(str(int(max(d.expected, d.actual)))) - 3)
        if d.past is not None:
            check(d.past.sentence, numbers_in(asdict(d.past)), known_days=[d.past.since])
        for sentence in d.sentences[1:]:
            if "of the team" not in sentence:
                check(sentence, own, known_days=[*known, *([since] if since else [])])
        assert sum(round(100 * p.amount) for p in d.parts) == round(100 * d.gap)


@pytest.mark.parametrize("seed", [101, 102])
def test_the_swap_test_says_its_fields_and_its_dots(seed: int) -> None:
    facts, fitted, found = told(seed)
    swaps = [
        d.swap for d in diagnose_all(facts, found, analysis=fitted).values() if isinstance(d, Diagnosis) and d.swap
    ]
    assert len(swaps) >= 20
    for swap in swaps:
        check(swap.sentence, numbers_in(asdict(swap)), known_days=[swap.start, swap.end])
        assert sum(r >= swap.quota for r in swap.results) == round(100 * swap.reached)
        assert swap.low <= swap.expected <= swap.high
    assert len({round(s.reached, 2) for s in swaps}) > 3


@pytest.mark.parametrize("seed", [101, 102])
def test_the_sentences_of_impact_say_the_counts(seed: int) -> None:
    facts, _fitted, found = told(seed)
    tiers = {entry.person_id: entry.tier.value for entry in found.people}
    result = impact_of(facts, tiers, by=SYSTEM)
    assert result.comparisons
    for c in result.comparisons:
        assert figures(c.sentences[0]) == [str(c.hit), str(c.of), str(c.other_hit), str(c.other_of)]
        for sentence in c.sentences[1:]:
            check(sentence, [*numbers_in(asdict(c)), 0.8])


@pytest.mark.parametrize("seed", [101, 102])
def test_the_sentences_of_triggers_say_the_fields(seed: int) -> None:
    facts, _fitted, found = told(seed)
    rule = Trigger("twice", TriggerKind.QUOTA, Every.QUARTER, in_a_row=2, below=0.9)
    run = run_triggers(facts, policy=Policy(version="t", triggers=(rule,)), report=found)[0]
    document = trigger_contract(run)
    agreed = run.overlap.get("support", 0) + run.overlap.get("formal", 0)
    own = [*numbers_in(document), float(agreed)]
    assert run.now
    for sentence in run.sentences:
        check(sentence, own, known_days=[p.last_day for p in run.history])
    for why in run.now:
        assert all(float(f.rstrip("%")) < 90 for f in figures(why.sentence)[:2])


def test_a_wrong_number_is_caught() -> None:
    with pytest.raises(AssertionError, match="is in no field"):
        check("Jonas won 53 of 112 proposals (47%).", [53.0, 113.0, 0.47])
    with pytest.raises(AssertionError):
        check("Since 2 March 2026.", [], known_days=[date(2026, 3, 3)])
