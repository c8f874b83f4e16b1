"""The parts add up to the cent, carry their range, and point where the loss was put."""

import json
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from bench.simulation.memory_facts import memory_facts
from headway.detection.engine import analyse, report
from headway.detection.estimate import log_ratio
from headway.detection.sentences import day_text
from headway.detection.signal import NotEvaluable, Signal
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.engine import diagnose, diagnose_all, diagnose_analysed
from headway.diagnosis.printing import document
from headway.diagnosis.rules import gap_shares, in_cents, model_bookings, skill_or_effort
from headway.diagnosis.serialise import contract, from_json, to_json
from headway.stats.shapley import shapley_split
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


def test_shares_are_those_of_the_slow_plain_split():
    factors = np.random.default_rng(2).uniform(0.4, 1.6, (5, 9))
    factors[:, 1] = 1.0
    plain = shapley_split(lambda f: 1 - model_bookings(f, 0.3), np.ones_like(factors), factors)
    assert gap_shares(factors, 0.3) == pytest.approx(plain)


def test_cents_always_close():
    assert sum(in_cents([1 / 3, 1 / 3, 0.0], 1.0)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("conversion", "effort", "winner"),
    [(0.5, 0.0, "skill"), (0.0, 0.5, "effort"), (0.02, 0.01, "cannot_tell"), (-0.5, -0.5, "cannot_tell")],
)
def test_skill_or_effort(conversion, effort, winner):
    found = skill_or_effort(np.full(10, conversion), np.full(10, effort))
    assert getattr(found, winner) == 1.0


def test_a_change_inside_the_window_counts_only_from_its_day():
    """Somebody who won twice as rarely for the last ten weeks lost about 10/26 of what today's level would cost."""
    facts, person = _company_with_a_late_drop()
    analysis = analyse(facts)
    entry = report(facts, analysis).of(person)
    assert isinstance(entry, Signal)
    assert entry.since is not None
    assert abs((entry.since - DROP).days) <= 28
    found = diagnose_analysed(facts, analysis, person, report=report(facts, analysis))
    assert isinstance(found, Diagnosis)
    amount = {p.key: p.amount for p in found.parts}
    step = next(p for p in found.parts if p.key == "qualified_to_won")
    j = analysis.estimate.keys.index("qualified_to_won")
    today = float(np.exp(log_ratio(analysis.estimate.measures[j].peer_rate, analysis.posterior.effect[0, j])))
    assert step.clear
    assert step.amount < 0.65 * (1 - today) * found.expected
    # what is left is luck: far less than if today's level had been taken for the whole window
    assert abs(amount["rest"]) < 0.25 * found.gap
    assert sum(round(100 * p.amount) for p in found.parts) == round(100 * found.gap)
    assert day_text(entry.since) in " ".join(found.sentences)
    assert day_text(found.start) in found.sentences[0]


END, DROP = date(2026, 6, 28), date(2026, 4, 20)


def _company_with_a_late_drop():
    """Twelve people with twelve deals a week for two years, each decided within the week, all worth about the
    same; the first one wins one in eight instead of one in two since `DROP`."""
    rng = np.random.default_rng(7)
    rows = []
    for person in range(12):
        for week in range(104):
            day = END - timedelta(days=7 * (103 - week) + 3)
            chance = 0.125 if person == 0 and day >= DROP else 0.5
            # the exact share of wins, spread over the deals: only amounts are left to luck
            won = rng.permutation(12) < round(12 * chance)
            rows += [(f"P{person:02d}", day, bool(w), float(np.exp(rng.normal(8, 0.2)))) for w in won]
    return _facts(rows), "P00"


def test_cheaper_kinds_of_deals_are_neither_luck_nor_the_persons():
    """Twelve people win alike; the first one is given small products, so half the money, and nothing else differs."""
    facts = _company_with_two_products()
    found = diagnose_all(facts, report(facts, analyse(facts)))
    first = found["P00"]
    assert isinstance(first, Diagnosis)
    amount = {p.key: p for p in first.parts}
    assert not amount["mix"].controllable
    assert amount["mix"].clear
    assert amount["mix"].amount == pytest.approx(first.gap, rel=0.2)
    assert abs(amount["rest"].amount) < 0.2 * first.gap
    assert sum(round(100 * p.amount) for p in first.parts) == round(100 * first.gap)
    others = [found[f"P{n:02d}"] for n in range(1, 12)]
    assert all(abs(p.amount) < 0.25 * o.expected for o in others for p in o.parts if p.key == "mix")


def _company_with_two_products():
    """Every deal of a pen brings about 1,000, every one of a machine about 4,000; half of everybody's are machines,
    but one in six of the first person's."""
    rng = np.random.default_rng(11)
    rows = []
    for person in range(12):
        for week in range(104):
            day = END - timedelta(days=7 * (103 - week) + 3)
            machines = 1 if person == 0 else 3
            for place in range(6):
                product = "machine" if place < machines else "pen"
                size = float(np.exp(rng.normal(np.log(4000 if product == "machine" else 1000), 0.1)))
                # every second one is won: only amounts are left to luck
                rows.append((f"P{person:02d}", day, (week + place) % 2 == 0, size, product))
    return _facts(rows)


def _facts(rows):
    """Deals of twelve people, decided two days after they came: owner, day, won, amount and, if told, product."""
    owner, made, won, amount, *product = (list(column) for column in zip(*rows, strict=True))
    deals = {
        "opportunity_id": [f"O{i}" for i in range(len(rows))],
        "owner_id": owner,
        "created_at": made,
        "closed_at": [d + timedelta(days=2) for d in made],
        "outcome": ["won" if w else "lost" for w in won],
        "amount": amount,
    }
    people = pa.table({"person_id": sorted(set(owner)), "name": [f"Ann{i} B" for i in range(12)]})
    told = {"product": product[0]} if product else {}
    return memory_facts({"people": people, "opportunities": pa.table(deals | told)}, END)
