"""Who may see the data's pages. For everybody else they do not exist."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import can

P = ParamSpec("P")
A = TypeVar("A", bound=HttpResponseBase)


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person."""
    return cast(Actor, request.user)


def needs(
    permission: str,
) -> Callable[[Callable[Concatenate[HttpRequest, P], A]], Callable[Concatenate[HttpRequest, P], A]]:
    """A page for those who hold `permission`; a 404 for all others, so that nobody learns what is there."""

    def decorate(page: Callable[Concatenate[HttpRequest, P], A]) -> Callable[Concatenate[HttpRequest, P], A]:
        @functools.wraps(page)
        def gated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> A:
            if not can(actor_of(request), permission):
                raise NotFound(_("There is no such page, or it is not yours to see"))
            return page(request, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, P], A]", gated)

    return decorate


def address_of(name: str) -> str | None:
    """The address of a page of another room, or None where that room has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
