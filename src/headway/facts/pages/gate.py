"""Who may see the data's pages. For everybody else they do not exist."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import can

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person."""
    return cast(Actor, request.user)


def needs(permission: str) -> Callable[[Page[P]], Page[P]]:
    """A page for those who hold `permission`; a 404 for all others, so that nobody learns what is there."""

    def decorate(page: Page[P]) -> Page[P]:
        @functools.wraps(page)
        def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not can(actor_of(request), permission):
                raise NotFound(_("There is no such page, or it is not yours to see"))
            return page(request, *args, **kwargs)

        return gated

    return decorate


def address_of(name: str) -> str | None:
    """The address of a page of another room, or None where that room has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
