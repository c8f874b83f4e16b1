"""A record that cannot be altered unseen: each entry carries the hash of the one before it."""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.models import AuditEntry

GENESIS = "0" * 64
_CHAIN_LOCK = 5_001_812  # any number, the same in every process: PostgreSQL's advisory lock of the chain

_details: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("audit_details", default=None)


@contextlib.contextmanager
def collecting() -> Iterator[dict[str, Any]]:
    """Gather what `detail` says inside the block, for the entry that follows it."""
    gathered: dict[str, Any] = {}
    token = _details.set(gathered)
    try:
        yield gathered
    finally:
        _details.reset(token)


def detail(**facts: Any) -> None:
    """Say something about the running action for its audit entry (texts, numbers, booleans)."""
    gathered = _details.get()
    if gathered is not None:
        gathered.update(facts)


def _digest(previous: str, at: datetime, content: dict[str, Any]) -> str:
    body = json.dumps({"at": at.isoformat(), **content}, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def _content(entry: AuditEntry) -> dict[str, Any]:
    return {
        "actor": entry.actor_id,
        "name": entry.actor_name,
        "role": entry.actor_role,
        "event": entry.event,
        "person": entry.person_id,
        "object": entry.object_ref,
        "detail": entry.detail,
    }


def append(
    *,
    by: Actor,
    event: str,
    person_id: str | None,
    object_ref: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry to the chain. Must run inside the transaction of what it records."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    previous = AuditEntry.objects.order_by("-pk").values_list("digest", flat=True).first() or GENESIS
    entry = AuditEntry(
        at=clock.now(),
        actor_id=by.pk,
        actor_name=by.name,
        actor_role=by.role,
        event=event,
        person_id=person_id or "",
        object_ref=object_ref,
        detail=json.loads(json.dumps(details or {}, default=str)),
        previous=previous,
    )
    entry.digest = _digest(previous, entry.at, _content(entry))
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True)
class Verdict:
    """What walking the chain found: how many entries, and the first broken one with the reason."""

    entries: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        """True if no entry was altered, removed or put in between."""
        return self.broken_at is None


def verify() -> Verdict:
    """Walk the whole chain and compare every hash with what it should be."""
    previous, count = GENESIS, 0
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=2000):
        count += 1
        if entry.previous != previous:
            return Verdict(count, entry.pk, _("an entry before it is missing or was put in later"))
        if entry.digest != _digest(previous, entry.at, _content(entry)):
            return Verdict(count, entry.pk, _("its content was changed after it was written"))
        previous = entry.digest
    return Verdict(count)
