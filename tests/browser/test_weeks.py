"""The demo company's weeks in real browsers, each step found on somebody's first page: a change signed for, leave over,
late support given, a win, a check-in confirmed by both and one skipped, a plan that is met, and what comes after."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def let_a_week_go_by(page: Page, until: str) -> None:
    """Press the button, again while the week before is still going by, and wait for the day and the figures of that
    week: the day comes last."""
    page.goto("/")
    known, begun = page.locator("footer").inner_text(), False
    for _turn in range(80):
        if not begun:
            page.get_by_role("button", name="Let a week go by").click()
            begun = f"it will be Monday {until}" in page.locator("main").inner_text()
        page.wait_for_timeout(3_000)
        page.goto("/")
        there = f"Monday {until} 2026" in page.locator("main").inner_text()
        if begun and there and page.locator("footer").inner_text() != known:
            return
    raise AssertionError(f"it never became {until}")


def follow(page: Page, words: str) -> None:
    """Open the line of the week's list that says so."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(words)).first.click()


def test_weeks_go_by_and_everybody_finds_the_next_step(own_server: str, visit: Visit) -> None:
    ruben, leonie = visit(own_server, "ruben.kaya"), visit(own_server, "leonie.fuchs", width=390)
    marta, daniel = visit(own_server, "manager"), visit(own_server, "daniel.okafor", width=390)

    # A change waits for the person; it is read and signed for on a phone.
    follow(leonie, "A change of your plan waits for your answer")
    leonie.get_by_role("textbox").first.fill("Leonie Fuchs")
    leonie.locator("[name=consent]").check()
    leonie.get_by_role("button", name="Sign for the change").click()
    expect(leonie.locator("main")).to_contain_text("running")
    leonie.goto("/")
    expect(leonie.locator("main")).not_to_contain_text("A change of your plan waits")

    # Support that is late is written down with one click, and stays late in the ledger.
    ruben.goto("/")
    given = ruben.get_by_role("button", name=re.compile("Given today.*Two first meetings"))
    given.click()
    expect(ruben.get_by_role("status")).to_contain_text("Written down.")
    expect(given).to_have_count(0)

    # Leave is over: the days move, the clock runs again.
    isabella = visit(own_server, "isabella.conti")
    isabella.goto("/plans/")
    isabella.get_by_role("link", name="Oskar Bergström").first.click()
    isabella.get_by_role("link", name="Plan as agreed").click()
    isabella.get_by_role("link", name="Let it go on").click()
    isabella.get_by_role("button", name="Let it go on").click()
    expect(isabella.get_by_role("status")).to_be_visible()

    # A win, seen by the person.
    marta.goto("/")
    marta.get_by_role("link", name="How the plan goes").first.click()
    progress = marta.url
    marta.get_by_text("Celebrate something").click()
    marta.get_by_label("What went well?").fill("Daniel asked first, in every call.")
    marta.get_by_role("button", name="Put it on the plan").click()
    daniel.goto(progress)
    expect(daniel.locator("main")).to_contain_text("Daniel asked first, in every call.")

    # The person's page before the check-in; a week goes by; both confirm what was written.
    follow(daniel, "Your page for check-in 7")
    daniel.get_by_label("What worked?").fill("Two pilots.")
    daniel.get_by_role("button", name="Share with Marta").click()
    let_a_week_go_by(marta, "25 May")
    follow(marta, "Check-in 7 with Daniel Okafor: say whether it took place")
    marta.get_by_label("What deserves recognition?").fill("Both pilots were yours.")
    marta.get_by_role("button", name="Save", exact=True).click()
    marta.get_by_role("button", name="It took place").click()
    marta.get_by_role("button", name=re.compile("Confirm")).click()
    follow(daniel, "Confirm the notes of check-in 7")
    daniel.get_by_role("button", name=re.compile("Confirm")).click()
    expect(daniel.locator("main")).to_contain_text("confirmed by both")

    # The next one does not take place; who said so stays on record.
    follow(marta, "Check-in 8 with Daniel Okafor")
    marta.get_by_text("Move it, or say that it does not take place").click()
    marta.get_by_label(re.compile("^Why it does not")).fill("Trade fair in Hanover.")
    marta.get_by_role("button", name="It does not take place").click()
    daniel.goto("/check-ins/")
    expect(daniel.locator("main")).to_contain_text("did not take place")

    # A plan's time is over: evidence, outcome, the person's answer, refreshers.
    let_a_week_go_by(marta, "1 June")
    ruben.goto("/outcomes/")
    ruben.get_by_role("region", name="Waits for you").get_by_role("link", name="Leonie Fuchs").click()
    ruben.get_by_role("button", name="Gather the evidence").click()
    ruben.get_by_label("met, in good standing").check()
    ruben.get_by_label("What it rests on, in your words").fill("She found her own leads again.")
    ruben.get_by_role("button", name="Propose this outcome").click()
    follow(leonie, "Read the proposed outcome of your plan")
    leonie.locator("textarea").last.fill("I agree.")
    leonie.get_by_role("button", name="Put my answer on record").click()
    expect(leonie.get_by_role("heading", name="What comes after")).to_be_visible()
    ruben.goto("/outcomes/")
    expect(ruben.get_by_role("region", name="Decided")).to_contain_text("Leonie Fuchs met, in good standing")

    # What was before stays to be read: a renewed drop after a plan, an extension, an appeal that was upheld.
    marta.goto("/outcomes/")
    expect(marta.get_by_role("region", name="Seen after a plan")).to_contain_text("Jonas Weber")
    hr = visit(own_server, "hr")
    hr.goto("/outcomes/")
    for words in ("ended as unfair", "extended, until"):
        expect(hr.get_by_role("region", name="Decided")).to_contain_text(words)
