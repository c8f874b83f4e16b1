"""A company's template file looked through when it is loaded: nobody finds its mistakes while a letter is made."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# What is filled in everywhere in a section, beside what Headway's own words of the entry use.
_EVERYWHERE = {"text": frozenset({"company", "manager"})}
# Sections whose entries Headway asks for by name: one it never asks for is a slip of the pen.
_BY_NAME = ("text", "goal", "letter", "guide", "outcome", "promise", "rules", "weights", "word")
_NOT_FILLED = frozenset({"meta", "rules", "weights", "durations", "name", "measure", "library", "method"})


def check(own: dict[str, Any], *, known: dict[str, Any], path: Path) -> None:
    """Compare a company's file with Headway's own.

    Args:
        own: the tables of the company's file.
        known: Headway's tables of the language, which say what each entry is filled with.
        path: the company's file, for the name and the line.

    Raises:
        BadInput: an entry or a placeholder nobody asks for; names file, line, entry, and what was probably meant.
    """
    for entry, words in _texts(own):
        name = _general(entry)
        _check_entry(name, known, entry=entry, path=path)
        if name[0] in _NOT_FILLED:
            continue
        wanted = {*_EVERYWHERE.get(name[0], ()), *_used(known, name)}
        for placeholder in PLACEHOLDER.findall(words):
            if placeholder not in wanted:
                raise _refused(placeholder, sorted(wanted), entry=entry, words=words, path=path)


def _texts(tables: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text with its place: ("gap", "own_leads", "actions", "1", "text")."""
    inner = tables.items() if isinstance(tables, dict) else enumerate(tables, 1) if isinstance(tables, list) else ()
    for key, value in inner:
        if isinstance(value, str):
            yield (*at, str(key)), value
        else:
            yield from _texts(value, (*at, str(key)))


def _general(entry: tuple[str, ...]) -> tuple[str, ...]:
    """An entry of a kind is filled like the general one: kind.formal.text.purpose as text.purpose."""
    return entry[2:] if entry[0] == "kind" and len(entry) > 3 else entry


def _check_entry(name: tuple[str, ...], known: dict[str, Any], *, entry: tuple[str, ...], path: Path) -> None:
    if name[0] not in _BY_NAME or len(name) != 2 or name[1] in known.get(name[0], {}):
        return
    raise BadInput(
        _("The plan templates have no such entry"),
        value=_("%(entry)s in %(file)s") % {"entry": ".".join(entry), "file": path.name},
        todo=_meant(name[1], known.get(name[0], {})) or _("Take the name from Headway’s own file."),
    )


def _used(known: dict[str, Any], name: tuple[str, ...]) -> set[str]:
    """The placeholders of Headway's own words for this entry, in any kind of plan."""
    places = [known, *known.get("kind", {}).values()]
    texts = [text for place in places if isinstance(text := _at(place, name), str)]
    return {found for text in texts for found in PLACEHOLDER.findall(text)} | _by_list(known, name)


def _by_list(known: dict[str, Any], name: tuple[str, ...]) -> set[str]:
    """Lists (actions, promises) are replaced as a whole: what any of Headway's own rows of that field uses."""
    if name[0] != "gap" or len(name) < 3:
        return set()
    rows = [row for gap in known.get("gap", {}).values() for row in _texts(gap)]
    return {found for place, text in rows if place[-1] == name[-1] for found in PLACEHOLDER.findall(text)}


def _at(tables: Any, name: tuple[str, ...]) -> Any:
    for key in name:
        if isinstance(tables, list):
            return None
        tables = tables.get(key) if isinstance(tables, dict) else None
    return tables


def _refused(placeholder: str, wanted: list[str], *, entry: tuple[str, ...], words: str, path: Path) -> BadInput:
    place = {"file": path.name, "line": _line(path, placeholder, words), "entry": ".".join(entry)}
    listed = _("Use one of: %s.") % (", ".join(wanted) or _("none"))
    meant = _meant(placeholder, wanted)
    return BadInput(
        _("A plan template has a placeholder that is not known here"),
        value=_("%(placeholder)s in %(place)s")
        % {"placeholder": f"{{{placeholder}}}", "place": _("%(file)s, line %(line)s (%(entry)s)") % place},
        todo=f"{meant} {listed}" if meant else listed,
    )


def _meant(typed: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(typed, list(known), n=1, cutoff=0.6)
    return _("Did you mean %s?") % near[0] if near else ""


def _line(path: Path, placeholder: str, words: str) -> int | str:
    """The line of the file where the placeholder stands; the beginning of its words tells two entries apart."""
    before = words.split(f"{{{placeholder}}}")[0][-20:].splitlines()[-1:] or [""]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if f"{{{placeholder}}}" in line and before[0] in line:
            return number
    return "?"
