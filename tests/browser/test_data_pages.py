"""A load in a real browser: from the file to the health of the data, without a mouse where a keyboard will do."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PEOPLE = "person_id,name,role\np1,Ada Ash,rep\np2,Bo Birk,rep\n"
DEALS = (
    "opportunity_id,owner_id,created_at,stage,outcome,closed_at,amount,currency,Rabatt\n"
    "d1,p1,2026-01-05,won,won,2026-02-01,1000,EUR,B\n"
    "d2,p2,2026-01-06,lost,lost,2026-02-03,abc,EUR,A\n"
    "d3,nobody,2026-01-07,proposal,open,,700,EUR,A\n"
)


def looks_right(page: Page) -> None:
    """Nothing sticks out at 320 px, and axe finds nothing, light or dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (page.url, width)
        found = [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]]
        assert found == [], (page.url, scheme)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_from_the_file_to_the_healths_page(own_server: str, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "opportunities.csv").write_text(DEALS)
    page = visit(own_server, "revops")
    page.goto("/data/load/")
    looks_right(page)
    page.set_input_files("#f-files", [tmp_path / "people.csv", tmp_path / "opportunities.csv"])
    page.get_by_role("button", name="Read the files").click()
    page.wait_for_selector("form#load", timeout=120_000)
    looks_right(page)
    assert page.locator("input[name=mode][value=replace]").is_checked()  # nobody of Alderwick is in it

    amount = page.get_by_label("Field for amount")
    amount.focus()
    amount.select_option("")
    page.wait_for_selector("section[aria-labelledby=rejects]:not(:has-text('Not a number'))", timeout=120_000)
    assert amount.input_value() == ""
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Field for amount"

    with page.expect_download() as download:
        page.get_by_role("link", name="Download rejects").click()
    assert "Owner is not known" in download.value.path().read_text(encoding="utf-8-sig")

    page.get_by_role("button", name="Load 4 rows").click()
    page.wait_for_selector("h1:has-text('4 rows are loaded')", timeout=120_000)
    looks_right(page)
    page.goto("/data/")
    assert "1 row could not be read" in page.locator("h1").inner_text()
    looks_right(page)
    page.get_by_role("link", name="Undo the last load").click()
    looks_right(page)
    page.get_by_role("button", name="Undo the load").click()
    page.wait_for_selector("text=Load undone")
    assert "Ada Ash" not in page.content()


def test_without_javascript_the_same_way_leads_there(own_server: str, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "opportunities.csv").write_text(DEALS)
    first = visit(own_server, "revops")
    context = first.context.browser.new_context(
        java_script_enabled=False, base_url=own_server, storage_state=first.context.storage_state()
    )
    page = context.new_page()
    page.goto("/data/load/")
    page.set_input_files("#f-files", [tmp_path / "people.csv", tmp_path / "opportunities.csv"])
    page.get_by_role("button", name="Read the files").click()
    page.wait_for_selector("form#load", timeout=120_000)
    page.get_by_label("Field for amount").select_option("")
    page.get_by_role("button", name="Check again with these choices").click()
    page.wait_for_selector("form#load", timeout=120_000)
    assert page.get_by_label("Field for amount").input_value() == ""
    page.get_by_role("button", name="Load 4 rows").click()
    page.wait_for_selector("h1:has-text('4 rows are loaded')", timeout=120_000)
    context.close()
