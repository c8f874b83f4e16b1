"""Deliveries are written inside the transaction of what they tell: either both are kept, or neither."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import transaction

from headway.core import clock
from headway.core.jobs import later
from headway.core.models import Delivery, Subscription
from headway.core.webhooks.published import PUBLISHED, facts_of


def write_down(event: str, result: Any) -> None:
    """Write a delivery for each address that wants this event. Called by the action wrapper."""
    if event not in PUBLISHED:
        return
    wanted = [row for row in Subscription.objects.filter(stopped_at__isnull=True) if row.wants(event)]
    if not wanted:
        return
    at, facts = clock.now(), facts_of(event, result)
    for subscription in wanted:
        key = uuid.uuid4().hex
        body = {"id": key, "event": event, "occurred_at": at.isoformat(), "data": facts}
        Delivery.objects.create(
            subscription=subscription,
            key=key,
            event=event,
            body=json.dumps(body, sort_keys=True),
            next_try_at=at,
            written_at=at,
        )
    transaction.on_commit(_queue, robust=True)


def _queue() -> None:

    later("headway.core.webhooks.sending.send_what_is_due", name="tell addresses outside")
