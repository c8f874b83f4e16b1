"""The mean score of somebody's leads: pooled, and what it explains is not held against anybody."""

import numpy as np
import pytest

from headway.detection.evidence import Chances
from headway.detection.lead_quality import mean_scores


def _step(scores):
    """A step from scores, one row per person with so many leads each in two levels around the mean."""
    people = len(scores)
    levels = np.concatenate([[0.0], *[[s - 1.0, s + 1.0] for s in scores]])
    rep = np.repeat(np.arange(people), 2)
    zero, count = np.zeros(2 * people, dtype=int), np.full(2 * people, 100.0)
    return Chances("step", rep, zero, zero, zero, np.arange(1, 2 * people + 1), zero, zero, zero, count, levels)


def test_means_far_apart_are_kept_nearly_whole():
    scores = np.array([-0.5, -0.2, 0.0, 0.1, 0.6])
    found = mean_scores((_step(scores),), 5)
    assert found == pytest.approx(scores, abs=0.02)
    assert abs(found[4]) < 0.6


def test_means_as_near_as_chance_leaves_them_say_nothing():
    assert mean_scores((_step(np.array([-0.03, 0.05, 0.0, -0.04, 0.02])),), 5) is None


def test_nothing_scored_and_too_few_people_say_nothing():
    step = _step(np.array([-1.0, 1.0, 0.5, -0.5]))
    assert mean_scores((step,), 4) is None
    assert mean_scores((), 4) is None


def test_whoever_has_no_scored_lead_is_taken_for_ordinary():
    found = mean_scores((_step(np.array([-0.5, -0.2, 0.0, 0.1, 0.6])),), 6)
    assert found[5] == 0.0
