"""Reasons count what the facts hold; early warnings keep their false-alarm rate; absent steps are one."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from bench.simulation.memory_facts import memory_facts
from headway.core.errors import WrongUsage
from headway.detection.change_sentences import before_after_sentence
from headway.detection.commands import day
from headway.detection.early import early_warnings
from headway.detection.engine import analyse, signals
from headway.detection.reasons import Case, before_after, reasons
from headway.detection.roster import Roster
from headway.detection.signal import Finding, NotEvaluable, Signal, StageEvidence
from headway.detection.watch import WatchChart, effort_charts
from headway.diagnosis.commands import find_person
from headway.diagnosis.rules import UNCLEAR, skill_or_effort
from headway.diagnosis.sentences import evidence_sentence, money, unit_of
from tests.detection.test_engine import AS_OF, _deals, _people
from tests.detection.worlds import world


def _roster(people: int, weeks: int) -> Roster:
    nothing = np.full(people, np.nan)
    return Roster(
        tuple(f"P{i}" for i in range(people)),
        tuple(f"P{i}" for i in range(people)),
        np.ones(people, bool),
        np.zeros(people, np.int64),
        ("",),
        nothing,
        np.zeros(people, bool),
        np.zeros(people),
        np.ones((people, weeks)),
        nothing,
        nothing,
        AS_OF,
        weeks,
    )


def _steady(seed: int, people: int, weeks: int, level: float) -> np.ndarray:
    return np.random.default_rng(seed).poisson(level, (people, weeks)).astype(float)


def _warned(own: np.ndarray, meetings: np.ndarray | None = None) -> dict[int, WatchChart]:
    return {c.person: c for c in effort_charts(own, meetings, _roster(*own.shape)) if c.warns}


@pytest.mark.parametrize("level", [2.0, 6.0])
def test_effort_that_goes_on_as_before_is_seldom_warned_about(level):
    # one look; .05 a year lets far fewer through at any one of them
    assert len(_warned(_steady(11, 600, 90, level), _steady(10, 600, 90, 4.0))) <= 0.03 * 600


def test_effort_that_halves_is_seen_within_two_months():
    counts = _steady(12, 300, 90, 6.0)
    counts[:60, -8:] = _steady(13, 60, 8, 2.5)
    named = _warned(counts)
    found = [named[r] for r in range(60) if r in named]
    assert len(found) >= 35
    assert abs(np.median([w.week for w in found]) - 82) <= 3
    assert all(0 < w.strength < 1 and w.key == "own_leads" and w.levels[-1] > 1 for w in found)
    # the strip was low before the fall and rose since
    assert np.median([w.levels[-10] for w in found]) < 0.4


def test_meetings_add_to_what_own_leads_show_and_never_flag_alone():
    own, meetings = _steady(16, 200, 90, 2.0), _steady(17, 200, 90, 5.0)
    meetings[:100, -6:] = 0.0
    # nobody calls any more, own leads go on: whoever is warned about shows some fall of own leads too
    assert len(_warned(own, meetings).keys() & set(range(100))) <= 15
    own[:100, -6:] = _steady(18, 100, 6, 0.7)
    assert len(_warned(own, meetings)) >= 1.5 * len(_warned(own))


def test_logging_more_meetings_changes_nothing_for_anybody():
    own, meetings = _steady(19, 200, 90, 3.0), _steady(20, 200, 90, 5.0)
    own[:40, -6:] = _steady(21, 40, 6, 0.8)
    padded = meetings.copy()
    padded[40:50, -20:] *= 3.0
    plain, changed = _warned(own, meetings), _warned(own, padded)
    assert plain.keys() - set(range(40, 50)) == changed.keys() - set(range(40, 50))
    # whoever pads is warned about as own leads alone would have it
    assert changed.keys() & set(range(40, 50)) <= plain.keys()
    assert len(plain.keys() & set(range(40))) >= 8


def test_everybody_doing_less_is_nobodys_warning():
    counts = _steady(14, 300, 90, 6.0)
    counts[:, -6:] = _steady(15, 300, 6, 3.0)
    assert len(_warned(counts)) <= 9


def test_new_colleagues_make_nobody_look_worse():
    """Whoever started lately has no past to be held against: their leads are not what everybody does more of."""
    counts, roster = _steady(23, 400, 104, 2.0), _roster(400, 104)
    first = np.where(np.arange(400) < 100, 82.0, 0.0)
    counts[np.arange(104)[None, :] < first[:, None]] = 0.0
    named = [c for c in effort_charts(counts, None, replace(roster, first_week=first)) if c.warns]
    assert len(named) <= 0.02 * 400


def test_too_short_a_past_gives_no_chart():
    assert effort_charts(_steady(22, 20, 29, 3.0), None, _roster(20, 29)) == ()
    assert effort_charts(_steady(22, 20, 30, 3.0), None, _roster(20, 30)) != ()


def test_counts_before_and_after_are_those_of_the_facts():
    facts, _, _ = world(seed=903, people=25)
    analysis = analyse(facts)
    roster, week = analysis.roster, analysis.roster.weeks - 26
    busiest = int(analysis.evidence.bookings.sum(axis=1).argmax())
    found = before_after(analysis.evidence, roster, busiest, "proposal_to_won", week)
    since = roster.day(week)
    won, lost = facts.con.execute(
        f"""SELECT count(*) FILTER (outcome = 'won'), count(*) FILTER (outcome = 'lost' AND opportunity_id IN
            (SELECT opportunity_id FROM stage_changes WHERE stage = 'proposal'))
            FROM opportunities WHERE owner_id = '{roster.ids[busiest]}' AND CAST(closed_at AS DATE) >= DATE '{since}'"""
    ).fetchone()
    assert found is not None
    assert (found.done_after, found.total_after) == (won, won + lost)
    text = before_after_sentence("Ann", since, found, currency="EUR")
    assert f"{won} of {won + lost}" in text
    assert f"{found.done_before:.0f} of {found.total_before:.0f}" in text


def test_everybody_evaluable_has_one_or_two_reasons_without_the_estimate():
    _, _, report = world(seed=901, declines=0.0)
    for entry in report.people:
        if isinstance(entry, Signal):
            assert 1 <= len(entry.reasons) <= 2
            assert not any("Estimate" in text or "reliability" in text for text in entry.reasons)


def test_warnings_are_of_people_whose_finding_says_so():
    _, _, report = world(seed=903, people=25)
    by_id = {e.person_id: e for e in report.people}
    for warning in early_warnings(report):
        assert warning.kind in ("conversion", "effort")
        assert 0 < warning.strength <= 1
        entry = by_id[warning.person_id]
        assert warning.kind == "effort" or entry.finding in (Finding.EARLY_SIGN, Finding.REAL_DROP)


def _noise_deals(people=12, each=60, **more):
    rng = np.random.default_rng(21)
    n = people * each
    owners = [f"P{i % people}" for i in range(n)]
    return _deals(owners, rng.choice(["won", "lost"], n).tolist(), rng.integers(10, 500, n), **more)


def test_a_step_that_never_occurs_is_taken_together_and_named():
    report = signals(memory_facts({"people": _people(12), "opportunities": _noise_deals()}, AS_OF))
    assert {s.key for e in report.people for s in e.stages} == {"qualified_to_won"}
    reasons = {m.key: m.reason for m in report.not_evaluable_metrics}
    assert "never occurs" in reasons["proposal"]
    assert [t.metric for t in report.spread] == ["win_rate"]


def test_deal_size_alone_names_nobody_where_nobody_knows_what_was_sold():
    rng = np.random.default_rng(5)
    small = np.array([i % 12 == 0 for i in range(720)])
    amounts = np.exp(rng.normal(9, 0.2, 720)) * np.where(small, 0.3, 1.0)
    tables = {"people": _people(12), "opportunities": _noise_deals(amount=amounts)}
    report = signals(memory_facts(tables, AS_OF))
    entry = next(e for e in report.people if e.person_id == "P0")
    assert entry.tier.value not in ("support", "formal")
    assert "what is sold" in {m.key: m.reason for m in report.not_evaluable_metrics}["deal_size"]


def test_only_activities_owned_means_nothing_to_judge():
    import pyarrow as pa

    calls = pa.table(
        {"activity_id": ["a"], "person_id": ["P11"], "kind": ["call"], "occurred_at": [AS_OF - timedelta(3)]}
    )
    deals = _noise_deals(people=11)
    report = signals(memory_facts({"people": _people(12), "opportunities": deals, "activities": calls}, AS_OF))
    entry = next(e for e in report.people if e.person_id == "P11")
    assert isinstance(entry, NotEvaluable)
    assert entry.code == "owns_nothing"


def test_a_person_is_found_by_name_and_a_slip_gets_a_suggestion():
    ids, names = ("R1", "R2"), ("Jonas Weber", "Elif Demir")
    assert find_person("jonas  weber", ids, names) == "R1"
    with pytest.raises(WrongUsage, match="Did you mean Elif Demir"):
        find_person("Elif Demr", ids, names)
    with pytest.raises(WrongUsage, match="Give an id: R1, R2"):
        find_person("A B", ids, ("A B", "A B"))


def test_a_day_that_is_none_is_wrong_usage():
    with pytest.raises(WrongUsage):
        day("31.12.2025")


def test_without_a_clear_part_the_data_mostly_cannot_tell():
    found = skill_or_effort(np.full(10, 0.5), np.zeros(10), clear=False)
    assert found.cannot_tell == pytest.approx(UNCLEAR)
    assert "cannot tell" in evidence_sentence(0.9, 0.0, clear=False)
    assert "71 in 100" in evidence_sentence(0.71, 0.1, clear=True)
    # where both stand out, neither is said not to be it
    assert "not to effort" in evidence_sentence(0.98, 0.01, clear=True)
    assert "not to" not in evidence_sentence(0.98, 0.01, clear=True, both=True)
    assert "not to" not in evidence_sentence(0.1, 0.7, clear=True, both=True)


def test_amounts_in_sentences_have_three_figures():
    assert money(162_134.0, "EUR", unit=unit_of(162_134.0, 90_000.0)) == "€162,000"
    assert money(-4_321.0, "EUR", unit=unit_of(4_321.0)) == "−€4,320"


def _row(key, rate, peer, high, finding):
    return StageEvidence(key, 100, 100 * rate, 100 * peer, rate, peer, peer, peer, rate, high, rate, high, finding)


@pytest.mark.parametrize(
    ("finding", "told"),
    [(Finding.BELOW, "From lead to qualified: 32%"), (Finding.STEADY, "Where comparable colleagues are.")],
)
def test_a_step_on_the_mend_is_still_what_the_half_year_lacked_for_somebody_named(finding, told):
    mending = _row("lead_to_qualified", 0.32, 0.45, 0.36, "cannot_tell")
    chance = _row("proposal_to_won", 0.42, 0.48, 0.52, "cannot_tell")
    case = Case("Ann", finding, None, None, None, True, (chance, mending), None, None, 30, None, False, "EUR")
    assert reasons(case)[0].startswith(told)
