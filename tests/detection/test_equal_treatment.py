"""Groups and managers: who is compared with whom, what small numbers hide, how often chance looks unequal."""

import contextlib
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from bench.simulation.memory_facts import memory_facts
from headway.core.actors import SYSTEM, System
from headway.core.errors import NotFound
from headway.detection.equal_treatment.consistency import Case, Rating, plans_by_manager, ratings_by_manager
from headway.detection.equal_treatment.decided import Decided
from headway.detection.equal_treatment.impact import Placed, Verdict, compare_group, impact
from headway.detection.equal_treatment.reading import groups_in, note_for
from headway.detection.models import SignalRecord
from headway.metrics.models import AnalysisRun

PEOPLE = [f"P{n:03d}" for n in range(100)]
GROUP = {p: ("B" if n < 35 else "A") for n, p in enumerate(PEOPLE)}
PLACED = {p: Placed(f"M{n % 4}", "mid") for n, p in enumerate(PEOPLE)}


def decided(hit: list[str], key: str = "flags") -> Decided:
    return Decided(key, "flagged", frozenset(hit), frozenset(PEOPLE))


def test_the_sentence_of_the_design():
    found = impact([decided(PEOPLE[:3] + PEOPLE[50:54])], groups={"origin": GROUP}, placed=PLACED).comparisons
    assert [(c.group, c.hit, c.of, c.other_hit, c.other_of) for c in found] == [("B", 3, 35, 4, 65)]
    assert found[0].sentences[0] == "B: 3 of 35 flagged; everybody else: 4 of 65."
    assert found[0].sentences[1].startswith("Chance alone does this often")
    assert found[0].verdict is Verdict.ALIKE
    assert found[0].retention == pytest.approx((32 / 35) / (61 / 65))
    assert not found[0].below_four_fifths


def test_what_is_uneven_is_told():
    found = impact([decided(PEOPLE[:14] + PEOPLE[50:54])], groups={"origin": GROUP}, placed=PLACED).comparisons[0]
    assert found.verdict is Verdict.UNEQUAL
    assert found.below_four_fifths
    assert (found.standard_deviations or 0) > 3
    assert found.by_manager is not None


def test_within_managers_what_looked_uneven_may_vanish():
    """A strict manager with many of one group: Simpson's paradox, both odds are told."""
    place = {p: Placed("strict" if n < 30 or n > 92 else "mild", "s") for n, p in enumerate(PEOPLE)}
    strict = [p for p in PEOPLE if place[p].manager == "strict"]
    hit = [p for n, p in enumerate(strict) if n % 2 == 0]
    found = impact([decided(hit)], groups={"origin": GROUP}, placed=place).comparisons[0]
    assert found.by_manager is not None
    assert found.by_manager.crude_odds_ratio > 5
    assert found.by_manager.odds_ratio < 2


def test_small_groups_are_hidden_and_not_told_by_subtraction():
    few = {p: ("C" if n < 3 else "A") for n, p in enumerate(PEOPLE)}
    found = impact([decided(PEOPLE[:2])], groups={"origin": few}, placed=PLACED)
    assert found.comparisons == ()
    assert len(found.hidden) == 1
    assert compare_group(decided(PEOPLE[:2]), "origin", "C", few, PLACED) is None
    three = {p: ("C" if n < 3 else "A" if n < 50 else "B") for n, p in enumerate(PEOPLE)}
    shown = impact([decided(PEOPLE[::4])], groups={"origin": three}, placed=PLACED).comparisons
    assert [(c.of, c.other_of) for c in shown] in ([(47, 50)], [(50, 47)])


def test_a_decision_about_few_people_hides_its_groups_and_no_other_decisions():
    rare = Decided("outcomes", "judged", frozenset(PEOPLE[:2]), frozenset([*PEOPLE[:3], *PEOPLE[50:60]]))
    found = impact([decided(PEOPLE[::6]), rare], groups={"origin": GROUP}, placed=PLACED)
    assert {c.decision for c in found.comparisons} == {"flags"}
    assert [h.sentence for h in found.hidden] == [
        "Origin (Outcomes): 2 groups are not shown, because counts of fewer than five people would point at persons."
    ]


