"""The story is in the facts: every figure counted plainly, with room for the seed and none for its absence."""

from __future__ import annotations

from datetime import date
from statistics import median

import pytest

from tests.demo.conftest import Counted

DROP = date(2026, 3, 3)
WINTER = date(2025, 12, 1)

DECIDED = """
SELECT count(*) FILTER (outcome = 'won'), count(*)
FROM opportunities o JOIN people p ON p.person_id = o.owner_id
WHERE p.name = ? AND o.closed_at::DATE >= ? AND o.closed_at::DATE < ?
  AND EXISTS (SELECT 1 FROM stage_changes s WHERE s.opportunity_id = o.opportunity_id AND s.stage = 'proposal')
"""
FUNNEL = """
SELECT count(*), count(*) FILTER (l.source = 'self'), count(l.qualified_at), count(s.entered_at)
FROM leads l JOIN people p ON p.person_id = l.owner_id
LEFT JOIN stage_changes s ON s.opportunity_id = l.opportunity_id AND s.stage = 'proposal'
WHERE p.name = ? AND l.created_at::DATE >= ? AND l.created_at::DATE < ?
"""
ATTAINED = """
SELECT sum(won) / sum(target) FROM (
  SELECT q.target, coalesce(sum(o.amount), 0) AS won
  FROM quotas q JOIN people p USING (person_id)
  LEFT JOIN opportunities o ON o.owner_id = q.person_id AND o.outcome = 'won'
    AND o.closed_at::DATE >= q.period_start AND o.closed_at::DATE < q.period_end
  WHERE p.name = ? AND q.period_start >= ? AND q.period_end <= ?
  GROUP BY q.person_id, q.period_start, q.target)
"""
MEETINGS = """
SELECT count(*) FROM activities a JOIN people p USING (person_id)
WHERE p.name = ? AND a.kind = 'meeting' AND a.occurred_at::DATE >= ? AND a.occurred_at::DATE < ?
"""
BEGIN, END = date(2024, 5, 20), date(2026, 5, 18)
NORTH_TEAM = (
    "Jonas Weber", "Daniel Okafor", "Elif Demir", "Mateusz Kowalski", "Amira Haddad", "Lukas Brandt",
    "Sofie Janssen", "Clara Nyström", "Ines Carvalho",
)  # fmt: skip


def win_rate(demo: Counted, name: str, start: date, end: date) -> tuple[float, int]:
    won, decided = demo.one(DECIDED, name, start, end)
    return won / max(decided, 1), decided


def segment_rate(demo: Counted, segment: str, start: date, end: date, without: str) -> float:
    won, decided = demo.one(
        DECIDED.replace("p.name = ?", "p.segment = ? AND p.name <> ?"), segment, without, start, end
    )
    return float(won / decided)


def test_marta_has_nine_people(demo: Counted) -> None:
    found = demo.rows(
        "SELECT p.name FROM people p JOIN people m ON m.person_id = p.manager_id "
        "WHERE m.name = 'Marta Lindqvist' AND p.left_on IS NULL"
    )
    assert {r[0] for r in found} == set(NORTH_TEAM)


def test_there_are_24_mid_market_sellers(demo: Counted) -> None:
    sql = "SELECT count(*) FROM people WHERE role = 'rep' AND segment = 'mid-market' AND left_on IS NULL"
    assert demo.one(sql) == 24


def test_jonas_wins_fewer_proposals_since_3_march(demo: Counted) -> None:
    before, n_before = win_rate(demo, "Jonas Weber", BEGIN, DROP)
    since, n_since = win_rate(demo, "Jonas Weber", DROP, END)
    assert before == pytest.approx(0.53, abs=0.05)
    assert since == pytest.approx(0.11, abs=0.03)
    assert n_before > 350
    assert 55 <= n_since <= 75


def test_jonas_alone_changed(demo: Counted) -> None:
    before = segment_rate(demo, "mid-market", BEGIN, DROP, "Jonas Weber")
    since = segment_rate(demo, "mid-market", DROP, END, "Jonas Weber")
    assert since == pytest.approx(before, abs=0.06)


