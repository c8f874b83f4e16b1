"""How the tests are shared among processes: those of one file stay together, those that drive a browser too."""

from __future__ import annotations

from pathlib import Path

import pytest

BROWSER = Path(__file__).resolve().parent / "browser"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Files share what they set up (a demo company takes half a minute), so they are not torn apart."""
    group = "browser" if BROWSER in item.path.parents else str(item.path)
    item.add_marker(pytest.mark.xdist_group(group))
