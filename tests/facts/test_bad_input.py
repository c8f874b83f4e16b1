"""Every kind of bad input: one plain sentence, the good rows kept or nothing changed."""

# ruff: noqa: E501, DTZ001, RUF043
# (word lists and tables read better unwrapped; the facts are naive UTC)

from __future__ import annotations

import errno
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, StorageTrouble
from headway.facts import gathering, writing
from headway.facts.load import commit_load, plan_load
from headway.facts.lock import load_lock
from headway.facts.models import FactVersion
from headway.facts.store import current_version, open_facts
from tests.facts.conftest import DEALS, PEOPLE, Write, load, rows


def _reasons(plan: object) -> dict[str, int]:
    return {g.reason: g.rows for g in plan.rejects}  # type: ignore[attr-defined]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
def test_encodings(write: Write, codec: str) -> None:
    """Names with accents arrive whole whatever the file's encoding."""
    write("people.csv", PEOPLE.encode(codec))
    write("opportunities.csv", (DEALS + "d1,r2,2024-06-01,lead,open,,100,EUR\n").encode(codec))
    load(*sorted((write("x.csv", "a\n").parent).glob("[op]*.csv")))
    with open_facts() as facts:
        assert rows(facts, "SELECT name FROM people WHERE person_id = 'r2'") == [("Ana Müller",)]


def test_two_encodings_in_one_file(write: Write) -> None:
    """Lines that another program wrote in Windows-1252 are read too."""
    people = (
        PEOPLE.encode()
        + "r3,Zoë Ängström,,rep,m1,North,,\n".encode()
        + "r4,Jürgen Groß,,rep,m1,North,,\n".encode("cp1252")
    )
    load(write("people.csv", people), write("opportunities.csv", DEALS + "d1,r1,2024-06-01,lead,open,,1,EUR\n"))
    with open_facts() as facts:
        assert rows(facts, "SELECT name FROM people WHERE person_id IN ('r3', 'r4') ORDER BY 1") == [
            ("Jürgen Groß",),
            ("Zoë Ängström",),
        ]


def test_ragged_rows_are_named_and_the_rest_kept(write: Write) -> None:
    """Too few and too many cells cost only their own row; the number is the row's in the file."""
    deals = (
        DEALS
        + "d1,r1,2024-06-01,lead,open,,100,EUR\nd2,r1,2024\nd3,r1,2024-06-01,lead,open,,1,EUR,more\nd4,r1,2024-06-02,lead,open,,5,EUR\n"
    )
    plan, result = load(write("people.csv", PEOPLE), write("opportunities.csv", deals))
    assert plan.tables["opportunities"].loaded == 2
    assert _reasons(plan) == {
        "The row has 3 cells where the header has 8": 1,
        "The row has 9 cells where the header has 8": 1,
    }
    assert result.rejects_file is not None
    assert ",3,," in result.rejects_file.read_text(encoding="utf-8-sig")


def test_a_quote_never_closed_costs_one_row(write: Write) -> None:
    """The rows after an open quote are not swallowed."""
    deals = (
        DEALS
        + 'd1,r1,2024-06-01,"lead,open,,100,EUR\nd2,r1,2024-06-01,lead,open,,5,EUR\nd3,r1,2024-06-01,lead,open,,6,EUR\n'
    )
    plan, _result = load(write("people.csv", PEOPLE), write("opportunities.csv", deals))
    assert plan.tables["opportunities"].loaded == 2
    assert plan.sources[1].bad_rows == 1


def test_line_breaks_inside_quotes_are_kept(write: Write) -> None:
    """A quoted cell may span lines."""
    deals = DEALS.replace("amount", "next_step") + 'd1,r1,2024-06-01,lead,open,,"call\nagain, soon",EUR\n'
    load(write("people.csv", PEOPLE), write("opportunities.csv", deals))
    with open_facts() as facts:
        assert rows(facts, "SELECT next_step FROM opportunities") == [("call\nagain, soon",)]


