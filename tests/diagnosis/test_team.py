"""A gap most of the team shares is the system's; the best stand out only beyond chance."""

import numpy as np
import pytest

from headway.detection.signal import StageEvidence
from headway.diagnosis.best import best_habits
from headway.diagnosis.journey import shared_by_the_team, team_steps

KEY = "proposal_to_won"


def row(won: int, n: int = 20, expected: float = 0.4, key: str = KEY) -> StageEvidence:
    rate = won / n
    return StageEvidence(key, n, float(won), expected * n, rate, expected, 0.3, 0.5, 0.0, 1.0, 0.1, 0.9, "cannot_tell")


def test_a_gap_that_most_share_is_the_systems():
    steps = team_steps({f"P{n}": [row(5)] for n in range(7)} | {"Q": [row(9)], "R": [row(8)]})
    assert [(s.key, s.below, s.members, s.system) for s in steps] == [(KEY, 7, 9, True)]
    assert steps[0].sentence == (
        "From proposal to won: the team makes 29%, colleagues 40% of the same chances. 7 of 9 people are below: "
        "that is the system’s, not one person’s."
    )
    assert shared_by_the_team(steps, KEY) is steps[0]


def test_one_person_far_below_is_not_the_system():
    steps = team_steps({"A": [row(0, n=60)]} | {f"P{n}": [row(8)] for n in range(8)})
    assert not steps[0].system
    assert steps[0].high < steps[0].expected  # the sum alone would have said so
    assert "with some, not with all" in steps[0].sentence


def test_small_differences_and_few_people_are_no_finding():
    assert not team_steps({f"P{n}": [row(7)] for n in range(6)})[0].system
    assert team_steps({f"P{n}": [row(1)] for n in range(3)}) == ()
    assert team_steps({f"P{n}": [row(1, n=4)] for n in range(4)}) == ()


def people(rng: np.random.Generator, n: int = 60, k: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return rng.normal(10, 3, (n, k)), np.exp(rng.normal(0, 0.3, n)), rng.integers(0, 3, n)


def test_where_nothing_sets_the_best_apart_hardly_anything_stands_out():
    rng = np.random.default_rng(9)
    wrong = 0
    for _ in range(200):
        values, index, segment = people(rng)
        found = best_habits([str(j) for j in range(12)], values, index=index, segment=segment)
        wrong += any(h.stands_out for h in found.habits)
    assert wrong / 200 <= 0.12


def test_a_habit_that_sets_them_apart_is_found():
    rng = np.random.default_rng(9)
    hits, others = 0, 0
    for _ in range(40):
        values, index, segment = people(rng)
        values[:, 4] += 9 * np.log(index)
        found = best_habits([str(j) for j in range(12)], values, index=index, segment=segment)
        hits += any(h.stands_out and h.key == "4" for h in found.habits)
        others += sum(h.stands_out and h.key != "4" for h in found.habits)
    assert hits >= 30
    assert others <= 8


@pytest.mark.parametrize("column", [np.full(40, 3.0), np.full(40, np.nan)])
def test_what_does_not_vary_or_is_unknown_is_left_out(column: np.ndarray):
    index = np.linspace(0.5, 1.5, 40)
    found = best_habits(["a"], column[:, None], index=index, segment=np.zeros(40, dtype=np.int64))
    assert found.habits == ()
    assert found.reason == "nothing_varies"
    assert (
        best_habits(["a"], column[:8, None], index=index[:8], segment=np.zeros(8, dtype=np.int64)).reason == "too_few"
    )
