"""Words that are made once per language and kept: a page of figures says the same numbers many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")
_FORGET: list[Callable[[], None]] = []


def kept_per_language(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what the function gave for its last `most` arguments, each language by itself. By position only."""

    def keep(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=most)
        def made(_language: str | None, *arguments: Any) -> Any:
            return function(*arguments)  # type: ignore[call-arg]

        _FORGET.append(made.cache_clear)

        @wraps(function)
        def said(*arguments: Any) -> Any:
            return made(get_language(), *arguments)

        return cast(Callable[P, R], said)

    return keep


def forget_words() -> None:
    """Make all of them anew from here on: the translations themselves have changed."""
    for forget in _FORGET:
        forget()
