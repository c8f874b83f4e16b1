"""The catalogue of metrics, the same for everybody, and one page per metric with a sum to do by hand."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from headway.core.actors import Role
from headway.core.errors import NotFound
from headway.core.permissions import can
from headway.metrics import catalogue as definitions
from headway.metrics import sentences
from headway.metrics.handsums import hand_sum
from headway.metrics.own.queries import file_trouble, recipes
from headway.metrics.queries import CatalogueEntry, catalogue_for, entry_for, latest_run
from headway.metrics.wording import Entry, entry_of
from headway.people.models import User
from headway.web.context import link


def catalogue(request: HttpRequest) -> HttpResponse:
    """Every metric with its definition, and whether the loaded facts allow it."""
    user = cast(User, request.user)
    found = catalogue_for(user)
    run = latest_run()
    told = sum(1 for e in found if e.available is not None and e.available.evaluable)
    context = {
        "families": [(sentences.family_name(f), _of_family(found, f)) for f in definitions.FAMILIES],
        "run": run,
        "known_on": run.as_of if run else None,
        "told": told,
        "all": len(found),
        "may_define": bool(can(user, "metric.define")),
        "file_trouble": file_trouble() if can(user, "metric.define") else "",
    }
    return render(request, "metrics/catalogue.html", context)


def _of_family(found: tuple[CatalogueEntry, ...], family: str) -> list[Entry]:
    return [entry_of(entry) for entry in found if entry.spec.family == family]


def metric(request: HttpRequest, key: str) -> HttpResponse:
    """One metric: what it means, how it is computed, and an example to add up by hand."""
    user = cast(User, request.user)
    entry = entry_for(user, key)
    if entry is None:
        raise NotFound(_("There is no such metric"), value=key, todo=_("See the list of metrics for those there are."))
    run = latest_run()
    places = {Role.REP: "/", Role.MANAGER: "/team/", Role.LEADER: "/team/"}
    context = {
        "entry": entry_of(entry),
        "example": hand_sum(entry.spec),
        "people": link(places[Role(user.role)]) if user.role in places else None,
        "own": user.role == Role.REP,
        "may_change": bool(can(user, "metric.define")) and key in recipes(),
        "known_on": run.as_of if run else None,
    }
    return render(request, "metrics/metric.html", context)
