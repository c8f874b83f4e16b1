"""Mail is written with the change it speaks of, in one transaction, and sent by the worker: claimed, sent, marked.

A letter's key makes writing it twice impossible. Sending takes a lease first (committed), so that two workers never
send the same letter; a worker that dies before sending leaves the letter to the next one when the lease is over. One
edge no mail program can close: killed between the mail server's "accepted" and our mark, the letter is sent again. It
then carries the same Message-ID, by which mail programs know it as the same letter. Missing a letter would be worse.
"""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from headway.core import clock, company
from headway.core.models import Letter

LEASE = timedelta(minutes=5)
MOST_TRIES = 12
_PAUSES = (1, 5, 15, 30, 60, 120, 240)  # minutes between tries; the last one again and again
Send = Callable[[Letter], None]


@dataclass(frozen=True)
class Delivered:
    """What one round of sending came to."""

    sent: int = 0
    held_back: int = 0
    failed: int = 0


def put(
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    due_at: datetime | None = None,
    kind: str = "",
    user_id: int | None = None,
    calendar: str = "",
    stop_link: str = "",
) -> bool:
    """Write a letter inside the running transaction; True if it is new. The same key again changes nothing."""
    values = {
        "to": to, "subject": subject[:200], "body": body, "due_at": due_at or clock.now(), "kind": kind,
        "user_id": user_id, "calendar": calendar, "stop_link": stop_link,
    }  # fmt: skip
    return Letter.objects.get_or_create(key=key, defaults=values)[1]


def message_id(letter: Letter) -> str:
    """The same for the same letter, however often it is sent."""
    return f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@headway.invalid>"


def by_mail(letter: Letter) -> None:
    """Send one letter through the mail server of the settings."""
    headers = {"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"}
    if letter.stop_link:
        headers["List-Unsubscribe"] = f"<{letter.stop_link}>"
    mail = EmailMessage(letter.subject, letter.body, None, [letter.to], headers=headers)
    if letter.calendar:
        mail.attach("invitation.ics", letter.calendar, f"text/calendar; method={_method_of(letter.calendar)}")
    mail.send()


def _method_of(calendar: str) -> str:
    """What the calendar says it is (REQUEST, CANCEL): mail programs read it beside the attachment."""
    line = next((line for line in calendar.splitlines() if line.startswith("METHOD:")), "METHOD:PUBLISH")
    return line.removeprefix("METHOD:").strip()


def deliver_due(*, send: Send = by_mail, most: int = 200) -> Delivered:
    """Send what is due and not claimed by anybody. A demo company's letters are shown on its pages and not sent."""
    sent = held = failed = 0
    demo = company.current().is_demo
    for _turn in range(most):
        letter = _claim()
        if letter is None:
            break
        if demo:
            _mark(letter, held_back=True)
            held += 1
        elif _try(letter, send):
            sent += 1
        else:
            failed += 1
    return Delivered(sent, held, failed)


def _claim() -> Letter | None:
    """Take the lease of the next due letter, in a transaction of its own."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    with transaction.atomic():
        rows = Letter.objects.filter(free, sent_at=None, gave_up_at=None, due_at__lte=clock.now())
        rows = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        letter = rows.order_by("due_at", "pk").first()
        if letter is not None:
            letter.claimed_until = now + LEASE
            letter.tries += 1
            letter.save(update_fields=["claimed_until", "tries"])
        return letter


def _mark(letter: Letter, *, held_back: bool = False) -> None:
    Letter.objects.filter(pk=letter.pk).update(sent_at=clock.now(), claimed_until=None, held_back=held_back, trouble="")


def _try(letter: Letter, send: Send) -> bool:
    try:
        send(letter)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _put_off(letter, error)
        return False
    _mark(letter)
    return True


def _put_off(letter: Letter, error: Exception) -> None:
    """Try again after a growing pause; give up on an address that the server refuses, and after many tries."""
    refused = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _words in error.recipients.values()
    )
    over = refused or isinstance(error, ValueError) or letter.tries >= MOST_TRIES
    pause = timedelta(minutes=_PAUSES[min(letter.tries, len(_PAUSES)) - 1])
    Letter.objects.filter(pk=letter.pk).update(
        claimed_until=timezone.now() + pause,
        gave_up_at=clock.now() if over else None,
        trouble=f"{type(error).__name__}: {error}"[:300],
    )
