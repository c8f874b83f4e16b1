"""Words typed into a check-in survive a cut connection, a closed tab, and a second device."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
FIRST, SECOND = "She named the price after the value.", "Typed in a tunnel, with an umlaut: Müller 💪"


def opened(page: Page) -> str:
    """The address of the next check-in that the manager leads."""
    page.goto("/check-ins/")
    page.get_by_role("link", name=re.compile("Daniel Okafor")).first.click()
    return page.url


def test_words_typed_without_a_connection_come_back(own_server: str, visit: Visit) -> None:
    page = visit(own_server, "manager", width=390)
    address, saved = opened(page), page.locator("#saved")
    notes = page.get_by_label("What deserves recognition?")
    notes.fill("Before the tunnel.")
    expect(saved).to_contain_text("Saved", timeout=10_000)

    page.context.set_offline(True)
    notes.fill(FIRST)
    expect(saved).to_contain_text("connection", timeout=10_000)
    page.context.set_offline(False)
    expect(saved).to_contain_text("Saved", timeout=15_000)

    # Cut again, and the tab is closed before anything could be sent.
    page.context.set_offline(True)
    notes.fill(SECOND)
    other = page.context.new_page()
    page.close()
    other.context.set_offline(False)
    other.goto(address)
    expect(other.get_by_label("What deserves recognition?")).to_have_value(SECOND)
    expect(other.locator("#saved")).to_contain_text("Saved", timeout=15_000)

    # The server has them: another device reads them.
    elsewhere = visit(own_server, "manager")
    elsewhere.goto(address)
    expect(elsewhere.get_by_label("What deserves recognition?")).to_have_value(SECOND)


def test_two_devices_never_overwrite_each_other(own_server: str, visit: Visit) -> None:
    first, second = visit(own_server, "manager"), visit(own_server, "manager")
    address = opened(first)
    second.goto(address)
    first.get_by_label("What is in the way, and who removes it?").fill("From the laptop.")
    expect(first.locator("#saved")).to_contain_text("Saved", timeout=10_000)
    second.get_by_label("What is in the way, and who removes it?").fill("From the phone.")
    expect(second.locator("#saved")).to_contain_text("changed somewhere else", timeout=10_000)
    second.reload()
    box = second.get_by_label("What is in the way, and who removes it?")
    expect(box).to_have_value("From the phone.")
    expect(second.locator("form#page")).to_contain_text("From the laptop.")
