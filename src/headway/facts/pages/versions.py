"""Looking back at a version, and undoing the last load."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from headway.core.errors import Conflict
from headway.facts.actions import undo_load
from headway.facts.pages.gate import actor_of, needs
from headway.facts.pages.health import age_of, row_of
from headway.facts.pages.words import long_day, told
from headway.facts.web_loads import queries


@needs("facts.view")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version as it was: what was in it, what its load changed, what was wrong with it."""
    actor = actor_of(request)
    found = queries.version_for(actor, number)
    health = queries.health_of(found)
    loads = queries.loads_by_version_for(actor)
    current = queries.current_version_for(actor)
    last = health.last_day if health else None
    return render(
        request,
        "facts/version.html",
        {
            "version": found,
            "row": queries.version_row(found, loads.get(found.pk)),
            "health": health,
            "upto": long_day(last) if last else None,
            "age": age_of(last),
            "tables": [row_of(t, last) for t in health.tables] if health else [],
            "problems": [told(p) for p in health.problems] if health else [],
            "current": current,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("facts.undo")
def undo_page(request: HttpRequest) -> HttpResponse:
    """Says what undoing would do; POST does it."""
    actor = actor_of(request)
    now = queries.current_version_for(actor)
    if now is None or now.previous is None:
        raise Conflict(
            _("There is no load before this one to go back to"), todo=_("Start afresh with a new load instead.")
        )
    if request.method == "POST":
        # The page that was read spoke of a certain version: nobody undoes a load that came in between.
        if request.POST.get("version") != str(now.number):
            raise Conflict(
                _("Another load came in the meantime, so nothing was undone"), todo=_("Look at the data page again.")
            )
        undone = now.number
        after = undo_load(by=actor)
        messages.success(
            request,
            _("Load undone. Version %(now)s is current again; version %(was)s is kept and can be looked back at.")
            % {"now": after.number if after else "", "was": undone},
        )
        return redirect("data-health")
    return render(
        request,
        "facts/undo.html",
        {
            "now": queries.version_row(now, None),
            "before": queries.version_row(now.previous, None),
        },
    )
