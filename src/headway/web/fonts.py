"""Fonts of the pages."""

from __future__ import annotations


def build_fonts() -> None:
    """Replaced by the look."""
