"""A home of its own for one export; everything is asked through the public commands."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any


class Company:
    """One home of Headway; each call runs one command as anybody would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)

    def raw(self, *words: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "HEADWAY_HOME": str(self.home)}
        command = [sys.executable, "-m", "headway", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def ask(self, *words: str) -> dict[str, Any]:
        """The JSON document of a command; anything on standard error is an error here."""
        done = self.raw(*words, "--json")
        if done.returncode or done.stderr.strip():
            said = done.stderr.strip() or done.stdout[:300]
            raise RuntimeError(f"headway {' '.join(words)}: exit {done.returncode}: {said}")
        found: dict[str, Any] = json.loads(done.stdout, parse_constant=_refuse)
        return found

    def load(self, folder: Path) -> dict[str, Any]:
        return self.ask("load", str(folder), "--yes")


def _refuse(text: str) -> None:
    raise ValueError(f"not JSON: {text}")


def processor_seconds() -> float:
    """Processor time of all commands so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
