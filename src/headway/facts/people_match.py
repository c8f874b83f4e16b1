"""Whose row is it: owners joined to people by id, e-mail or name; the doubtful ones are asked."""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MAX_DOUBTFUL = 200
_CLOSE = 0.87


@dataclass(frozen=True)
class Known:
    """A person as far as owners are joined to them."""

    person_id: str
    name: str
    email: str


@dataclass(frozen=True)
class Doubt:
    """An owner that is probably, but not certainly, this person."""

    text: str
    person_id: str
    name: str
    why: str


@dataclass(frozen=True)
class Match:
    """Owners and whose they are; the doubtful ones; those nobody knows."""

    found: dict[str, str]
    doubts: tuple[Doubt, ...]
    unknown: tuple[str, ...]


def name_key(text: str) -> str:
    """A name without accents, case and order: `Weber, Jonas` = `jonas weber`."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    letters = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return " ".join(sorted(letters.split()))


def _initials_fit(text: str, name: str) -> bool:
    """`Albrecht, M.` or `M. Albrecht` fits `Maria Albrecht`."""
    short, full = name_key(text).split(), name_key(name).split()
    if len(short) < 2 or len(short) != len(full) or not any(len(part) == 1 for part in short):
        return False
    left = list(full)
    for part in sorted(short, key=len, reverse=True):
        fits = next((f for f in left if (f[0] == part if len(part) == 1 else f == part)), None)
        if fits is None:
            return False
        left.remove(fits)
    return True


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    grouped: dict[str, set[str]] = defaultdict(set)
    for key, person_id in pairs:
        if key:
            grouped[key].add(person_id)
    return {key: next(iter(ids)) for key, ids in grouped.items() if len(ids) == 1}


def match(owners: Iterable[str], people: list[Known], answers: Mapping[str, str]) -> Match:
    """Join owners to people.

    Args:
        owners: the texts as they stand in the sources.
        people: everybody known. Two people of the same name are never told apart by name.
        answers: what a person said: owner -> person_id, or "" for "nobody we know".
    """
    ids = {p.person_id: p.person_id for p in people}
    mails = _unique((p.email.lower(), p.person_id) for p in people)
    names = _unique((p.name.strip(), p.person_id) for p in people)
    keys = _unique((name_key(p.name), p.person_id) for p in people)
    found: dict[str, str] = {}
    doubts: list[Doubt] = []
    unknown: list[str] = []
    for text in sorted(set(owners)):
        bare = text.removesuffix(".0") if text.removesuffix(".0").isdigit() else text
        said = answers.get(text)
        hit = (
            (said if said in ids else None)
            or ids.get(text)
            or ids.get(bare)
            or mails.get(text.lower())
            or names.get(text.strip())
            or keys.get(name_key(text))
        )
        if hit:
            found[text] = hit
            continue
        doubt = None if said == "" or len(doubts) >= MAX_DOUBTFUL else _doubtful(text, people, keys)
        unknown.append(text)
        if doubt:
            doubts.append(doubt)
    return Match(found, tuple(doubts), tuple(unknown))


def _doubtful(text: str, people: list[Known], keys: dict[str, str]) -> Doubt | None:
    if not any(c.isalpha() for c in text) or len(text) > 80:
        return None
    fitting = [p for p in people if p.name and _initials_fit(text, p.name)]
    if len(fitting) == 1:
        return Doubt(text, fitting[0].person_id, fitting[0].name, "initial")
    if " " not in text and "@" not in text and "," not in text:
        return None
    close = difflib.get_close_matches(name_key(text), list(keys), n=2, cutoff=_CLOSE)
    if not close:
        return None
    person_id = keys[close[0]]
    name = next(p.name for p in people if p.person_id == person_id)
    return Doubt(text, person_id, name, "spelling")
