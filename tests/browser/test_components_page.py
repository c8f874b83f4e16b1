"""The components page in a real browser: nothing overflows, axe finds nothing, arrow keys read pictures out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from headway.people.models import User

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(live_server: LiveServer) -> str:
    user = User(email="marta@alderwick.example", name="Marta Lindqvist", role="manager")
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def opened(browser: Browser, server: LiveServer, session: str, *, width: int, scheme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page.goto(f"{server.url}/components/")
    return page


@pytest.mark.parametrize("width", [320, 390, 760, 1041, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, live_server: LiveServer, session: str, width: int) -> None:
    page = opened(browser, live_server, session, width=width)
    for summary in page.locator("details.more > summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator(".account > summary").click()
    box = page.locator(".account__in").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (320, "dark")])
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer, session: str, width: int, scheme: str) -> None:
    page = opened(browser, live_server, session, width=width, scheme=scheme)
    found = Axe().run(page, options={"runOnly": RULES})
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []
    page.close()


def test_nothing_is_refused_by_the_content_policy(browser: Browser, live_server: LiveServer, session: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/components/")
    assert said == []
    page.close()


def test_arrow_keys_read_a_picture_out(browser: Browser, live_server: LiveServer, session: str) -> None:
    page = opened(browser, live_server, session, width=1280)
    picture = page.locator("#change").locator("xpath=ancestor::section").locator('svg[role="img"]')
    picture.focus()
    page.keyboard.press("End")
    words = page.locator(".tipbox:visible")
    assert words.text_content() == page.locator(".tip").nth(24).get_attribute("data-tip")
    page.keyboard.press("ArrowLeft")
    assert words.text_content() == page.locator(".tip").nth(23).get_attribute("data-tip")
    page.keyboard.press("Escape")
    assert page.locator(".tipbox:visible").count() == 0
    page.close()


def test_a_page_weighs_less_than_a_quarter_of_a_megabyte_before_pictures(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = browser.new_page()
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/no-such-page/", wait_until="networkidle")
    assert 0 < sum(weights) < 250_000
    page.close()


def test_the_look_changes_without_script(browser: Browser, live_server: LiveServer, session: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/components/")
    page.locator(".account > summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.url.endswith("/components/")
    context.close()


def test_a_broken_connection_is_said_in_the_page(browser: Browser, live_server: LiveServer, session: str) -> None:
    page = opened(browser, live_server, session, width=1280)
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    assert page.locator("#main > [data-broken]").count() == 1
    assert "Your text is still here" in (page.locator("#main > [data-broken]").text_content() or "")
    page.close()
