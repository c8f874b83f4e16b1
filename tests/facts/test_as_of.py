"""Nothing that happened later may be seen."""

# ruff: noqa: E501, DTZ001, RUF043
# (word lists and tables read better unwrapped; the facts are naive UTC)

from __future__ import annotations

from datetime import date, datetime

import pytest

from headway.core.errors import NotFound
from headway.facts.store import open_facts
from tests.facts.conftest import PEOPLE, Write, load, rows

TODAY = date(2026, 1, 1)


@pytest.fixture
def loaded(write: Write) -> None:
    """Two deals with history, two leads, activities logged late, an absence, assignments."""
    files = {
        "people.csv": PEOPLE,
        "opportunities.csv": (
            "opportunity_id,owner_id,created_at,stage,outcome,closed_at,amount,lost_reason\n"
            "won,r1,2024-01-10,won,won,2024-03-01T12:00:00,100,\n"
            "lost,r1,2024-01-10,lost,lost,2024-02-01,50,price\n"
            "later,r1,2024-06-01,proposal,open,,70,\n"
            "blank,r1,2024-01-05,proposal,open,,9,\n"
        ),
        "stage_changes.csv": (
            "opportunity_id,stage,entered_at\nwon,qualified,2024-01-10\nwon,proposal,2024-02-15\nwon,won,2024-03-01T12:00:00\n"
            "lost,qualified,2024-01-10\nlost,lost,2024-02-01\nlater,qualified,2024-06-01\nlater,proposal,2024-06-20\n"
        ),
        "leads.csv": (
            "lead_id,owner_id,created_at,qualified_at,disqualified_at,disqualified_reason,opportunity_id\n"
            "l1,r1,2024-01-01,2024-02-20,,,won\nl2,r1,2024-01-01,,2024-05-01,no budget,\nl3,r1,2024-05-01,2024-06-01,,,later\n"
        ),
        "activities.csv": (
            "activity_id,person_id,kind,occurred_at,logged_at\na1,r1,call,2024-02-10T09:00:00Z,2024-02-10T10:00:00Z\n"
            "a2,r1,call,2024-02-10T09:00:00+01:00,2024-02-25T10:00:00Z\na3,r2,phone call,2024-06-10,\n"
        ),
        "assignments.csv": (
            "person_id,valid_from,valid_to,manager_id,team\nr1,2023-01-01,2024-02-10,m1,South\nr1,2024-02-10,,m1,North\n"
        ),
    }
    load(*(write(name, text) for name, text in files.items()), today=TODAY)


def _on(day: date, sql: str) -> list[tuple[object, ...]]:
    with open_facts(day) as facts:
        return list(rows(facts, sql))


@pytest.mark.usefixtures("loaded")
def test_deals_are_open_again() -> None:
    """A deal closed later is open at the stage it had; without a history the stage is unknown."""
    sql = "SELECT opportunity_id, stage, outcome, closed_at, amount, lost_reason FROM opportunities ORDER BY 1"
    assert _on(date(2024, 2, 20), sql) == [
        ("blank", None, "open", None, 9.0, None),
        ("lost", "lost", "lost", datetime(2024, 2, 1), 50.0, "price"),
        ("won", "proposal", "open", None, 100.0, None),
    ]
    assert _on(date(2024, 1, 31), sql)[1] == ("lost", "qualified", "open", None, 50.0, None)
    assert _on(date(2024, 3, 1), sql)[2][:3] == ("won", "won", "won"), "the day's own events count"
    assert len(_on(TODAY, sql)) == 4
    assert _on(TODAY, sql)[0][1] == "proposal", "with all facts seen, the present stage is the stage"


@pytest.mark.usefixtures("loaded")
def test_leads_activities_people() -> None:
    """Qualified later is not qualified; logged later is not known; left later has not left."""
    assert _on(date(2024, 2, 19), "SELECT lead_id, qualified_at, disqualified_at, disqualified_reason, opportunity_id FROM leads ORDER BY 1") == [
        ("l1", None, None, None, "won"), ("l2", None, None, None, None)]  # fmt: skip
    assert _on(date(2024, 5, 15), "SELECT opportunity_id FROM leads WHERE lead_id = 'l3'") == [(None,)]
    assert _on(date(2024, 2, 19), "SELECT activity_id FROM activities") == [("a1",)]
    assert _on(date(2024, 2, 25), "SELECT activity_id, occurred_at FROM activities ORDER BY 1")[1] == (
        "a2",
        datetime(2024, 2, 10, 8),
    )
    assert _on(date(2024, 6, 1), "SELECT person_id, left_on FROM people ORDER BY 1") == [
        ("m1", None),
        ("r1", None),
        ("r2", None),
    ]
    assert _on(date(2024, 2, 1), "SELECT person_id FROM people ORDER BY 1") == [("m1",), ("r1",)], "hired in May"
    assert _on(date(2025, 1, 1), "SELECT left_on FROM people WHERE person_id = 'r2'") == [(date(2024, 12, 31),)]


@pytest.mark.usefixtures("loaded")
def test_teams_over_time() -> None:
    """History wins over people; who has none is where `people` says."""
    assert _on(date(2024, 1, 31), "SELECT team FROM people WHERE person_id = 'r1'") == [("South",)]
    assert _on(date(2024, 2, 10), "SELECT team FROM people WHERE person_id = 'r1'") == [("North",)]
    assert _on(date(2024, 1, 31), "SELECT person_id, valid_from, valid_to, team FROM assignments ORDER BY 1") == [
        ("m1", date(2020, 1, 1), None, "North"), ("r1", date(2023, 1, 1), None, "South")]  # fmt: skip


@pytest.mark.usefixtures("loaded")
def test_what_is_told_about_the_facts() -> None:
    """The default day is the last with a fact; what is not loaded is an empty view."""
    with open_facts() as facts:
        assert facts.as_of == facts.last_day == date(2024, 6, 20)
        assert facts.first_day == date(2024, 1, 1)
        assert (facts.has("quotas"), facts.has("leads")) == (False, True)
        assert (facts.has_column("leads", "score"), facts.has_column("leads", "created_at")) == (False, True)
        assert rows(facts, "SELECT * FROM quotas") == []
        assert facts.ladder == ("lead", "qualified", "proposal", "won")
        assert rows(facts, "SELECT kind FROM activities WHERE activity_id = 'a3'") == [("call",)]
    with open_facts(date(2024, 2, 1)) as facts:
        assert facts.last_day == date(2024, 2, 1)


def test_nothing_loaded() -> None:
    """One sentence, with what to do."""
    with pytest.raises(NotFound, match="No facts are loaded yet. Load an export"):
        open_facts()
