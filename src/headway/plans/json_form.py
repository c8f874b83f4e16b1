"""A frozen dataclass as JSON and back, so that a plan's evidence can be kept exactly as it was."""

from __future__ import annotations

import types
import typing
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


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


@cache
def _hints(cls: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def from_json(cls: type[T], data: dict[str, Any]) -> T:
    """The dataclass that `to_json` was given. Fields added since then take their default."""
    hints = _hints(cast(Hashable, cls))
    known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
    return cls(**{name: _read(hints[name], value) for name, value in data.items() if name in known})


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(hint)
    if origin in {types.UnionType, typing.Union}:
        return _read(next(part for part in typing.get_args(hint) if part is not type(None)), value)
    if origin is tuple:
        return tuple(_read(typing.get_args(hint)[0], item) for item in value)
    if isinstance(hint, type):
        return _read_plain(hint, value)
    return value


def _read_plain(hint: type, value: Any) -> Any:
    if is_dataclass(hint):
        return from_json(hint, value)
    if issubclass(hint, Enum):
        return hint(value)
    if hint is date:
        return date.fromisoformat(value)
    return float(value) if hint is float else value
