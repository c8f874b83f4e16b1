"""Every example folder reads as its SOURCE.md says."""

# ruff: noqa: E501, DTZ001
# (word lists and tables read better unwrapped)

from __future__ import annotations

from datetime import date, datetime

import pytest

from headway.facts.load import plan_load
from headway.facts.store import open_facts
from tests.facts.conftest import Write, load, rows
from tests.paths import shared


def test_maven_reads_as_published() -> None:
    """8,800 deals, 35 reps of whom 30 own one, 6 managers, list prices although one name is spelled otherwise."""
    load(shared("data", "maven-crm"))
    with open_facts() as facts:
        outcomes = dict(rows(facts, "SELECT outcome, count(*) FROM opportunities GROUP BY 1"))
        assert outcomes == {"won": 4238, "lost": 2473, "open": 2089}
        stages = dict(rows(facts, "SELECT stage, count(*) FROM opportunities WHERE outcome = 'open' GROUP BY 1"))
        assert stages == {"qualified": 1589, "lead": 500}
        assert dict(rows(facts, "SELECT role, count(*) FROM people GROUP BY 1")) == {"rep": 35, "manager": 6}
        offices = dict(rows(facts, "SELECT team, count(*) FROM people WHERE role = 'rep' GROUP BY 1"))
        assert offices == {"East": 12, "West": 12, "Central": 11}
        assert rows(facts, "SELECT count(DISTINCT owner_id) FROM opportunities") == [(30,)]
        cycle = rows(facts, "SELECT min(d), max(d), median(d) FROM (SELECT date_diff('day', created_at, closed_at) AS d "
                            "FROM opportunities WHERE closed_at IS NOT NULL)")  # fmt: skip
        assert cycle == [(1, 138, 45.0)]
        assert rows(facts, "SELECT min(s), max(s) FROM (SELECT sum(amount) AS s FROM opportunities WHERE outcome = 'won' "
                           "GROUP BY owner_id)") == [(123431.0, 1153214.0)]  # fmt: skip
        assert rows(facts, "SELECT count(*) FROM opportunities WHERE product = 'GTXPro' AND list_price <> 4821") == [
            (0,)
        ]
        assert rows(facts, "SELECT count(*) FROM opportunities WHERE list_price IS NULL") == [(0,)]
        assert (facts.first_day, facts.last_day) == (date(2016, 10, 20), date(2017, 12, 31))
        assert not facts.has("activities")


@pytest.mark.parametrize("name", ["sales_pipeline.ddmmyy.csv", "sales_pipeline.us-mdy.csv"])
def test_maven_variants_equal_the_original_cell_by_cell(name: str) -> None:
    """The same rows with other date spellings give the same facts."""
    sql = "SELECT * EXCLUDE (attributes) FROM {} ORDER BY ALL"
    load(shared("data", "maven-crm", "sales_pipeline.csv"))
    with open_facts() as facts:
        original = [rows(facts, sql.format(t)) for t in ("opportunities", "stage_changes", "people")]
    plan, _result = load(shared("data", "maven-crm", "variants", name), mode="replace")
    assert [q.kind for q in plan.open_questions] == ["currency"]
    with open_facts() as facts:
        assert [rows(facts, sql.format(t)) for t in ("opportunities", "stage_changes", "people")] == original


def test_dirty_loses_no_deal_and_names_every_cell() -> None:
    """500 deals, 94 closed (53 won, 41 lost), letters in 17 amounts named, four spellings of dates read."""
    plan, result = load(shared("data", "dirty-crm"))
    with open_facts() as facts:
        assert rows(facts, "SELECT count(*), count(created_at) FROM opportunities") == [(500, 484)]
        outcomes = dict(rows(facts, "SELECT outcome, count(*) FROM opportunities GROUP BY 1"))
        assert (outcomes["won"], outcomes["lost"]) == (53, 41)
        assert rows(
            facts, "SELECT count(*) FROM opportunities WHERE closed_at IS NOT NULL AND outcome NOT IN ('won', 'lost')"
        ) == [(0,)]
        assert rows(facts, "SELECT hired_on FROM people WHERE person_id IN ('V001', 'V008', 'V009', 'V003') ORDER BY person_id") == [
            (date(2022, 2, 23),), (None,), (date(2022, 10, 19),), (date(2022, 2, 11),)]  # fmt: skip
        assert rows(facts, "SELECT count(DISTINCT person_id), count(*) FROM quotas") == [(9, 18)]
    letters = [g for g in plan.rejects if g.reason == "Not a number"]
    assert sum(g.rows for g in letters) >= 17
    assert all(g.level == "cell" for g in plan.rejects)
    assert result.rejects_file is not None
    assert "3956.65x" in result.rejects_file.read_text(encoding="utf-8-sig")


