"""Rooms further on can listen to what happened, without the earlier room knowing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_LISTENERS: dict[str, list[Callable[[Any], None]]] = defaultdict(list)


def on(event: str, listener: Callable[[Any], None]) -> None:
    """Call `listener(result)` after every commit of `event`. Registering twice changes nothing."""
    if listener not in _LISTENERS[event]:
        _LISTENERS[event].append(listener)


def tell(event: str, result: Any) -> None:
    """Call the listeners of `event`. Called by the action wrapper, after commit."""
    for listener in _LISTENERS[event]:
        listener(result)
