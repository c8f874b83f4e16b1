"""Telling people, once: a notice on their page and a letter in the outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from headway.core import audit, clock, outbox
from headway.core.action import action
from headway.core.actors import Actor
from headway.people.models import User
from headway.running.models import MailChoice, Notice
from headway.running.watching import Told


@dataclass(frozen=True)
class Post:
    """A letter ready for the outbox."""

    told: Told
    subject: str
    body: str
    due_at: datetime
    calendar: str = ""
    stop_link: str = ""


@action(permission="notice.tell", event="notices.told")
def tell(*, posts: Sequence[Post], notices: Sequence[Told], still: Sequence[str], by: Actor) -> int:
    """Keep notices and letters that are new; notices whose cause is gone (not among `still`) are settled.

    Returns how many letters and notices are new. The same again changes nothing: keys are unique.
    """
    new = 0
    for one in notices:
        values = {
            "plan": one.plan, "kind": one.kind, "user": one.user, "words": one.words, "todo": one.todo,
            "about": one.path[:80], "made_on": clock.today(),
        }  # fmt: skip
        row, made = Notice.objects.get_or_create(key=one.key, defaults=values)
        new += made
        if not made and row.settled_on is None and row.words != one.words:
            # "took place 5 of 7 times": the page tells how it is now; the letter went out once
            row.words = one.words
            row.save(update_fields=["words"])
    for post in posts:
        new += outbox.put(
            key=post.told.key, to=post.told.user.email, subject=post.subject, body=post.body, due_at=post.due_at,
            kind=post.told.kind, user_id=post.told.user.pk, calendar=post.calendar, stop_link=post.stop_link,
        )  # fmt: skip
    gone = Notice.objects.filter(settled_on=None).exclude(key__in=list(still))
    settled = gone.update(settled_on=clock.today())
    audit.detail(new=new, settled=settled)
    return new


@action(permission="mail.choose", event="mail.chosen")
def choose_mail(
    *, off: Sequence[str], time_zone: str = "", quiet_from: time | None = None, quiet_to: time | None = None, by: Actor
) -> MailChoice:
    """Keep which mail a person wants and when."""
    user = User.objects.get(email=getattr(by, "email", ""))
    values = {"off": list(off), "time_zone": time_zone, "quiet_from": quiet_from, "quiet_to": quiet_to}
    row, _new = MailChoice.objects.update_or_create(user=user, defaults=values)
    audit.detail(off=list(off), time_zone=time_zone)
    return row
