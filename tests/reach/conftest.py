from __future__ import annotations

from pathlib import Path

import pytest

from headway.metrics.models import AnalysisRun
from headway.people.models import User
from tests.home.test_reach import no_deals
from tests.plans.conftest import people, run  # noqa: F401
from tests.reach.world import World, build


@pytest.fixture
def world(
    people: dict[str, User],  # noqa: F811
    run: AnalysisRun,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
) -> World:
    """The company with something behind every address; files in a home of its own."""
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path))
    monkeypatch.setattr("headway.home.deals.open_facts", no_deals)
    with django_capture_on_commit_callbacks(execute=True):
        return build(people, run)