def test_equal_treatment_is_seldom_called_unequal():
    """Two decisions, two attributes, nobody treated differently: at most one report in twenty says otherwise."""
    rng = np.random.default_rng(7)
    wrong = 0
    for _ in range(300):
        other = {p: str(rng.integers(0, 3)) for p in PEOPLE}
        rounds = [decided([p for p in PEOPLE if rng.random() < 0.12], key) for key in ("flags", "plans")]
        found = impact(rounds, groups={"origin": GROUP, "age": other}, placed=PLACED)
        wrong += any(c.verdict is Verdict.UNEQUAL for c in found.comparisons)
    assert wrong / 300 <= 0.06


def test_no_groups_and_unknown_attributes_are_told():
    assert "No groups" in (impact([decided([])], groups={}, placed={}).reason or "")
    wrong = impact([decided([])], groups={"gender": GROUP}, placed={}, attribute="gendr")
    assert "Did you mean gender" in (wrong.reason or "")


@pytest.mark.parametrize("role", ["rep", "manager", "leader", "revops", "admin"])
def test_groups_are_read_by_hr_alone(role: str):
    facts = memory_facts(
        {"groups": pa.table({"person_id": ["A"], "attribute": ["g"], "value": ["x"]})}, date(2026, 1, 1)
    )
    with pytest.raises(NotFound):
        groups_in(facts, by=System(name="x", role=role))
    assert groups_in(facts, by=SYSTEM) == {"g": {"A": "x"}}


def test_a_manager_who_plans_more_than_like_cases_elsewhere():
    cases = [
        Case(f"{m}{n}", m, "support" if n < 4 else "none", planned=(n < 1 if m != "M0" else n < 9))
        for m in ("M0", "M1", "M2", "M3", "M4")
        for n in range(12)
    ]
    lines = plans_by_manager(cases, {"M0": "Zoe"})
    assert [line.manager for line in lines][-1] == "M0"  # by name, never by rank
    assert [line.manager for line in lines if line.clear] == ["M0"]
    alike = [Case(c.person_id, c.manager, c.level, c.level == "support" and c.person_id.endswith("1")) for c in cases]
    assert not any(line.clear for line in plans_by_manager(alike, {}))


def test_a_lenient_manager_is_told_with_points():
    rng = np.random.default_rng(4)
    ratings = [
        Rating(f"M{m}", 3.0 + x + (1.0 if m == 2 else 0.0) + rng.normal(0, 0.3), x)
        for m in range(6)
        for x in rng.normal(0, 0.3, 10)
    ]
    clear = [line for line in ratings_by_manager(ratings, {"M2": "Ola"}) if line.clear]
    assert [line.manager for line in clear] == ["M2"]
    assert clear[0].sentence.startswith("Ola rates 0.")
    assert ratings_by_manager(ratings[:1], {}) == ()


@pytest.mark.django_db
def test_the_note_for_hr_speaks_of_the_persons_own_group(monkeypatch: pytest.MonkeyPatch):
    table = pa.table({"person_id": PEOPLE, "attribute": ["origin"] * 100, "value": [GROUP[p] for p in PEOPLE]})
    facts = memory_facts({"groups": table}, date(2026, 5, 17))
    run = AnalysisRun.objects.create(
        as_of=date(2026, 5, 17), facts_version=1, facts_hash="x", code_version="1", policy_version="1",
        metrics_version="1", finished_at=datetime.now(UTC),
    )  # fmt: skip
    SignalRecord.objects.bulk_create(
        SignalRecord(
            run=run, person_id=p, evaluable=True, tier="support" if n in (0, 1, 2, 50, 51, 52, 53) else "none",
            finding="steady", payload="{}",
        )
        for n, p in enumerate(PEOPLE)
    )  # fmt: skip
    monkeypatch.setattr(
        "headway.detection.equal_treatment.reading.open_facts", lambda **_which: contextlib.nullcontext(facts)
    )
    told = note_for("P000", by=SYSTEM)
    assert len(told) == 1
    assert told[0].startswith("B: 3 of 35 named by the evidence")
    assert "everybody else: 4 of 65. Chance alone does this often" in told[0]
    with pytest.raises(NotFound):
        note_for("P000", by=System(name="x", role="manager"))