def test_olist_only_wins_carry_a_rep() -> None:
    """8,000 leads; 842 wins owned by the closing rep, their leads by the developing one; lost leads by nobody."""
    load(shared("data", "olist-funnel"))
    with open_facts() as facts:
        assert rows(facts, "SELECT count(*), count(owner_id), count(opportunity_id) FROM leads") == [(8000, 842, 842)]
        assert rows(facts, "SELECT count(*), count(DISTINCT owner_id), any_value(outcome) FROM opportunities") == [
            (842, 22, "won")
        ]
        assert rows(facts, "SELECT count(DISTINCT owner_id) FROM leads") == [(32,)]
        assert rows(facts, "SELECT count(*) FROM people") == [(41,)]
        days = rows(facts, "SELECT median(d), max(d), min(d) FROM (SELECT date_diff('day', l.created_at, o.closed_at) AS d "
                           "FROM opportunities o JOIN leads l USING (lead_id))")  # fmt: skip
        assert days == [(14.0, 427, -2)]
        assert rows(facts, "SELECT count(amount) FROM opportunities") == [(0,)]


def test_revpulse_joins_the_rep_through_the_deal() -> None:
    """Activities name no rep: he is the deal's. Stages by their file, lead source out of JSON text, churn beside accounts."""
    load(shared("data", "revpulse-activities"))
    with open_facts() as facts:
        assert dict(rows(facts, "SELECT outcome, count(*) FROM opportunities GROUP BY 1")) == {
            "open": 178,
            "won": 93,
            "lost": 48,
        }
        kinds = dict(rows(facts, "SELECT kind, count(*) FROM activities GROUP BY 1"))
        assert kinds == {"demo": 292, "email": 280, "meeting": 275, "call": 216}
        each = rows(
            facts, "SELECT min(n), max(n), count(*) FROM (SELECT count(*) AS n FROM activities GROUP BY person_id)"
        )
        assert each == [(12, 56, 30)]
        # 44 cancelled contracts of 41 accounts; 25 of them keep another contract and have not left.
        assert rows(facts, "SELECT count(churned_on) FROM accounts") == [(16,)]
        assert rows(facts, "SELECT count(*) FROM opportunities WHERE source IS NULL") == [(0,)]
        assert rows(facts, "SELECT count(DISTINCT stage) FROM opportunities WHERE outcome = 'open'")[0][0] == 3


def test_hubspot_shape() -> None:
    """Owners are people, users are not; merged deals are looked into; owners' teams by two hops."""
    plan, _result = load(shared("data", "crm-export-shapes", "hubspot"))
    with open_facts() as facts:
        assert rows(facts, "SELECT count(*), count(owner_id) FROM opportunities") == [(44, 22)]
        assert rows(facts, "SELECT count(*) FROM people") == [(100,)]
        teams = dict(rows(facts, "SELECT person_id, team FROM people WHERE team IS NOT NULL"))
        assert teams == {"35252170": "team_01", "40706000": "team_02"}
        assert rows(facts, "SELECT count(*) FROM stage_changes") == [(14,)]
    assert plan.tables["activities"].rejected == 104, "no engagement has an owner who is listed"


def test_salesforce_shape() -> None:
    """Deleted records are left out and counted; tasks and events become activities."""
    plan, _result = load(shared("data", "crm-export-shapes", "salesforce"))
    assert plan.tables["opportunities"].dropped == {"deleted in the CRM": 10}
    assert plan.tables["accounts"].dropped == {"deleted in the CRM": 9}
    with open_facts() as facts:
        assert dict(rows(facts, "SELECT kind, count(*) FROM activities GROUP BY 1")) == {
            "other": 10,
            "call": 6,
            "meeting": 4,
        }
        assert rows(facts, "SELECT count(*) FROM people") == [(15,)]


@pytest.mark.parametrize(
    "folder", ["maven-crm", "dirty-crm", "olist-funnel", "revpulse-activities", "crm-export-shapes/hubspot"]
)
def test_loading_twice_changes_nothing(folder: str) -> None:
    """The second load finds every row unchanged and makes no version."""
    first, _result = load(shared("data", *folder.split("/")))
    again, result = load(shared("data", *folder.split("/")))
    assert result.version is None
    for name, counts in again.tables.items():
        assert (counts.loaded, counts.updated) == (0, 0), name
        assert counts.rejected == first.tables[name].rejected


