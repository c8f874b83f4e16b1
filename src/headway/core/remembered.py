"""What is read once while a page is made (the company's settings, whom somebody reaches), and forgotten with it.

Only where nothing is changed (`web.reading` opens it for GET and HEAD): actions always read afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
_MEMORY: ContextVar[dict[Hashable, Any] | None] = ContextVar("read_once", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside the block, `remembered` reads each thing once."""
    token = _MEMORY.set({})
    try:
        yield
    finally:
        _MEMORY.reset(token)


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives; inside `remembering` it is asked once per key."""
    memory = _MEMORY.get()
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    return cast(T, memory[key])


def forget() -> None:
    """Read everything afresh from here on: something was written."""
    memory = _MEMORY.get()
    if memory is not None:
        memory.clear()
