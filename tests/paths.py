"""Where tests find files that are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(*parts: str) -> Path:
    """A file or folder of example data kept beside the project; the test is skipped, saying so, without it."""
    path = Path(os.environ.get("HEADWAY_SHARED") or ROOT.parent / "shared").joinpath(*parts)
    if not path.exists():
        pytest.skip(f"example data not here: shared/{'/'.join(parts)}")
    return path
