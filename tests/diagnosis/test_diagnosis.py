"""The parts add up to the cent, carry their range, and point where the loss was put."""

import json

import numpy as np
import pytest

from headway.detection.signal import NotEvaluable, Signal
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.engine import diagnose, diagnose_all
from headway.diagnosis.printing import document
from headway.diagnosis.rules import gap_shares, in_cents, model_bookings, skill_or_effort
from headway.diagnosis.serialise import contract, from_json, to_json
from tests.detection.worlds import world


def test_everybody_adds_up_to_the_cent():
    facts, _, report = world(seed=901, declines=0.0)
    found = diagnose_all(facts, report)
    assert set(found) == {e.person_id for e in report.people}
    for entry in report.people:
        diagnosis = found[entry.person_id]
        assert isinstance(diagnosis, Diagnosis) == isinstance(entry, Signal)
        if isinstance(diagnosis, Diagnosis):
            assert sum(round(100 * p.amount) for p in diagnosis.parts) == round(100 * diagnosis.gap)
            assert round(100 * diagnosis.gap) == round(100 * diagnosis.expected) - round(100 * diagnosis.actual)
            assert diagnosis.skill + diagnosis.effort + diagnosis.cannot_tell == pytest.approx(1.0)
            assert all(p.low <= p.amount <= p.high for p in diagnosis.parts)
            assert from_json(to_json(diagnosis)) == diagnosis
            json.dumps(contract(diagnosis), allow_nan=False)


def test_one_equals_all():
    facts, _, report = world(seed=903, people=25)
    person = next(e.person_id for e in report.people if isinstance(e, Signal))
    assert diagnose(facts, person, report=report) == diagnose_all(facts, report)[person]


def test_unknown_person_is_refused_with_the_contract_fields():
    facts, _, report = world(seed=903, people=25)
    found = diagnose(facts, "nobody", report=report)
    assert isinstance(found, NotEvaluable)
    assert {"gap", "parts", "skill", "effort", "cannot_tell", "external", "sentences"} <= set(
        document(found, currency="EUR")
    )


def test_a_territory_loss_is_not_the_persons():
    factors = np.ones(8)
    factors[2] = 0.5
    shares = gap_shares(factors, 0.2)
    assert shares[2] == pytest.approx(0.4)
    assert np.delete(shares, 2) == pytest.approx(0.0)


def test_shares_add_up_to_the_modelled_gap():
    factors = np.random.default_rng(1).uniform(0.4, 1.6, (20, 9))
    total = gap_shares(factors, 0.3).sum(axis=1)
    assert total == pytest.approx(1 - model_bookings(factors, 0.3))


def test_cents_always_close():
    assert sum(in_cents([1 / 3, 1 / 3, 0.0], 1.0)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("conversion", "effort", "winner"),
    [(0.5, 0.0, "skill"), (0.0, 0.5, "effort"), (0.02, 0.01, "cannot_tell"), (-0.5, -0.5, "cannot_tell")],
)
def test_skill_or_effort(conversion, effort, winner):
    found = skill_or_effort(np.full(10, conversion), np.full(10, effort))
    assert getattr(found, winner) == 1.0
