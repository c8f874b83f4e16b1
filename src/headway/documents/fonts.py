"""Inter for paper, straight from its package: Typst sets every weight from the one variable font."""

from __future__ import annotations

from pathlib import Path

import fontpkg_inter


def folder() -> Path:
    """Where the font files lie."""
    return Path(fontpkg_inter.__file__).parent / "files"
