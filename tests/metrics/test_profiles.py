"""What is in a version is looked at once; a version, a definition or an earlier day of its own is looked at anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from headway.core.home_folder import home
from headway.facts.store import open_facts
from headway.metrics import profiles
from headway.metrics.evaluable import profile
from headway.metrics.profiles import profile_of
from tests.metrics.test_cube_upkeep import CALL, load, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[date]:
    """The as-of days of the facts that were looked at."""
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    load(tmp_path / "first", start())
    seen: list[date] = []

    def look(facts: Any) -> Any:
        seen.append(facts.as_of)
        return profile(facts)

    monkeypatch.setattr(profiles, "profile", look)
    return seen


def test_a_version_is_looked_at_once(looked: list[date], tmp_path: Path) -> None:
    with open_facts() as facts:
        first, again = profile_of(facts), profile_of(facts)
        assert first == again == profile(facts)
        assert len(looked) == 1
    load(tmp_path / "second", {"people": start()["people"], "activities": [{**CALL, "kind": "demo"}]})
    with open_facts() as facts:
        assert profile_of(facts) == profile(facts)
        assert "demo" in profile_of(facts).kinds
    assert len(looked) == 2


def test_an_earlier_day_and_a_damaged_memory_are_looked_at_anew(looked: list[date]) -> None:
    with open_facts(date(2026, 2, 1)) as facts:
        assert profile_of(facts) == profile_of(facts) == profile(facts)
    assert len(looked) == 2
    with open_facts() as facts:
        whole = profile_of(facts)
        (kept,) = (home() / "profiles").glob("*.json")
        kept.write_text(kept.read_text()[:40])
        assert profile_of(facts) == whole
        kept.write_text(kept.read_text().replace('"mark": "', '"mark": "other '))
        assert profile_of(facts) == whole
    assert len(looked) == 5