def test_folder_of_folders_names_what_is_inside() -> None:
    """A folder without files says which folders it holds."""
    with pytest.raises(Exception, match="hubspot, salesforce"):
        plan_load([shared("data", "crm-export-shapes")])


def test_labels_of_file_exports(write: Write) -> None:
    """Pipedrive's and Salesforce's column labels; planned activities and the footer of a report do not count."""
    pipedrive = (
        "Deal - ID,Deal - Title,Deal - Owner,Deal - Value,Deal - Currency of value,Deal - Stage (pipeline),Deal - Status,"
        "Deal - Deal created,Deal - Won time,Deal - Lost time\n"
        '1,Big,Jonas Weber,"1,200.50",USD,Proposal Made (Sales),Won,2024-01-02 10:00:00,2024-02-20 12:00:00,\n'
        "3,Gone,Jonas Weber,300,USD,Contact Made (Sales),Lost,2024-01-05 10:00:00,,2024-02-02 09:00:00\n"
        "2,Small,Jonas Weber,300,USD,Contact Made (Sales),Open,2024-01-05 10:00:00,,\n"
    )
    done = (
        "Activity - ID,Activity - Type,Activity - Due date,Activity - Assigned to user,Activity - Done\n"
        "9,Call,2024-01-03,Jonas Weber,Done\n10,Email,2024-01-04,Jonas Weber,To do\n"
    )
    plan, _result = load(write("deals.csv", pipedrive), write("activities.csv", done))
    assert not plan.open_questions
    with open_facts() as facts:
        assert rows(facts, "SELECT opportunity_id, stage, outcome, amount, currency FROM opportunities ORDER BY 1") == [
            ("1", "won", "won", 1200.5, "USD"), ("2", "lead", "open", 300.0, "USD"), ("3", "lost", "lost", 300.0, "USD")]  # fmt: skip
        assert rows(facts, "SELECT activity_id, person_id, kind FROM activities") == [("9", "Jonas Weber", "call")]
    report = (
        '"Opportunity Owner","Stage","Amount","Close Date","Created Date","Opportunity ID"\n'
        '"Jonas Weber","Closed Won","1200.5","2/20/2024","1/2/2024","0061"\n'
        '"Jonas Weber","Negotiation/Review","300","5/13/2024","1/5/2024","0062"\n"Grand Totals (2 records)"\n'
    )
    plan, _result = load(write("report.csv", report), mode="replace")
    with open_facts() as facts:
        assert rows(facts, "SELECT opportunity_id, stage, closed_at, expected_close_on FROM opportunities ORDER BY 1") == [
            ("0061", "won", datetime(2024, 2, 20), None), ("0062", "proposal", None, date(2024, 5, 13))]  # fmt: skip
    assert [g.rows for g in plan.rejects] == [1], "the footer is named, not lost"


def test_odoo_keeps_leads_and_deals_in_one_table(write: Write) -> None:
    """The rows are told apart by their type."""
    text = (
        "id,name,type,user_id,stage_id,expected_revenue,create_date,date_closed\n"
        "1,Big,opportunity,Jonas Weber,Won,1200.5,2024-01-02 09:00:00,2024-02-20 10:00:00\n"
        "2,New,lead,Jonas Weber,New,0,2024-01-05 09:00:00,\n3,Small,opportunity,Jonas Weber,Proposition,300,2024-01-05 09:00:00,\n"
    )
    load(write("crm.lead.csv", text))
    with open_facts() as facts:
        assert rows(facts, "SELECT opportunity_id, outcome FROM opportunities ORDER BY 1") == [
            ("1", "won"),
            ("3", "open"),
        ]
        assert rows(facts, "SELECT lead_id, owner_id FROM leads") == [("2", "Jonas Weber")]


def test_a_file_that_names_nobody_cannot_be_judged(write: Write) -> None:
    """Activities without any column for the person are rejected with the reason, not kept for nobody."""
    plan, _result = load(
        write("people.csv", "person_id,name\nr1,Jonas\n"),
        write("activities.csv", "activity_id,type,activity_date\n1,call,2024-01-01\n"),
    )
    assert plan.tables["activities"].rejected == 1
    assert plan.rejects[0].reason == "Owner is missing"
