"""The whole journey on the demo company, as each role walks it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Home, Visit
from tests.paths import shared

pytestmark = pytest.mark.browser


def test_the_manager_finds_who_needs_her_and_who_only_had_bad_luck(server: str, visit: Visit) -> None:
    page = visit(server, "manager")
    expect(page.get_by_role("heading", level=1)).to_contain_text("this week")
    needs = page.get_by_role("region", name="Needs you, and why")
    calm = page.get_by_role("region", name="Nothing to do for you")
    expect(needs).to_contain_text("Jonas Weber")
    expect(needs).to_contain_text("Real drop since")
    short = calm.get_by_role("listitem").filter(has_text="Amira Haddad")
    expect(short).to_contain_text("Quota out of reach")
    expect(short).to_contain_text("of quota")
    territory = calm.get_by_role("listitem").filter(has_text="Mateusz Kowalski")
    expect(territory).to_contain_text("Territory first")
    expect(calm.get_by_role("listitem").filter(has_text="Lukas Brandt")).to_contain_text("Ramping")
    expect(calm.get_by_role("listitem").filter(has_text="Sofie Janssen")).to_contain_text("Not enough data")

    page.get_by_role("link", name="Jonas Weber", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jonas Weber")
    expect(page.locator("main")).to_contain_text("Proposal to won")
    expect(page.locator("main")).to_contain_text("What would clear this")
    expect(page.locator("main")).to_contain_text("Where the gap is")
    page.go_back()
    page.get_by_role("link", name="Amira Haddad", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("Quota out of reach")


def test_a_plan_is_drafted_mended_and_read(own_server: str, visit: Visit, tmp_path: Path) -> None:
    page = visit(own_server, "manager")
    page.get_by_role("link", name="Jonas Weber", exact=True).first.click()
    page.get_by_role("button", name="Start a plan with Jonas").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jonas")
    address = page.url
    for words in ("Goals", "Both sides", "Weekly steps", "Check-ins", "What this plan is for"):
        expect(page.locator("main")).to_contain_text(words)

    page.get_by_role("link", name="Change").first.click()
    box = page.get_by_role("textbox").first
    box.fill("Improve your attitude.")
    expect(page.locator("main")).to_contain_text("attitude", timeout=10_000)
    expect(page.locator("main")).to_contain_text("judges")

    for fmt, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        with page.expect_download() as waiting:
            page.evaluate("address => { window.location = address }", f"{address}letter.{fmt}")
        target = tmp_path / f"letter.{fmt}"
        waiting.value.save_as(target)
        assert target.read_bytes().startswith(start)


def test_a_rep_sees_what_the_manager_sees_and_nobody_else(server: str, visit: Visit) -> None:
    manager = visit(server, "manager")
    manager.get_by_role("link", name="Jonas Weber", exact=True).first.click()
    seen = manager.locator(".fig").first.inner_text()
    jonas = manager.url.removeprefix(server)
    manager.goto("/team/")
    manager.get_by_role("link", name="Amira Haddad", exact=True).first.click()
    amira = manager.url.removeprefix(server)

    rep = visit(server, "rep")
    expect(rep.get_by_role("heading", level=1)).to_have_text("Jonas Weber")
    assert rep.locator(".fig").first.inner_text() == seen
    assert rep.goto(jonas).status == 200  # type: ignore[union-attr]
    for closed in (amira, f"{amira}deals/", "/team/", "/audit/", "/data/", "/data/load/", "/overview/"):
        assert rep.goto(closed).status == 404, closed  # type: ignore[union-attr]
    expect(rep.locator("main")).not_to_contain_text("Amira")


@pytest.mark.parametrize("role", ["hr", "revops", "admin"])
def test_figures_of_people_are_closed_to_those_who_have_no_case(server: str, visit: Visit, role: str) -> None:
    page = visit(server, role)
    for closed in ("/people/R001/", "/people/R001/deals/", "/team/"):
        assert page.goto(closed).status == 404, closed  # type: ignore[union-attr]


def test_hr_reads_the_record_and_checks_its_seals(server: str, visit: Visit) -> None:
    visit(server, "manager").goto("/people/R001/")
    page = visit(server, "hr")
    page.get_by_role("link", name="Record", exact=True).first.click()
    expect(page.locator("table")).to_contain_text("person.seen")
    page.get_by_role("button", name="Check the seals").click()
    expect(page.get_by_role("status")).to_contain_text("every seal fits")


def test_a_leader_sees_teams_by_name(server: str, visit: Visit) -> None:
    page = visit(server, "leader")
    expect(page.get_by_role("region", name="Your teams").first).to_contain_text("Mid-market North")
    page.get_by_role("link", name="Mid-market North").first.click()
    expect(page.locator("main")).to_contain_text("Jonas Weber")


def test_a_real_export_is_loaded_from_the_page_and_read_honestly(own_server: str, visit: Visit) -> None:
    files = sorted(shared("data", "maven-crm").glob("*.csv"))
    page = visit(own_server, "revops")
    page.get_by_role("link", name="Load an export").first.click()
    page.locator("input[type=file]").set_input_files([str(f) for f in files])
    page.get_by_role("button", name="Read the files").click()
    load = page.get_by_role("button", name=re.compile("^Load [0-9]"))
    expect(load).to_be_visible(timeout=90_000)
    expect(page.locator("main")).to_contain_text("8,800")
    load.click()
    panel = page.locator("main")
    expect(panel).to_contain_text("spread 33, luck alone gives about 29", timeout=120_000)
    expect(panel).to_contain_text("Win rates differ no more than chance allows")
    expect(panel).to_contain_text("5 people own no leads and no deals")
    expect(panel).to_contain_text("Quota attainment")
    expect(panel).to_contain_text("Activity")


def test_the_page_works_without_javascript(server: str, browser: object) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=server)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=username]", "marta.lindqvist@alderwick.example")
    page.fill("[name=password]", "headway-demo")
    page.click("main button[type=submit]")
    page.get_by_role("link", name="Jonas Weber", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jonas Weber")
    page.get_by_text("Numbers behind this picture").first.click()
    context.close()


def test_the_record_is_whole_after_all_this(demo_home: Home) -> None:
    words = [sys.executable, "-m", "headway", "audit", "verify"]
    told = subprocess.run(words, env=demo_home.environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    assert "whole" in told.stdout
