"""One walk from the flagged rep to a signed plan: manager, rep and HR, each in an own browser window.

Afterwards the files open in ordinary readers, the record proves everything, and one changed byte is found.
"""

from __future__ import annotations

import io
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.agreement_walk import STATEMENT, Walk
from tests.browser.conftest import Home, Visit

pytestmark = pytest.mark.browser


def test_a_plan_is_written_together_approved_and_signed(own_home: Home, own_server: str, visit: Visit) -> None:
    windows = [visit(own_server, role) for role in ("manager", "rep", "hr")]
    walk = Walk(own_server, *windows)
    walk.all_the_way()

    jonas = walk.jonas
    expect(jonas.locator("main")).to_contain_text(re.compile(r"It starts by itself on \d+ June"))
    jonas.get_by_role("link", name=re.compile("versions and what changed")).click()
    jonas.get_by_role("row", name=re.compile("received, with a statement")).get_by_role("link").click()
    expect(jonas.locator("main")).to_contain_text(STATEMENT)

    signed = kept_papers(own_home)
    check_files(jonas, walk.plan, signed)
    check_proof(own_home, signed, walk.hanne)


def kept_papers(home: Home) -> list[Path]:
    """The frozen files, once the worker has made that of the signature."""
    folder = home.folder / "documents"
    for _attempt in range(240):
        found = sorted(folder.glob("plan-*.pdf")) if folder.is_dir() else []
        if found:
            return found
        time.sleep(0.25)
    raise AssertionError("the worker made no paper in a minute")


def check_files(page: Page, plan: str, kept: list[Path]) -> None:
    """The letter is the frozen paper and opens; so does the calendar, in readers that are not ours."""
    content = page.request.get(f"{plan}letter.pdf").body()
    assert content in [path.read_bytes() for path in kept]
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert "success plan" in str(reader.metadata.title if reader.metadata else "")
    not_a_warning = "This plan is not a warning, and the employment cannot end with it."
    for words in ("Dear Jonas", STATEMENT, "Version", "Ines stands in for the check-ins", not_a_warning):
        assert words in text, words
    meetings = Calendar.from_ical(page.request.get(f"{plan}check-ins.ics").body()).walk("VEVENT")
    assert len(meetings) >= 8
    assert {str(meeting["SUMMARY"]) for meeting in meetings} >= {"Check-in: Jonas and Marta"}
    assert len({str(meeting["UID"]) for meeting in meetings}) == len(meetings)


def verify(home: Home) -> tuple[int, str]:
    """What `headway audit verify` says."""
    command = [sys.executable, "-m", "headway", "audit", "verify"]
    told = subprocess.run(command, env=home.environment, capture_output=True, text=True, check=False)
    return told.returncode, told.stdout + told.stderr


def check_proof(home: Home, kept: list[Path], hanne: Page) -> None:
    """It passes; after one byte of a paper or of a record was changed by hand it fails and names it."""
    code, told = verify(home)
    assert (code, "signed paper" in told) == (0, True), told
    hanne.goto("/audit/?verify=1")
    expect(hanne.locator("main")).to_contain_text(told.strip().split(" entries")[0].split(":")[0])

    paper, whole = kept[0], kept[0].read_bytes()
    paper.write_bytes(whole[:700] + bytes([whole[700] ^ 1]) + whole[701:])
    assert verify(home) == (1, f"The record is whole, but {paper.name} is not: its bytes were changed.\n")
    paper.write_bytes(whole)
    assert verify(home)[0] == 0

    number = change_one_letter(home, "UPDATE plans_signature SET statement = replace(statement, 'must', 'may') ")
    code, told = verify(home)
    assert (code, f"signature {number} is not: its words were changed" in told) == (1, True), told
    hanne.goto("/audit/?verify=1")
    expect(hanne.locator("main")).to_contain_text(f"signature {number} is not: its words were changed")


def change_one_letter(home: Home, statement: str) -> int:
    """Change the newest signature behind Headway's back; its number."""
    where = "WHERE id = (SELECT max(id) FROM plans_signature WHERE statement <> '')"
    newest = "SELECT max(id) FROM plans_signature WHERE statement <> ''"
    address = home.environment.get("DATABASE_URL")
    if address:
        import psycopg

        with psycopg.connect(address, autocommit=True) as base:
            base.execute(statement + where)  # type: ignore[call-overload]
            row = base.execute(newest).fetchone()  # type: ignore[call-overload]
            assert row is not None
            return int(row[0])
    with sqlite3.connect(home.folder / "records.sqlite3") as base:
        base.execute(statement + where)
        return int(base.execute(newest).fetchone()[0])
