"""Functions by their names: what listens from the start on need not be read before it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Named:
    """A function by its dotted path, read when it is first called. A test follows every such path."""

    path: str

    def __call__(self, *given: Any, **named: Any) -> Any:
        return import_string(self.path)(*given, **named)