def test_german_export(write: Write) -> None:
    """Semicolons, German headers, day first, decimal comma, names in the other order, a currency column."""
    text = (
        (
            "Verkaufschance-ID;Besitzer;Betrag;Währung;Phase;Abschluss geplant;Abschluss;Erstellt am;Quelle;Rabatt-Stufe\n"
            "VC-1;Weber, Jonas;28.000,00;EUR;Angebot;30.06.2026;;01.03.2025;Messe;B\n"
            "VC-2;Müller, Ana;1.234,56;EUR;Gewonnen;;02.07.2025;13.02.2025;;A\n"
            "VC-3;Albrecht, M.;5,00;EUR;Angebot;;;13.02.2025;;A\n"
            "VC-4;Weber, Jonas;−1.200,00;EUR;Angebot;31.06.2026;;13.02.2025;;A\n"
            "VC-5;Weber, Jonas;7,00;EUR;Angebot;31.06.2026;;13.02.2025;;A\n"
        )
        .encode("cp1252", "replace")
        .replace(b"?1.200", b"-1.200")
    )
    plan, _result = load(
        write("people.csv", PEOPLE), write("verkaufschancen_2026-05-17.csv", text), today=date(2026, 5, 17)
    )
    with open_facts(date(2026, 5, 17)) as facts:
        found = rows(facts, "SELECT opportunity_id, owner_id, amount, stage, outcome, expected_close_on, closed_at, created_at "
                            "FROM opportunities ORDER BY 1")  # fmt: skip
        assert found == [
            ("VC-1", "r1", 28000.0, "proposal", "open", date(2026, 6, 30), None, datetime(2025, 3, 1)),
            ("VC-2", "r2", 1234.56, "won", "won", None, datetime(2025, 7, 2), datetime(2025, 2, 13)),
            ("VC-5", "r1", 7.0, "proposal", "open", None, None, datetime(2025, 2, 13)),
        ]
        assert '"Rabatt-Stufe":"A"' in str(
            rows(facts, "SELECT attributes FROM opportunities WHERE opportunity_id = 'VC-2'")
        )
    reasons = _reasons(plan)
    assert reasons["Owner is not known"] == 1
    assert reasons["Amount below zero"] == 1
    assert reasons["Date does not exist, or nobody said whether day or month comes first"] == 2


def test_dates_that_could_be_either_are_asked_not_guessed(write: Write) -> None:
    """Without an answer they stay empty; with one they are read."""
    deals = DEALS + "d1,r1,03/04/2024,lead,open,,100,EUR\nd2,r1,05/06/2024,lead,open,,1,EUR\n"
    paths = [write("people.csv", PEOPLE), write("opportunities.csv", deals)]
    with plan_load(paths) as plan:
        question = next(q for q in plan.open_questions if q.kind == "dates")
        assert question.rows == 2
        assert question.default == ""
        assert sum(g.rows for g in plan.rejects) == 2
    load(*paths, answers={question.id: "month first"})
    with open_facts() as facts:
        assert rows(facts, "SELECT created_at FROM opportunities ORDER BY 1") == [
            (datetime(2024, 3, 4),),
            (datetime(2024, 5, 6),),
        ]


