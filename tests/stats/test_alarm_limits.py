"""Alarm limits keep the false-alarm rate that they state; what only supports never flags and never hides."""

import numpy as np
import pytest

from headway.detection import watch, watch_results
from headway.stats.alarm_limits import (
    backed_by,
    count_evidence,
    count_peaks,
    cusum_level,
    shift_evidence,
    shift_peaks,
    stretches,
)


def test_level_of_a_cusum_equals_the_recursion():
    gains = np.random.default_rng(1).normal(-0.1, 1.0, (50, 30))
    level, begun = cusum_level(stretches(gains))
    for row, found, since in zip(gains, level, begun, strict=True):
        c, start = 0.0, 0
        for week, gain in enumerate(row):
            start = week if c <= 0 else start
            c = max(0.0, c + gain)
        assert found == pytest.approx(c)
        if c > 0:
            assert since == start


def test_evidence_on_counts_is_the_log_likelihood_ratio_where_the_past_is_known():
    counts, expected = np.array([[1.0, 0.0, 3.0]]), np.array([[2.0, 2.0, 2.0]])
    found = count_evidence(counts, expected, np.array([1e12]), np.ones(1), drop=0.5)
    # Poisson: log of 0.5^n e^(half of what was expected), for three, two and one last weeks
    assert found[0] == pytest.approx([4 * np.log(0.5) + 3, 3 * np.log(0.5) + 2, 3 * np.log(0.5) + 1])


def test_evidence_on_shifts_is_that_of_the_normal_with_its_doubt():
    b, p = np.array([[[-0.4], [-0.6]]]), np.array([[[0.5], [1.5]]])
    found = shift_evidence(b, p, np.zeros((1, 1)), np.full((1, 1), 0.1), shifts=np.array([[-0.7]]))
    # both weeks: mean effect -1.0 / 2.0 with variance 1 / 2.0 + 0.1
    mean, variance = -1.0 / 2.0, 1 / 2.0 + 0.1
    assert found[0, 0] == pytest.approx((mean * -0.7 - 0.5 * 0.49) / variance)


def test_support_adds_but_never_flags_alone_and_hides_nothing():
    lead = np.array([[-1.0, 0.0, 0.5, 3.0, 3.0]])
    support = np.array([[50.0, 50.0, 50.0, 1.0, -50.0]])
    assert backed_by(lead, support, most=3.0).tolist() == [[-1.0, 0.0, 2.0, 4.0, 3.0]]


@pytest.mark.parametrize(("own", "meetings"), [(0, 0), (3, 2), (5, 1)])
def test_effort_limits_keep_their_rate(own: int, meetings: int):
    peaks = count_peaks(
        watch.LEVELS[own],
        watch.SUPPORTS[meetings],
        np.random.default_rng(77),
        past=watch.BASELINE_WEEKS,
        watched=watch.WATCHED_WEEKS,
        drop=watch.DROP,
        most=watch.MOST,
        paths=1500,
    )
    assert (peaks > watch.LIMITS[own][meetings]).mean() == pytest.approx(watch.RATE, abs=0.017)


@pytest.mark.parametrize(("steps", "place"), [(1, 2), (3, 1), (3, 3)])
def test_result_limits_keep_their_rate(steps: int, place: int):
    share = 0.55 ** np.arange(steps)
    peaks = shift_peaks(
        watch_results.INFORMATION[place] * share / share.sum(),
        np.random.default_rng(78),
        past=watch_results.PAST_WEEKS,
        watched=watch_results.WATCHED_WEEKS,
        variance=watch_results.VARIANCE,
        shifts=watch_results.shifts(steps),
        paths=1000,
    )
    limit = watch_results.LIMITS[watch_results.STEPS.index(steps)][place]
    assert (peaks > limit).mean() == pytest.approx(watch_results.RATE, abs=0.025)
