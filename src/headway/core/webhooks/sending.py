"""Sending: signed, one try after the other with growing pauses, given up in the end with a sentence that says why."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ssl
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from headway import __version__
from headway.core import clock
from headway.core.errors import BadInput
from headway.core.models import Delivery

# Pauses after the first, second … try that failed; after the last one it is given up. A day and a half in all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 540, 1440))
PATIENCE_SECONDS = 10


def signature_of(secret: str, *, timestamp: int, body: str) -> str:
    """HMAC-SHA256 over "timestamp.body", so that neither can be changed nor sent again much later."""
    return hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def checked_address(address: str) -> str:
    """The address, if it is one of http or https with a host and without a password in it.

    Raises:
        BadInput: it is not.
    """
    parts = urlsplit(address.strip())
    try:
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine or parts.username or any(sign.isspace() or ord(sign) < 33 for sign in address.strip()):
        raise BadInput(
            _("This is no address that can be told"),
            value=address[:80],
            todo=_("Write it as https://host/path, without a password in it."),
        )
    return address.strip()


def send_what_is_due() -> int:
    """Try every delivery whose time has come. Returns how many were delivered."""
    due = Delivery.objects.filter(state=Delivery.WAITING, next_try_at__lte=clock.now()).order_by("pk")
    return sum(_try_one(pk) for pk in due.values_list("pk", flat=True))


def _try_one(delivery_id: int) -> bool:
    """One try. The row is taken before anything is sent, so that two workers never send the same thing."""
    now = clock.now()
    with transaction.atomic():
        row = Delivery.objects.select_for_update().select_related("subscription").get(pk=delivery_id)
        if row.state != Delivery.WAITING or row.next_try_at > now:
            return False
        if row.subscription.stopped_at is not None:
            _keep(row, state=Delivery.GIVEN_UP, last_answer=_("The address was switched off before it was told."))
            return False
        row.tries += 1
        row.next_try_at = now + PAUSES[min(row.tries, len(PAUSES)) - 1]
        row.save(update_fields=["tries", "next_try_at"])
    try:
        status = _post(row, now)
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        return _failed(row, _("It could not be reached: %s.") % _plainly(trouble))
    if 200 <= status < 300:
        _keep(row, state=Delivery.DELIVERED, last_answer=str(status), delivered_at=clock.now())
        return True
    return _failed(row, _("It answered %s.") % status)


def _plainly(trouble: Exception) -> str:
    """What the network said, without its number."""
    return str(getattr(trouble, "strerror", None) or trouble or type(trouble).__name__)[:200]


def _failed(row: Delivery, why: str) -> bool:
    over = row.tries > len(PAUSES)
    words = _("%(why)s Given up after %(n)d tries; the change itself is kept in Headway.") if over else "%(why)s"
    told = words % {"why": why, "n": row.tries}
    _keep(row, state=Delivery.GIVEN_UP if over else Delivery.WAITING, last_answer=told[:300])
    return False


def _keep(row: Delivery, *, state: str, last_answer: str, delivered_at: datetime | None = None) -> None:
    row.state, row.last_answer, row.delivered_at = state, last_answer, delivered_at
    row.save(update_fields=["state", "last_answer", "delivered_at"])


def _post(row: Delivery, now: datetime) -> int:
    """Send the body; redirects are not followed: only the address that was written is told."""
    parts = urlsplit(checked_address(row.subscription.address))
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Headway/{__version__}",
        "Headway-Delivery": row.key,
        "Headway-Event": row.event,
        "Headway-Timestamp": str(timestamp),
        "Headway-Signature": f"v1={signature_of(row.subscription.secret, timestamp=timestamp, body=row.body)}",
    }
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=PATIENCE_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=PATIENCE_SECONDS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body=row.body.encode(), headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
