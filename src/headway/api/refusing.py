"""The API's one translation of errors: {error, what, value, todo} and the right status."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from headway.api.signing_in import NotSignedIn
from headway.core.errors import BadInput, HeadwayError, NotFound

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def as_json(error: HeadwayError) -> dict[str, Any]:
    """An error as the API says it."""
    value = None if error.value is None or str(error.value) == "" else str(error.value)
    return {
        "error": _WORD.sub("_", type(error).__name__).lower(),
        "what": HeadwayError(error.what, value=error.value).sentence,
        "value": value,
        "todo": error.todo,
    }


def translate_errors(api: NinjaAPI) -> None:
    """Teach the API how each kind of error is answered."""

    def said(request: HttpRequest, error: HeadwayError, status: int | None = None) -> HttpResponse:
        return api.create_response(request, as_json(error), status=status or error.status)

    def headway(request: HttpRequest, error: Any) -> HttpResponse:
        return said(request, error)

    def not_signed_in(request: HttpRequest, error: Any) -> HttpResponse:
        answer = said(request, NotSignedIn(_("Please sign in first"), todo=_("Send an access token.")))
        answer["WWW-Authenticate"] = 'Bearer realm="Headway"'
        return answer

    def not_there(request: HttpRequest, error: Any) -> HttpResponse:
        return said(request, NotFound(_("There is no such address")))

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        return said(request, _first(error.errors), 422)

    def other(request: HttpRequest, error: Any) -> HttpResponse:
        # What is wrong with a body is said by our own parser; the framework wraps it in a sentence of its own.
        if isinstance(error.__cause__, HeadwayError):
            return said(request, error.__cause__)
        return said(request, BadInput(_("This cannot be read"), value=str(error)), error.status_code)

    api.add_exception_handler(HeadwayError, headway)
    api.add_exception_handler(AuthenticationError, not_signed_in)
    api.add_exception_handler(Http404, not_there)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, other)


def _first(errors: list[dict[str, Any]]) -> BadInput:
    """The first thing wrong with what was sent: where it stands and what it should be."""
    first = errors[0] if errors else {"loc": (), "msg": ""}
    place = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path"})
    return BadInput(
        _("This cannot be used"), value=place or None, todo=_("What is expected: %s.") % str(first["msg"]).rstrip(".")
    )
