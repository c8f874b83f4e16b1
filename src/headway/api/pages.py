"""Pages about the API: one's own access tokens, and what can be asked."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from headway.api import actions
from headway.api.outline import outline
from headway.api.queries import token_for, tokens_for
from headway.core import clock
from headway.core.errors import BadInput
from headway.core.permissions import can
from headway.people.models import User


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own access tokens; a new one is shown once, on the answer to the form."""
    typed = {name: request.POST.get(name, "") for name in ("name", "expires_on")}
    made, wrong = None, ""
    if request.method == "POST":
        try:
            made = actions.make_token(name=typed["name"], expires_on=_day(typed["expires_on"]), by=_user(request))
            typed = {"name": "", "expires_on": ""}
        except BadInput as error:
            wrong = error.sentence
    context = {**_list(_user(request)), "made": made, "wrong": wrong, "typed": typed}
    answer = render(request, "api/tokens.html", context, status=400 if wrong else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _list(user: User) -> dict[str, Any]:
    today = clock.today()
    rows = list(tokens_for(user))
    return {
        "works": [row for row in rows if row.works_on(today)],
        "over": [row for row in rows if not row.works_on(today)][:20],
        "everybodys": bool(can(user, "token.manage")),
    }


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(_("This is not a day"), value=text[:20], todo=_("Write it as YYYY-MM-DD.")) from None


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Switch a token off, for good."""
    user = _user(request)
    actions.revoke_token(token=token_for(user, token_id), by=user)
    messages.success(request, _("The token is switched off. Programs that used it can no longer sign in."))
    return redirect("tokens")


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation of the API, as a page of ours: no script from elsewhere."""
    return render(request, "api/reference.html", {"groups": outline()})


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    from headway.api.service import document

    return JsonResponse(document())
