"""The canonical tables, as known on a day, made of what lies in the warehouse: nothing is created there.

A question becomes one statement: the tables it speaks of come first, as common table expressions with the canonical
names. `raw_<table>` types the columns and applies the checks that a load applies (`checks`), once per key;
`<table>` is the view of the day (`masks`). Both are written once, in DuckDB's SQL, and translated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from headway.facts.checks import Check, checks_for
from headway.facts.codes import ELSE
from headway.facts.masks import empty_select, view_sql
from headway.facts.tables import BY_NAME, TABLES, Column, Kind, Table
from headway.facts.warehouse.dialects import translated
from headway.facts.warehouse.engine import Columns, Engine, Type

# Numbers beyond it are not amounts; neither is "not a number", which is greater than all in some engines.
_FINITE = "1e300"
_FITS = {
    Kind.NUMBER: (Type.NUMBER,),
    Kind.COUNT: (Type.NUMBER,),
    Kind.DATE: (Type.DAY, Type.INSTANT),
    Kind.INSTANT: (Type.DAY, Type.INSTANT),
}
_THERE = re.compile(r"[\"`]?\bthere_(\w+)\b[\"`]?")
_WORDS = (Type.TEXT, Type.NUMBER, Type.YES_NO)


@dataclass(frozen=True)
class Source:
    """A canonical table as the warehouse has it.

    Args:
        there: the table; None if there is none.
        columns: canonical column -> the column there, of those that fit.
        missing: canonical columns that are not there.
        unfit: canonical columns whose column there holds something else, with what it holds.
        values: words there for canonical ones, per canonical column.
        repeated: whether some key comes more than once.
    """

    table: Table
    there: Columns | None
    columns: Mapping[str, str]
    missing: tuple[str, ...]
    unfit: Mapping[str, Type]
    values: Mapping[str, Mapping[str, str]]
    repeated: bool = False


def fits(column: Column, holds: Type) -> bool:
    """Whether a column of the warehouse can be read as this one."""
    return holds in _FITS.get(column.kind, _WORDS)


def typed_sql(source: Source, *, checked: bool = True) -> str:
    """Every cell as its type (`v_<column>`) and as it stood (`t_<column>`), from a table called `there_<table>`.

    Args:
        source: the table.
        checked: words that are none of the allowed ones are empty.
    """
    typed = ", ".join(_typed(column, source, checked) for column in source.table.columns)
    return f"SELECT {typed} FROM there_{source.table.name} s"


def raw_sql(source: Source, *, today: date, owners: bool = True) -> str:
    """`raw_<table>` in DuckDB's SQL, once per key and checked as a load checks.

    Args:
        source: the table.
        today: what lies after it has not happened.
        owners: leave out rows of people that there are not, as a load does.
    """
    table = source.table
    if source.there is None:
        return empty_select(table)
    found = typed_sql(source)
    if source.repeated:
        # ClickHouse takes a short name for that of a column of the statement around it.
        keys = ", ".join(f"v_{key}" for key in table.key)
        order = ", ".join(f"v_{name}" for name in table.names)
        found = (
            f"SELECT ranked.* FROM (SELECT typed.*, row_number() OVER (PARTITION BY {keys} ORDER BY {order}) AS nth "
            f"FROM ({found}) typed) ranked WHERE ranked.nth = 1"
        )
    checks = checks_for(table, frozenset(source.columns), today)
    columns = ", ".join(f'{_kept(column, checks)} AS "{column.name}"' for column in table.columns)
    bad = [f"NOT coalesce({check.condition}, false)" for check in checks if check.level == "row"]
    join = ""
    if owners and table.owner is not None and table.owner.name in source.columns:
        owner = f"v_{table.owner.name}"
        join = f"LEFT JOIN (SELECT p.person_id AS known_id FROM raw_people p) k ON k.known_id = {owner}"
        bad.append(f"({owner} IS NULL OR k.known_id IS NOT NULL)")
    where = f"WHERE {' AND '.join(bad)}" if bad else ""
    return f"SELECT {columns}, CAST(NULL AS VARCHAR) AS attributes FROM ({found}) a {join} {where}"


def _typed(column: Column, source: Source, checked: bool) -> str:
    """The cell as its type (`v_`), and as it stood (`t_`), so that the checks can tell empty from unreadable."""
    name = source.columns.get(column.name)
    if name is None:
        return f"CAST(NULL AS {column.kind.sql}) AS v_{column.name}, CAST(NULL AS {column.kind.sql}) AS t_{column.name}"
    cell = f's."{name}"'
    if column.kind in (Kind.NUMBER, Kind.COUNT):
        number = f"CAST({cell} AS {column.kind.sql})"
        limited = f"CASE WHEN {number} < {_FINITE} THEN {number} END" if column.kind is Kind.NUMBER else number
        return f"{limited} AS v_{column.name}, {number} AS t_{column.name}"
    if column.kind.is_time:
        when = f"CAST({cell} AS {column.kind.sql})"
        return f"{when} AS v_{column.name}, {when} AS t_{column.name}"
    text = f"NULLIF(TRIM(CAST({cell} AS VARCHAR)), '')"
    return f"{_word(column, text, source, checked)} AS v_{column.name}, {text} AS t_{column.name}"


def _word(column: Column, text: str, source: Source, checked: bool) -> str:
    """The canonical word for a word of the warehouse."""
    if column.kind is Kind.CURRENCY:
        return f"UPPER({text})"
    if column.kind is not Kind.CODE:
        return text
    word = f"LOWER({text})"
    said = source.values.get(column.name)
    if said:
        cases = " ".join(f"WHEN {_quoted(theirs)} THEN {_quoted(ours)}" for theirs, ours in said.items())
        word = f"CASE {word} {cases} ELSE {word} END"
    other = ELSE.get((source.table.name, column.name))
    if not (column.choices and checked):
        return word
    listed = ", ".join(_quoted(choice) for choice in column.choices)
    rest = f" WHEN {text} IS NOT NULL THEN {_quoted(other)}" if other else ""
    return f"CASE WHEN {word} IN ({listed}) THEN {word}{rest} END"


def _kept(column: Column, checks: Collection[Check]) -> str:
    """The cell, empty where a check says so, then its default."""
    wrong = [c.condition for c in checks if c.level == "cell" and c.empties == column.name]
    value = f"v_{column.name}"
    if wrong:
        value = f"CASE WHEN coalesce({' OR '.join(wrong)}, false) THEN NULL ELSE {value} END"
    if column.default is not None:
        default = column.default if column.kind is Kind.COUNT else _quoted(column.default)
        value = f"coalesce({value}, {default})"
    return value


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


class Tables:
    """All tables of a warehouse, for one day or as they lie there."""

    def __init__(self, sources: Mapping[str, Source], *, dialect: str, today: date) -> None:
        self._sources, self._dialect, self._today = sources, dialect, today

    def home(self, table: str) -> str:
        """The statement that gives the rows of a table as they lie there, typed and not checked.

        They are checked when they are loaded, so that every row left out is listed with its reason. Of several rows
        for one key the load keeps the first, which is the one that figures computed in the warehouse rest on.
        """
        source = self._sources[table]
        columns = ", ".join(f'v_{name} AS "{name}"' for name in source.table.names if name in source.columns)
        order = ", ".join(f"v_{name}" for name in source.table.names)
        rows = f"SELECT {columns} FROM ({typed_sql(source, checked=False)}) typed"
        return self._own(f"{rows} ORDER BY {order}" if source.repeated else rows)

    def ask(self, engine: Engine, table: str, columns: str, *, keys: str = "", by: str = "") -> list[tuple[Any, ...]]:
        """Aggregates over one table as it lies there.

        Args:
            engine: where to ask.
            table: a canonical table.
            columns: what to select, in DuckDB's SQL.
            keys: also select, last, how many different values these columns have.
            by: one row per value of this column.
        """
        asked = f"SELECT {columns} FROM raw_{table}"
        if keys:
            distinct = f"SELECT count(*) AS how_many FROM (SELECT {keys} FROM raw_{table} GROUP BY {keys}) one_each"
            asked = f"SELECT {columns}, max(how_many) FROM raw_{table} CROSS JOIN ({distinct}) counted"
        own = translated(asked + (f' GROUP BY "{by}"' if by else ""), self._dialect)
        raw = raw_sql(self._sources[table], today=self._today, owners=False)
        return engine.rows(self._with([f"raw_{table}"], {f"raw_{table}": raw}, own))

    def on(self, as_of: date, *, whole: bool, statement: str) -> str:
        """A statement of the engine's own over the canonical tables, as known on a day."""
        parts = {f"raw_{t.name}": raw_sql(self._sources[t.name], today=self._today) for t in TABLES}
        parts |= {t.name: view_sql(t, as_of, whole=whole) for t in TABLES}
        return self._with(_mentioned(statement, parts), parts, statement)

    def _with(self, wanted: Collection[str], parts: Mapping[str, str], statement: str) -> str:
        """The statement with the parts it needs, and what they need, before it."""
        ordered: list[str] = []

        def need(name: str) -> None:
            if name in ordered:
                return
            for other in _mentioned(parts[name], parts):
                if other != name:
                    need(other)
            ordered.append(name)

        for name in wanted:
            need(name)
        mark = "`" if self._dialect in ("pyspark", "bigquery", "databricks") else '"'
        made = [f"{mark}{name}{mark} AS ({self._own(parts[name])})" for name in ordered]
        return f"WITH {', '.join(made)} SELECT * FROM ({statement}) AS answer"

    def _own(self, sql: str) -> str:
        """In the engine's words, with the names that its tables have there."""
        there = {name: source.there.name for name, source in self._sources.items() if source.there is not None}

        def name_of(match: re.Match[str]) -> str:
            return there[match[1]]

        return _THERE.sub(name_of, translated(sql, self._dialect))


def _mentioned(sql: str, names: Collection[str]) -> list[str]:
    words = set(re.findall(r"\w+", sql))
    return [name for name in names if name in words]


def source_of(table: str, there: Columns | None, *, renamed: Mapping[str, str], values: Mapping[str, Mapping[str, str]],
              repeated: bool = False) -> Source:  # fmt: skip
    """Match the columns of a table with the canonical ones, whatever their letters."""
    known = BY_NAME[table]
    types = there.types if there else {}
    actual = {name.casefold(): name for name in types}
    found = {c.name: actual[wanted] for c in known.columns
             if (wanted := renamed.get(c.name, c.name).casefold()) in actual}  # fmt: skip
    unfit = {
        name: types[theirs]
        for name, theirs in found.items()
        if (column := known.column(name)) is not None and not fits(column, types[theirs])
    }
    return Source(
        known,
        there,
        {name: theirs for name, theirs in found.items() if name not in unfit},
        tuple(c.name for c in known.columns if c.name not in found),
        unfit,
        values,
        repeated,
    )