def test_jonas_gets_fewer_leads_and_finds_more(demo: Counted) -> None:
    leads, own, qualified, _ = demo.one(FUNNEL, "Jonas Weber", WINTER, END)
    others = demo.rows(
        "SELECT count(*) FILTER (l.source <> 'self'), count(*) FILTER (l.source = 'self') FROM leads l "
        "JOIN people p ON p.person_id = l.owner_id JOIN territories t USING (territory_id) "
        "WHERE p.segment = 'mid-market' AND p.hired_on < '2025-01-01' AND p.left_on IS NULL "
        "AND t.potential BETWEEN 0.9 AND 1.12 AND p.name NOT IN ('Jonas Weber', 'Amira Haddad', 'Sofie Janssen') "
        "AND l.created_at::DATE >= ? GROUP BY p.person_id",
        WINTER,
    )
    assert 0.72 < (leads - own) / median(r[0] for r in others) < 0.95
    assert 1.02 < own / median(r[1] for r in others) < 1.3
    assert qualified / leads == pytest.approx(0.44, abs=0.05)


def test_all_open_deals_of_jonas_have_a_next_step_and_others_not(demo: Counted) -> None:
    sql = (
        "SELECT avg((next_step IS NULL)::INT) FROM opportunities o JOIN people p ON p.person_id = o.owner_id "
        "WHERE outcome = 'open' AND (p.name = 'Jonas Weber') = ?"
    )
    assert demo.one(sql, True) == 0
    assert 0.08 < demo.one(sql, False) < 0.25


def test_jonas_voices_are_dated_as_told(demo: Counted) -> None:
    said = demo.rows(
        "SELECT given_on, from_role, text FROM feedback JOIN people USING (person_id) "
        "WHERE name = 'Jonas Weber' AND given_on >= '2026-04-14' AND text IS NOT NULL"
    )
    assert (date(2026, 5, 5), "customer", "Good demo. We were not sure what happens after we sign.") in said
    assert sum("procurement" in text and role == "self" for _, role, text in said) == 1
    assert sum("12% off to MVZ Altona" in text and role == "manager" for _, role, text in said) == 1


def test_jonas_has_open_deals_with_the_customers_he_talks_about(demo: Counted) -> None:
    found = demo.rows(
        "SELECT DISTINCT a.name FROM opportunities o JOIN accounts a USING (account_id) "
        "JOIN people p ON p.person_id = o.owner_id WHERE p.name = 'Jonas Weber' AND outcome = 'open'"
    )
    assert {"MVZ Altona", "Praxisverbund Elbe", "Klinik Nord"} <= {r[0] for r in found}


def test_daniel_was_low_in_the_winter_and_recovers(demo: Counted) -> None:
    def yields(start: date, end: date) -> float:
        leads, _, qualified, _ = demo.one(FUNNEL, "Daniel Okafor", start, end)
        return float(qualified / leads)

    before, winter = yields(BEGIN, date(2025, 9, 15)), yields(date(2025, 9, 15), date(2026, 3, 30))
    spring = yields(date(2026, 3, 30), date(2026, 5, 8))
    assert winter < 0.86 * before
    assert spring > 1.6 * winter
    assert spring == pytest.approx(0.475, abs=0.04)  # where colleagues are


def test_elif_books_fewer_meetings_and_wins_as_before(demo: Counted) -> None:
    before = demo.one(MEETINGS, "Elif Demir", date(2025, 12, 29), date(2026, 4, 20)) / 16
    since = demo.one(MEETINGS, "Elif Demir", date(2026, 4, 20), END) / 4
    assert before == pytest.approx(5.2, abs=0.3)
    assert since == pytest.approx(3.1, abs=0.7)  # four weeks: two meetings not yet logged are half a meeting a week
    earlier, _ = win_rate(demo, "Elif Demir", BEGIN, WINTER)
    lately, _ = win_rate(demo, "Elif Demir", WINTER, END)
    assert lately == pytest.approx(earlier, abs=0.08)


def test_mateusz_has_a_poor_territory_and_normal_conversions(demo: Counted) -> None:
    potential = demo.one(
        "SELECT potential FROM territories JOIN people USING (territory_id) WHERE people.name = 'Mateusz Kowalski'"
    )
    assert potential == 0.62
    assert demo.one(ATTAINED, "Mateusz Kowalski", date(2025, 7, 1), date(2026, 4, 1)) == pytest.approx(0.58, abs=0.05)
    rate, _ = win_rate(demo, "Mateusz Kowalski", BEGIN, END)
    leads, _, qualified, _ = demo.one(FUNNEL, "Mateusz Kowalski", BEGIN, END)
    assert rate == pytest.approx(segment_rate(demo, "mid-market", BEGIN, END, "Mateusz Kowalski"), abs=0.05)
    assert qualified / leads == pytest.approx(0.45, abs=0.03)


