"""Keeping what an analysis found."""

from __future__ import annotations

from datetime import UTC, datetime

from headway.core import audit
from headway.core.action import action
from headway.core.actors import Actor
from headway.detection import serialise as signal_json
from headway.detection.models import SignalRecord, WatchRecord
from headway.diagnosis import serialise as diagnosis_json
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.found import Found
from headway.diagnosis.models import AbsenceRecord, DiagnosisRecord, EvidenceRecord
from headway.metrics.actions import store_figures, store_metrics
from headway.metrics.models import AnalysisRun


@action(permission="analysis.run", event="analysis.kept")
def keep_analysis(*, found: Found, by: Actor) -> AnalysisRun:
    """Write one finished run with all its records. Runs are never changed afterwards."""
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
                payload=signal_json.to_json(entry),
            )
            for entry in found.report.people
        ],
        batch_size=200,
    )
    DiagnosisRecord.objects.bulk_create(
        [
            DiagnosisRecord(
                run=run,
                person_id=person_id,
                evaluable=isinstance(item, Diagnosis),
                payload=diagnosis_json.to_json(item) if isinstance(item, Diagnosis) else signal_json.to_json(item),
            )
            for person_id, item in found.diagnoses.items()
        ],
        batch_size=200,
    )
    WatchRecord.objects.bulk_create([WatchRecord(run=run, **vars(seen)) for seen in found.watched], 500)
    EvidenceRecord.objects.bulk_create([EvidenceRecord(run=run, **vars(said)) for said in found.evidence], 500)
    AbsenceRecord.objects.bulk_create([AbsenceRecord(run=run, **vars(away)) for away in found.absences], 500)
    store_metrics(run=run, values=found.metrics, by=by)
    if found.book is not None:
        store_figures(run=run, book=found.book, by=by)
    audit.detail(as_of=found.as_of.isoformat(), people=len(found.report.people), facts=found.facts_version)
    return run
