"""The company's list of competencies with described behaviours per level, from its own file over Headway's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from headway.core import templates
from headway.core.errors import BadInput

OWN = Path(__file__).parent / "content"
LEVELS = range(1, 6)


@dataclass(frozen=True)
class Competency:
    """A skill of selling: what it is, what is seen at each of five levels, and the gaps it stands behind."""

    key: str
    name: str
    what: str
    levels: tuple[str, str, str, str, str]
    gaps: tuple[str, ...]
    rubric: tuple[str, ...] = ()

    def level(self, number: int) -> str:
        """What is seen at a level, 1 to 5."""
        return self.levels[number - 1]


def competencies(language: str | None = None, *, folder: Path | None = None) -> tuple[Competency, ...]:
    """The company's competencies, in its order, in the reader's language (English where there is none).

    Raises:
        BadInput: the company's file cannot be read, or an entry has not five described levels.
    """
    wanted = (language or translation.get_language() or "en").split("-")[0].lower()
    place = folder if folder is not None else templates.company_folder()
    own = place / f"competencies.{wanted}.toml"
    return _loaded(wanted, place, own.stat().st_mtime if own.exists() else 0.0)


@lru_cache(maxsize=16)
def _loaded(language: str, folder: Path, stamp: float) -> tuple[Competency, ...]:
    tables = templates.load("competencies", own=OWN, language=language, folder=folder)
    listed = [key for key, row in tables.items() if isinstance(row, dict) and not row.get("left_out")]
    return tuple(_competency(key, tables[key]) for key in listed)


def _competency(key: str, row: dict[str, Any]) -> Competency:
    levels = row.get("levels", [])
    if not row.get("name") or len(levels) != len(LEVELS):
        raise BadInput(
            _("A competency needs a name and five described levels"), value=key,
            todo=_("Mend competencies.toml in the templates folder."),
        )  # fmt: skip
    first, second, third, fourth, fifth = (str(text) for text in levels)
    return Competency(
        key, str(row["name"]), str(row.get("what", "")), (first, second, third, fourth, fifth),
        tuple(row.get("gaps", ())), tuple(str(line) for line in row.get("rubric", ())),
    )  # fmt: skip


def competency_name(key: str) -> str:
    """The name of a competency, also of one the company has since left out."""
    found = next((c.name for c in competencies() if c.key == key), "")
    return found or key.replace("_", " ")


def rubric_of(key: str) -> tuple[str, ...]:
    """The lines by which a call or role-play about a competency is marked; what it is, where the company wrote none."""
    found = next((c for c in competencies() if c.key == key), None)
    if found is None:
        return (competency_name(key),)
    return found.rubric or (found.what or found.name,)


def competency_named(key: str, *, needed: bool = False) -> str:
    """The key itself where it is one of the list's, or empty where none was chosen.

    Raises:
        BadInput: there is no such competency, or none where one is needed.
    """
    if not key and not needed:
        return ""
    known = [c.key for c in competencies()]
    if key not in known:
        raise BadInput(
            _("There is no such competency"), value=key or _("none"), todo=_("Use one of: %s.") % ", ".join(known)
        )
    return key


def behind(gap_key: str) -> tuple[Competency, ...]:
    """The competencies that may stand behind a gap, those named for it first."""
    return tuple(sorted(competencies(), key=lambda c: gap_key not in c.gaps))
