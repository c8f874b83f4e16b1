"""Things read once and kept in the process, the last ones used, for all its threads."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most `limit` things by key. Only for what never changes: the key says all that it depends on."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._things: dict[K, V] = {}
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """What is kept under the key; None if nothing is (any more)."""
        with self._lock:
            if key not in self._things:
                return None
            # Those used last stand last.
            self._things[key] = found = self._things.pop(key)
            return found

    def put(self, key: K, thing: V) -> V:
        """Keep the thing; what was not used for longest goes."""
        with self._lock:
            self._things.pop(key, None)
            self._things[key] = thing
            while len(self._things) > self._limit:
                del self._things[next(iter(self._things))]
        return thing
