"""A frozen dataclass as JSON and back, so that a plan's evidence can be kept exactly as it was."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar, cast

T = TypeVar("T")
Read = Callable[[Any], Any]


def to_json(thing: Any) -> Any:
    """Dates become ISO text, tuples lists, dataclasses objects; floats stay floats."""
    if is_dataclass(thing) and not isinstance(thing, type):
        return {field.name: to_json(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, tuple | list):
        return [to_json(item) for item in thing]
    if isinstance(thing, dict):
        return {str(key): to_json(value) for key, value in thing.items()}
    return thing


def from_json(cls: type[T], data: dict[str, Any]) -> T:
    """The dataclass that `to_json` was given. Fields added since then take their default."""
    readers = _readers(cast(Hashable, cls))
    known = ((name, value) for name, value in data.items() if name in readers)
    return cls(**{name: None if value is None else readers[name](value) for name, value in known})


@cache
def _readers(cls: Hashable) -> dict[str, Read]:
    """How each field of a dataclass is read: looked up once, as thousands of plans are read a night."""
    hints = typing.get_type_hints(cls)
    return {field.name: _reader(hints[field.name]) for field in fields(cast(Any, cls))}


def _reader(hint: Any) -> Read:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return _reader(next(part for part in parts if part is not type(None)))
    if origin is tuple:
        return partial(_each, _reader(parts[0]))
    return _plain_reader(hint) if isinstance(hint, type) else _as_it_is


def _plain_reader(hint: type) -> Read:
    if is_dataclass(hint):
        return partial(from_json, hint)
    if issubclass(hint, Enum):
        return hint
    if hint is date:
        return date.fromisoformat
    return float if hint is float else _as_it_is


def _each(read: Read, items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(None if item is None else read(item) for item in items)


def _as_it_is(value: Any) -> Any:
    return value
