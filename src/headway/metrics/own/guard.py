"""A company's metric cannot stop the others: what fails or never ends becomes a reason."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from headway.metrics.canonical import MeasuredFacts
from headway.metrics.databases import database_of
from headway.metrics.values import NotEvaluable

# Built-in metrics of a hundred people take a fraction of a second each.
SECONDS = 60.0
R = TypeVar("R")


def guarded(facts: MeasuredFacts, ask: Callable[[], R], *, seconds: float = SECONDS) -> R | NotEvaluable:
    """What `ask` gives, or the reason why it gave nothing: it failed, or its query was stopped after `seconds`."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        database_of(facts).stop()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        return ask()
    except Exception as error:  # a definition of the company's may raise anything
        if late.is_set():
            return NotEvaluable("own_slow", {"seconds": round(seconds)})
        return NotEvaluable("own_failed", {"error": _first_line(error)})
    finally:
        timer.cancel()


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".")
