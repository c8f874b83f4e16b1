"""The whole case as one ZIP that stands alone: every version, signature, meeting, promise, look and step, with the
hashes that tie them together and a small program that checks them without Headway.

Who takes it away gets what they may see: HR's comparisons with other cases and who looked at what are for HR alone,
a page that the rep has not shared is the rep's own, an evaluation that is not proposed yet the manager's.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.actors import Actor, Role
from headway.core.models import AuditEntry
from headway.core.permissions import require
from headway.diagnosis.practice.models import CoachingSession
from headway.documents.letter import Format
from headway.outcomes.actions import note_case_file
from headway.outcomes.letter import outcome_file
from headway.outcomes.queries import evaluations_for
from headway.plans.models import Plan
from headway.plans.papers.current import file_now
from headway.running.ledger import ledger_of

# Lines of the record that are nobody's business but HR's.
FOR_HR = ("plan.seen", "person.seen", "outcome.case_file_made")
HIDDEN = frozenset({"id", "plan_id", "by_id", "made_by_id", "user_id", "person_id"})


@dataclass(frozen=True)
class CaseFile:
    """The ZIP, its name and its SHA-256, which stands in the record."""

    name: str
    content: bytes
    sha256: str


def case_file(plan: Plan, *, by: Actor) -> CaseFile:
    """Make the case file for somebody who may see the plan; taking it away is written down.

    Raises:
        NotFound: the plan is none of the actor's business.
    """
    require(by, "outcome.view", plan)
    files = _files(plan, by)
    files["verify.py"] = Path(__file__).with_name("verify_case.py").read_bytes()
    files["README.txt"] = _readme(plan, by, sorted(files)).encode()
    seals = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files["manifest.json"] = _json({"made_at": clock.now(), "made_by": by.name, "role": by.role, "files": seals})
    folder = f"case-{plan.pk}"
    content = _zip(files, folder)
    found = CaseFile(f"{folder}.zip", content, hashlib.sha256(content).hexdigest())
    note_case_file(plan=plan, sha256=found.sha256, by=by)
    return found


def _zip(files: dict[str, bytes], folder: str) -> bytes:
    stamp = clock.now()
    moment = (max(stamp.year, 1980), stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", moment), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _json(thing: Any) -> bytes:
    return (json.dumps(thing, ensure_ascii=False, indent=1, sort_keys=True, default=_plain) + "\n").encode()


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _rows(rows: Iterable[Model], *, without: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Records as plain fields, in their order."""
    return [
        {
            field.name: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in HIDDEN | without
        }
        for row in rows
    ]


def _files(plan: Plan, by: Actor) -> dict[str, bytes]:
    ledger = ledger_of(plan)
    return {
        **_versions(plan),
        **_outcomes(plan, by),
        "plan/signatures.json": _json(_signatures(plan)),
        "plan/comments.json": _json(_rows(plan.comments.all())),
        "plan/proposals.json": _json(_rows(plan.proposals.all())),
        "plan/hr-reviews.json": _json(_rows(plan.reviews.all(), without=_reviews_without(by))),
        "plan/first-meetings.json": _json(_rows(plan.first_meetings.all())),
        "plan/amendments.json": _json(_rows(plan.amendments.all())),
        "plan/pauses.json": _json(_rows(plan.pauses.all())),
        "plan/appeals.json": _json(_rows(plan.appeals.all())),
        "running/check-ins.json": _json(_check_ins(plan, by)),
        "running/agreements.json": _json(_rows(plan.agreements.all())),
        "running/measurements.json": _json(_rows(plan.snapshots.order_by("as_of", "pk"))),
        "running/counts.json": _json(_rows(plan.counts.all())),
        "running/practice.json": _json(_rows(plan.practices.all())),
        "running/half-days.json": _json(_rows(plan.half_days.all())),
        "running/trainings.json": _json(_rows(plan.trainings.all())),
        "running/coaching.json": _json(_coaching(plan)),
        "running/ledger.json": _json({"company": [asdict(x) for x in ledger.company], "rep": [
            asdict(x) for x in ledger.rep]}),
        "running/ledger-entries.json": _json(_rows(plan.ledger_entries.all())),
        "after/follow-ups.json": _json(_rows(plan.follow_ups.all())),
        "after/renewed-drops.json": _json(_rows(plan.relapses.all()) if by.role != Role.HR else []),
        "record.json": _json(_record(plan, by)),
    }  # fmt: skip


def _reviews_without(by: Actor) -> frozenset[str]:
    return frozenset() if by.role == Role.HR else frozenset({"compared", "checklist"})


def _versions(plan: Plan) -> dict[str, bytes]:
    """The exact bytes of every version, their list, and the one in force as a letter."""
    files, listed = {}, []
    for row in plan.versions.all():
        name = f"plan/versions/{row.number:02d}-{row.kind}.json"
        files[name] = row.content_text.encode()
        listed.append(
            {
                "file": name, "number": row.number, "kind": row.kind, "reason": row.reason, "made_by": row.made_by_name,
                "made_at": row.made_at, "content_hash": row.content_hash,
            }
        )  # fmt: skip
    files["plan/versions.json"] = _json(listed)
    files["plan/letter.pdf"] = file_now(plan, Format.PDF)
    return files


