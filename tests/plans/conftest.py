from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from headway.core.models import Company
from headway.detection import serialise as signals_as_json
from headway.detection.models import SignalRecord
from headway.metrics.models import AnalysisRun
from headway.people.models import Person, User
from headway.plans.actions import draft_plan
from headway.plans.models import Plan
from tests.plans.jonas import AS_OF, jonas_plan, signal


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Marta leads Jonas; Olav leads Marta; Nils leads another team."""
    Company.objects.create(name="Alderwick", currency="EUR")
    olav = Person.objects.create(person_id="L1", name="Olav Berg", role="leader")
    marta = Person.objects.create(person_id="M1", name="Marta Lindqvist", role="manager", manager=olav)
    nils = Person.objects.create(person_id="M2", name="Nils Moe", role="manager", manager=olav)
    jonas = Person.objects.create(person_id="P7", name="Jonas Weber", role="rep", manager=marta, team="Mid-market North")
    hanne = Person.objects.create(person_id="H1", name="Hanne Dijkstra", role="hr")
    return {
        person.role if person.person_id != "M2" else "other": User.objects.create(
            email=f"{person.person_id}@x.example", name=person.name, role=person.role, person=person
        )
        for person in (olav, marta, nils, jonas, hanne)
    }


@pytest.fixture
def run(db: None) -> AnalysisRun:
    found = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="1", policy_version="policy-1",
        metrics_version="m", finished_at=datetime.now(UTC),
    )  # fmt: skip
    entry = signal()
    SignalRecord.objects.create(
        run=found, person_id="P7", evaluable=True, tier=entry.tier, finding=entry.finding,
        payload=signals_as_json.to_json(entry),
    )  # fmt: skip
    return found


@pytest.fixture
def plan(people: dict[str, User], run: AnalysisRun) -> Plan:
    return draft_plan(person_id="P7", draft=jonas_plan(), run_id=run.pk, by=people["manager"])


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