def test_amira_had_bad_luck_on_few_deals(demo: Counted) -> None:
    quarter = date(2026, 1, 1), date(2026, 4, 1)
    assert demo.one(ATTAINED, "Amira Haddad", *quarter) == pytest.approx(0.46, abs=0.05)
    assert demo.one(ATTAINED, "Amira Haddad", date(2025, 10, 1), quarter[1]) == pytest.approx(0.5, abs=0.05)
    _, decided = win_rate(demo, "Amira Haddad", *quarter)
    assert 10 <= decided <= 30  # colleagues close about 60
    long_run, n = win_rate(demo, "Amira Haddad", BEGIN, END)
    assert n > 250
    assert long_run == pytest.approx(segment_rate(demo, "mid-market", BEGIN, END, "Amira Haddad"), abs=0.05)


def test_lukas_is_new(demo: Counted) -> None:
    assert demo.one("SELECT hired_on FROM people WHERE name = 'Lukas Brandt'") == date(2026, 1, 12)
    assert demo.one("SELECT count(*) FROM quotas JOIN people USING (person_id) WHERE name = 'Lukas Brandt'") == 0
    _, decided = win_rate(demo, "Lukas Brandt", BEGIN, END)
    assert 8 <= decided <= 24


def test_sofie_is_back_with_two_closed_deals(demo: Counted) -> None:
    leave = demo.one(
        "SELECT start_on, end_on FROM absences JOIN people USING (person_id) "
        "WHERE name = 'Sofie Janssen' AND kind = 'parental leave'"
    )
    assert leave == (date(2025, 3, 10), date(2026, 4, 20))
    assert demo.one(DECIDED, "Sofie Janssen", date(2026, 4, 20), END) == (1, 2)
    away = "SELECT count(*) FROM activities JOIN people USING (person_id) WHERE name = 'Sofie Janssen' " \
        "AND occurred_at::DATE >= '2025-03-10' AND occurred_at::DATE < '2026-04-20'"  # fmt: skip
    assert demo.one(away) == 0


def test_ines_is_strong_at_the_close_and_clara_steady(demo: Counted) -> None:
    peers = segment_rate(demo, "mid-market", BEGIN, END, "Ines Carvalho")
    assert win_rate(demo, "Ines Carvalho", BEGIN, END)[0] > 1.18 * peers
    assert win_rate(demo, "Clara Nyström", BEGIN, END)[0] == pytest.approx(1.03 * peers, abs=0.05)


@pytest.mark.parametrize(
    ("name", "since", "part", "whole"),
    [("Viktor Seidel", date(2025, 10, 6), 3, 2), ("Oskar Bergström", date(2025, 8, 4), 2, 0)],
)
def test_the_other_declines_are_where_the_roster_says(
    demo: Counted, name: str, since: date, part: int, whole: int
) -> None:
    settled = date(2026, 4, 1)  # leads after it are still on their way
    before, after = demo.one(FUNNEL, name, BEGIN, since), demo.one(FUNNEL, name, since, settled)
    assert after[part] / after[whole] < 0.75 * before[part] / before[whole]


@pytest.mark.parametrize("name", ["Philipp Krämer", "Nina Petrova"])
def test_the_low_performers_convert_less_than_their_segment(demo: Counted, name: str) -> None:
    sql = (
        "SELECT sum(amount) FILTER (outcome = 'won') / (SELECT count(*) FROM leads l JOIN people q "
        "ON q.person_id = l.owner_id WHERE {}) FROM opportunities o JOIN people p ON p.person_id = o.owner_id WHERE {}"
    )
    mine = demo.one(sql.format(f"q.name = '{name}'", f"p.name = '{name}'"))
    segment = demo.one("SELECT segment FROM people WHERE name = ?", name)
    peers = demo.one(sql.format(f"q.segment = '{segment}'", f"p.segment = '{segment}'"))
    assert mine < 0.72 * peers


