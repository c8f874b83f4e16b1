"""The walk of the tutorial "From a draft to a signature": the same steps for the test and for the pictures.

Each step is taken on the pages, by the person whose step it is, in a window of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

Snap = Callable[[Page, str], None]
STATEMENT = "I received it. The leads must come as promised."
COMMENT = "The new price list came without a word to us. שלום 💪"


def no_picture(_page: Page, _name: str) -> None:
    """The test looks; it takes no pictures."""


def at_top(page: Page, selector: str) -> None:
    """Scroll a part of the page under the bar at its top."""
    page.locator(selector).first.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 90)")


@dataclass
class Walk:
    """The windows of manager, rep and HR, and the plan's address once there is one."""

    server: str
    marta: Page
    jonas: Page
    hanne: Page
    snap: Snap = no_picture
    plan: str = ""
    proposed: str = ""

    def all_the_way(self) -> None:
        """From the flagged rep to the signature."""
        self.look_at_what_lies_outside()
        self.draft()
        self.be_stopped_by_two_bad_goals()
        self.share()
        self.comment_and_propose()
        self.accept()
        self.send_and_be_sent_back()
        self.approve()
        self.meet()
        self.sign()

    def look_at_what_lies_outside(self) -> None:
        """Marta opens Jonas and answers what the data could not tell: what is not in his hands."""
        page = self.marta
        page.get_by_role("link", name="Jonas Weber", exact=True).first.click()
        page.get_by_role("link", name="Before a plan").click()
        expect(page.locator("main")).to_contain_text("Outside factors")
        page.get_by_role("link", name="See the answers").click()
        page.locator("[name=found-competitors][value=holds_back]").check()
        page.locator("[name=text-competitors]").fill("A rival cut prices in March; three customers named it.")
        page.locator("[name=remedy-competitors]").fill("Product marketing writes a battle card by 12 June.")
        page.locator("[name=signed]").check()
        self.snap(page, "walk-1-outside")
        page.get_by_role("button", name="Sign the answers").click()
        expect(page.get_by_role("status").first).to_contain_text("Your answers are kept")

    def draft(self) -> None:
        """One click drafts the plan."""
        page = self.marta
        page.goto("/")
        page.get_by_role("link", name="Jonas Weber", exact=True).first.click()
        page.get_by_role("button", name="Start a plan with Jonas").click()
        self.plan = page.url.removeprefix(self.server)
        expect(page.get_by_role("button", name="Share with Jonas")).to_be_enabled()
        self.snap(page, "walk-2-draft")

    def be_stopped_by_two_bad_goals(self) -> None:
        """Words nobody can count hold the plan back; the page proposes better ones."""
        page = self.marta
        self._change_goal("Customers", "Improve your attitude towards customers.")
        page.get_by_role("button", name="Save the goal").click()
        self._change_goal("Activity", "Close more deals.")
        expect(page.locator("main")).to_contain_text("Use this wording", timeout=10_000)
        page.get_by_role("button", name="Save the goal").click()
        expect(page.get_by_role("button", name="Share with Jonas")).to_have_attribute("aria-disabled", "true")
        expect(page.locator("main")).to_contain_text("2 of")
        at_top(page, "#goal-activity")
        self.snap(page, "walk-3-stopped")
        for _goal in range(2):
            page.get_by_role("button", name="Use this wording").first.click()
            expect(page.get_by_role("status").first).to_contain_text("The goal is saved")

    def _change_goal(self, kind: str, words: str) -> None:
        self.marta.get_by_role("link", name=f"Change the goal {kind}").click()
        self.marta.get_by_role("textbox", name=f"{kind}: the goal in words").fill(words)

    def share(self) -> None:
        """Jonas may read it from now on."""
        self.marta.get_by_role("button", name="Share with Jonas").click()
        expect(self.marta.get_by_role("status").first).to_contain_text("Jonas can read it now")

    def comment_and_propose(self) -> None:
        """Jonas says what he thinks, and proposes another target with his reason."""
        page = self.jonas
        page.goto(self.plan)
        expect(page.locator("main")).to_contain_text("Marta shares this plan with you")
        page.get_by_label("Your words").fill(COMMENT)
        page.get_by_role("button", name="Say it").click()
        page.get_by_role("link", name="Propose a change of the goal Revenue").click()
        target = page.get_by_role("textbox", name="Target")
        self.proposed = f"{round(float(target.input_value().replace(',', '')) * 0.9, -3):,.0f}"
        target.fill(self.proposed)
        page.get_by_label("Why", exact=True).fill("That is more than anyone in our team closed last summer.")
        at_top(page, "#goal-revenue")
        self.snap(page, "walk-4-propose")
        page.get_by_role("button", name="Send the proposal").click()
        expect(page.locator("#talk")).to_contain_text(self.proposed)

    def accept(self) -> None:
        """Marta accepts, with a word; the goal follows."""
        page = self.marta
        page.goto(self.plan)
        expect(page.locator("main")).to_contain_text("Jonas proposes a change")
        page.get_by_label("Your answer").first.fill("Fair. We take yours.")
        at_top(page, "#talk")
        self.snap(page, "walk-5-answer")
        page.get_by_role("button", name="Accept the proposal").click()
        expect(page.locator("#goal-revenue")).to_contain_text(self.proposed)

    def send_and_be_sent_back(self) -> None:
        """HR puts the plan beside like cases, and sends it back once: who meets Jonas in August?"""
        self.marta.get_by_role("button", name="Send to HR").click()
        expect(self.marta.locator("main")).to_contain_text("HR has it since")
        page = self.hanne
        page.goto(self.plan)
        page.get_by_role("link", name="Review the plan").click()
        cases = page.get_by_role("region", name="Cases side by side")
        expect(cases).to_contain_text("Jonas Weber")
        expect(cases.get_by_role("columnheader", name=re.compile("^20"))).to_have_count(3)
        expect(cases).not_to_contain_text("Philipp")
        expect(page.locator("main")).to_contain_text("Equal treatment")
        page.get_by_label(re.compile("^Reasons")).fill("Who meets Jonas in August? Please name a deputy.")
        self.snap(page, "walk-6-review")
        page.get_by_role("button", name="Send back with reasons").click()
        expect(page.get_by_role("status").first).to_contain_text("Your decision is on record")

    def approve(self) -> None:
        """Marta names a deputy and sends it again; HR approves with a reason."""
        page = self.marta
        page.goto(self.plan)
        expect(page.locator("main")).to_contain_text("Please name a deputy")
        page.get_by_role("link", name="Add a promise").click()
        page.get_by_label("What is promised").fill("Ines stands in for the check-ins from 3 to 14 August")
        page.get_by_label("Who answers for it").fill("Ines Carvalho")
        page.get_by_label("By", exact=True).fill("2026-08-03")
        page.get_by_role("button", name="Save the promise").click()
        page.get_by_role("button", name="Send to HR again").click()
        expect(page.locator("main")).to_contain_text("HR has it since")
        self.hanne.goto(f"{self.plan}review/")
        self.hanne.get_by_label(re.compile("^Reasons")).fill("Read beside the other cases; a deputy is named.")
        self.hanne.get_by_role("button", name="Approve", exact=True).click()
        expect(self.hanne.get_by_role("status").first).to_contain_text("Your decision is on record")

    def meet(self) -> None:
        """The first meeting, with a guide made for it; somebody Jonas trusts came along."""
        page = self.marta
        page.goto(self.plan)
        page.get_by_role("link", name="Prepare the first meeting").click()
        expect(page.locator("main")).to_contain_text("What goes well")
        self.snap(page, "walk-7-meeting")
        page.get_by_label("Who came along").fill("Elif Demir")
        page.get_by_role("button", name="Record that it was held").click()
        expect(page.get_by_role("status").first).to_contain_text("The meeting is on record")

    def sign(self) -> None:
        """Jonas signs that he received it, with words of his own that become part of it."""
        page = self.jonas
        page.goto(self.plan)
        page.get_by_role("link", name="Read and sign").click()
        expect(page.locator(".sheet")).to_contain_text("Dear Jonas")
        page.get_by_label("Your statement").fill(STATEMENT)
        page.get_by_label("Your full name").fill("Jonas Weber")
        page.get_by_label("I agree to sign electronically.").check()
        at_top(page, "main form")
        self.snap(page, "walk-8-sign")
        page.get_by_role("button", name="Sign that I received it").click()
        expect(page.locator("main")).to_contain_text("You have received it")
        self.snap(page, "walk-9-received")
        page.get_by_role("link", name="Read the letter").click()
        self.snap(page, "walk-10-letter")
        page.goto(self.plan)
