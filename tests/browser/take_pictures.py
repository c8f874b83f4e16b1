"""`python -m tests.browser.take_pictures`: the pictures of README and tutorial, made from the demo company as it is.

Needs Chromium. Makes the demo company in a folder of its own, serves it, walks to each page and writes
`docs/pictures/*.png`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.agreement_walk import Walk
from tests.browser.conftest import CHROMIUM, EMAILS, FLAGS, PASSWORD, Home, serving

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "docs" / "pictures"


def _signed_in(browser: Browser, url: str, role: str, *, width: int = 1280, height: int = 1000) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, base_url=url)
    page.goto("/sign-in/")
    page.fill("[name=username]", EMAILS[role])
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    return page


def _take(page: Page, name: str) -> None:
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.screenshot(path=TARGET / f"{name}.png")


def _put_away(page: Page) -> None:
    """Discard the draft, so that the walk begins with its own."""
    page.get_by_text("Put this draft away").click()
    page.get_by_role("button", name="Discard the draft").click()
    page.wait_for_load_state()


def main() -> None:
    """Take them all."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "HEADWAY_HOME": folder}
        subprocess.run([sys.executable, "-m", "headway", "demo", "--no-serve"], env=env, check=True)
        with serving(Home(Path(folder), env)) as url, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = _signed_in(browser, url, "manager", height=1180)
            _take(page, "week")
            page.goto("/figures/map/")
            _take(page, "figures-map")
            page.goto("/")
            page.get_by_role("link", name="Jonas Weber", exact=True).first.click()
            page.wait_for_load_state()
            _take(page, "person")
            page.get_by_role("button", name="Start a plan with Jonas").click()
            page.wait_for_load_state()
            _take(page, "plan")
            _put_away(page)
            office = _signed_in(browser, url, "revops")
            office.goto("/overview/")
            _take(office, "overview")
            office.goto("/data/load/")
            office.locator("input[type=file]").set_input_files(str(ROOT / "examples" / "tiny" / "opportunities.csv"))
            office.get_by_role("button", name="Read the files").click()
            office.get_by_text("What each column means").first.wait_for(timeout=60_000)
            _take(office, "import")
            walk(browser, url)
            browser.close()


def walk(browser: Browser, url: str) -> None:
    """The pictures of "From a draft to a signature", taken while the walk of the browser test is walked."""
    windows = [_signed_in(browser, url, role, height=860) for role in ("manager", "rep", "hr")]
    for window in windows:
        window.set_default_timeout(20_000)
    Walk(url, *windows, snap=_take).all_the_way()


if __name__ == "__main__":
    main()
