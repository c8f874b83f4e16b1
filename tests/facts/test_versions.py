"""Every load is a version: added to, replaced, looked back at, undone, recorded."""

# ruff: noqa: E501
# (word lists and tables read better unwrapped)

from __future__ import annotations

import json

import pytest

from headway.core import audit
from headway.core.errors import BadInput, Conflict, NotAllowed, NotFound
from headway.core.models import AuditEntry
from headway.facts import merging, writing
from headway.facts.actions import undo_load
from headway.facts.folder import read_manifest, version_folder
from headway.facts.load import commit_load, plan_load
from headway.facts.mapping import Mapping, mapping_from_json
from headway.facts.models import FactVersion, SavedMapping
from headway.facts.queries import status_for, versions_for
from headway.facts.store import current_version, open_facts
from headway.people.actions import give_access
from headway.people.models import Person
from tests.facts.conftest import DEALS, PEOPLE, SYSTEM, Write, load, rows

D1 = DEALS + "d1,r1,2024-01-01,lead,open,,100,EUR\n"


def test_changed_rows_are_updated_and_the_rest_stays(write: Write) -> None:
    """A second file with other rows adds; columns it lacks keep what was known; extra columns add up."""
    people = write("people.csv", PEOPLE)
    load(
        people,
        write(
            "opportunities.csv",
            DEALS.strip() + ",Colour\nd1,r1,2024-01-01,lead,open,,100,EUR,red\nd0,r1,2024-01-01,lead,open,,5,EUR,\n",
        ),
    )
    plan, result = load(
        write("opportunities.csv", "opportunity_id,owner_id,stage,Size\nd1,r1,proposal,big\nd2,r1,lead,\n")
    )
    counts = plan.tables["opportunities"]
    assert (counts.loaded, counts.updated, counts.unchanged) == (1, 1, 0)
    with open_facts() as facts:
        assert rows(facts, "SELECT opportunity_id, stage, amount FROM opportunities ORDER BY 1") == [
            ("d0", "lead", 5.0), ("d1", "proposal", 100.0), ("d2", "lead", None)]  # fmt: skip
        kept = json.loads(str(rows(facts, "SELECT attributes FROM opportunities WHERE opportunity_id = 'd1'")[0][0]))
        assert (kept["Colour"], kept["Size"]) == ("red", "big")
    with open_facts(version=1) as facts:
        assert rows(facts, "SELECT stage FROM opportunities WHERE opportunity_id = 'd1'") == [("lead",)]
    assert result.version is not None
    assert result.version.previous is not None


