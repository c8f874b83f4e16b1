"""Forecasts: what they must hold whatever the numbers, and that they come true as often as they say."""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest

from bench.simulation.daily import simulate
from bench.simulation.forecast import AHEAD, held_against, joined, known_on
from bench.simulation.memory_facts import COLUMNS, memory_facts
from bench.simulation.truth import World
from headway.detection.signal import NotEvaluable
from headway.plans.outlook.engine import Desk, desk_of, outlook_for, outlooks
from headway.plans.outlook.outlook import Metric, Outlook, Spread


@pytest.fixture(scope="module")
def office():
    whole, _truth = simulate(World(seed=77, people=30, days=730))
    facts = known_on(whole, 0)
    return facts, desk_of(facts)


def made(office, person: str = "P0003", weeks: int = 13, **settings) -> Outlook:
    facts, desk = office
    start = settings.pop("start", facts.as_of + timedelta(days=1))
    found = outlook_for(person, facts, start, start + timedelta(days=7 * weeks), desk=desk, **settings)
    assert isinstance(found, Outlook)
    return found


def test_chances_fall_with_the_target_and_dots_and_chance_agree(office):
    outlook = made(office)
    targets = np.linspace(1.0, outlook.quantiles[-1] * 1.2, 60)
    chances = [outlook.chance(float(t)) for t in targets]
    assert chances == sorted(chances, reverse=True)
    assert outlook.chance(0.0) == 1.0
    for level in (0.1, 0.5, 0.8):
        assert outlook.chance(outlook.reached_with(level)) == pytest.approx(level, abs=0.011)
        dots = sum(value >= outlook.reached_with(level) for value in outlook.quantiles)
        assert dots == pytest.approx(100 * level, abs=1.01)


def test_the_fan_widens_and_never_falls(office):
    fan = made(office).fan()
    assert len(fan) == 13
    assert all(list(row[1:]) == sorted(row[1:]) for row in fan)
    assert all(a <= b + 1e-6 for one, two in itertools.pairwise(fan) for a, b in zip(one[1:], two[1:], strict=True))


def test_expected_money_is_expected_deals_times_size(office):
    money, deals = made(office), made(office, metric=Metric.DEALS_WON)
    assert deals.expected == pytest.approx(deals.from_pending + deals.from_new, rel=1e-6)
    size = money.expected / deals.expected
    assert 3_000 < size < 120_000
    assert np.mean(money.quantiles) == pytest.approx(money.expected, rel=0.03)


def test_a_better_colleague_in_the_seat_reaches_more(office):
    poor, adequate, typical = (made(office, index=index) for index in (0.6, 0.85, 1.0))
    assert poor.expected < adequate.expected < typical.expected
    assert poor.pending == typical.pending


def test_days_that_have_passed_count_as_they_were(office):
    facts, _desk = office
    start = facts.as_of - timedelta(days=41)
    running = made(office, start=start)
    won = facts.con.execute(
        f"SELECT sum(amount) FROM opportunities WHERE outcome = 'won' AND owner_id = 'P0003' AND closed_at >= '{start}'"
    ).fetchone()[0]
    assert running.already == pytest.approx(won or 0.0)
    assert min(running.quantiles) >= running.already - 1
    assert running.spreads[0].on > facts.as_of


def test_everybody_at_once_is_everybody_alone(office):
    facts, desk = office
    start = facts.as_of + timedelta(days=1)
    end = start + timedelta(days=60)
    everybody = outlooks(facts, start, end, desk=desk)
    alone = outlook_for("P0007", facts, start, end, desk=desk)
    assert isinstance(alone, Outlook)
    together = everybody["P0007"]
    assert isinstance(together, Outlook)
    assert together.from_new == pytest.approx(alone.from_new)
    assert together.quantiles == pytest.approx(alone.quantiles, rel=1e-6)


@pytest.mark.parametrize(
    ("person", "days", "code"), [("P0003", 0, "no_days"), ("P0003", 500, "too_far"), ("nobody", 60, "not_active")]
)
def test_what_cannot_be_forecast_says_why(office, person, days, code):
    facts, desk = office
    start = facts.as_of + timedelta(days=1)
    found = outlook_for(person, facts, start, start + timedelta(days=days), desk=desk)
    assert isinstance(found, NotEvaluable)
    assert found.code == code
    assert found.sentence


def test_one_possible_total_is_reached_when_it_is_met():
    spread = Spread(date(2026, 6, 1), (0.0,) * 60 + (100.0,) * 40)
    assert spread.chance(100.0) == pytest.approx(0.4, abs=0.01)
    assert spread.chance(130.0) < 0.02


def test_forecasts_come_true_as_often_as_they_say():
    """Two worlds that no setting was made on; the table over many is printed by bench.simulation."""
    worlds = [simulate(World(seed=s, people=60, days=920))[0] for s in (9001, 9002)]
    tally = joined(held_against(world, cut=AHEAD, weeks=(13,)) for world in worlds)[(13, "share")]
    assert tally.brier <= 0.175
    assert tally.error <= 0.09  # 120 people: about .04 of it is chance


def test_an_export_of_what_ended_lately_forecasts_as_the_whole_record_does():
    """Exports often hold only what was closed since a day: of earlier deals, those that lasted."""
    facts, _truth = simulate(World(seed=9005, people=40))
    day = facts.as_of - timedelta(days=300)
    late = f"NOT coalesce(closed_at < DATE '{day}', false)"
    deals = f"(SELECT opportunity_id FROM opportunities WHERE {late})"
    kept = {
        "opportunities": f"SELECT * FROM opportunities WHERE {late}",
        "stage_changes": f"SELECT * FROM stage_changes WHERE opportunity_id IN {deals}",
        "leads": f"""SELECT * FROM leads WHERE opportunity_id IN {deals}
                     OR (opportunity_id IS NULL AND NOT coalesce(disqualified_at < DATE '{day}', false))""",
    }
    tables = {n: facts.con.execute(kept.get(n, f"SELECT * FROM {n}")).to_arrow_table() for n in COLUMNS}
    cut = memory_facts(tables, facts.as_of)
    start = facts.as_of + timedelta(days=1)
    new = {}
    for name, at in {"whole": facts, "cut": cut}.items():
        made = outlooks(at, start, start + timedelta(days=182), desk=desk_of(at)).values()
        new[name] = sum(one.from_new for one in made if isinstance(one, Outlook))
    assert new["cut"] == pytest.approx(new["whole"], rel=0.3)


def test_desk_names_what_it_was_made_from(office):
    facts, desk = office
    assert isinstance(desk, Desk)
    assert desk.inputs == desk_of(facts).inputs