def test_a_whole_team_shares_a_dip(demo: Counted) -> None:
    sql = (
        "SELECT avg((EXISTS (SELECT 1 FROM stage_changes s WHERE s.opportunity_id = o.opportunity_id "
        "AND s.stage = 'proposal'))::INT) FROM opportunities o JOIN people p ON p.person_id = o.owner_id "
        "WHERE p.team = ? AND o.created_at::DATE >= ? AND o.created_at::DATE < ?"
    )
    dip, settled = date(2026, 2, 2), date(2026, 4, 15)

    def change(team: str) -> float:
        return float(demo.one(sql, team, dip, settled) / demo.one(sql, team, BEGIN, dip))

    assert change("Small business Central") < 0.85
    assert change("Small business East") == pytest.approx(1.0, abs=0.08)


def test_the_partner_desk_and_the_new_hire_have_no_decided_deals(demo: Counted) -> None:
    owned = "SELECT count(*) FROM leads l JOIN people p ON p.person_id = l.owner_id WHERE p.name = ?"
    assert demo.one(owned, "Agnes Thalberg") == 0
    logged = "SELECT count(*) FROM activities JOIN people USING (person_id) WHERE name = ?"
    assert demo.one(logged, "Agnes Thalberg") == 0
    assert demo.one(DECIDED, "Timo Brandl", BEGIN, END)[1] <= 1


def test_moves_are_in_the_assignments(demo: Counted) -> None:
    sql = (
        "SELECT a.valid_from, a.valid_to, a.team, t.name FROM assignments a JOIN people p USING (person_id) "
        "JOIN territories t ON t.territory_id = a.territory_id WHERE p.name = ? ORDER BY 1"
    )
    before, after = demo.rows(sql, "Marco Ricci")
    assert before[1] == after[0] == date(2025, 7, 1)
    assert (before[2], after[2]) == ("Mid-market South", "Mid-market West")
    before, after = demo.rows(sql, "Eva Horváth")
    assert before[1] == after[0] == date(2025, 10, 1)
    assert (before[3], after[3]) == ("Göttingen", "Harz")


def test_more_than_half_of_the_quarters_reach_quota(demo: Counted) -> None:
    share = demo.one(
        "SELECT avg((won >= target)::INT) FROM (SELECT q.target, coalesce(sum(o.amount), 0) AS won FROM quotas q "
        "LEFT JOIN opportunities o ON o.owner_id = q.person_id AND o.outcome = 'won' "
        "AND o.closed_at::DATE >= q.period_start AND o.closed_at::DATE < q.period_end "
        "WHERE q.period_end <= '2026-04-01' GROUP BY q.person_id, q.period_start, q.target)"
    )
    assert 0.52 < share < 0.62


def test_groups_say_nothing_about_results(demo: Counted) -> None:
    rates = demo.rows(
        "SELECT value, avg((outcome = 'won')::INT) FROM opportunities o JOIN groups g ON g.person_id = o.owner_id "
        "WHERE attribute = 'gender' AND outcome <> 'open' GROUP BY 1"
    )
    by_gender = dict(rates)
    assert by_gender["female"] / by_gender["male"] == pytest.approx(1.0, abs=0.12)


def test_it_looks_like_a_crm(demo: Counted) -> None:
    weekend = demo.one("SELECT avg((isodow(created_at) > 5)::INT) FROM leads")
    assert 0.03 < weekend < 0.12
    assert demo.one("SELECT avg((isodow(closed_at) > 5)::INT) FROM opportunities WHERE closed_at IS NOT NULL") < 0.005
    office = demo.one(
        "SELECT avg((hour(closed_at) BETWEEN 7 AND 19)::INT) FROM opportunities WHERE closed_at IS NOT NULL"
    )
    assert office > 0.97
    late = demo.one("SELECT avg((logged_at::DATE - occurred_at::DATE > 0)::INT) FROM activities")
    assert 0.05 < late < 0.3
    past = demo.one("SELECT avg((expected_close_on <= '2026-05-17')::INT) FROM opportunities WHERE outcome = 'open'")
    assert 0.02 < past < 0.25
    rush = demo.one(
        "SELECT avg((closed_at::DATE >= last_day(date_trunc('quarter', closed_at) + INTERVAL 2 MONTH) - 9)::INT) "
        "FROM opportunities WHERE closed_at::DATE BETWEEN '2024-10-01' AND '2026-03-31'"
    )
    assert rush > 1.25 * 10 / 91
    by_source = dict(demo.rows("SELECT source, avg((qualified_at IS NOT NULL)::INT) FROM leads GROUP BY 1"))
    assert by_source["partner"] > 1.3 * by_source["outbound"]
