"""HR's pages: equal treatment and consistency."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from headway.core import clock
from headway.core.models import AuditEntry
from headway.core.permissions import require
from headway.detection.actions import note_impact_seen
from headway.home import fairness
from headway.home.queries import newest_run
from headway.people.models import User


def _page(request: HttpRequest, name: str) -> HttpResponse:
    user = cast(User, request.user)
    require(user, "impact.view")
    run = newest_run()
    if run is None:
        return render(request, "home/nothing_yet.html", {"may_load": False})
    build = fairness.equal_treatment if name == "equal_treatment" else fairness.consistency
    context = build(user, run)
    _write_down(user, name)
    return render(request, f"home/{name}.html", context)


def _write_down(user: User, page: str) -> None:
    """Once an hour for each reader and page."""
    since = clock.now() - timedelta(hours=1)
    seen = AuditEntry.objects.filter(event="impact.seen", actor_id=user.pk, at__gte=since, detail__page=page)
    if not seen.exists():
        note_impact_seen(page=page, by=user)


def equal_treatment(request: HttpRequest) -> HttpResponse:
    """Adverse-impact tests over flags, plans and outcomes."""
    return _page(request, "equal_treatment")


def consistency(request: HttpRequest) -> HttpResponse:
    """Like cases across managers; ratings next to the data."""
    return _page(request, "consistency")
