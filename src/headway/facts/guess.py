"""Guessing one source alone: which canonical table it is, and which column says what, with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.facts.mapping import Rule, Sure
from headway.facts.profiles import Profile, profile
from headway.facts.readers import Source
from headway.facts.synonyms import FILE_WORDS, HEADERS, plain_header, words_for
from headway.facts.tables import BY_NAME, TABLES, Kind, Table
from headway.facts.workspace import Workspace

_DATE_SHARE = 0.6
_NUMBER_SHARE = 0.6
# Words that name a key only where the rest of the file already says what it is.
_VAGUE = {
    "id",
    "nr",
    "recordid",
    "account",
    "name",
    "email",
    "mail",
    "value",
    "to",
    "type",
    "date",
    "datum",
    "count",
    "number",
}
_FIRST, _LAST = (
    ("firstname", "vorname", "prénom", "prenom", "nombre"),
    ("lastname", "nachname", "surname", "apellido", "apellidos"),
)


@dataclass(frozen=True)
class Guess:
    """A source taken for one table.

    Args:
        score: how well it fits; below zero = not at all.
        rules: the columns found.
    """

    table: str
    score: float
    rules: tuple[Rule, ...]

    def header(self, column: str) -> str | None:
        """The header found for a column."""
        rule = next((r for r in self.rules if r.column == column), None)
        return rule.headers[0] if rule and rule.headers else None


class Look:
    """A source with its headers by plain word and its profiles, each made once."""

    def __init__(self, source: Source, workspace: Workspace) -> None:
        self.source, self.workspace = source, workspace
        self.plain: dict[str, str] = {}
        for header in source.headers:
            self.plain.setdefault(plain_header(header), header)
        self._profiles: dict[str, Profile] = {}
        self.stem = re.sub(r"[^a-zäöüéß]+", "_", source.name.lower().split(" / ")[-1])

    def profile(self, header: str) -> Profile:
        """The header's values."""
        if header not in self._profiles:
            self._profiles[header] = profile(self.source, header, self.workspace)
        return self._profiles[header]

    def has(self, *words: str) -> bool:
        """Whether all these plain words are headers."""
        return all(w in self.plain for w in words)

    def first(self, *words: str) -> str | None:
        """The header of the first plain word that is there."""
        return next((self.plain[w] for w in words if w in self.plain), None)


def canonical_guess(source: Source) -> Guess | None:
    """The source as a canonical file: most headers are a table's own columns, its required key among them."""
    best: tuple[float, Table] | None = None
    for table in TABLES:
        known = sum(1 for h in source.headers if h in table.names)
        required = [c.name for c in table.columns if c.required]
        if known == 0 or any(r not in source.headers for r in required) or known < 0.6 * len(source.headers):
            continue
        if known == 1 and len(required) > 1:
            continue
        rank = known + (0.5 if table.name == source.path.stem.lower() else 0)
        if best is None or rank > best[0]:
            best = (rank, table)
    if best is None:
        return None
    rules = tuple(Rule(c, (c,), reason=_("the same name")) for c in best[1].names if c in source.headers)
    return Guess(best[1].name, 100 + best[0], rules)


def _fits(kind: Kind, shape: Profile) -> bool:
    if shape.filled == 0:
        return True
    if kind.is_time:
        return shape.dates >= _DATE_SHARE
    if kind in (Kind.NUMBER, Kind.COUNT):
        return shape.numbers >= _NUMBER_SHARE
    return True


def _rules(table: Table, look: Look) -> list[Rule]:
    taken: set[str] = set()
    found: list[Rule] = []
    for column in table.columns:
        for rank, word in enumerate(words_for(table.name, column.name)):
            header = look.plain.get(word)
            if header is None or (header in taken and column.name not in ("name",)):
                continue
            shape = look.profile(header)
            if not _fits(column.kind, shape) or (column.name in table.key and not shape.filled):
                continue
            sure = Sure.SURE if rank < 3 and shape.filled else Sure.LIKELY
            if shape.filled == 0 or (column.kind.is_time and shape.dates < 0.95):
                sure = Sure.CHECK
            taken.add(header)
            found.append(Rule(column.name, (header,), sure=sure, reason=_reason(column.kind, shape)))
            break
    return found


def _reason(kind: Kind, shape: Profile) -> str:
    if shape.filled == 0:
        return _("empty in all rows")
    if shape.unique:
        return _("unique in all rows")
    if kind.is_time:
        return _("%d%% of its cells are dates") % round(100 * shape.dates)
    if kind in (Kind.NUMBER, Kind.COUNT):
        return _("%d%% of its cells are numbers") % round(100 * shape.numbers)
    return _("named like it")


