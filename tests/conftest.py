"""How the tests are shared among processes: those of one file stay together, those that drive a browser too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

BROWSER = Path(__file__).resolve().parent / "browser"
LOOKS = {"test_every_page.py", "test_components_page.py"}


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Files share what they set up (a demo company takes a minute), so they are not torn apart."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Our own, since the marks of `--dist loadgroup` have no effect with this pytest."""
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser's tests begin first: they are one long piece of work, and others fit in beside it.

    With HEADWAY_TESTS=records only what touches the records is run: what a second database can change at all. Tests
    without a database, and how each page looks, come out the same on any of them.
    """
    items.sort(key=lambda item: BROWSER not in item.path.parents)
    if os.environ.get("HEADWAY_TESTS") != "records":
        return
    kept = [item for item in items if _touches_records(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _touches_records(item: pytest.Item) -> bool:
    if BROWSER in item.path.parents:
        return item.path.name not in LOOKS
    asked = set(getattr(item, "fixturenames", ()))
    return bool(asked & {"db", "transactional_db"}) or item.get_closest_marker("django_db") is not None
