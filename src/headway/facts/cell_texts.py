"""The text of a canonical cell: which columns of the source it comes from, and what is looked up in other files."""

from __future__ import annotations

from collections.abc import Mapping as Readonly
from dataclasses import dataclass
from datetime import date

from headway.facts.mapping import Drop, Lookup, Rule, Target
from headway.facts.readers import Source
from headway.facts.workspace import Workspace

YES = "('true', '1', 'yes', 'y', 't', 'wahr', 'ja', 'oui', 'si', 'sí', 'x', '1.0')"


@dataclass(frozen=True)
class Context:
    """What the staging of one target needs to know of the rest of the load."""

    workspace: Workspace
    sources: Readonly[str, Source]
    today: date
    owners: str | None


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def loose_sql(expression: str) -> str:
    """Text without case, blanks and signs."""
    return f"regexp_replace(lower({expression}), '[^[:alnum:]]', '', 'g')"


def id_sql(expression: str) -> str:
    """An id as text; `4711.0`, which other programs make of a number column with gaps, is `4711`."""
    trimmed = f"regexp_replace({expression}, '^([0-9]+)\\.0$', '\\1')"
    return f"CASE WHEN ends_with({expression}, '.0') THEN {trimmed} ELSE {expression} END"


def yes_sql(expression: str) -> str:
    """True where the cell says yes, false where it says anything else, NULL where it is empty."""
    return f"(lower({expression}) IN {YES})"


class CellTexts:
    """Collects the joins that lookups need while expressions are made."""

    def __init__(self, source: Source, context: Context) -> None:
        self.source, self.context = source, context
        self.joins: list[str] = []

    def text(self, rule: Rule) -> str:
        """SQL of the cell's text under a rule."""
        if not rule.headers:
            return literal(rule.constant) if rule.constant else "NULL"
        cells = [f"s.{self.source.column(h)}" for h in rule.headers]
        made = cells[0]
        if len(cells) > 1:
            made = f"nullif(concat_ws(' ', {', '.join(cells)}), '')" if rule.joined else f"coalesce({', '.join(cells)})"
        if rule.json_key:
            key = literal('$."' + rule.json_key + '"')
            made = f"CASE WHEN json_valid({made}) THEN json_extract_string({made}, {key}) END"
        for lookup in rule.lookups:
            made = self._look_up(made, lookup)
        return made

    def _look_up(self, expression: str, lookup: Lookup) -> str:
        other, key, value, where = self._other(lookup)
        alias = f"l{len(self.joins)}"
        normal = loose_sql if lookup.loose else id_sql
        condition = f"{value} IS NOT NULL" + (f" AND {yes_sql(where)}" if where else "")
        self.joins.append(
            f"LEFT JOIN (SELECT {normal(key)} AS k, arg_min({value}, _row) AS v FROM {other} o WHERE {condition} "
            f"GROUP BY 1) {alias} ON {alias}.k = {normal(expression)}"
        )
        return f"coalesce({alias}.v, {expression})" if lookup.or_self else f"{alias}.v"

    def _other(self, lookup: Lookup) -> tuple[str, str, str, str]:
        if lookup.source.startswith("facts:"):
            table = lookup.source.removeprefix("facts:")
            relation = f"(SELECT *, row_number() OVER () AS _row FROM raw_{table})"
            return relation, f"o.{lookup.key}", f"o.{lookup.value}", ""
        other = self.context.sources[lookup.source]
        where = f"o.{other.column(lookup.where)}" if lookup.where else ""
        return other.relation, f"o.{other.column(lookup.key)}", f"o.{other.column(lookup.value)}", where


def usable(rule: Rule, source: Source, context: Context) -> bool:
    if any(h not in source.headers for h in rule.headers):
        return False
    for lookup in rule.lookups:
        other = context.sources.get(lookup.source)
        if lookup.source.startswith("facts:"):
            continue
        if other is None or lookup.key not in other.headers or lookup.value not in other.headers:
            return False
    return True


def drop_sql(drop: Drop, source: Source, context: Context) -> str:
    cell = f"s.{source.column(drop.header)}"
    if drop.inside:
        name, header = drop.inside
        other = context.sources[name]
        where = f"{other.column(drop.inside_empty)} IS NULL" if drop.inside_empty in other.headers else "true"
        listed = f"SELECT {id_sql(other.column(header))} FROM {other.relation} WHERE {where}"
        return f"coalesce({id_sql(cell)} IN ({listed}), false)"
    values = ", ".join(literal(v) for v in drop.values)
    return f"coalesce(lower({cell}) {'NOT ' if drop.others else ''}IN ({values}), {'true' if drop.others else 'false'})"


def usable_drops(target: Target, source: Source, context: Context) -> list[Drop]:
    return [
        d
        for d in target.drops
        if d.header in source.headers
        and (
            d.inside is None or (d.inside[0] in context.sources and d.inside[1] in context.sources[d.inside[0]].headers)
        )
    ]