def test_keys_that_come_twice_are_found_however_many_parts_they_are_sorted_in(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_HASHES", 7)
    lines = [f"d{i % 40},r1,2024-01-0{1 + i // 40},lead,open,,{i},EUR\n" for i in range(95)]
    plan, _result = load(write("people.csv", PEOPLE), write("opportunities.csv", DEALS + "".join(lines)))
    assert {g.reason: g.rows for g in plan.rejects} == {"The same key stands in an earlier row": 55}
    with open_facts() as facts:
        # Of rows with the same key the first is kept.
        assert rows(facts, "SELECT count(*), min(amount), max(amount) FROM opportunities") == [(40, 0.0, 39.0)]


def test_what_costs_the_row_and_what_only_the_cell(write: Write) -> None:
    """Letters, future days, impossible days, negative cycles, duplicates, owners."""
    deals = DEALS + (
        "good,r1,2024-01-01,won,won,2024-02-01,100,EUR\n"
        "letters,r1,2024-01-01,won,won,2024-02-01,12x,EUR\n"
        "impossible,r1,2024-01-01,won,won,2024-02-31,5,EUR\n"
        "negative,r1,2024-03-01,won,won,2024-02-01,5,EUR\n"
        "future,r1,2030-01-01,lead,open,,5,EUR\n"
        "good,r1,2024-01-01,lost,lost,2024-02-01,7,EUR\n"
        "stranger,zz,2024-01-01,lead,open,,5,EUR\n"
        ",r1,2024-01-01,lead,open,,5,EUR\n"
        "money,r1,2024-01-01,lead,open,,5,Euros!\n"
        "left,r2,2025-06-01,lead,open,,5,EUR\n"
    )
    plan, _result = load(write("people.csv", PEOPLE), write("opportunities.csv", deals), today=date(2026, 1, 1))
    assert {(g.level, g.reason): g.rows for g in plan.rejects} == {
        ("row", "Lies in the future"): 1,
        ("row", "The same key stands in an earlier row"): 1,
        ("row", "Owner is not known"): 1,
        ("row", "The row has no opportunity_id"): 1,
        ("cell", "Not a number"): 1,
        ("cell", "Date does not exist, or nobody said whether day or month comes first"): 1,
        ("cell", "Closed before it was created"): 1,
        ("cell", "Not a currency"): 1,
    }
    counts = plan.tables["opportunities"]
    assert (counts.read, counts.loaded, counts.rejected) == (10, 6, 4)
    with open_facts() as facts:
        found = {
            r[0]: r[1:]
            for r in rows(facts, "SELECT opportunity_id, outcome, created_at, closed_at, amount FROM opportunities")
        }
        assert found["good"] == ("won", datetime(2024, 1, 1), datetime(2024, 2, 1), 100.0)
        assert found["letters"][3] is None
        assert found["negative"] == ("won", None, datetime(2024, 2, 1), 5.0)
        assert "left" in found, "owners who left keep their deals"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("deals.csv", b"", "The file is empty: deals.csv. Export it again."),
        ("deals.csv", b"1,2,3\n4,5,6\n", "No row with column names was found: deals.csv"),
        ("deals.xlsx", b"PK\x03\x04 broken", "The workbook is broken and cannot be opened: deals.xlsx"),
        ("deals.xls", b"<html><table><tr><td>1", "The file is a web page, not a table: deals.xls"),
        ("deals.parquet", b"PAR1 broken", "The Parquet file is broken: deals.parquet"),
        ("deals.pdf", b"%PDF-1.7", "The file is a pdf, not a table: deals.pdf"),
        (
            "colours.csv",
            b"colour,shade\nred,dark\nblue,light\n",
            "No file looks like people, leads, opportunities or activities: colours.csv",
        ),
    ],
)
def test_files_that_cannot_be_used(write: Write, name: str, content: bytes, sentence: str) -> None:
    """One sentence, and nothing is changed."""
    with pytest.raises(BadInput) as caught:
        plan_load([write(name, content)])
    assert caught.value.sentence.startswith(sentence)
    assert current_version() is None


def test_password_protected_workbook(write: Write) -> None:
    """An encrypted workbook is an OLE file with a stream of that name."""
    from headway.facts import workbooks

    class Asks:
        def __call__(self, _path: str) -> object:
            raise workbooks.python_calamine.PasswordError("Workbook is password protected")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbooks.python_calamine, "load_workbook", Asks())
        with pytest.raises(BadInput, match="The workbook asks for a password: plan.xlsx. Save it without one"):
            plan_load([write("plan.xlsx", b"PK\x03\x04")])


def test_one_bad_file_does_not_stop_the_others(write: Write) -> None:
    """The empty file is named; the others load."""
    plan, _result = load(
        write("people.csv", PEOPLE),
        write("opportunities.csv", DEALS + "d1,r1,2024-01-01,lead,open,,1,EUR\n"),
        write("z.csv", ""),
    )
    assert plan.troubles == ("The file is empty: z.csv. Export it again.",)
    assert plan.tables["opportunities"].loaded == 1


