"""One walk from the flagged rep to a signed plan: manager, rep and HR, each in an own browser window."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Home, Visit

pytestmark = pytest.mark.browser


def change_goal(page: Page, kind: str, words: str) -> None:
    page.get_by_role("link", name=f"Change the goal {kind}").click()
    page.get_by_role("textbox", name=f"{kind}: the goal in words").fill(words)


def test_a_plan_is_written_together_approved_and_signed(own_home: Home, own_server: str, visit: Visit) -> None:
    marta = visit(own_server, "manager")
    marta.get_by_role("link", name="Jonas Weber", exact=True).first.click()
    marta.get_by_role("button", name="Start a plan with Jonas").click()
    plan = marta.url.removeprefix(own_server)
    share = marta.get_by_role("button", name="Share with Jonas")
    expect(share).to_be_enabled()

    # Two bad goals stop her; she takes the better wording of one and mends the other.
    change_goal(marta, "Customers", "Improve your attitude towards customers.")
    marta.get_by_role("button", name="Save the goal").click()
    change_goal(marta, "Activity", "Close more deals.")
    expect(marta.locator("main")).to_contain_text("Use this wording", timeout=10_000)
    marta.get_by_role("button", name="Save the goal").click()
    expect(marta.get_by_role("button", name="Share with Jonas")).to_have_attribute("aria-disabled", "true")
    expect(marta.locator("main")).to_contain_text("2 of")
    mend(marta)
    mend(marta)
    marta.get_by_role("button", name="Share with Jonas").click()
    expect(marta.get_by_role("status").first).to_contain_text("Jonas can read it now")

    # Jonas reads, says what he thinks, and proposes another target.
    jonas = visit(own_server, "rep")
    jonas.goto(plan)
    expect(jonas.locator("main")).to_contain_text("Marta shares this plan with you")
    jonas.get_by_label("Your words").fill("The new price list came without a word to us. שלום 💪")
    jonas.get_by_role("button", name="Say it").click()
    jonas.get_by_role("link", name="Propose a change of the goal Revenue").click()
    target = jonas.get_by_role("textbox", name="Target")
    proposed = f"{round(float(target.input_value().replace(',', '')) * 0.9, -3):,.0f}"
    target.fill(proposed)
    jonas.get_by_label("Why", exact=True).fill("That is more than anyone in our team closed last summer.")
    jonas.get_by_role("button", name="Send the proposal").click()
    expect(jonas.locator("#talk")).to_contain_text(proposed)

    # Marta accepts; HR compares with like cases, sends it back once, then approves.
    marta.goto(plan)
    expect(marta.locator("main")).to_contain_text("Jonas proposes a change")
    marta.get_by_label("Your answer").first.fill("Fair. We take yours.")
    marta.get_by_role("button", name="Accept the proposal").click()
    expect(marta.locator("#goal-revenue")).to_contain_text(proposed)
    answer_what_lies_outside(marta)
    marta.goto(plan)
    marta.get_by_role("button", name="Send to HR").click()
    expect(marta.locator("main")).to_contain_text("HR has it since")

    hanne = visit(own_server, "hr")
    hanne.goto(plan)
    hanne.get_by_role("link", name="Review the plan").click()
    cases = hanne.get_by_role("region", name="Cases side by side")
    expect(cases).to_contain_text("Jonas Weber")
    expect(cases.get_by_role("columnheader", name=re.compile("^20"))).to_have_count(3)
    expect(cases).not_to_contain_text("Philipp")
    hanne.get_by_label(re.compile("^Reasons")).fill("Who meets Jonas in August? Please name a deputy.")
    hanne.get_by_role("button", name="Send back with reasons").click()
    expect(hanne.get_by_role("status").first).to_contain_text("Your decision is on record")
    marta.goto(plan)
    expect(marta.locator("main")).to_contain_text("Please name a deputy")
    marta.get_by_role("link", name="Add a promise").click()
    marta.get_by_label("What is promised").fill("Ines stands in for the check-ins from 3 to 14 August")
    marta.get_by_label("Who answers for it").fill("Ines Carvalho")
    marta.get_by_label("By", exact=True).fill("2026-08-03")
    marta.get_by_role("button", name="Save the promise").click()
    marta.get_by_role("button", name="Send to HR again").click()
    expect(marta.locator("main")).to_contain_text("HR has it since")
    hanne.goto(f"{plan}review/")
    hanne.get_by_label(re.compile("^Reasons")).fill("In line with the like cases, and a deputy is named.")
    hanne.get_by_role("button", name="Approve", exact=True).click()
    expect(hanne.get_by_role("status").first).to_contain_text("Your decision is on record")

    # The first meeting, then Jonas signs that he received it, with words of his own.
    marta.goto(plan)
    marta.get_by_role("link", name="Prepare the first meeting").click()
    expect(marta.locator("main")).to_contain_text("What goes well")
    marta.get_by_label("Who came along").fill("Elif Demir")
    marta.get_by_role("button", name="Record that it was held").click()
    expect(marta.get_by_role("status").first).to_contain_text("The meeting is on record")
    jonas.goto(plan)
    jonas.get_by_role("link", name="Read and sign").click()
    expect(jonas.locator(".sheet")).to_contain_text("Dear Jonas")
    jonas.get_by_label("Your statement").fill("I received it. The leads must come as promised.")
    jonas.get_by_label("Your full name").fill("Jonas Weber")
    jonas.get_by_label("I agree to sign electronically.").check()
    jonas.get_by_role("button", name="Sign that I received it").click()
    expect(jonas.locator("main")).to_contain_text("Jonas has received it")
    jonas.get_by_role("link", name=re.compile("versions and what changed")).click()
    jonas.get_by_role("row", name=re.compile("received, with a statement")).get_by_role("link").click()
    expect(jonas.locator("main")).to_contain_text("The leads must come as promised.")

    verify = [sys.executable, "-m", "headway", "audit", "verify"]
    told = subprocess.run(verify, env=own_home.environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def answer_what_lies_outside(page: Page) -> None:
    """What the data could not tell, the manager answers and signs."""
    page.get_by_role("link", name="Answer what lies outside").click()
    page.locator("[name=found-competitors][value=holds_back]").check()
    page.locator("[name=text-competitors]").fill("A rival cut prices in March; three customers named it.")
    page.locator("[name=remedy-competitors]").fill("Product marketing writes a battle card by 12 June.")
    page.locator("[name=signed]").check()
    page.get_by_role("button", name="Sign the answers").click()
    expect(page.get_by_role("status").first).to_contain_text("Your answers are kept")


def mend(page: Page) -> None:
    """Take the better wording that the page proposes for the first goal that needs work."""
    page.get_by_role("button", name="Use this wording").first.click()
    expect(page.get_by_role("status").first).to_contain_text("The goal is saved")