def _with_names(look: Look, rules: list[Rule]) -> list[Rule]:
    first, last = look.first(*_FIRST), look.first(*_LAST)
    if first and last:
        rules = [r for r in rules if r.column != "name"]
        rules.append(Rule("name", (first, last), joined=True, sure=Sure.LIKELY, reason=_("first and last name")))
    return rules


def guess(table_name: str, look: Look) -> Guess:
    """The source taken for a table, with how well it fits."""
    table = BY_NAME[table_name]
    rules = _rules(table, look)
    if table_name == "people":
        rules = _with_names(look, rules)
        if not any(r.column == "person_id" for r in rules):
            key = next((r for r in rules if r.column in ("email", "name")), None)
            if key:
                rules.insert(
                    0,
                    Rule("person_id", key.headers, joined=key.joined, sure=Sure.LIKELY, reason=_("no id, so the name")),
                )
    if table_name == "accounts" and not any(r.column == "name" for r in rules):
        key = next((r for r in rules if r.column == "account_id"), None)
        rules.extend([Rule("name", key.headers, sure=Sure.LIKELY, reason=_("the id is the name"))] if key else [])
    if table_name == "opportunities" and not any(r.column == "opportunity_id" for r in rules):
        lead = next((r for r in rules if r.column == "lead_id"), None)
        rules.extend(
            [Rule("opportunity_id", lead.headers, sure=Sure.LIKELY, reason=_("one deal a lead"))] if lead else []
        )
    named = {r.column: r for r in rules}
    hint = bool(re.search(FILE_WORDS[table_name], look.stem))
    if look.has("stageid", "expectedrevenue"):
        # Odoo keeps leads and deals in one table called leads; a stage and a revenue make it deals.
        hint = table_name == "opportunities"
    if not _enough(table_name, named, look, hint):
        return Guess(table_name, -1, tuple(rules))
    telling = sum(1 for r in rules if r.headers and plain_header(r.headers[0]) not in _VAGUE)
    # A history of stages has all a deal's columns too, so what only a history has must weigh more.
    history = 20 * (table_name == "stage_changes")
    return Guess(table_name, telling + 3 * hint + history + _key_bonus(table, named), tuple(rules))


def _key_bonus(table: Table, named: dict[str, Rule]) -> float:
    rule = named.get(table.key[0])
    return (
        2.0
        if rule and rule.headers and plain_header(rule.headers[0]) in words_for(table.name, table.key[0])[:3]
        else 0.0
    )


def _unique(table: str, named: dict[str, Rule], look: Look) -> bool:
    rule = named.get(BY_NAME[table].key[0])
    if rule is None or not rule.headers:
        return False
    shape = look.profile(rule.headers[0])
    # A few duplicates are bad rows; a key that mostly repeats is no key.
    # In a file of a few rows one repeated id is one bad row, too.
    least = min(0.85 * shape.filled, shape.filled - 1)
    return shape.unique or (shape.filled > 2 and shape.distinct >= least)


def _enough(table: str, named: dict[str, Rule], look: Look, hint: bool) -> bool:
    """Whether the columns found are enough to be this table."""
    key = named.get(BY_NAME[table].key[0])
    vague = key is not None and bool(key.headers) and plain_header(key.headers[0]) in _VAGUE
    if table == "stage_changes":
        repeats = not _unique(table, named, look) or hint
        return all(c in named for c in ("opportunity_id", "stage", "entered_at")) and repeats and hint
    if table == "quotas":
        return "target" in named and "person_id" in named and "period_start" in named
    if key is None or (vague and not hint) or not _unique(table, named, look):
        return False
    wanted = {
        "opportunities": (
            {"owner_id", "stage"},
            {"stage", "amount"},
            {"owner_id", "amount"},
            {"owner_id", "closed_at"},
        ),
        "leads": ({"created_at"}, {"owner_id", "source"}),
        "activities": ({"occurred_at"},),
        "people": ({"name"}, {"email"}),
        "accounts": ({"name"},),
    }[table]
    if not any(w <= named.keys() for w in wanted):
        return False
    return table not in ("leads", "people", "activities") or hint or not vague


def guesses(look: Look) -> list[Guess]:
    """All tables the source could be, best first."""
    found = [g for g in (guess(t, look) for t in HEADERS) if g.score >= 0]
    return sorted(found, key=lambda g: -g.score)
