"""The reference of the file format, made from `tables.py`."""

from __future__ import annotations

from datetime import date

from headway.facts.checks import checks_for
from headway.facts.connectors.catalogue import COMMON, KINDS, Setting
from headway.facts.tables import TABLES, Column, Table

_INTRO = """# Facts: the canonical files

One file per table, CSV, Excel or Parquet, UTF-8, header row. Days `YYYY-MM-DD`, instants ISO 8601 (UTC if no offset),
empty = unknown, numbers with a decimal point. Extra columns are kept as attributes.
Only `people` and one of `leads`, `opportunities`, `activities`
are required; what is missing makes some metrics "not evaluable", never zero. Spans are half-open: the end is the first
day that no longer belongs. Any other export is read too: `headway load --dry-run` shows what Headway takes it for.

What is wrong costs either the row or only the cell; both are listed, with row, column and reason, in the file of
rejects. `headway load` ends with exit code 0 where any row could be used, with 1 where none could or a file is missing,
with 2 where it was called wrongly. `--yes` guesses nothing: a column of dates whose order no cell gives away stays
empty, an owner who is only probably known is not joined, a stage outside the ladder keeps its own name.
"""
# The page names the checks; on which day they are made does not matter to it.
_ANY_DAY = date(2000, 1, 1)


def _words(column: Column) -> str:
    parts = [column.words]
    if column.choices:
        parts.append("one of " + ", ".join(f"`{c}`" for c in column.choices))
    if column.default:
        parts.append(f"`{column.default}` if empty")
    if column.references:
        parts.append(f"names one of `{column.references}`")
    return "; ".join(p for p in parts if p)


def _table(table: Table) -> str:
    lines = [f"## {table.name}", "", table.words, "", f"Key: {', '.join(f'`{k}`' for k in table.key)}.", ""]
    lines += ["| column | type | meaning |", "| --- | --- | --- |"]
    for column in table.columns:
        needed = " (required)" if column.required else ""
        lines.append(f"| `{column.name}`{needed} | {column.kind.value} | {_words(column)} |")
    checks = checks_for(table, frozenset(table.names), _ANY_DAY)
    for level, text in (("row", "The row is not loaded"), ("cell", "Only the cell is left empty")):
        reasons = [f"`{c.column}`: {c.reason.lower()}" for c in checks if c.level == level]
        if reasons:
            lines += ["", f"{text}: {'; '.join(reasons)}."]
    return "\n".join(lines)


_SOURCES = """# Sources: what each kind needs to know

For `headway connect KIND NAME --set SETTING=VALUE --secret SETTING=…` and the page of a source. How to go about it:
[connect a source](../how-to/connect-a-source.md).
"""


def _sources() -> str:
    parts = [_SOURCES.rstrip()]
    for kind in KINDS:
        parts.append(f"## {kind.words}\n\nKind `{kind.name}`. {kind.tried} See [its page](../how-to/{kind.how_to}.md).")
        parts.append(_settings(kind.settings))
    parts.append("## Every kind")
    parts.append(_settings(COMMON))
    return "\n\n".join(parts) + "\n"


def _settings(settings: tuple[Setting, ...]) -> str:
    lines = ["| setting | what it is |", "| --- | --- |"]
    for setting in settings:
        need = " (secret)" if setting.secret else " (required)" if setting.required else ""
        default = f" `{setting.default}` if not said." if setting.default else ""
        hint = f"{setting.words}. {setting.hint}" if setting.hint else f"{setting.words}."
        lines.append(f"| `{setting.name}`{need} | {hint}{default} |")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """File name -> text of the reference pages of this room."""
    return {"sources.md": _sources(), "facts.md": "\n\n".join([_INTRO.rstrip(), *(_table(t) for t in TABLES)]) + "\n"}
