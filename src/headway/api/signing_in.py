"""The two ways to sign in to the API: a token in the Authorization header, or the session of the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from headway.api.queries import actor_with
from headway.core.errors import HeadwayError, NotAllowed


class NotSignedIn(HeadwayError):
    """Nobody is signed in, or the token is not valid."""

    status = 401


class ByToken(HttpBearer):
    """`Authorization: Bearer hw_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token's person. A token that does not work is an error: it never falls back to a session."""
        found = actor_with(token)
        if found is None:
            raise NotSignedIn(
                _("This access token is not valid any more, or never was"), todo=_("Make a new one on the page Tokens.")
            )
        return found


class BySession(APIKeyCookie):
    """The session of the pages; what changes something needs the page's own token (X-CSRFToken) as well."""

    param_name = "sessionid"

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in person, or None."""
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise NotAllowed(
                _("This did not come from a page of Headway"),
                todo=_("Send the page’s own token as X-CSRFToken, or use an access token."),
            )
        return user
