"""The look's own pages: every component in every state, and the choice of look and language."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from headway.web import specimens
from headway.web.context import THEME_COOKIE, THEMES

YEAR = 60 * 60 * 24 * 365


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is one of our own pages."""
    wanted = request.POST.get("next") or request.headers.get("referer") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remembers system, light or dark in this browser."""
    answer = redirect(_back(request))
    chosen = request.POST.get("theme", "system")
    if chosen in dict(THEMES):
        answer.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remembers the language in this browser."""
    return django_set_language(request)


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with every picture."""
    return render(request, "web/components.html", specimens.context())
