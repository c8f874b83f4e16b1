"""A small company with one analysis, for tests of pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from headway.core.actors import SYSTEM
from headway.detection import serialise
from headway.detection.models import SignalRecord
from headway.detection.signal import ComparisonGroup, Finding, Index, NotEvaluable, Signal, Tier
from headway.metrics.models import AnalysisRun
from headway.people.actions import PersonRow, give_access, sync_people

AS_OF = date(2026, 5, 17)
GROUP = ComparisonGroup("mid-market", 23, 0.8, 1.22, date(2025, 12, 1), AS_OF, ("territory",))


def a_signal(person_id: str, finding: Finding = Finding.STEADY, *, quota: float | None = None) -> Signal:
    """A signal with plain figures."""
    return Signal(
        person_id=person_id, as_of=AS_OF, index=Index(0.55, 0.44, 0.68, 0.5, 0.6), p_under=0.97, p_fine=0.01,
        reliability=0.76, tier=Tier.SUPPORT, finding=finding, since=None, sentences=("One.", "Two.", "Three."),
        comparison=GROUP, what_would_clear="Time.", stages=(), history=(), quota_attainment=quota,
        territory_potential=None, policy_version="1",
    )  # fmt: skip


@pytest.fixture
def company(db: None) -> AnalysisRun:
    """A leader, two managers, three reps, and what an analysis found about them."""
    sync_people(
        rows=[
            PersonRow("L", "Lea Lind", role="leader", email="leader@x.example"),
            PersonRow("M1", "Mia Moor", role="manager", manager_id="L", email="manager@x.example", team="North"),
            PersonRow("M2", "Moe Marsh", role="manager", manager_id="L", email="other@x.example", team="South"),
            PersonRow("A", "Ada Ahl", manager_id="M1", email="rep@x.example", team="North"),
            PersonRow("B", "Bo Berg", manager_id="M1", team="North"),
            PersonRow("C", "Cy Craft", manager_id="M2", team="South"),
        ],
        by=SYSTEM,
    )
    run = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="1", policy_version="1", metrics_version="1",
        finished_at=datetime.now(UTC), last_day=AS_OF,
    )  # fmt: skip
    entries: list[Signal | NotEvaluable] = [
        a_signal("A", Finding.REAL_DROP),
        NotEvaluable("B", AS_OF, "away", "Bo was away.", "Look again in June."),
        a_signal("C", Finding.LUCK, quota=0.5),
    ]
    for entry in entries:
        SignalRecord.objects.create(
            run=run, person_id=entry.person_id, evaluable=isinstance(entry, Signal), tier=entry.tier,
            finding=entry.finding, payload=serialise.to_json(entry),
        )  # fmt: skip
    return run


def client_of(role: str) -> Client:
    """A browser signed in as a role of the small company."""
    user = give_access(email=f"{role}@x.example", role=role, by=SYSTEM).user
    client = Client()
    client.force_login(user)
    return client
