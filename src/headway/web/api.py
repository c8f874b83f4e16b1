"""What every room's `api.py` shares: who asks, a page of a list, a day in a query, how a refusal looks.

A room writes `router = ninja.Router(tags=["plans"])` in its `api.py`; `headway.api.service` mounts it. Reads go through
the room's queries, writes through its actions, so that the API can never do what a page could not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar, cast

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from headway.core.actors import Actor

T = TypeVar("T")
M = TypeVar("M", bound=Model)

PageNumber = Annotated[int, Query(1, ge=1, le=1_000_000, description="Which page of the list, from 1.")]
PageSize = Annotated[int, Query(50, ge=1, le=200, description="How many on a page.")]


class Refusal(Schema):
    """Why something was not done. `error` is a fixed word for programs, the rest is for people."""

    error: str = Field(examples=["not_found"])
    what: str = Field(description="What went wrong and on which value, one sentence.")
    value: str | None = Field(None, description="The value it went wrong on, if there is one.")
    todo: str | None = Field(None, description="What can be done next.")


class Page(Schema, Generic[T]):
    """Some of a list. `total` counts all that the asker may see."""

    items: list[T]
    total: int
    page: int
    pages: int


def actor(request: HttpRequest) -> Actor:
    """Who asks: the person of the session or of the token."""
    return cast(Actor, cast(Any, request).auth)


def page_of(rows: QuerySet[M] | Sequence[M], *, page: int, size: int, shown: Callable[[M], Any]) -> dict[str, Any]:
    """A page of a list, each row as `shown` makes it; past the end it is empty. Two queries."""
    paginator: Paginator[M] = Paginator(rows, size)
    found = paginator.page(page).object_list if page <= paginator.num_pages else []
    return {
        "items": [shown(row) for row in found],
        "total": paginator.count,
        "page": page,
        "pages": paginator.num_pages,
    }
