"""A null character is no character of any language, and no database keeps one: it is taken out before a page sees it.

Programs are told instead (see the API): who sends one there has a mistake to find.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, QueryDict

NULL = "\x00"


class NullCharacters:
    """Middleware: what was typed and what follows the question mark come without null characters."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NULL in request.path_info:
            return HttpResponseNotFound("There is no such address.", content_type="text/plain")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """After the check of the form's token, before the view."""
        if _has_null(request.GET):
            request.GET = _without(request.GET)  # type: ignore[assignment]
        # A page that takes files chooses for itself how they are read, so they are not read here.
        typed = request.method == "POST" and request.content_type != "multipart/form-data"
        if typed and _has_null(request.POST):
            request.POST = _without(request.POST)  # type: ignore[assignment]


def _has_null(values: QueryDict) -> bool:
    return any(NULL in key or any(NULL in text for text in texts) for key, texts in values.lists())


def _without(values: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True)
    for key, texts in values.lists():
        clean.setlist(key.replace(NULL, ""), [text.replace(NULL, "") for text in texts])
    clean._mutable = False
    return clean
