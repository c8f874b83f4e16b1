"""The pages' one translation of errors: a sentence, a status, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from headway.core.errors import HeadwayError


class HeadwayErrors:
    """Middleware: a HeadwayError becomes a page (or, for htmx, a note) that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this where a view raised."""
        if not isinstance(error, HeadwayError):
            return None
        return render(request, "web/error.html", {"error": error}, status=error.status)
