"""Alarm limits keep the false-alarm rate that they state, and real drops pass them."""

import numpy as np
import pytest

from headway.detection import watch, watch_results
from headway.stats.alarm_limits import count_peaks, cusum_now, score_peaks


def test_level_of_a_cusum_equals_the_recursion():
    gains = np.random.default_rng(1).normal(-0.1, 1.0, (50, 30))
    level, begun = cusum_now(gains)
    for row, found, since in zip(gains, level, begun, strict=True):
        c, start = 0.0, 0
        for week, gain in enumerate(row):
            start = week if c <= 0 else start
            c = max(0.0, c + gain)
        assert found == pytest.approx(c)
        if c > 0:
            assert since == start


@pytest.mark.parametrize("place", [1, 3, 5])
def test_effort_limits_keep_their_rate(place: int):
    peaks = count_peaks(
        watch.LEVELS[place],
        np.random.default_rng(77),
        past=watch.BASELINE_WEEKS,
        watched=watch.WATCHED_WEEKS,
        drop=watch.DROP,
        paths=3000,
    )
    assert (peaks > watch.LIMITS[place]).mean() == pytest.approx(watch.RATE, abs=0.012)


@pytest.mark.parametrize("place", [0, 3, 5])
def test_result_limits_keep_their_rate(place: int):
    peaks = score_peaks(
        watch_results.INFORMATION[place],
        np.random.default_rng(78),
        past=watch_results.PAST_WEEKS,
        watched=watch_results.WATCHED_WEEKS,
        spread=watch_results.SPREAD,
        paths=4000,
    )
    assert (peaks > watch_results.LIMITS[place]).mean() == pytest.approx(watch_results.RATE, abs=0.006)
