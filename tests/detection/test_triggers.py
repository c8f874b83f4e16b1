"""The company's own triggers: whom they name, what chance alone names, and what a wrong policy is told."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from bench.simulation.daily import simulate
from bench.simulation.memory_facts import MemoryFacts, memory_facts
from bench.simulation.truth import World
from headway.core.errors import BadInput
from headway.core.fiscal import FiscalYears, Pattern
from headway.detection.engine import signals
from headway.detection.policy import DEFAULT, Policy
from headway.detection.policy_file import check_stages, policy_of, read_policy
from headway.detection.signal import Finding, SignalReport
from headway.detection.triggers.dry_run import DryRun, run_triggers
from headway.detection.triggers.periods import periods_of
from headway.detection.triggers.rules import named
from headway.detection.triggers.serialise import contract
from headway.detection.triggers.trigger import Every, Trigger, TriggerKind
from headway.detection.triggers.trying import try_on_facts

pytestmark = pytest.mark.django_db
TWICE = Trigger("twice", TriggerKind.QUOTA, Every.QUARTER, in_a_row=2, below=1.0)
A_TRIGGER = 'version = "1"\n[[trigger]]\nname = "a"\nkind = "quota"\nevery = "month"\n'
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "policy" / "policy.toml"


@lru_cache(maxsize=2)
def sales_force(seed: int, *, same_skill: bool = False) -> tuple[MemoryFacts, SignalReport]:
    """A simulated company of sixty whose quarterly quota 45 % of the results reach."""
    facts, _truth = simulate(World(seed, people=60, same_skill=same_skill, hires=0.0 if same_skill else 0.2))
    facts.con.execute(
        """INSERT INTO quotas
           WITH quarter AS (SELECT CAST(q AS DATE) AS s, CAST(q + INTERVAL 3 MONTH AS DATE) AS e FROM
                generate_series(TIMESTAMP '2024-10-01', TIMESTAMP '2026-04-01', INTERVAL 3 MONTH) AS g(q)),
           won AS (SELECT p.person_id, p.segment, q.s, q.e, coalesce(sum(o.amount), 0) AS won
                   FROM people p CROSS JOIN quarter q LEFT JOIN opportunities o ON o.owner_id = p.person_id
                   AND o.outcome = 'won' AND o.closed_at >= q.s AND o.closed_at < q.e GROUP BY ALL)
           SELECT person_id, 'revenue', s, e, quantile_cont(won, 0.55) OVER (PARTITION BY segment), 'EUR' FROM won"""
    )
    return facts, signals(facts, history_weeks=0)


def test_a_row_is_broken_by_a_period_that_does_not_count():
    missed = np.array([[1, 1, 0, 1], [1, 0, 1, 0], [1, 0, 1, 1]], dtype=bool)
    held = np.array([[1, 1, 1, 1], [1, 0, 1, 1], [1, 0, 1, 1]], dtype=bool)
    assert named(missed, held=held, in_a_row=2).tolist() == [[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert named(missed, held=held, in_a_row=2, bridge=True).tolist() == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]]


def test_periods_are_those_of_the_companys_calendar():
    def ends(years):
        found = periods_of(
            replace(TWICE, every=Every.MONTH), as_of=date(2026, 4, 30), first_day=date(2026, 1, 1), years=years
        )
        return [period.end for period in found]

    assert ends(FiscalYears()) == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
    # The year begins on Monday 29 December 2025, so its first period begins before the facts do.
    assert ends(FiscalYears(Pattern.P445)) == [date(2026, 2, 23), date(2026, 3, 30), date(2026, 4, 27)]


def a_company() -> MemoryFacts:
    """Ten people with quarterly quotas of 100; A always books 60, N was hired lately, L was on leave."""
    people = [f"P{n}" for n in range(7)] + ["A", "N", "L"]
    quarters = [date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
    deals, quotas, number = [], [], 0
    for person in people:
        for start in quarters:
            quotas.append((person, start, start + timedelta(days=89), 100.0))
            for part in range(4):
                number += 1
                amount = {"A": 15.0, "N": 5.0, "L": 5.0}.get(person, 30.0)
                day = start + timedelta(days=20 * part + 3)
                deals.append((f"O{number}", person, day, day + timedelta(days=5), amount))
    return memory_facts(
        {
            "people": pa.table(
                {
                    "person_id": people,
                    "role": ["rep"] * 10,
                    "hired_on": [date(2026, 1, 5) if p == "N" else date(2020, 1, 1) for p in people],
                }
            ),
            "quotas": pa.table(
                {
                    "person_id": [q[0] for q in quotas],
                    "period_start": [q[1] for q in quotas],
                    "period_end": [q[2] for q in quotas],
                    "target": [q[3] for q in quotas],
                }
            ),
            "absences": pa.table({"person_id": ["L"], "start_on": [date(2025, 9, 1)], "end_on": [date(2026, 3, 30)]}),
            "opportunities": pa.table(
                {
                    "opportunity_id": [d[0] for d in deals],
                    "owner_id": [d[1] for d in deals],
                    "created_at": [d[2] for d in deals],
                    "closed_at": [d[3] for d in deals],
                    "outcome": ["won"] * len(deals),
                    "amount": [d[4] for d in deals],
                }
            ),
        },
        date(2026, 3, 31),
    )


def tried(facts: MemoryFacts, *triggers: Trigger) -> DryRun:
    return try_on_facts(facts, Policy(version="t", triggers=triggers), in_force=DEFAULT)


def test_quota_triggers_spare_new_people_and_time_away():
    found = tried(a_company(), TWICE).triggers[0]
    assert [w.person_id for w in found.now] == ["A"]
    assert "60%, 60% of quota" in found.now[0].sentence
    assert found.could == 8  # neither the new one nor the one on leave could be named
    assert [p.people for p in found.history][-1] == ("A",)


def test_a_trigger_the_facts_cannot_serve_says_why():
    calls = Trigger("calls", TriggerKind.ACTIVITY, Every.WEEK, at_least=10, activity="call")
    monthly = Trigger("monthly", TriggerKind.QUOTA, Every.MONTH, below=0.5)
    no_calls, too_long = tried(a_company(), calls, monthly).triggers
    assert "No such activities" in (no_calls.reason or "")
    assert "longer than" in (too_long.reason or "")
    assert no_calls.now == too_long.now == ()


def test_missed_twice_names_many_of_a_hundred_identical_people():
    facts, report = sales_force(41, same_skill=True)
    found = run_triggers(facts, policy=Policy(version="t", triggers=(TWICE,)), report=report)[0]
    assert found.by_chance is not None
    assert 0.25 <= found.by_chance.share <= 0.55
    # everybody is identical here: what chance is said to do is what the trigger does
    assert found.by_chance.low - 4 <= len(found.now) <= found.by_chance.high + 4
    assert not [e for e in report.people if e.tier == "formal"]


def test_nobody_ramping_is_named_on_a_quota():
    facts, report = sales_force(42)
    ramping = {e.person_id for e in report.people if e.finding is Finding.RAMPING}
    hard = Trigger("all", TriggerKind.QUOTA, Every.QUARTER, below=2.0)
    found = run_triggers(facts, policy=Policy(version="t", triggers=(hard,)), report=report)[0]
    assert ramping
    assert len(found.now) > 25
    assert not ramping & {w.person_id for w in found.now}


def test_every_trigger_of_the_example_works_and_is_json():
    facts, _report = sales_force(42)
    policy = read_policy(EXAMPLE)
    text = json.dumps(contract(try_on_facts(facts, policy, in_force=DEFAULT)), allow_nan=False)
    document = json.loads(text)
    assert [t["name"] for t in document["triggers"]] == [t.name for t in policy.triggers]
    assert document["level_changes"] == []
    assert set(document["triggers"][0]["rule"]) == {"name", "kind", "every", "in_a_row", "below"}


def test_a_stricter_policy_shows_whose_level_changes():
    facts, report = sales_force(42)
    strict = try_on_facts(facts, Policy(version="t", support_false_discovery=0.0), in_force=DEFAULT)
    named_now = [e.person_id for e in report.people if e.tier in ("support", "formal")]
    assert named_now
    assert [c.person_id for c in strict.changes] == sorted(named_now)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('version = "1"\nundr = 0.7', "unknown key: undr. Did you mean under?"),
        ("under = 0.7", "The policy has no version"),
        ('version = "1"\nunder = "x"', "the value of under has the wrong type: x. Give a number."),
        ('version = "1"\nunder = 0.9', "Contradicts itself"),
        ('version = "1"\nsupport_false_discovery = 10', "between 0 and 1, not 10"),
        ('version = "1"\n[[trigger]]\nname = "a"\nkind = "qouta"\nevery = "month"', "qouta. Did you mean quota?"),
        ('version = "1"\n[[trigger]]\nkind = "quota"\nevery = "month"', "A trigger has no name"),
        (A_TRIGGER, "needs below"),
        (
            'version = "1"\n[[trigger]]\nname = "a"\nkind = "quota"\nevery = "month"\nbelow = 0.5\nleast = 3',
            "does not use",
        ),
        ('version = "1"\n[trigger]\nname = "a"', "[[trigger]]"),
        ("version = ", "not TOML"),
    ],
)
def test_a_wrong_policy_is_told_in_one_sentence(text: str, told: str):
    with pytest.raises(BadInput) as error:
        policy_of(text)
    assert told.lower() in error.value.sentence.lower()
    assert "\n" not in error.value.sentence


def test_a_conversion_names_stages_of_the_ladder():
    ladder = ("lead", "qualified", "proposal", "won")
    wrong = Trigger("c", TriggerKind.CONVERSION, Every.QUARTER, below=0.7, before="propsal", after="won")
    with pytest.raises(BadInput, match="Did you mean proposal"):
        check_stages(Policy(version="t", triggers=(wrong,)), ladder)
    back = Trigger("c", TriggerKind.CONVERSION, Every.QUARTER, below=0.7, before="won", after="proposal")
    with pytest.raises(BadInput, match="goes forward"):
        check_stages(Policy(version="t", triggers=(back,)), ladder)
