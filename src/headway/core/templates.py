"""The company's own words and numbers in TOML files: Headway's file first, the company's changes on top."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.core.home_folder import home


def company_folder() -> Path:
    """Where the company keeps its own files: `HEADWAY_HOME/templates`."""
    return home() / "templates"


def read(path: Path) -> dict[str, Any]:
    """The tables of one file.

    Raises:
        BadInput: the file cannot be read; names the file and the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadInput(
            _("The company's plan templates cannot be read"),
            value=f"{path.name}: {broken}",
            todo=_("Mend the file, or move it away to use Headway's own words."),
        ) from broken


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with what `over` says differently; tables are merged, everything else is replaced."""
    result = dict(base)
    for key, value in over.items():
        inner = result.get(key)
        result[key] = merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return result


def load(name: str, *, own: Path, language: str = "", folder: Path | None = None) -> dict[str, Any]:
    """The tables of `name`: Headway's English file, its file in `language`, then the company's in that language.

    Without `language` there is one file for all languages (`practice.toml`), else one each (`plan.de.toml`).
    """
    short = language.split("-")[0].lower()
    place = folder if folder is not None else company_folder()
    names = [f"{name}.en.toml", f"{name}.{short}.toml"] if short else [f"{name}.toml"]
    paths = list(dict.fromkeys([*(own / n for n in names), place / names[-1]]))
    tables: dict[str, Any] = {}
    for path in paths:
        if path.exists():
            tables = merged(tables, read(path))
    return tables