def test_rows_are_compared_some_keys_at_a_time(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MOST_JOINED", 4)
    deals = [f"d{i},r1,2024-01-01,lead,open,,{i},EUR\n" for i in range(30)]
    load(write("people.csv", PEOPLE), write("opportunities.csv", DEALS + "".join(deals)))
    changed = [line.replace("lead", "proposal") if i % 7 == 0 else line for i, line in enumerate(deals)]
    new = ["d40,r1,2024-01-01,lead,open,,1,EUR\n"]
    plan, _result = load(write("opportunities.csv", DEALS + "".join(changed + new)))
    counts = plan.tables["opportunities"]
    assert (counts.loaded, counts.updated, counts.unchanged) == (1, 5, 25)


def test_unchanged_tables_are_not_written_again(write: Write) -> None:
    """They are the same file on disk."""
    from headway.facts.folder import table_file

    load(write("people.csv", PEOPLE), write("opportunities.csv", D1))
    load(write("opportunities.csv", D1.replace("100", "200")))
    assert table_file(1, "people").samefile(table_file(2, "people"))


def test_the_same_facts_have_the_same_hash(write: Write) -> None:
    """Whatever the order of rows and the way they came."""
    load(write("people.csv", PEOPLE), write("opportunities.csv", D1 + "d2,r1,2024-01-01,lead,open,,1,EUR\n"))
    load(
        write("people.csv", PEOPLE),
        write("opportunities.csv", DEALS + "d2,r1,2024-01-01,lead,open,,1,EUR\nd1,r1,2024-01-01,lead,open,,100,EUR\n"),
        mode="replace",
    )
    hashes = set(FactVersion.objects.values_list("content_hash", flat=True))
    assert len(hashes) == 1


def test_cells_of_two_rows_that_change_places_change_the_hash(write: Write) -> None:
    """In every column, so that no two versions are taken for the same."""
    people = write("people.csv", PEOPLE)
    first = "d1,r1,2024-01-01,lead,open,,100,EUR\n", "d2,r2,2024-02-01,proposal,lost,2024-03-01,7,USD\n"
    load(people, write("opportunities.csv", DEALS + "".join(first)))
    for column in range(1, 8):
        one, two = (line.strip().split(",") for line in first)
        one[column], two[column] = two[column], one[column]
        changed = write("opportunities.csv", DEALS + ",".join(one) + "\n" + ",".join(two) + "\n")
        _plan, result = load(people, changed, mode="replace")
        assert result.version is not None
    load(people, write("opportunities.csv", DEALS + "".join(first)), mode="replace")
    hashes = FactVersion.objects.values_list("content_hash", flat=True)
    assert len(set(hashes)) == len(hashes) - 1 == 8


@pytest.mark.parametrize("how", ["one file", "a key twice", "two files"])
def test_a_large_table(write: Write, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """What was sifted becomes the version's file as it is, or is written again where it is not the whole or has a key
    twice: the facts, the counts and the hash are the same."""
    deals = [f"d{i},r1,2024-01-01,lead,open,,{i},EUR\n" for i in range(9)]
    bad = ["d20,nobody,2024-01-01,lead,open,,1,EUR\n", "d10,r1,2024-01-01,lead,open,,many,EUR\n"]
    files = [write("people.csv", PEOPLE), write("o.csv", DEALS + "".join(deals + bad))]
    load(*files)
    monkeypatch.setattr(writing, "MOST_SORTED", 2)
    if how == "a key twice":
        files = [files[0], write("o.csv", DEALS + "".join(deals + bad + deals[3:4]))]
    elif how == "two files":
        files = [files[0], write("o.csv", DEALS + "".join(deals[:4])), write("p.csv", DEALS + "".join(deals[4:] + bad))]
    files.append(write("leads.csv", "lead_id,owner_id,created_at\nl1,r1,2024-01-01\n"))
    plan, result = load(*files, mode="replace")
    counts = plan.tables["opportunities"]
    assert (counts.read, counts.rejected, counts.cells) == ((11, 1, 1) if how != "a key twice" else (12, 2, 1))
    assert result.version is not None
    with open_facts() as facts:
        sql = "SELECT opportunity_id, amount FROM opportunities ORDER BY 1"
        assert rows(facts, sql) == [
            ("d0", 0.0),
            ("d1", 1.0),
            ("d10", None),
            *((f"d{i}", float(i)) for i in range(2, 9)),
        ]
    assert len({read_manifest(n).tables["opportunities"].digest for n in (1, 2)}) == 1


def test_replace_and_undo(write: Write) -> None:
    """Replacing starts anew; undo brings the old facts and the old people back; the first load can be undone too."""
    load(write("people.csv", PEOPLE), write("opportunities.csv", D1))
    load(
        write("people.csv", "person_id,name\nz1,Zed\n"),
        write("opportunities.csv", "opportunity_id,owner_id,stage\nx,z1,lead\n"),
        mode="replace",
    )
    assert list(Person.objects.filter(listed=True).values_list("person_id", flat=True)) == ["z1"]
    with open_facts() as facts:
        assert rows(facts, "SELECT opportunity_id FROM opportunities") == [("x",)]
    undo_load(by=SYSTEM)
    with open_facts() as facts:
        assert rows(facts, "SELECT opportunity_id FROM opportunities") == [("d1",)]
    assert Person.objects.filter(listed=True).count() == 3
    assert undo_load(by=SYSTEM) is None
    assert current_version() is None
    with pytest.raises(Conflict, match="nothing to undo"):
        undo_load(by=SYSTEM)


def test_loads_are_on_the_record_and_need_the_right(write: Write) -> None:
    """RevOps and administrators load; others may not, and then nothing is changed."""
    paths = [write("people.csv", PEOPLE), write("opportunities.csv", D1)]
    rep = give_access(email="rep@x.example", role="rep", by=SYSTEM).user
    with pytest.raises((NotAllowed, NotFound)):
        commit_load(plan_load(paths), by=rep)
    assert current_version() is None
    assert not version_folder(1).exists()
    revops = give_access(email="ops@x.example", role="revops", by=SYSTEM).user
    _plan, result = load(*paths)
    assert result.version is not None
    commit_load(plan_load([paths[0], write("opportunities.csv", D1.replace("100", "7"))]), by=revops)
    assert FactVersion.objects.get(is_current=True).created_by == revops
    assert AuditEntry.objects.filter(event="facts.loaded").count() == 2
    assert audit.verify().whole
    assert versions_for(revops).count() == 2
    with pytest.raises((NotAllowed, NotFound)):
        versions_for(rep)


def test_people_are_brought_in_line(write: Write) -> None:
    """Managers, teams and days of leaving arrive in `people`."""
    load(write("people.csv", PEOPLE), write("opportunities.csv", D1))
    jonas = Person.objects.get(person_id="r1")
    assert jonas.manager is not None
    assert (jonas.manager.name, jonas.team, jonas.role) == ("Mia Boss", "North", "rep")


FOREIGN = (
    "Deal Id,Who,Worth,Opened,Step\n1,jonas@x.example,12.5,2024-01-02,Proposal\n2,Jonas Webber,9,2024-01-03,Handshake\n"
)


def test_a_mapping_is_corrected_remembered_and_given_as_json(write: Write) -> None:
    """A person's word wins, is found again by the headers, and survives the way through JSON."""
    people, deals = write("people.csv", PEOPLE), write("deals.csv", FOREIGN)
    with plan_load([people, deals]) as plan:
        proposed = plan.mapping
        found = proposed.of("deals.csv")
        assert found is None or not found.targets, "nobody could know what Who and Step are"
    assert mapping_from_json(json.loads(json.dumps(proposed.as_json()))) == proposed
    said = mapping_from_json({"sources": [{"source": "deals.csv", "targets": [{"table": "opportunities", "rules": [
        {"column": "opportunity_id", "headers": ["Deal Id"]}, {"column": "owner_id", "headers": ["Who"]},
        {"column": "amount", "headers": ["Worth"]}, {"column": "created_at", "headers": ["Opened"]},
        {"column": "stage", "headers": ["Step"]}]}]}]})  # fmt: skip
    with plan_load([people, deals], mapping=said) as plan:
        asked = {q.kind: q for q in plan.open_questions}
        assert asked["owner"].text == "Is Jonas Webber the same person as Jonas Weber?"
        assert asked["stage"].text == "Which stage of your ladder is “Handshake”?"
    answers = {asked["owner"].id: "r1", asked["stage"].id: "qualified"}
    load(people, deals, mapping=said, answers=answers)
    with open_facts() as facts:
        sql = "SELECT opportunity_id, owner_id, amount, stage FROM opportunities ORDER BY 1"
        assert rows(facts, sql) == [("1", "r1", 12.5, "proposal"), ("2", "r1", 9.0, "qualified")]
    assert SavedMapping.objects.filter(name="deals.csv").exists()
    plan, _result = load(
        people, write("next month.csv", FOREIGN.replace("Webber", "Weber") + "3,r1,4,2024-02-01,Handshake\n")
    )
    assert plan.tables["opportunities"].loaded == 1
    assert plan.tables["opportunities"].unchanged == 2
    changed = plan.mapping.with_rule("next month.csv", "opportunities", "amount", None)
    assert changed.sources[1].targets[0].rule("amount") is None or changed.sources[0].targets[0].rule("amount") is None


def test_a_mapping_that_is_none_is_refused() -> None:
    """One sentence instead of a traceback."""
    for raw in ([], {"sources": [{"targets": []}]}, {"sources": [{"source": "a", "targets": [{"table": "nope"}]}]}):
        with pytest.raises(BadInput):
            mapping_from_json(raw)
    assert mapping_from_json({"sources": []}) == Mapping()


def test_status_names_the_problems(write: Write) -> None:
    """Past closing dates, deals without owner, what is not evaluable."""
    from datetime import date

    deals = "opportunity_id,owner_id,created_at,stage,outcome,expected_close_on,amount,currency\nd1,r1,2024-01-01,lead,open,2024-01-15,1,EUR\nd2,,2024-03-01,lead,open,,1,USD\n"
    load(write("people.csv", PEOPLE), write("opportunities.csv", deals))
    found = {p.kind: p for p in status_for(SYSTEM, today=date(2024, 3, 2)).problems}
    assert found["past_close"].rows == 1
    assert found["deal_no_owner"].rows == 1
    assert "EUR (1), USD (1)" in found["currencies"].text
    assert any(
        "Not evaluable yet: Quota attainment." in p.text for p in status_for(SYSTEM, today=date(2024, 3, 2)).problems
    )
