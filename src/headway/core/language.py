"""Words in a plan that are vague, judge a person or speak of what no plan may speak of. Pure once loaded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.core.home_folder import home

OWN = Path(__file__).parent / "content"


class WordKind(StrEnum):
    """Why a word is pointed out."""

    VAGUE = "vague"
    JUDGING = "judging"
    BIASED = "biased"


@dataclass(frozen=True)
class WordFinding:
    """A word of a text, where it stands (`[start, end)` in characters), and what to write instead."""

    word: str
    start: int
    end: int
    kind: WordKind
    instead: str


@dataclass(frozen=True)
class WordRule:
    """One entry of the list, compiled. Around `unless`, the word is harmless."""

    find: re.Pattern[str]
    unless: re.Pattern[str] | None
    kind: WordKind
    instead: str


@dataclass(frozen=True)
class Vocabulary:
    """The words that are looked for, in one language."""

    rules: tuple[WordRule, ...]

    def findings(self, text: str, *, kinds: Iterable[WordKind] = tuple(WordKind)) -> tuple[WordFinding, ...]:
        """Every such word in `text`, in order; the graver kind where two overlap."""
        wanted = frozenset(kinds)
        found = [hit for rule in self.rules if rule.kind in wanted for hit in _hits(rule, text)]
        return _without_overlaps(found)


def _hits(rule: WordRule, text: str) -> list[WordFinding]:
    harmless = [match.span() for match in rule.unless.finditer(text)] if rule.unless else []
    return [
        WordFinding(match[0], match.start(), match.end(), rule.kind, rule.instead)
        for match in rule.find.finditer(text)
        if not any(_touches(match.span(), span, text, rule.kind) for span in harmless)
    ]


def _touches(word: tuple[int, int], harmless: tuple[int, int], text: str, kind: WordKind) -> bool:
    """The harmless phrase covers the word; or, for vague words, says in the same sentence what was vague."""
    if harmless[0] < word[1] and word[0] < harmless[1]:
        return True
    if kind is not WordKind.VAGUE:
        return False
    return 0 <= harmless[0] - word[1] <= 60 and not re.search(r"[.;!?]\s", text[word[1] : harmless[0]])


def _without_overlaps(found: list[WordFinding]) -> tuple[WordFinding, ...]:
    gravity = {WordKind.BIASED: 0, WordKind.JUDGING: 1, WordKind.VAGUE: 2}
    kept: list[WordFinding] = []
    for hit in sorted(found, key=lambda h: (gravity[h.kind], h.start, -(h.end - h.start))):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda h: h.start))


def _rules(tables: dict[str, Any], *, origin: str) -> list[WordRule]:
    found = []
    for name, table in tables.items():
        for row in table.get("words", []):
            try:
                found.append(_rule(row, WordKind(name)))
            except (re.error, KeyError, ValueError) as broken:
                raise BadInput(
                    _("The word list has an entry that cannot be used"), value=f"{origin}: {broken}"
                ) from broken
    return found


def _rule(row: dict[str, str], kind: WordKind) -> WordRule:
    unless = row.get("unless")
    return WordRule(
        find=re.compile(rf"(?<![\w-])(?:{row['find']})(?![\w-])", re.IGNORECASE),
        unless=re.compile(unless, re.IGNORECASE) if unless else None,
        kind=kind,
        instead=row["instead"],
    )


@lru_cache(maxsize=16)
def _load(language: str, folder: Path, stamp: float) -> Vocabulary:
    rules: list[WordRule] = []
    own = OWN / f"language.{language}.toml"
    for path in (own if own.exists() else OWN / "language.en.toml", folder / f"language.{language}.toml"):
        if not path.exists():
            continue
        try:
            rules += _rules(tomllib.loads(path.read_text(encoding="utf-8")), origin=path.name)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
            raise BadInput(_("The word list cannot be read"), value=f"{path.name}: {broken}") from broken
    return Vocabulary(tuple(rules))


def vocabulary(language: str = "en", *, folder: Path | None = None) -> Vocabulary:
    """Headway's word list of the language (English where there is none) with the company's entries added."""
    place = folder if folder is not None else home() / "templates"
    short = language.split("-")[0].lower()
    own = place / f"language.{short}.toml"
    return _load(short, place, own.stat().st_mtime if own.exists() else 0.0)