def test_workbook_with_two_sheets_formulas_and_html(tmp_path: Path) -> None:
    """Sheets are sources; cells that look like formulas or HTML are text, and harmless in the rejects."""
    book = openpyxl.Workbook()
    people = book.active
    people.title = "people"
    people.append(["person_id", "name"])
    people.append(["r1", "<b>Jonas</b>"])
    deals = book.create_sheet("opportunities")
    deals.append(["opportunity_id", "owner_id", "created_at", "stage", "outcome", "amount", "next_step"])
    deals.append(["d1", "r1", datetime(2024, 1, 5), "lead", "open", 1234.5, "'=1+1"])
    deals.append(["d2", "=HYPERLINK(1)", datetime(2024, 1, 5), "lead", "open", 1, "@x"])
    deals["B3"].data_type = "s"
    book.save(tmp_path / "export.xlsx")
    _plan, result = load(tmp_path / "export.xlsx")
    with open_facts() as facts:
        assert rows(facts, "SELECT name FROM people WHERE person_id = 'r1'") == [("<b>Jonas</b>",)]
        assert rows(facts, "SELECT created_at, amount FROM opportunities WHERE opportunity_id = 'd1'") == [
            (datetime(2024, 1, 5), 1234.5)
        ]
    assert result.rejects_file is not None
    assert "'=HYPERLINK(1)" in result.rejects_file.read_text(encoding="utf-8-sig")


def test_full_disk_changes_nothing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence; no folder is left behind and the facts are those of before."""
    people = write("people.csv", PEOPLE)
    load(people, write("opportunities.csv", DEALS + "d1,r1,2024-01-01,lead,open,,1,EUR\n"))

    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "_write_table", full)
    with pytest.raises(StorageTrouble, match="not enough room on the disk.*Nothing was changed"):
        load(people, write("opportunities.csv", DEALS + "d1,r1,2024-01-01,lead,open,,2,EUR\n"))
    with open_facts() as facts:
        assert (facts.version, rows(facts, "SELECT amount FROM opportunities")) == (1, [(1.0,)])
    assert not list(writing.facts_folder().glob(".v*"))


def test_two_loads_at_once(write: Write) -> None:
    """The second is told so in one sentence, and can be made afterwards."""
    plan = plan_load(
        [write("people.csv", PEOPLE), write("opportunities.csv", DEALS + "d1,r1,2024-01-01,lead,open,,1,EUR\n")]
    )
    with load_lock(), pytest.raises(Conflict, match="Another load is running"):
        commit_load(plan, by=SYSTEM)
    assert current_version() is None


def test_a_plan_that_was_overtaken_is_not_loaded(write: Write) -> None:
    """What was prepared on an older version is refused, not merged blindly."""
    paths = [write("people.csv", PEOPLE), write("opportunities.csv", DEALS + "d1,r1,2024-01-01,lead,open,,1,EUR\n")]
    plan = plan_load(paths)
    load(*paths)
    with pytest.raises(Conflict, match="Another load was faster"):
        commit_load(plan, by=SYSTEM)


def test_killed_while_writing_leaves_everything_as_it_was(write: Write, tmp_path: Path) -> None:
    """A process that dies before the rename leaves a hidden folder; the next load sweeps it and succeeds."""
    paths = [write("people.csv", PEOPLE), write("opportunities.csv", DEALS + "d1,r1,2024-01-01,lead,open,,1,EUR\n")]
    code = (
        "import os, signal\nfrom headway.facts import writing\n"
        "folder = writing.facts_folder(); (folder / '.v000001').mkdir(parents=True)\n"
        "(folder / '.v000001' / 'people.parquet').write_bytes(b'half')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    start = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'headway.config.settings'; django.setup()\n"
    died = subprocess.run([sys.executable, "-c", start + code], check=False)
    assert died.returncode == -9
    assert current_version() is None
    load(*paths)
    assert FactVersion.objects.get(is_current=True).number == 1
    assert not list(writing.facts_folder().glob(".v*"))
