"""A person against their own past: what changed is told with its day, what did not is said not to have."""

from datetime import timedelta
from functools import lru_cache

import numpy as np

from bench.simulation.daily import simulate
from bench.simulation.truth import World
from headway.detection.engine import analyse, report
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.engine import diagnose_all
from headway.diagnosis.serialise import from_json, to_json


@lru_cache(maxsize=2)
def world(declines: float):
    """Diagnoses by number of the person, and the truth: large falls, or none."""
    facts, truth = simulate(World(seed=73, people=60, declines=declines, decline_size=1.6, hires=0.1))
    analysis = analyse(facts)
    found = diagnose_all(facts, report(facts, analysis), analysis=analysis)
    return {int(k[1:]): d for k, d in found.items() if isinstance(d, Diagnosis)}, truth, facts.as_of


def test_a_fall_is_told_with_the_level_before_and_the_day():
    found, truth, as_of = world(0.25)
    told = {n: d.past for n, d in found.items() if d.past is not None and d.past.changed and d.past.now.estimate < 1}
    fell = [n for n in told if truth.index_fell[n]]
    assert len(fell) >= 5
    assert len(fell) >= 0.8 * len(told)
    for n in fell:
        past = told[n]
        assert past.before.estimate > past.now.estimate
        assert past.before.low <= past.before.estimate <= past.before.high
        assert f"{100 * past.before.estimate:.0f}%" in past.sentence
    late = [abs((told[n].since - as_of).days + (730 - truth.decline_day[n])) for n in fell]
    assert np.median(late) < 60
    assert any(s.after < s.before for n in fell for s in told[n].steps)


def test_where_nobody_changed_hardly_anybody_is_told_so():
    found, _truth, as_of = world(0.0)
    pasts = [d.past for d in found.values() if d.past is not None]
    assert len(pasts) >= 45
    assert sum(p.changed for p in pasts) <= 3
    still = next(p for p in pasts if "no lasting change" in p.sentence)
    assert as_of - timedelta(days=183) <= still.since <= as_of - timedelta(days=175)


def test_who_has_no_half_year_before_has_no_past():
    found, truth, _as_of = world(0.0)
    new = [n for n in found if truth.tenure_days[n] < 330]
    assert new
    assert all(found[n].past is None for n in new)


def test_the_past_is_kept_with_the_record():
    found, _truth, _as_of = world(0.25)
    some = [d for d in found.values() if d.past is not None and d.past.steps][:5]
    assert some
    for one in some:
        assert from_json(to_json(one)) == one
