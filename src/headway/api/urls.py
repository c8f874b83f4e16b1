"""Addresses of the API and of the pages about it."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from headway.api import pages, webhook_pages
from headway.api.service import api, nothing_here, wrong_method


def _answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The API answers 401 where pages lead to the sign-in page, and says in JSON what a method cannot do."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **path: Any) -> HttpResponse:
        found = view(request, **path)
        return wrong_method(request, found) if found.status_code == 405 else found

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # BySession asks for the page's own token itself
    return login_not_required(answer)


def _ours(patterns: list[Any]) -> list[Any]:
    for pattern in patterns:
        pattern.callback = _answers(pattern.callback)
    return patterns


_patterns, _app, _namespace = api.urls
_elsewhere = re_path(r"^.*$", nothing_here)

urlpatterns: list[URLPattern | URLResolver] = [
    path("tokens/", pages.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", pages.revoke, name="token-revoke"),
    path("webhooks/", webhook_pages.webhooks, name="webhooks"),
    path("webhooks/<int:subscription_id>/stop/", webhook_pages.stop, name="webhook-stop"),
    path("webhooks/deliveries/<int:delivery_id>/again/", webhook_pages.again, name="webhook-again"),
    path("api/", pages.reference, name="api-reference"),
    path("api/openapi.json", pages.openapi, name="api-openapi"),
    path("api/v1/", (_ours([*_patterns, _elsewhere]), _app, _namespace)),
]
