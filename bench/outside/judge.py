"""One export judged by Headway, held against the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.outside.export import Told, write
from bench.outside.race import Change, Floats, Force, Shape, draw_force, run, standard_index
from bench.simulation.memory_facts import MemoryFacts, folder_facts
from headway.detection.engine import analyse, report
from headway.detection.signal import Signal
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.engine import diagnose_all

UNDER, FINE = 0.70, 0.85
# one step stands out where it costs at least this share of all that a person loses
STANDS_OUT = 0.6


@dataclass(frozen=True)
class Kind:
    """A kind of company: its shape, what it tells, and what changes in it."""

    name: str
    shape: Shape
    told: Told
    change: Change | None = None


@dataclass(frozen=True)
class Judged:
    """Arrays over everybody who could be judged; step: (right, asked) of the largest controllable part."""

    index: Floats
    p_under: Floats
    support: NDArray[np.bool_]
    formal: NDArray[np.bool_]
    covered: NDArray[np.bool_]
    stated: float | None
    refused: int
    step: tuple[int, int]
    adds_up: bool


def export_of(kind: Kind, seed: int, folder: Path) -> tuple[MemoryFacts, Force]:
    """Write a world's files into `folder` and read them back."""
    rng = np.random.default_rng(seed)
    force = draw_force(kind.shape, rng)
    deals = run(force, kind.shape, rng, kind.change)
    write(folder, force, deals, shape=kind.shape, told=kind.told, rng=rng)
    facts = folder_facts(folder, kind.told.last_day)
    # the first rung is where leads stand, with or without any
    deals = kind.shape.stages[1:] if kind.told.leads else kind.shape.stages
    return replace(facts, ladder=("lead", *deals, "won")), force


def judge(kind: Kind, seed: int, folder: Path) -> Judged:
    """Judge one world."""
    facts, force = export_of(kind, seed, folder)
    analysis = analyse(facts)
    found = report(facts, analysis)
    truth = standard_index(force, kind.shape)
    entries = [(int(e.person_id[1:]), e) for e in found.people if isinstance(e, Signal)]
    index = truth[[i for i, _ in entries]]
    tiers = np.array([e.tier.value for _, e in entries])
    diagnoses = diagnose_all(facts, found, analysis=analysis)
    split = {int(p[1:]): d for p, d in diagnoses.items() if isinstance(d, Diagnosis)}
    return Judged(
        index,
        np.array([e.p_under for _, e in entries]),
        np.isin(tiers, ("support", "formal")),
        tiers == "formal",
        np.array([e.index.low <= truth[i] <= e.index.high for i, e in entries]),
        found.expected_false_discovery_support,
        len(found.people) - len(entries),
        _steps(kind, force, split, truth),
        all(sum(round(100 * p.amount) for p in d.parts) == round(100 * d.gap) for d in split.values()),
    )


def _steps(kind: Kind, force: Force, split: dict[int, Diagnosis], truth: Floats) -> tuple[int, int]:
    """How often the largest controllable part is the one that truly stands out, of those under."""
    losses = true_losses(kind, force)
    right = asked = 0
    for person, diagnosis in split.items():
        mine = losses[person]
        if truth[person] >= UNDER or mine.max() < STANDS_OUT * mine.clip(min=0).sum():
            continue
        parts = [p for p in diagnosis.parts if p.controllable]
        names = [p.key for p in parts]
        keys = part_keys(kind)
        if keys[int(mine.argmax())] not in names:
            continue
        asked += 1
        right += max(parts, key=lambda p: p.amount).key == keys[int(mine.argmax())]
    return right, asked


def part_keys(kind: Kind) -> tuple[str, ...]:
    """What Headway calls the parts of a person, in the order of `true_losses`."""
    rungs = (*kind.shape.stages, "won")
    return (*(f"{a}_to_{b}" for a, b in pairwise(rungs)), "own_leads", "deal_size")


def true_losses(kind: Kind, force: Force) -> Floats:
    """(people, steps + 2) log bookings that each part costs, the average colleague's = 0."""
    shape = kind.shape
    alone = []
    for place in range(len(shape.stages) + 2):
        pace, effort, size = np.ones_like(force.pace), np.ones_like(force.effort), np.ones_like(force.size)
        if place < len(shape.stages):
            pace[:, place] = force.pace[:, place]
        elif place == len(shape.stages):
            effort = force.effort
        else:
            size = force.size
        alone.append(-np.log(standard_index(replace(force, pace=pace, effort=effort, size=size), shape)))
    return np.stack(alone, axis=1)


def area(judged: Judged) -> float | None:
    """Chance that somebody under ranks before somebody fine; None without both."""
    under, fine = judged.p_under[judged.index < UNDER], judged.p_under[judged.index >= FINE]
    if not under.size or not fine.size:
        return None
    return float((under[:, None] > fine[None, :]).mean() + 0.5 * (under[:, None] == fine[None, :]).mean())
