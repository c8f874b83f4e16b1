"""The OpenAPI document as a short list for people: which address does what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Operation:
    """One thing the API can do."""

    method: str
    path: str
    summary: str
    words: str


@dataclass(frozen=True)
class Group:
    """What belongs together."""

    name: str
    operations: tuple[Operation, ...]


@cache
def outline() -> tuple[Group, ...]:
    """Every operation, by group, in the order of the document."""
    from headway.api.service import document

    groups: dict[str, list[Operation]] = {}
    for path, operations in document()["paths"].items():
        for method, about in operations.items():
            made = Operation(method.upper(), path, about.get("summary", ""), about.get("description", ""))
            groups.setdefault((about.get("tags") or ["other"])[0], []).append(made)
    return tuple(Group(name, tuple(found)) for name, found in groups.items())
