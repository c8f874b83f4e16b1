"""Keeping what an analysis found."""

from __future__ import annotations

from datetime import UTC, datetime

from headway.core import audit
from headway.core.action import action
from headway.core.actors import Actor
from headway.detection.models import SignalRecord
from headway.detection.serialise import entry_to_json
from headway.diagnosis.analysis import Found
from headway.diagnosis.engine import Diagnosis
from headway.diagnosis.models import DiagnosisRecord, EvidenceRecord
from headway.diagnosis.serialise import diagnosis_to_json
from headway.metrics.actions import store_metrics
from headway.metrics.models import AnalysisRun

KEPT_RUNS = 12


@action(permission="analysis.run", event="analysis.kept")
def keep_analysis(*, found: Found, by: Actor) -> AnalysisRun:
    """Write one finished run with all its records. Runs are never changed afterwards."""
    AnalysisRun.objects.filter(
        as_of=found.as_of,
        facts_version=found.facts_version,
        facts_hash=found.facts_hash,
        code_version=found.code_version,
        policy_version=found.policy_version,
        metrics_version=found.metrics_version,
    ).delete()
    run = AnalysisRun.objects.create(
        as_of=found.as_of,
        facts_version=found.facts_version,
        facts_hash=found.facts_hash,
        code_version=found.code_version,
        policy_version=found.policy_version,
        metrics_version=found.metrics_version,
        first_day=found.first_day,
        last_day=found.last_day,
        summary=found.summary,
        finished_at=datetime.now(UTC),
    )
    SignalRecord.objects.bulk_create(
        [
            SignalRecord(
                run=run,
                person_id=entry.person_id,
                evaluable=entry.tier != "not_evaluable",
                tier=entry.tier,
                finding=entry.finding,
                payload=entry_to_json(entry),
            )
            for entry in found.report.people
        ],
        batch_size=200,
    )
    DiagnosisRecord.objects.bulk_create(
        [
            DiagnosisRecord(
                run=run,
                person_id=item.person_id,
                evaluable=isinstance(item, Diagnosis),
                payload=diagnosis_to_json(item),
            )
            for item in found.diagnoses
        ],
        batch_size=200,
    )
    EvidenceRecord.objects.bulk_create([EvidenceRecord(run=run, **vars(said)) for said in found.evidence], 500)
    store_metrics(run=run, values=found.metrics, by=by)
    audit.detail(as_of=found.as_of.isoformat(), people=len(found.report.people), facts=found.facts_version)
    return run
