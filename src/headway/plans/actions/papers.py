"""Freezing a signed paper: its bytes into the home, their hash into the record."""

from __future__ import annotations

import hashlib

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.plans.models import FrozenPaper, PlanVersion
from headway.plans.papers import folder
from headway.plans.papers.freezing import Due, bytes_of


@action(permission="plan.freeze", event="plan.paper_frozen", locks="version")
def freeze_paper(*, version: PlanVersion, one: Due, by: Actor) -> FrozenPaper:
    """Keep a signed paper. Doing it twice keeps the first.

    Raises:
        StorageTrouble: it cannot be made or written; nothing is recorded, and it is tried again.
    """
    before = FrozenPaper.objects.filter(version=version, kind=one.kind, signatures=one.signatures).first()
    if before is not None:
        return before
    content = bytes_of(one)
    folder.write(one.file, content)
    row = FrozenPaper(
        version=version,
        kind=one.kind,
        signatures=one.signatures,
        file=one.file,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        made_at=clock.now(),
    )
    row.save()
    audit.detail(file=row.file, sha256=row.sha256, version=version.number, content=version.content_hash)
    return row
