"""What only a person can say about an export: the currency, the stages; each asked once."""

from __future__ import annotations

import pytest

from headway.facts.load import plan_load
from headway.facts.store import open_facts
from tests.facts.conftest import Write, load

pytestmark = pytest.mark.django_db

PEOPLE = "person_id,name,role\nr1,Jonas Weber,rep\n"
DEALS = "opportunity_id,owner_id,created_at,stage,outcome,amount\nd1,r1,2024-01-01,Handshake,open,12\n"


def test_no_currency_is_asked(write: Write) -> None:
    """The default is the company's own, said in a notice; an answer is kept and not asked again."""
    files = [write("people.csv", PEOPLE), write("opportunities.csv", DEALS)]
    with plan_load(files) as plan:
        (asked,) = [q for q in plan.questions if q.kind == "currency"]
        assert (asked.rows, asked.examples) == (1, ("12",))
        assert any(n.kind == "currency" and asked.default in n.text for n in plan.notices)
    load(*files, answers={asked.id: "SEK"})
    with open_facts() as facts:
        assert facts.currency == "SEK"
    with plan_load(files) as plan:
        assert not [q for q in plan.questions if q.kind == "currency"]


def test_a_stage_in_two_files_is_one_question(write: Write) -> None:
    """About the rows of both; the answer holds for both."""
    changes = "opportunity_id,stage,entered_at\nd1,Handshake,2024-01-01\nd1,handshake,2024-01-03\n"
    files = [write("people.csv", PEOPLE), write("opportunities.csv", DEALS), write("stage_changes.csv", changes)]
    with plan_load(files) as plan:
        (asked,) = [q for q in plan.questions if q.kind == "stage"]
        assert asked.rows == 3
    load(*files, answers={asked.id: "proposal"})
    with open_facts() as facts:
        assert facts.con.execute("SELECT DISTINCT stage FROM stage_changes").fetchall() == [("proposal",)]
        assert facts.con.execute("SELECT stage FROM opportunities").fetchall() == [("proposal",)]
