"""Signed papers are made once from the frozen content and kept. Killed in between? Made again: the content decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from headway.core.models import AuditEntry
from headway.core.proof import Broken
from headway.documents.letter import Letter
from headway.documents.paper import to_pdf
from headway.plans.letter import letter_of
from headway.plans.models import FrozenPaper, PaperKind, PlanVersion, VersionKind
from headway.plans.papers import folder
from headway.plans.papers.seal import seal_of
from headway.plans.papers.warning import warning_letter
from headway.plans.signing import draft_in
from headway.plans.states import FLOWS, PlanKind


@dataclass(frozen=True)
class Due:
    """A paper that should be there: of which version, which letter, with how many signatures."""

    version: PlanVersion
    kind: PaperKind
    signatures: int

    @property
    def file(self) -> str:
        """plan-12-v4-2-plan.pdf"""
        return f"plan-{self.version.plan_id}-v{self.version.number}-{self.signatures}-{self.kind}.pdf"


def due() -> list[Due]:
    """Every paper of a signed version that is not kept yet. Two queries."""
    kept = set(FrozenPaper.objects.values_list("version_id", "kind", "signatures"))
    signed = PlanVersion.objects.filter(kind=VersionKind.SIGNED).select_related("plan", "plan__person")
    return [
        one
        for version in signed.annotate(count=Count("signatures"))
        for one in due_of(version, version.count)
        if (version.pk, one.kind, one.signatures) not in kept
    ]


def due_of(version: PlanVersion, signatures: int) -> list[Due]:
    """The papers of a version with as many signatures."""
    kinds = [PaperKind.PLAN]
    if FLOWS[PlanKind(version.plan.kind)].warning:
        kinds.append(PaperKind.WARNING)
    return [Due(version, kind, signatures) for kind in kinds] if signatures else []


def letter_for(version: PlanVersion, kind: PaperKind, *, signatures: int | None = None) -> Letter:
    """The letter of a version, as it was handed over or signed."""
    content, seal = draft_in(version), seal_of(version, signatures=signatures)
    return warning_letter(content, seal) if kind == PaperKind.WARNING else letter_of(content, seal=seal)


def bytes_of(one: Due) -> bytes:
    """The PDF. The same content always gives the same bytes."""
    return to_pdf(letter_for(one.version, one.kind, signatures=one.signatures))


def first_broken() -> Broken | None:
    """The first version, signature or paper that is not what the record says; None where all fit."""
    return _broken_version() or _broken_paper()


def _broken_version() -> Broken | None:
    """Words against their hash, the hash against the record (whose own chain is verified apart)."""
    told = {
        (entry.object_ref, entry.detail["version"]): entry.detail["content"]
        for entry in AuditEntry.objects.filter(event__startswith="plan.", object_ref__startswith="plans.plan:")
        if {"version", "content"} <= entry.detail.keys()
    }
    for version in PlanVersion.objects.order_by("pk").prefetch_related("signatures").iterator(chunk_size=200):
        name = _version_name(version.number, version.plan_id)
        recorded = told.pop((f"plans.plan:{version.plan_id}", version.number), version.content_hash)
        if hashlib.sha256(version.content_text.encode()).hexdigest() != version.content_hash:
            return Broken(name, _("its words were changed"))
        signed = {row.content_hash for row in version.signatures.all()}
        if recorded != version.content_hash or signed - {version.content_hash}:
            return Broken(name, _("it is not the one that was signed and recorded"))
    gone = next(iter(told), None)
    return Broken(_version_name(gone[1], gone[0].partition(":")[2]), _("it was removed")) if gone else None


def _version_name(number: object, plan: object) -> str:
    return _("version %(number)s of plan %(plan)s") % {"number": number, "plan": plan}


def _broken_paper() -> Broken | None:
    """Each frozen file against the record."""
    told = {
        entry.detail["file"]: entry.detail["sha256"]
        for entry in AuditEntry.objects.filter(event="plan.paper_frozen")
        if {"file", "sha256"} <= entry.detail.keys()
    }
    for name, sha256 in sorted(told.items()):
        content = folder.read(name)
        if content is None:
            return Broken(name, _("the file is missing"))
        if hashlib.sha256(content).hexdigest() != sha256:
            return Broken(name, _("its bytes were changed"))
    return None


def count() -> int:
    """How many papers are kept."""
    return FrozenPaper.objects.count()
