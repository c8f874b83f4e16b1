"""Where Headway keeps its data on this machine: `HEADWAY_HOME`."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder that holds databases, settings and documents (`~/.headway` unless `HEADWAY_HOME` says else)."""
    return Path(os.environ.get("HEADWAY_HOME") or Path.home() / ".headway").expanduser()
