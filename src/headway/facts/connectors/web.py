"""Asking a source over the network: patience with limits and broken lines, and plain sentences for what goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput, HeadwayError
from headway.facts.connectors.extra import extra

# A limit that is over sooner than this is waited for; a longer one ends the sync, which goes on from here next time.
LONGEST_WAIT = 120.0
ATTEMPTS = 6
TIMEOUT = (10.0, 120.0)


class SourceTrouble(HeadwayError):
    """The source did not answer as it should. What was read so far is kept; the next sync goes on from there."""

    status = 503


class AccessExpired(HeadwayError):
    """The source no longer accepts the token or password."""

    status = 503


class PlaceLost(Exception):
    """The source no longer knows the place to go on from: the stream has to be read from its start."""


class NotThere(Exception):
    """A part that this company's source does not have (a feature that is off, a right that the token lacks)."""


Refresh = Callable[[], bool]


class Web:
    """A session with one source.

    Args:
        name: the source's name, for sentences.
        headers: sent with every request; may hold the token.
        refresh: called once when the source says that the token is no good; True = it was renewed, ask again.
        pause: seconds between two requests, for sources that count them.
        sleep: how to wait; tests hand in something quicker.
    """

    def __init__(
        self,
        name: str,
        *,
        headers: dict[str, str] | None = None,
        refresh: Refresh | None = None,
        pause: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.headers, self._refresh, self._pause, self._sleep = name, headers or {}, refresh, pause, sleep
        self.server_time = ""
        self._last = 0.0
        # What is worth asking again is decided below, where the answer can be read; dlt's session does the rest.
        client = extra("dlt.sources.helpers.requests")
        self._session = client.Client(
            request_timeout=TIMEOUT, raise_for_status=False, status_codes=(), exceptions=(), request_max_attempts=1
        ).session

    def bearer(self, token: str) -> None:
        """Send this token from now on; nothing where there is none yet."""
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def signed_in(self) -> None:
        """Make sure that there is a token.

        Raises:
            AccessExpired: there is none, and none could be fetched.
        """
        if "Authorization" not in self.headers and not (self._refresh is not None and self._refresh()):
            raise self.expired()

    def alone(self) -> Web:
        """The same session without renewal: for the request that renews."""
        made = Web.__new__(Web)
        made.__dict__ = self.__dict__ | {"_refresh": None}
        return made

    def ask(self, method: str, url: str, *, limited: Callable[[Any], float | None] | None = None, **what: Any) -> Any:
        """One request, asked again where that may help. The answer has a status below 400, or one for the caller.

        Args:
            method, url: as HTTP has them.
            limited: seconds to wait, where an answer says that a limit of the source's own is reached; None otherwise.
            what: `params`, `json`, `data`, `headers` as requests has them.

        Raises:
            SourceTrouble: it cannot be reached, or a limit lasts too long.
            AccessExpired: the token or password is no good and could not be renewed.
        """
        renewed = False
        for attempt in range(ATTEMPTS):
            response = self._once(method, url, attempt, **what)
            if response is None:
                continue
            if response.status_code == 401:
                if not renewed and self._refresh is not None and self._refresh():
                    renewed = True
                    continue
                raise self.expired()
            wait = (limited(response) if limited else None) or _wait(response, attempt)
            if wait is None:
                return response
            if wait > LONGEST_WAIT:
                raise SourceTrouble(
                    _("%s has no more requests left for now") % self.name,
                    todo=_("What was read is kept; the next sync goes on from there."),
                )
            self._sleep(wait)
        raise SourceTrouble(
            _("%s keeps saying that it is busy") % self.name,
            todo=_("What was read is kept; the next sync goes on from there."),
        )

    def _once(self, method: str, url: str, attempt: int, **what: Any) -> Any:
        """One request; None = the line broke and it is worth trying again."""
        requests = extra("requests")
        rest = self._last + self._pause - time.monotonic()
        if rest > 0:
            self._sleep(rest)
        self._last = time.monotonic()
        headers = {**self.headers, **what.pop("headers", {})}
        try:
            response = self._session.request(method, url, headers=headers, allow_redirects=False, **what)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            if attempt + 1 < 3:
                self._sleep(float(2**attempt))
                return None
            raise SourceTrouble(
                _("%s cannot be reached") % self.name,
                value=_host(url),
                todo=_("Check the address and the network; what was read is kept."),
            ) from error
        except requests.RequestException as error:
            raise BadInput(_("The address of %s cannot be used") % self.name, value=_host(url)) from error
        if not self.server_time and response.headers.get("Date"):
            self.server_time = parsedate_to_datetime(response.headers["Date"]).isoformat()
        return response

    def expired(self, detail: str = "") -> AccessExpired:
        """The token or password is no good."""
        return AccessExpired(
            _("%s no longer accepts the token or password of this source") % self.name,
            value=detail or None,
            todo=_("Make a new one there and give it to the source; then sync again, nothing is lost."),
        )

    def refused(self, response: Any, detail: str = "") -> SourceTrouble:
        """An answer that helps nobody, as a sentence. Bodies of answers are not quoted: they may hold anything."""
        return SourceTrouble(
            _("%(name)s refused a request with status %(status)s")
            % {"name": self.name, "status": response.status_code},
            value=detail or None,
            todo=_("Check the permissions of the token; the how-to page of this kind of source lists them."),
        )

    def json(self, response: Any) -> Any:
        """The answer as data.

        Raises:
            SourceTrouble: it is something else, such as a sign-in page.
        """
        try:
            return response.json()
        except ValueError as error:
            raise SourceTrouble(
                _("%s answered with something that is not data") % self.name,
                todo=_("Check the address: a page for people may have answered."),
            ) from error


def _host(url: str) -> str:
    return url.split("//")[-1].split("/")[0].split("@")[-1]


def _wait(response: Any, attempt: int) -> float | None:
    """Seconds to wait before asking again; None = the answer is final."""
    if response.status_code != 429 and response.status_code < 500:
        return None
    said = response.headers.get("Retry-After", "")
    if said.isdigit():
        return max(float(said), 0.01)
    return float(min(2**attempt, 30))
