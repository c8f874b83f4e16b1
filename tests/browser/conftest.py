"""A real server with the demo company, and a real browser to walk through it as each role.

The server is the one that `headway serve` starts, jobs included, in a home of its own (and a database of its own, where
the records lie in PostgreSQL).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse, urlunparse

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "headway-demo"
EMAILS = {
    "manager": "marta.lindqvist@alderwick.example",
    "rep": "jonas.weber@alderwick.example",
    "leader": "henrik.aalto@alderwick.example",
    "hr": "hanne.dijkstra@alderwick.example",
    "revops": "tomas.oliveira@alderwick.example",
    "admin": "wanda.falk@alderwick.example",
}
HERE = Path(__file__).resolve().parent
_MADE: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where CI promises a browser, its absence is a failure, not a skip."""
    if CHROMIUM is None and not os.environ.get("HEADWAY_NEEDS_BROWSER"):
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@dataclass(frozen=True)
class Home:
    """A home with the demo company in it, and the environment that points to it."""

    folder: Path
    environment: dict[str, str] = field(repr=False)


def _environment(folder: Path, database: str | None) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if k not in {"HEADWAY_HOME", "DATABASE_URL"}}
    env["HEADWAY_HOME"] = str(folder)
    env["PYTHONPATH"] = str(HERE.parent.parent / "src")
    if database:
        env["DATABASE_URL"] = database
    return env


def _database(name: str) -> str:
    """Its name on the server: of this process alone, so that test runs side by side stay apart."""
    return f"{name}_{os.getpid()}"


def _fresh_database(name: str, *, template: str = "template1") -> str | None:
    """A database beside the one the tests use, where they use PostgreSQL; gone with the test run."""
    address = os.environ.get("DATABASE_URL")
    if not address:
        return None
    import psycopg

    name = _database(name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _MADE.add(name)
    return urlunparse(urlparse(address)._replace(path=f"/{name}"))


@pytest.fixture(scope="session", autouse=True)
def _databases_are_dropped() -> Iterator[None]:
    yield
    if not _MADE:
        return
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for name in _MADE:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demo company, made once with the command that users run."""
    folder = tmp_path_factory.mktemp("demo")
    env = _environment(folder, _fresh_database("headway_demo"))
    made = subprocess.run(
        [sys.executable, "-m", "headway", "demo", "--no-serve"], env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert "Traceback" not in made.stderr
    # PostgreSQL copies a database only while nobody uses it: the copy to copy from is made before anything is served.
    _fresh_database("headway_demo_kept", template=_database("headway_demo"))
    return Home(folder, env)


@contextlib.contextmanager
def serving(home: Home, *command: str) -> Iterator[str]:
    """Serve a home on a free port; the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (home.folder / f"serve-{port}.log").open("w")
    words = list(command) or [sys.executable, "-m", "headway"]
    process = subprocess.Popen([*words, "serve", "--port", str(port)], env=home.environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(120):
        assert process.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(f"{url}/sign-in/", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.25)
        else:
            return
    raise AssertionError("the server did not answer in half a minute")


@pytest.fixture(scope="session")
def server(demo_home: Home) -> Iterator[str]:
    """The demo company, served; for walks that change nothing others look at."""
    with serving(demo_home) as url:
        yield url


def _copy_records(records: Path, to: Path) -> None:
    """As they are at this moment: while the demo company is served, what was written lately may lie beside the file."""
    if records.exists():
        with closing(sqlite3.connect(records)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)


@pytest.fixture
def own_home(demo_home: Home, tmp_path: Path) -> Home:
    """A copy of the demo company for one walk that changes a lot."""
    folder = tmp_path / "home"
    shutil.copytree(demo_home.folder, folder, ignore=shutil.ignore_patterns("*.log", "records.sqlite3*"))
    _copy_records(demo_home.folder / "records.sqlite3", folder / "records.sqlite3")
    return Home(folder, _environment(folder, _fresh_database("headway_walk", template=_database("headway_demo_kept"))))


@pytest.fixture
def own_server(own_home: Home) -> Iterator[str]:
    """That copy, served."""
    with serving(own_home) as url:
        yield url


PSEUDO = [sys.executable, str(HERE / "pseudo_language.py")]


@pytest.fixture(scope="session")
def pseudo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo company in a made-up language in which every translated word is marked and a third longer.

    Made in that language from the start: sentences of an analysis are kept with it.
    """
    folder = tmp_path_factory.mktemp("pseudo")
    home = Home(folder, _environment(folder, _fresh_database("headway_pseudo")))
    made = subprocess.run(
        [*PSEUDO, "demo", "--no-serve"], env=home.environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    with serving(home, *PSEUDO) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a browser window signed in as a role, or as a person of the demo company: `visit(server, "manager",
    width=390, scheme="dark")`, `visit(server, "daniel.okafor")`."""
    opened = []

    def sign_in(url: str, role: str, *, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            base_url=url,
            accept_downloads=True,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto("/sign-in/")
        page.fill("[name=username]", EMAILS.get(role, f"{role}@alderwick.example"))
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda address: "/sign-in/" not in address)
        return page

    yield sign_in
    for context in opened:
        context.close()
