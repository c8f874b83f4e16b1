"""Mail is written with the change it speaks of, in one transaction, and sent after the commit, once."""

from __future__ import annotations

from django.core.mail import send_mail
from django.db import transaction

from headway.core import clock
from headway.core.models import Letter


def put(*, key: str, to: str, subject: str, body: str) -> None:
    """Write a letter inside the running transaction. The same key again changes nothing."""
    letter, created = Letter.objects.get_or_create(key=key, defaults={"to": to, "subject": subject, "body": body})
    if created:
        transaction.on_commit(lambda: deliver(letter.pk), robust=True)


def deliver(letter_id: int) -> bool:
    """Send one letter if nobody has. True if this call sent it."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.sent_at is not None:
            return False
        letter.sent_at = clock.now()
        letter.save(update_fields=["sent_at"])
        send_mail(letter.subject, letter.body, None, [letter.to])
        return True
