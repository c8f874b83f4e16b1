"""Which events are told outside, and what of them: ids, states, days. Never words that people wrote, never a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Facts = Mapping[str, str | int | bool | None]


@dataclass(frozen=True)
class Published:
    """An event that may be told outside. facts: what is said of the result of its action."""

    event: str
    words: str | Promise
    facts: Callable[[Any], Facts]


PUBLISHED: dict[str, Published] = {}


def publish(event: str, *, words: str | Promise, facts: Callable[[Any], Facts]) -> None:
    """Let an event be told outside. Only plain values go out: anything else is a mistake of the program."""
    PUBLISHED[event] = Published(event, words, facts)


def facts_of(event: str, result: Any) -> dict[str, Any]:
    """What is told of a result.

    Raises:
        TypeError: a room wants to send more than plain short values.
    """
    found = dict(PUBLISHED[event].facts(result))
    for name, value in found.items():
        if not (value is None or isinstance(value, int | bool) or (isinstance(value, str) and len(value) <= 200)):
            raise TypeError(f"{event} may not tell {name} outside")
    return found
