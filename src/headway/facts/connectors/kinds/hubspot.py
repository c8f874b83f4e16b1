"""HubSpot CRM over its public API, version 3 (associations: version 4).

Published descriptions: github.com/HubSpot/HubSpot-public-api-spec-collection, `PublicApiSpecs/CRM/<object>/…/v3/*.json`
and `…/Owners`, `…/Pipelines`, `…/Associations`; limits: developers.hubspot.com/docs, "Usage guidelines and limits" and
"Search the CRM" (100 a page, 50 with history, 200 in a search; a search ends at its 10,000th row, and searches are
counted by the second).

The first read lists everything; later ones search by the day of the last change, a slice of 10,000 after the other. A
search gives neither history nor associations, so those are asked for in batches. What was deleted stands in the list of
archived records for 90 days; what was merged away is named by the record that stays (`hs_merged_object_ids`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from headway.facts.connectors.book import Body, Book, Cursor, Page, Record
from headway.facts.connectors.canonical import Canonical
from headway.facts.connectors.kinds import hubspot_shape as shapes
from headway.facts.connectors.kinds.base import Reading, Stream
from headway.facts.connectors.web import NotThere, Web

LIST_PAGE, HISTORY_PAGE, SEARCH_PAGE, SEARCH_END, OWNER_PAGE = 100, 50, 200, 10_000, 500
# Searches are counted by the second: this far apart they are never too many.
SEARCH_PAUSE = 0.26
_LONG = 86_400.0

_DONE = ("hs_timestamp", "hubspot_owner_id", "hs_createdate")
# Object -> the property with the last change, and those that are read.
OBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "deals": (
        "hs_lastmodifieddate",
        (
            "dealname", "amount", "deal_currency_code", "dealstage", "pipeline", "closedate", "createdate",
            "hubspot_owner_id", "hs_next_step", "closed_lost_reason", "hs_analytics_source",
            "hs_primary_associated_company", "hs_merged_object_ids",
        ),
    ),
    "contacts": (
        "lastmodifieddate",
        (
            "createdate", "hubspot_owner_id", "hs_analytics_source", "hubspotscore", "lifecyclestage",
            "hs_lifecyclestage_salesqualifiedlead_date", "hs_lifecyclestage_opportunity_date", "hs_merged_object_ids",
        ),
    ),
    "companies": ("hs_lastmodifieddate", ("name", "hubspot_owner_id", "createdate", "hs_merged_object_ids")),
    "calls": ("hs_lastmodifieddate", (*_DONE, "hs_call_disposition", "hs_call_status")),
    "meetings": ("hs_lastmodifieddate", (*_DONE, "hs_meeting_outcome")),
    "emails": ("hs_lastmodifieddate", (*_DONE, "hs_email_direction", "hs_email_status")),
}  # fmt: skip
LINKED = ("contacts", "calls", "meetings", "emails")


def make(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], **how: Any) -> HubSpot:
    """The connector of one source."""
    return HubSpot(name, settings, secrets, **how)


class HubSpot:
    """Reads one HubSpot account."""

    gives = shapes.GIVES
    stages: Mapping[str, str] = {}

    def __init__(
        self,
        name: str,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = Web(name, refresh=self._renew, sleep=sleep)
        self._sleep = sleep
        self._base = settings["address"].rstrip("/")
        self._client, self._secrets = settings.get("client", ""), secrets
        self._searched = 0.0
        self._web.bearer(secrets.get("secret", ""))

    def open(self) -> str:
        """Ask for one owner: the token is good, and the answer tells HubSpot's time."""
        self._web.signed_in()
        self._get("/crm/v3/owners/", {"limit": 1})
        return self._web.server_time

    def _renew(self) -> bool:
        """A new access token for the refresh token, where there is one (apps with OAuth)."""
        if not self._secrets.get("refresh"):
            return False
        form = {
            "grant_type": "refresh_token",
            "client_id": self._client,
            "client_secret": self._secrets.get("client_secret", ""),
            "refresh_token": self._secrets["refresh"],
        }
        response = self._web.alone().ask("POST", f"{self._base}/oauth/v1/token", data=form)
        if response.status_code >= 400:
            return False
        self._web.bearer(str(self._web.json(response)["access_token"]))
        return True

    def _get(self, path: str, params: Mapping[str, Any]) -> Body:
        return self._answer(self._web.ask("GET", self._base + path, params=params, limited=_limited))

    def _post(self, path: str, body: Mapping[str, Any]) -> Body:
        return self._answer(self._web.ask("POST", self._base + path, json=body, limited=_limited))

    def _answer(self, response: Any) -> Body:
        if response.status_code < 400:
            return dict(self._web.json(response))
        said = self._web.json(response)
        category = str(said.get("category", ""))[:60] if isinstance(said, dict) else ""
        if response.status_code == 403:
            raise NotThere(_("The token may not read a part of HubSpot: %s.") % _path(response))
        raise self._web.refused(response, f"{_path(response)} {category}".strip())

    # Streams

    def streams(self) -> tuple[Stream, ...]:
        """Who and which stages, then the records, then what is told about them apart."""
        made = [
            Stream("owners", self._owners, complete=True, reference=True),
            Stream("pipelines", self._pipelines, complete=True, reference=True),
        ]
        for kind in OBJECTS:
            made.append(Stream(kind, self._reader(kind)))
            made.append(Stream(f"archived {kind}", self._archived(kind)))
        made.append(Stream("deal history", self._history))
        made += [Stream(f"{kind} of deals", self._links(kind)) for kind in LINKED]
        return tuple(made)

    def _owners(self, reading: Reading) -> Iterator[Page]:
        place = reading.cursor or {"archived": False, "after": None}
        while True:
            params = {"limit": OWNER_PAGE, "archived": str(place["archived"]).lower(), **_after(place["after"])}
            answer = self._get("/crm/v3/owners/", params)
            after = _next(answer)
            # Those who left are listed apart.
            place = {"archived": place["archived"], "after": after} if after else {"archived": True, "after": None}
            last = not after and params["archived"] == "true"
            yield Page(tuple(Record(str(o["id"]), o) for o in answer["results"]), None if last else place)
            if last:
                return

    def _pipelines(self, _reading: Reading) -> Iterator[Page]:
        answer = self._get("/crm/v3/pipelines/deals", {})
        stages = [
            Record(str(s["id"]), {"label": s["label"], **s.get("metadata", {})})
            for p in answer["results"]
            for s in p["stages"]
        ]
        yield Page(tuple(stages), None)

    def _reader(self, kind: str) -> Callable[[Reading], Iterator[Page]]:
        def read(reading: Reading) -> Iterator[Page]:
            place: Cursor = reading.cursor or (
                {"from": reading.since, "after": "0"} if reading.since else {"list": None}
            )
            while place is not None:
                page, following = self._listed(kind, place) if "list" in place else self._found(kind, place)
                yield page
                if following is None:
                    return
                place = following

        return read

    def _listed(self, kind: str, place: Cursor) -> tuple[Page, Cursor | None]:
        _changed, properties = OBJECTS[kind]
        params = {"limit": LIST_PAGE, "properties": ",".join(properties), "archived": "false", **_after(place["list"])}
        answer = self._get(f"/crm/v3/objects/{kind}", params)
        after = _next(answer)
        following = {"list": after} if after else None
        return _page(kind, answer["results"], following), following

    def _found(self, kind: str, place: Cursor) -> tuple[Page, Cursor | None]:
        """A page of a search. At its end it begins anew from the last change it saw; if that is no help, list."""
        changed, properties = OBJECTS[kind]
        since = str(int(datetime.fromisoformat(place["from"]).timestamp() * 1000))
        body = {
            "filterGroups": [{"filters": [{"propertyName": changed, "operator": "GTE", "value": since}]}],
            "sorts": [{"propertyName": changed, "direction": "ASCENDING"}],
            "properties": [changed, *properties],
            "limit": SEARCH_PAGE,
            "after": place["after"],
        }
        self._pace()
        answer = self._post(f"/crm/v3/objects/{kind}/search", body)
        results, after = answer["results"], _next(answer)
        following: Cursor | None = {"from": place["from"], "after": after} if after else None
        if after and int(after) + SEARCH_PAGE > SEARCH_END:
            last = str(results[-1]["properties"][changed]).replace("Z", "+00:00")
            same = datetime.fromisoformat(last) <= datetime.fromisoformat(place["from"])
            following = {"list": None} if same else {"from": last, "after": "0"}
        return _page(kind, results, following), following

    def _pace(self) -> None:
        rest = self._searched + SEARCH_PAUSE - time.monotonic()
        if rest > 0:
            self._sleep(rest)
        self._searched = time.monotonic()

    def _archived(self, kind: str) -> Callable[[Reading], Iterator[Page]]:
        def read(reading: Reading) -> Iterator[Page]:
            after = (reading.cursor or {}).get("after")
            while True:
                params = {"limit": LIST_PAGE, "archived": "true", **_after(after)}
                answer = self._get(f"/crm/v3/objects/{kind}", params)
                after = _next(answer)
                gone = tuple(str(r["id"]) for r in answer["results"])
                yield Page((), {"after": after} if after else None, gone, kind)
                if not after:
                    return

        return read

    def _history(self, reading: Reading) -> Iterator[Page]:
        """The stages of every deal that came in this run."""

        def ask(ids: list[str]) -> list[Record]:
            body = {
                "inputs": [{"id": i} for i in ids],
                "properties": ["dealstage"],
                "propertiesWithHistory": ["dealstage"],
            }
            answer = self._post("/crm/v3/objects/deals/batch/read", body)
            return [
                Record(str(r["id"]), {"stages": r.get("propertiesWithHistory", {}).get("dealstage", [])})
                for r in answer["results"]
            ]

        yield from _batches(reading, "deals", HISTORY_PAGE, ask)

    def _links(self, kind: str) -> Callable[[Reading], Iterator[Page]]:
        """Which deal each record of this run belongs to."""

        def ask(ids: list[str]) -> list[Record]:
            answer = self._post(f"/crm/v4/associations/{kind}/deals/batch/read", {"inputs": [{"id": i} for i in ids]})
            found = {str(r["from"]["id"]): sorted(str(t["toObjectId"]) for t in r["to"]) for r in answer["results"]}
            return [Record(i, {"deals": found.get(i, [])}) for i in ids]

        return lambda reading: _batches(reading, kind, LIST_PAGE, ask)

    def shape(self, book: Book, out: Canonical) -> None:
        """See `hubspot_shape.py`."""
        shapes.shape(book, out)


