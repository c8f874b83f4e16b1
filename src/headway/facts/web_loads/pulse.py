"""How far a job is, and whether it is still alive: a small file beside the load's files.

Not in the records: the job that loads holds a transaction there, and nobody else would see what it writes.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from headway.facts.web_loads.uploads import folder_of

BEAT_SECONDS = 1.0
# A job that has not said anything for so long has been killed.
SILENT_SECONDS = 20.0
FILE = ".pulse.json"


@dataclass(frozen=True)
class Beat:
    """The last sign of life of a job.

    Args:
        share: how far it is, 0 to 1; None if that cannot be said.
        words: what it is doing, for people.
        age_seconds: how long ago it said so.
    """

    share: float | None
    words: str
    age_seconds: float

    @property
    def alive(self) -> bool:
        """Whether the job still runs."""
        return self.age_seconds < SILENT_SECONDS


def _file(key: str) -> Path:
    return folder_of(key) / FILE


def last_beat(key: str) -> Beat | None:
    """The last sign of life of the job of a load; None if there never was one."""
    path = _file(key)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        age = max(0.0, time.time() - path.stat().st_mtime)
    except (OSError, ValueError):
        return None
    return Beat(said.get("share"), str(said.get("words", "")), age)


def clear(key: str) -> None:
    """Forget the job before, so that the next one is not taken for it."""
    with contextlib.suppress(OSError):
        _file(key).unlink(missing_ok=True)


class Pulse:
    """Gives signs of life while a job runs, from a thread of its own: a long step must not look like a death."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._share: float | None = None
        self._words = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{key}", daemon=True)

    def tell(self, share: float | None, words: str = "") -> None:
        """How far the job is (0 to 1), and what it is doing."""
        self._share = None if share is None else min(max(share, 0.0), 1.0)
        self._words = words or self._words

    def _write(self) -> None:
        path = _file(self.key)
        # A full disk or a folder that is gone must not end the job itself.
        with contextlib.suppress(OSError):
            aside = path.with_suffix(".new")
            aside.write_text(json.dumps({"share": self._share, "words": self._words}), encoding="utf-8")
            aside.replace(path)

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            self._write()

    def __enter__(self) -> Self:
        self._write()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5)
