"""What rooms add to `headway status`: each tells its own state, and no room needs to know the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """One room's state: lines for a person, and the same as plain data for a program."""

    lines: tuple[str, ...]
    data: dict[str, Any] | None


_TELLERS: dict[str, Callable[[], Told]] = {}


def tells(key: str, teller: Callable[[], Told]) -> None:
    """Let `teller` say its state under `key` of the JSON document."""
    _TELLERS[key] = teller


def told() -> Iterator[tuple[str, Told]]:
    """What every room says, by key."""
    for key, teller in _TELLERS.items():
        yield key, teller()
