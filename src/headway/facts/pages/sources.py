"""Sources that are read again and again: how fresh each is, its settings, reading it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from headway.core import jobs
from headway.core.errors import HeadwayError
from headway.core.permissions import can
from headway.facts.connectors import actions, sources, vault
from headway.facts.connectors.catalogue import KINDS, Kind, Setting, kind_of
from headway.facts.connectors.sources import SourceStatus
from headway.facts.models import Source
from headway.facts.pages.gate import actor_of, needs
from headway.facts.pages.words import number, table_words

# What a sync can do to a table, in the order of the page's columns.
CHANGED = ("loaded", "updated", "removed", "rejected")


@dataclass(frozen=True)
class Field:
    """One setting as the form shows it. A secret is never sent back: only where it is kept."""

    setting: Setting
    value: str
    kept: str

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"set-{self.setting.name}"

    @property
    def hint(self) -> str:
        """What to write; for a secret also where the one there is lies."""
        parts = [str(self.setting.hint)]
        if self.kept:
            parts.append(_("One is kept %s; leave it empty to keep that.") % self.kept)
        elif self.setting.secret:
            parts.append(_("Or env:SYNC_NAME, a variable of the machine."))
        return " ".join(p for p in parts if p)

    @property
    def required(self) -> bool:
        """Whether the form insists on it."""
        return self.setting.required and not self.kept


def title_of(statuses: list[SourceStatus]) -> str:
    """The answer first: is everything fresh, and if not, how many are not."""
    wrong = sum(1 for s in statuses if s.source.problem or s.late)
    if not statuses:
        return _("No system is connected yet")
    if wrong:
        words = ngettext("%(n)s source needs your eye", "%(n)s sources need your eye", wrong)
        return words % {"n": number(wrong)}
    unread = sum(1 for s in statuses if s.fresh_at is None)
    if unread:
        words = ngettext("%(n)s source was not read yet", "%(n)s sources were not read yet", unread)
        return words % {"n": number(unread)}
    words = ngettext("%(n)s source, and it is fresh", "%(n)s sources, and all are fresh", len(statuses))
    return words % {"n": number(len(statuses))}


@needs("facts.view")
def listed(request: HttpRequest) -> HttpResponse:
    """All sources."""
    statuses = sources.statuses_for(actor_of(request))
    may = bool(can(actor_of(request), "sources.change"))
    shown = {"title": title_of(statuses), "statuses": statuses, "kinds": KINDS, "may_change": may}
    return render(request, "facts/sources.html", shown)


def _fields(kind: Kind, settings: dict[str, str], secrets: dict[str, str]) -> tuple[list[Field], list[Field]]:
    made = [
        Field(
            s,
            "" if s.secret else settings.get(s.name, s.default),
            vault.where(secrets[s.name]) if s.secret and secrets.get(s.name) else "",
        )
        for s in kind.all_settings
    ]
    own = {s.name for s in kind.settings}
    return [f for f in made if f.setting.name in own], [f for f in made if f.setting.name not in own]


def _typed(request: HttpRequest, kind: Kind) -> tuple[dict[str, str], dict[str, str]]:
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for setting in kind.all_settings:
        value = request.POST.get(f"set-{setting.name}", "").strip()
        (secrets if setting.secret else settings)[setting.name] = value
    return settings, secrets


@require_http_methods(["GET", "HEAD", "POST"])
@needs("sources.change")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Connect a system of one kind."""
    found = kind_of(kind)
    typed: dict[str, Any] = {"name": kind, "schedule": Source.Schedule.DAILY}
    settings: dict[str, str] = {}
    trouble = None
    if request.method == "POST":
        settings, secrets = _typed(request, found)
        typed = {"name": request.POST.get("name", "").strip(), "schedule": request.POST.get("schedule", "")}
        given = {k: v for k, v in settings.items() if v}
        try:
            made = actions.add_source(kind=kind, settings=given, secrets=secrets, by=actor_of(request), **typed)
        except HeadwayError as error:
            trouble = error
        else:
            _ask(request, made)
            return redirect("data-source", name=made.name)
    own, common = _fields(found, settings, {})
    shown = {
        "kind": found,
        "fields": own,
        "common": common,
        "typed": typed,
        "trouble": trouble,
        "schedules": Source.Schedule.choices,
    }
    return render(request, "facts/source_new.html", shown, status=trouble.status if trouble else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("facts.view")
def source(request: HttpRequest, name: str) -> HttpResponse:
    """One source: how it is, what the last sync did, its settings; POST changes them."""
    actor = actor_of(request)
    found = sources.source_for(actor, name)
    kind = kind_of(found.kind)
    trouble = None
    settings, schedule = dict(found.settings), found.schedule
    if request.method == "POST":
        settings, secrets = _typed(request, kind)
        schedule = request.POST.get("schedule", "")
        try:
            actions.change_source(source=found, settings=settings, secrets=secrets, schedule=schedule, by=actor)
        except HeadwayError as error:
            trouble = error
        else:
            messages.success(request, _("The settings are kept."))
            return redirect("data-source", name=name)
    own, common = _fields(kind, settings, found.secrets)
    shown = {
        "status": sources.status_of(found),
        "source": found,
        "kind": kind,
        "fields": own,
        "common": common,
        "schedule": schedule,
        "schedules": Source.Schedule.choices,
        "trouble": trouble,
        "tables": _tables(found.result),
        "left_out": [(table_words(t), n) for t, n in found.result.get("left_out", {}).items()],
        "may_change": bool(can(actor, "sources.change")),
        "may_load": bool(can(actor, "facts.load")),
    }
    return render(request, "facts/source.html", shown, status=trouble.status if trouble else 200)


def _tables(result: dict[str, Any]) -> list[tuple[str, list[int]]]:
    found = result.get("tables", {}).items()
    counted = [(table_words(t), [int(c.get(k, 0)) for k in CHANGED]) for t, c in found]
    return [(words, counts) for words, counts in counted if any(counts)]


def _ask(request: HttpRequest, found: Source) -> None:
    actions.ask_for_sync(source=found, by=actor_of(request))
    jobs.later("headway.facts.connectors.sources.sync_due", name="sync")


@require_POST
@needs("facts.load")
def now(request: HttpRequest, name: str) -> HttpResponse:
    """Read it now: a job does it."""
    found = sources.source_for(actor_of(request), name)
    _ask(request, found)
    messages.success(request, _("%s is read next. Look again in a minute.") % found.name)
    return redirect("data-source", name=name)


@require_POST
@needs("sources.change")
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Forget it; what it brought stays."""
    found = sources.source_for(actor_of(request), name)
    actions.remove_source(source=found, by=actor_of(request))
    messages.success(request, _("%s is forgotten, with its secrets. The facts that came from it stay.") % name)
    return redirect("data-sources")
