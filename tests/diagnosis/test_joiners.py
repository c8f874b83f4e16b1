"""Whoever joined within the half year: what the time before the first day and the ramp cost is told once."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.outside.export import Told, write
from bench.outside.race import Shape, draw_force, run
from bench.simulation.memory_facts import folder_facts
from headway.detection.engine import analyse
from headway.diagnosis.basis import basis_of
from headway.diagnosis.rules import MIX, PRESENCE, RAMP


def test_leads_of_those_who_joined_lately_are_no_better_than_others(tmp_path: Path):
    """All leads are drawn alike, and everybody needs ten weeks to learn; a third began in the last half year."""
    shape = Shape(people=45, leads_a_week=5.0, before=20, weeks=78, segments=1)
    rng = np.random.default_rng(9100)
    force = draw_force(shape, rng)
    fresh = np.arange(45) % 3 == 0
    force = replace(force, hired=np.where(fresh, rng.uniform(54, 68, 45), force.hired))
    told = Told(activities=False, quotas=False)
    write(tmp_path, force, run(force, shape, rng), shape=shape, told=told, rng=rng)
    facts = folder_facts(tmp_path, told.last_day)
    basis = basis_of(facts, analyse(facts))
    assert basis is not None
    of = [int(person[1:]) for person in basis.analysis.roster.ids]
    joined = fresh[of]
    mix = basis.factors[:, MIX]
    assert 0.85 < np.median(mix[joined]) / np.median(mix[~joined]) < 1.15
    # the ramp of the weeks at work: about half of full bookings, not a quarter as from the weeks before the first day
    assert 0.4 < np.median(basis.factors[joined, RAMP]) < 0.8
    assert np.median(basis.factors[joined, PRESENCE]) < np.median(basis.factors[~joined, PRESENCE])
