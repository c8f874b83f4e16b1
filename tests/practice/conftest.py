"""Marta leads Jonas and Elif; Olav leads Marta; Nils leads another team; Hanne is HR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from headway.core import clock
from headway.core.models import Company
from headway.detection import serialise as signal_json
from headway.detection.models import SignalRecord
from headway.detection.signal import ComparisonGroup, Finding, Index, Signal, Tier
from headway.diagnosis import serialise as diagnosis_json
from headway.diagnosis.diagnosis import Diagnosis, ExternalFactor, GapPart
from headway.diagnosis.models import DiagnosisRecord
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.models import ExceptionRequest
from headway.metrics.models import AnalysisRun
from headway.people.models import Person, User

TODAY = date(2026, 5, 18)
AS_OF = date(2026, 5, 17)
GROUP = ComparisonGroup("mid-market", 23, 0.8, 1.22, date(2025, 12, 1), AS_OF, ("territory",))


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(datetime(2026, 5, 18, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def people(db: None) -> dict[str, User]:
    Company.objects.create(name="Alderwick", currency="EUR")
    olav = Person.objects.create(person_id="L1", name="Olav Berg", role="leader")
    marta = Person.objects.create(person_id="M1", name="Marta Lindqvist", role="manager", manager=olav)
    nils = Person.objects.create(person_id="M2", name="Nils Moe", role="manager", manager=olav)
    jonas = Person.objects.create(person_id="P7", name="Jonas Weber", role="rep", manager=marta, team="North")
    elif_ = Person.objects.create(person_id="P8", name="Elif Demir", role="rep", manager=marta, team="North")
    hanne = Person.objects.create(person_id="H1", name="Hanne Dijkstra", role="hr")
    named = {"leader": olav, "manager": marta, "other": nils, "rep": jonas, "colleague": elif_, "hr": hanne}
    return {
        key: User.objects.create(email=f"{p.person_id}@x.example", name=p.name, role=p.role, person=p)
        for key, p in named.items()
    }


def a_signal(*, tier: Tier = Tier.FORMAL, finding: Finding = Finding.REAL_DROP, person_id: str = "P7") -> Signal:
    return Signal(
        person_id=person_id, as_of=AS_OF, index=Index(0.55, 0.44, 0.68, 0.5, 0.6), p_under=0.97, p_fine=0.01,
        reliability=0.76, tier=tier, finding=finding, since=date(2026, 3, 3), sentences=("One.",), comparison=GROUP,
        what_would_clear="Time.", stages=(), history=(), quota_attainment=0.6, territory_potential=1.02,
        policy_version="1", first_name="Jonas",
    )  # fmt: skip


def a_diagnosis(person_id: str = "P7", *, lost: float = 120_000.0, clear: bool = True) -> Diagnosis:
    return Diagnosis(
        person_id=person_id, as_of=AS_OF, start=date(2025, 11, 17), currency="EUR", gap=lost, expected=300_000.0,
        actual=300_000.0 - lost,
        parts=(
            GapPart("territory", "territory", 0.0, -1.0, 1.0, False, False, ""),
            GapPart("proposal_to_won", "from proposal to order", lost, lost / 2, lost * 1.5, True, clear, ""),
        ),
        skill=0.84, effort=0.05, cannot_tell=0.11,
        external=(
            ExternalFactor("territory", "Territory", "ok", "The territory holds 102% of the average potential."),
            ExternalFactor("lead_volume", "Leads received", "ok", "98% of the leads of colleagues."),
            ExternalFactor("lead_quality", "Lead quality", "ok", "The mix of leads is worth 101% of the usual one."),
            ExternalFactor("accounts", "Inherited accounts", "open", "The data can’t tell."),
        ),
        strengths=(), sentences=("From proposal to order lies the gap.",),
    )  # fmt: skip


def keep_run(*entries: Signal, diagnoses: tuple[Diagnosis, ...] = ()) -> AnalysisRun:
    run = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="1", policy_version="1", metrics_version="1",
        finished_at=datetime(2026, 5, 18, 6, tzinfo=UTC), last_day=AS_OF,
    )  # fmt: skip
    for entry in entries:
        SignalRecord.objects.create(
            run=run, person_id=entry.person_id, evaluable=True, tier=entry.tier, finding=entry.finding,
            payload=signal_json.to_json(entry),
        )  # fmt: skip
    for found in diagnoses:
        DiagnosisRecord.objects.create(
            run=run, person_id=found.person_id, evaluable=True, payload=diagnosis_json.to_json(found)
        )
    return run


@pytest.fixture
def run(people: dict[str, User]) -> AnalysisRun:
    return keep_run(a_signal(), diagnoses=(a_diagnosis(),))


@pytest.fixture
def case(people: dict[str, User], run: AnalysisRun) -> ExceptionRequest:
    """HR was asked about Jonas, so HR sees his case."""
    return actions.ask_for_exception(
        person_id="P7", item="coaching", reason="We talked every week, but nobody wrote it down.", by=people["manager"]
    )


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
