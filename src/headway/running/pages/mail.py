"""A person's mail: what was sent (or, in a demo company, would have been), and what is wanted when."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from headway.core import company
from headway.core.errors import BadInput, NotFound
from headway.core.models import Letter
from headway.people.models import User
from headway.running.actions.notices import choose_mail
from headway.running.models import MailChoice
from headway.running.pages.progress import user_of
from headway.running.reminding import OPTIONAL, SIGNER, kind_words

SHOWN = 30


def mail(request: HttpRequest) -> HttpResponse:
    """The signed-in person's letters and choices."""
    user = user_of(request)
    choice = MailChoice.objects.filter(user=user).first() or MailChoice(user=user)
    letters = list(Letter.objects.filter(user_id=user.pk).order_by("-due_at", "-pk")[:SHOWN])
    demo = company.current().is_demo
    context = {
        "title": _("Mail to you"),
        "lead": _("The demo company sends no mail: what would be sent is shown here.") if demo else "",
        "letters": letters,
        "kinds": [(kind, kind_words(kind), kind not in choice.off) for kind in OPTIONAL],
        "choice": choice,
        "zone": choice.time_zone or company.current().time_zone,
    }
    return render(request, "running/mail.html", context)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choices."""
    wanted = set(request.POST.getlist("want"))
    try:
        choose_mail(
            off=[kind for kind in OPTIONAL if kind not in wanted],
            time_zone=_zone(request.POST.get("time_zone", "")),
            quiet_from=_time(request.POST.get("quiet_from", "")),
            quiet_to=_time(request.POST.get("quiet_to", "")),
            by=user_of(request),
        )
    except BadInput as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Your choice is kept."))
    return redirect("mail")


def _zone(text: str) -> str:
    text = text.strip()
    if text and text not in available_timezones():
        raise BadInput(_("There is no such time zone"), value=text[:60], todo=_("Write it like Europe/Berlin."))
    return str(ZoneInfo(text)) if text else ""


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as wrong:
        raise BadInput(_("This is no time of day"), value=text[:20], todo=_("Write it like 18:00.")) from wrong


@login_not_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One kind of mail off, from a letter's link. Opening it only asks: a program that fetches links stops nothing."""
    try:
        pk, _colon, kind = SIGNER.unsign(token).partition(":")
    except BadSignature:
        raise NotFound(_("This link is not whole"), todo=_("Copy it again from the mail.")) from None
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or kind not in OPTIONAL:
        raise NotFound(_("This link is not whole"))
    done = request.method == "POST"
    if done:
        kept = MailChoice.objects.filter(user=user).first()
        off = sorted({*(kept.off if kept else []), kind})
        choose_mail(
            off=off,
            time_zone=kept.time_zone if kept else "",
            quiet_from=kept.quiet_from if kept else None,
            quiet_to=kept.quiet_to if kept else None,
            by=user,
        )
    return render(request, "running/stop.html", {"words": kind_words(kind), "done": done, "token": token})
