"""A company of ten thousand is worked out a portion at a time: the portions must not show in the results."""

import numpy as np
import pytest

from headway.detection import index
from headway.detection.engine import analyse
from headway.stats import change_point, logistic
from tests.detection.worlds import world

SHOWN = ("estimate", "low", "high", "p_under", "p_fine", "p_fall", "reliability", "effect", "change_week")


def test_results_are_the_same_whatever_is_worked_out_at_a_time(monkeypatch):
    facts, _, _ = world(seed=903, people=25)
    whole = analyse(facts).posterior
    monkeypatch.setattr(logistic, "BLOCK", 301)
    monkeypatch.setattr(change_point, "PORTION", 7)
    monkeypatch.setattr(index, "PORTION", 4)
    assert len(list(logistic.blocks(1_000))) == 4
    parts = analyse(facts).posterior
    for name in SHOWN:
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), abs=1e-10), name
    for name in ("weight", "mean", "covariance", "before", "before_covariance"):
        assert np.allclose(getattr(parts.change, name), getattr(whole.change, name), atol=1e-10), name


def test_blocks_cover_every_row_once(monkeypatch):
    monkeypatch.setattr(logistic, "BLOCK", 4)
    assert [list(range(10))[rows] for rows in logistic.blocks(10)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [rows.stop for rows in logistic.blocks(0)] == [0]