def _signatures(plan: Plan) -> list[dict[str, Any]]:
    found = []
    for version in plan.versions.all():
        for row in version.signatures.all():
            found.append(
                {
                    "version": version.number, "name": row.name, "role": row.role, "kind": row.kind,
                    "sentence_signed": row.intent, "statement": row.statement, "electronically": row.consent,
                    "signed_at": row.signed_at, "content_hash": row.content_hash,
                }
            )  # fmt: skip
    return found


def _outcomes(plan: Plan, by: Actor) -> dict[str, bytes]:
    files, listed = {}, []
    shown = evaluations_for(by).filter(plan=plan).order_by("pk").prefetch_related("steps")
    for number, row in enumerate(shown, 1):
        name = f"outcome/{number:02d}-prepared.json"
        files[name] = row.prepared_text.encode()
        files[f"outcome/{number:02d}-letter.pdf"] = outcome_file(plan, row, Format.PDF)
        steps = _rows(row.steps.all(), without=frozenset({"evaluation_id"}))
        listed.append(
            {
                "file": name, "stage": row.stage, "outcome": row.outcome, "extended_to": row.extended_to,
                "as_of": row.as_of, "decided_on": row.decided_on, "prepared_hash": row.prepared_hash, "steps": steps,
            }
        )  # fmt: skip
    files["outcome/outcomes.json"] = _json(listed)
    files["outcome/looks.json"] = _json([json.loads(look.payload) for look in plan.verdicts.all()] if shown else [])
    return files


def _check_ins(plan: Plan, by: Actor) -> list[dict[str, Any]]:
    """Meetings; what the rep has not shared, and notes of a meeting not held yet, belong to their writers."""
    rep = by.role == Role.REP
    found = []
    for row in plan.meetings.all():
        own = frozenset() if rep or row.shared_at else frozenset({"worked", "hard", "enough", "missing", "steps"})
        notes = frozenset() if not rep or row.held_on else frozenset({"recognition", "roadblocks", "feedback"})
        found.extend(_rows([row], without=own | notes))
    return found


def _coaching(plan: Plan) -> list[dict[str, Any]]:
    last = plan.last_on
    rows = CoachingSession.objects.filter(person_id=plan.person_id, held_on__range=(plan.start_on, last))
    return _rows(rows.order_by("held_on", "pk"))


def _record(plan: Plan, by: Actor) -> list[dict[str, Any]]:
    """The lines of the record about this plan, whole, so that each line's seal can be checked."""
    things: list[Model] = [plan, *plan.meetings.all(), *plan.follow_ups.all(), *plan.amendments.all()]
    things += list(evaluations_for(by).filter(plan=plan))
    refs = {f"{thing._meta.label_lower}:{thing.pk}" for thing in things}
    about = AuditEntry.objects.filter(person_id=plan.person_id)
    rows = about.filter(Q(object_ref__in=refs) | Q(detail__plan=plan.pk)).order_by("pk")
    if by.role != Role.HR:
        rows = rows.exclude(event__in=FOR_HR)
    hidden = {"outcome.prepared"} if by.role in {Role.REP, Role.HR} else set()
    return [
        {
            "number": row.pk, "at": row.at.isoformat(), "actor": row.actor_id, "name": row.actor_name,
            "role": row.actor_role, "event": row.event, "person": row.person_id, "object": row.object_ref,
            "detail": row.detail, "previous": row.previous, "digest": row.digest,
        }
        for row in rows
        if row.event not in hidden
    ]  # fmt: skip


def _readme(plan: Plan, by: Actor, names: list[str]) -> str:
    lines = [
        _("%(plan)s of %(name)s, %(company)s") % {
            "plan": plan.name, "name": plan.person.name, "company": company.current().name},
        "",
        _("This file holds the whole case as %(name)s (%(role)s) may see it on %(day)s.") % {
            "name": by.name, "role": by.role, "day": clock.today().isoformat()},
        _("It stands alone: nothing in it needs Headway."),
        "",
        _("To check it: unpack, then run  python3 verify.py  in the folder (Python 3.9 or newer, nothing else)."),
        _("It recomputes the hash of every file, version, signature, outcome and line of the record."),
        _("To be sure that nobody replaced the whole file, compare its SHA-256 with the one in the company’s record"),
        _("(the line “outcome.case_file_made” of the day on which it was taken away)."),
        "",
        _("Letters for reading: plan/letter.pdf, outcome/*-letter.pdf. Everything else is plain JSON."),
        "",
        _("Files:"),
        *(f"  {name}" for name in names),
        "",
    ]  # fmt: skip
    return "\n".join(lines)
