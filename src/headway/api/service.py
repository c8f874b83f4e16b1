"""The API itself: every room's router, one way to sign in, one translation of errors."""

from __future__ import annotations

import importlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.parser import Parser

from headway import __version__
from headway.api.refusing import translate_errors
from headway.api.signing_in import BySession, ByToken
from headway.core.errors import BadInput, HeadwayError, NotFound
from headway.web.api import Refusal

VERSION = "v1"
PREFIX = f"/api/{VERSION}/"
# Rooms with an `api.py` that holds `router`. People come last: an id may hold slashes, so their address takes the rest.
ROOMS = ["api", "metrics", "detection", "diagnosis", "plans", "running", "outcomes", "people"]
FILES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/markdown",
    "application/json",
    "text/calendar",
)
REFUSALS = {
    "400": "What was sent cannot be used",
    "401": "Nobody is signed in",
    "403": "Not allowed",
    "404": "There is no such thing, or it is not yours to see",
    "405": "The address does not know this method",
    "409": "Somebody else was first, or the step is not possible now",
    "422": "What was sent has the wrong shape",
}
ABOUT = """Everything the pages can do, by the same rules: what you may not see answers 404.

Sign in with an access token (`Authorization: Bearer hw_…`, made on the page Tokens or by `headway token make`) or with
the session of the pages. Days are written YYYY-MM-DD, instants in UTC; shares run from 0 to 1."""


class WrongMethod(HeadwayError):
    """An address is asked in a way it does not know."""

    status = 405


class PlainParser(Parser):
    """JSON without the one character that no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as JSON; a null character in it is refused."""
        found = super().parse_body(request)
        if _has_null(found):
            raise BadInput(_("A text contains a null character"), todo=_("Leave it out."))
        return found

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        """What follows the question mark; a null character in it is refused."""
        found = super().parse_querydict(data, list_fields, request)
        if _has_null(found):
            raise BadInput(_("The address contains a null character"), todo=_("Leave it out."))
        return found


def _has_null(value: Any) -> bool:
    if isinstance(value, str):
        # A lone half of a surrogate pair is no character either.
        return "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return any(_has_null(key) or _has_null(item) for key, item in value.items())
    return isinstance(value, list) and any(_has_null(item) for item in value)


class HeadwayAPI(NinjaAPI):
    """The API, with the answers that every operation may give written into its description."""

    def get_openapi_schema(self, **where: Any) -> Any:
        """The OpenAPI document, with refusals for each operation."""
        document = super().get_openapi_schema(**where)
        refusal = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}
        document["components"].setdefault("schemas", {})["Refusal"] = Refusal.json_schema()
        for path, operations in document["paths"].items():
            for operation in operations.values():
                for status, words in REFUSALS.items():
                    operation["responses"].setdefault(status, {"description": words, **refusal})
                if path.endswith((".{fmt}", ".ics")):
                    file = {"schema": {"type": "string", "format": "binary"}}
                    operation["responses"][200] = {"description": "The file", "content": dict.fromkeys(FILES, file)}
                operation["responses"] = {str(key): value for key, value in operation["responses"].items()}
        return document

    def get_openapi_operation_id(self, operation: Any) -> str:
        """plans_list: the room and the function's name."""
        room = operation.view_func.__module__.split(".")[1]
        return f"{room}_{operation.view_func.__name__.strip('_')}"

    def create_response(self, request: HttpRequest, data: Any, **how: Any) -> HttpResponse:
        """JSON that nobody on the way keeps."""
        answer = super().create_response(request, data, **how)
        answer["Cache-Control"] = "private, no-store"
        return answer


def build() -> HeadwayAPI:
    """The API with every room's router."""
    made = HeadwayAPI(
        title="Headway",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
        auth=[ByToken(), BySession()],
        parser=PlainParser(),
    )
    translate_errors(made)
    for room in ROOMS:
        made.add_router("", importlib.import_module(f"headway.{room}.api").router)
    return made


api = build()


def document() -> dict[str, Any]:
    """The OpenAPI document as plain data, the same wherever Headway is served."""
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


def nothing_here(request: HttpRequest, **_path: str) -> HttpResponse:
    """Every other address below the API's: JSON, not a page."""
    return api.on_exception(request, NotFound(_("There is no such address"), value=request.path))


def wrong_method(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """What a method that an address does not know is answered."""
    error = WrongMethod(_("This address does not know the method"), value=request.method)
    answer = api.on_exception(request, error)
    answer["Allow"] = refused["Allow"]
    return answer