def _batches(reading: Reading, stream: str, size: int, ask: Callable[[list[str]], list[Record]]) -> Iterator[Page]:
    after = str((reading.cursor or {}).get("after", ""))
    while True:
        ids = reading.book.touched(stream, run=reading.run, after=after, most=size)
        records = ask(ids) if ids else []
        more = len(ids) == size
        yield Page(tuple(records), {"after": ids[-1]} if more else None)
        if not more:
            return
        after = ids[-1]


def _page(kind: str, results: list[Body], following: Cursor | None) -> Page:
    records, merged = [], []
    _changed, wanted = OBJECTS[kind]
    for result in results:
        given = result.get("properties", {})
        body = {name: given.get(name) for name in wanted}
        owner = given.get("hubspot_owner_id") if kind in ("deals", "contacts") else None
        records.append(Record(str(result["id"]), body, owner=owner or None))
        merged += [m.strip() for m in (given.get("hs_merged_object_ids") or "").split(";") if m.strip()]
    return Page(tuple(records), following, tuple(merged), kind)


def _after(after: str | None) -> dict[str, str]:
    return {"after": after} if after else {}


def _next(answer: Body) -> str | None:
    found = ((answer.get("paging") or {}).get("next") or {}).get("after")
    return str(found) if found else None


def _path(response: Any) -> str:
    return str(response.url).split("?")[0].split("/crm/")[-1]


def _limited(response: Any) -> float | None:
    """Seconds to wait where HubSpot counts: by the second, by ten seconds, or by the day."""
    if response.status_code == 423:
        return 2.0
    if response.status_code != 429:
        return None
    try:
        said = response.json()
    except ValueError:
        return None
    policy = str(said.get("policyName", "")) if isinstance(said, dict) else ""
    if "DAILY" in policy.upper():
        return _LONG
    return {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}.get(policy.upper())
