"""What the tests of sources share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from headway.core.actors import SYSTEM
from headway.facts.connectors import actions
from headway.facts.connectors.sources import sync
from headway.facts.connectors.syncing import SyncResult
from headway.facts.models import Source
from headway.facts.store import open_facts

Ask = Callable[[str], list[tuple[object, ...]]]


class Waits(list[float]):
    """Seconds a sync would have waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def ask() -> Ask:
    def asked(sql: str) -> list[tuple[object, ...]]:
        with open_facts() as facts:
            return list(facts.con.execute(sql).fetchall())

    return asked


@pytest.fixture
def run(waits: Waits) -> Callable[[Source], SyncResult]:
    """Sync a source without really waiting."""
    return lambda source: sync(source, by=SYSTEM, sleep=waits)


def connected(kind: str, settings: dict[str, str], secrets: dict[str, str], name: str = "crm") -> Source:
    """A source that is connected."""
    return actions.add_source(name=name, kind=kind, settings=settings, secrets=secrets, schedule="daily", by=SYSTEM)
