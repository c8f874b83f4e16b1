"""Won, lost, still open: against lifelines, and with items of which only those that lasted are on record."""

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from headway.stats.competing_risks import course


def made(size: int, seed: int):
    """Age at success and at loss (whichever comes first counts), age until which each item is seen."""
    rng = np.random.default_rng(seed)
    success, loss, seen = rng.geometric(0.06, size), rng.geometric(0.04, size), rng.integers(5, 40, size)
    end = np.minimum(np.minimum(success, loss), seen)
    won, lost = (success == end) & (success <= loss), (loss == end) & (loss < success)
    return np.where(won, end, -1), np.where(lost, end, -1), seen, end


def test_it_is_what_aalen_and_johansen_give():
    """Every item ends at an age of its own: with ties lifelines adds noise."""
    rng = np.random.default_rng(3)
    end, kind = rng.permutation(200) + 1, rng.choice([0, 1, 2], 200, p=[0.3, 0.4, 0.3])
    ours = course(np.where(kind == 1, end, -1), np.where(kind == 2, end, -1), end, periods=202, least_at_risk=0.5)
    theirs = AalenJohansenFitter(calculate_variance=False).fit(pd.Series(end), pd.Series(kind), event_of_interest=1)
    for age in (20, 90, 200):
        assert ours.success[age] == pytest.approx(float(theirs.predict(age)), abs=1e-9)


def test_delayed_entry_is_that_of_kaplan_and_meier():
    won, _lost, seen, _end = made(600, 4)
    seen_from = np.random.default_rng(5).integers(0, 12, won.size)
    end = np.where(won >= 0, won, seen)
    here = end > seen_from
    ours = course(won, np.full(won.size, -1), seen, periods=60, seen_from=seen_from + 1, least_at_risk=0.5)
    theirs = KaplanMeierFitter().fit(end[here], won[here] >= 0, entry=seen_from[here])
    for age in (3, 8, 15, 25):
        assert 1 - ours.success[age] == pytest.approx(float(theirs.predict(age)), abs=1e-9)


def test_a_record_that_begins_late_gives_the_same_course():
    """Only what had not ended by a day is on record: without delayed entry slow wins would crowd out quick ones."""
    rng = np.random.default_rng(6)
    size = 60_000
    age_then = rng.integers(0, 60, size)
    success, loss = rng.geometric(0.05, size), rng.geometric(0.05, size)
    end, seen = np.minimum(success, loss), age_then + 60
    kept = (end >= age_then) & (rng.random(size) < 0.9)
    won = np.where((success <= loss) & (end <= seen), end, -1)
    lost = np.where((loss < success) & (end <= seen), end, -1)
    true = course(won, lost, seen, periods=120)
    late = course(won[kept], lost[kept], seen[kept], periods=120, seen_from=age_then[kept])
    naive = course(won[kept], lost[kept], seen[kept], periods=120)
    assert late.success[[10, 20, 40]] == pytest.approx(true.success[[10, 20, 40]], abs=0.015)
    assert naive.success[10] < true.success[10] - 0.1
