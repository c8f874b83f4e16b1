"""One look over all running plans: who is told what, by which letter, at what hour."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import Signer
from django.utils import translation
from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.actors import Actor
from headway.core.permissions import require
from headway.core.remembered import remembering
from headway.running.actions.notices import Post, tell
from headway.running.calendar import calendar_of
from headway.running.mail_times import next_open
from headway.running.models import MailChoice, Notice
from headway.running.watching import Told, look

# What can be switched off; everything else is required: somebody waits for it.
OPTIONAL = ("reminder", "promise", "digest", "no_page", "team")
SIGNER = Signer(salt="mail")


def kind_words(kind: str) -> str:
    """What a kind of mail is, for the page where it is switched off."""
    return {
        "reminder": _("A reminder the working day before a check-in"),
        "promise": _("A reminder three days before a promise of yours is due"),
        "digest": _("Mondays: the week with running plans"),
        "no_page": _("A word when check-ins begin without the rep’s page"),
        "team": _("A word when most plans of a team are behind"),
        "moved": _("A check-in has another day, or does not take place"),
        "support": _("Promised support is late"),
        "missed": _("A check-in has nothing on record"),
        "skipped": _("Two check-ins in a row did not take place"),
        "out_of_reach": _("A target has moved out of reach"),
    }.get(kind, kind)


def remind(*, by: Actor) -> int:
    """Look over everything and tell what is new. Running it again the same day tells nothing twice."""
    require(by, "notice.tell")
    with translation.override(settings.LANGUAGE_CODE):
        with remembering():
            found = look()
        known = set(Notice.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
        choices = {choice.user_id: choice for choice in MailChoice.objects.all()}
        posts = [_post(one, choices.get(one.user.pk)) for one in found if one.key not in known]
    wanted = [post for post in posts if not _is_off(post.told, choices.get(post.told.user.pk))]
    notices = [one for one in found if one.notice]
    return tell(posts=wanted, notices=notices, still=[one.key for one in notices], by=by)


def _is_off(told: Told, choice: MailChoice | None) -> bool:
    return choice is not None and told.kind in choice.off and told.kind in OPTIONAL


def _post(told: Told, choice: MailChoice | None) -> Post:
    link = f"{settings.HEADWAY_ADDRESS}{told.path}"
    stop = stop_link(told) if told.kind in OPTIONAL else ""
    why = _("You get this because somebody waits for it.")
    foot = _("Not wanted? Switch it off: %s") % stop if stop else why
    zone = (choice.time_zone if choice else "") or company.current().time_zone
    return Post(
        told=told,
        subject=told.words.split("\n")[0][:180],
        body=f"{told.words}\n\n{told.todo}\n\n{link}\n\n-- \n{company.current().name}, Headway\n{foot}\n",
        due_at=next_open(
            clock.now(),
            zone=zone,
            quiet_from=choice.quiet_from if choice else None,
            quiet_to=choice.quiet_to if choice else None,
        ),
        calendar=calendar_of(told.plan, told.numbers, link=link) if told.plan is not None and told.numbers else "",
        stop_link=stop,
    )


def stop_link(told: Told) -> str:
    """Where this kind of mail is switched off with one click, without signing in."""
    token = SIGNER.sign(f"{told.user.pk}:{told.kind}")
    return f"{settings.HEADWAY_ADDRESS}/mail/stop/{token}/"
