"""What every page knows: who is signed in, where they can go, which company, which look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from headway.core import company
from headway.core.actors import Role
from headway.core.permissions import RULES, can
from headway.web.fonts import FONT

THEME_COOKIE = "headway_theme"
THEMES = (("system", _("System")), ("light", _("Light")), ("dark", _("Dark")))


@dataclass(frozen=True)
class NavItem:
    """One entry of the bar at the top."""

    label: Any  # translated lazily, so that it follows the reader's language
    path: str
    current: bool = False


_WEEK, _MY_WEEK = NavItem(_("This week"), "/"), NavItem(_("My week"), "/")
_TEAM, _PLANS, _CASES = NavItem(_("Team"), "/team/"), NavItem(_("Plans"), "/plans/"), NavItem(_("Cases"), "/")
_CHECK_INS, _PROMISES = NavItem(_("Check-ins"), "/check-ins/"), NavItem(_("Promises"), "/promises/")
_WATCH = NavItem(_("Watch"), "/watch/")
_RECORD, _DATA = NavItem(_("Record"), "/audit/"), NavItem(_("Data"), "/data/")
_CONSISTENCY, _EQUAL = NavItem(_("Consistency"), "/consistency/"), NavItem(_("Equal treatment"), "/equal-treatment/")
_POLICY = NavItem(_("Policy"), "/policy/")
_OVERVIEW = NavItem(_("Overview"), "/overview/")
_OUTCOMES = NavItem(_("Outcomes"), "/outcomes/")
_FIGURES = NavItem(_("Figures"), "/figures/")
_METRICS, _COMPANY = NavItem(_("Metrics"), "/metrics/"), NavItem(_("Company"), "/company/")

NAVIGATION: dict[str, tuple[NavItem, ...]] = {
    Role.REP: (_MY_WEEK, _FIGURES, _PLANS, _CHECK_INS, _OUTCOMES),
    Role.MANAGER: (_WEEK, _TEAM, _WATCH, _FIGURES, _PLANS, _CHECK_INS, _OUTCOMES),
    Role.LEADER: (_WEEK, _TEAM, _FIGURES, _PLANS, _CHECK_INS, _OUTCOMES, _OVERVIEW),
    Role.HR: (_CASES, _PLANS, _CONSISTENCY, _EQUAL, _OUTCOMES, _METRICS, _POLICY, _RECORD, _OVERVIEW),
    Role.REVOPS: (_DATA, _PROMISES, _FIGURES, _METRICS, _POLICY, _OVERVIEW),
    Role.ADMIN: (_DATA, _METRICS, _OVERVIEW, _COMPANY),
}
DATA_HEALTH, MAY_SEE_DATA = "/data/", "facts.view"


@cache
def _leads_somewhere(path: str, urlconf: str) -> bool:
    """Whether a page of this address exists; asked once per process."""
    try:
        resolve(path, urlconf)
    except Resolver404:
        return False
    return True


def link(path: str) -> str | None:
    """The address as the browser needs it, or None while no such page exists."""
    if not _leads_somewhere(path, settings.ROOT_URLCONF):
        return None
    return get_script_prefix().rstrip("/") + path


def navigation(role: str, here: str) -> tuple[NavItem, ...]:
    """The entries for a role, with the one the reader is in marked."""
    items = [item for item in NAVIGATION.get(role, ()) if link(item.path)]
    inside = [item.path for item in items if here == item.path or (item.path != "/" and here.startswith(item.path))]
    best = max(inside, key=len, default=None)
    return tuple(replace(item, path=link(item.path) or item.path, current=item.path == best) for item in items)


def theme(request: HttpRequest) -> str:
    """system, light or dark: what the person chose in this browser."""
    chosen = request.COOKIES.get(THEME_COOKIE, "system")
    return chosen if chosen in dict(THEMES) else "system"


def _health_link(user: Any) -> str | None:
    """Where the state of the data is shown, for those who may see it."""
    if MAY_SEE_DATA not in RULES or not getattr(user, "is_authenticated", False) or not can(user, MAY_SEE_DATA):
        return None
    return link(DATA_HEALTH)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `company`, `nav`, `theme`, `language`, `direction`. Asks nothing until it is used."""
    user = getattr(request, "user", None)
    role = getattr(user, "role", "")
    return {
        "company": SimpleLazyObject(company.current),
        "nav": navigation(role, request.path_info),
        "theme": theme(request),
        "themes": THEMES,
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "data_health": _health_link(user),
        "sign_out": link("/sign-out/"),
        "demo_week": link("/demo/week/"),
        "tokens": link("/tokens/"),
        "mail_page": link("/mail/"),
        "promises_page": link("/promises/"),
        "font_ready": FONT.exists(),
    }
