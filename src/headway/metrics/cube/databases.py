"""Databases in memory with the tables of a version, or of what it changed: for what arrays are not able to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from headway.facts.folder import change_file, table_file
from headway.facts.masks import empty_select
from headway.facts.store import Facts, connect
from headway.facts.tables import BY_NAME
from headway.metrics.arrays.tables import Tables
from headway.metrics.cube.adding import KEYED


def _file(path: Path, table: str) -> str:
    if not path.exists():
        return empty_select(BY_NAME[table])
    where = str(path).replace("'", "''")
    columns = ", ".join(f'"{c}"' for c in (*BY_NAME[table].names, "attributes"))
    return f"SELECT {columns} FROM read_parquet('{where}')"


def _raw(version: int, table: str) -> str:
    return _file(table_file(version, table), table)


def _changed(version: int, table: str, which: str) -> str:
    return _file(change_file(version, table, which), table)


def _text(text: str | None) -> str:
    if text is None:
        return "NULL"
    return "'" + text.replace("'", "''") + "'"


class Databases:
    """Databases in memory with the canonical tables of a version, or of what it changed; each is opened once.

    In the whole version deals are numbered, so that joining and grouping their history goes by numbers.
    """

    def __init__(self, facts: Facts) -> None:
        self.version, self.base = facts.version, facts.manifest.base
        self._open: dict[str, Any] = {}
        self._arrays: dict[str, Tables] = {}
        self._exits = ExitStack()

    def __enter__(self) -> Databases:
        return self

    def __exit__(self, *_error: object) -> None:
        self._exits.close()

    def whole(self, sql: str) -> Any:
        """The version as it is; `sql` names the columns of deals that are ever asked for."""
        return self._opened("whole", lambda: self._whole(sql))

    def _whole(self, sql: str) -> Any:
        con = self._exits.enter_context(_tables({name: _raw(self.version, name) for name in BY_NAME}))
        deals, moves = (table_file(self.version, name) for name in ("opportunities", "stage_changes"))
        if deals.exists():
            _number_deals(con, deals, moves, [c for c in BY_NAME["opportunities"].names if f'"{c}"' in sql])
        return con

    def changed(self, table: str) -> tuple[Any, Any]:
        """The rows of a table that came, and those that went."""
        came, went = (partial(self._of, table, which) for which in ("came", "went"))
        return self._opened(f"came {table}", came), self._opened(f"went {table}", went)

    def _of(self, table: str, which: str) -> Any:
        return self._exits.enter_context(_tables({table: _changed(self.version, table, which)}))

    def touched(self, changed: frozenset[str], tables: frozenset[str]) -> tuple[Any, Any]:
        """All rows of the tables that share a key with one that came or went: as they are, and as they were."""
        key = KEYED[tables]
        ids = " UNION ".join(
            f"SELECT {key} FROM ({_changed(self.version, table, which)})"
            for table in sorted(changed)
            for which in ("came", "went")
        )
        assert self.base is not None
        now, before = (partial(self._some, number, tables, key, ids) for number in (self.version, self.base))
        name = f"{key} {sorted(changed)}"
        return self._opened(f"now {name}", now), self._opened(f"before {name}", before)

    def touched_in_arrays(self, changed: frozenset[str], tables: frozenset[str]) -> tuple[Tables, Tables]:
        """The same rows, to be read as arrays."""
        now, before = self.touched(changed, tables)
        name = f"{KEYED[tables]} {sorted(changed)}"
        found = []
        for side, con in (("now", now), ("before", before)):
            key = f"arrays {side} {name}"
            if key not in self._arrays:
                rows = {table: con.execute(f"SELECT * FROM {table}").to_arrow_table() for table in tables}
                self._arrays[key] = Tables(rows)
            found.append(self._arrays[key])
        return found[0], found[1]

    def _some(self, number: int, tables: frozenset[str], key: str, ids: str) -> Any:
        con = self._exits.enter_context(_tables({}))
        con.execute(f"CREATE TEMP TABLE touched AS {ids}")
        for table in tables:
            con.execute(f"DROP VIEW {table}")
            con.execute(
                f"CREATE TEMP TABLE {table} AS SELECT * FROM ({_raw(number, table)}) SEMI JOIN touched USING ({key})"
            )
        return con

    def _opened(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._open:
            self._open[name] = make()
        return self._open[name]


def _number_deals(con: Any, deals: Path, moves: Path, columns: Sequence[str]) -> None:
    """Deals and their history in memory, as numbers: several definitions read them, and group and join by them.

    A deal is its place in the file instead of its id: nothing looks at an id but to compare it with another. Owners,
    outcomes and stages are enumerations, which are compared and shown like texts.
    """
    file, history = (str(path).replace("'", "''") for path in (deals, moves))
    numbered = f"read_parquet('{file}', file_row_number = true)"
    kept = ["CAST(file_row_number AS INTEGER) AS opportunity_id"]
    for column in columns:
        if column in ("owner_id", "outcome"):
            kept.append(f"CAST({column} AS {_enumeration(con, column, numbered)}) AS {column}")
        elif column != "opportunity_id":
            kept.append(column)
    con.execute("DROP VIEW opportunities")
    con.execute(f"CREATE TEMP TABLE opportunities AS SELECT {', '.join(kept)} FROM {numbered}")
    if not moves.exists():
        return
    stage = _enumeration(con, "stage", f"read_parquet('{history}')")
    con.execute("DROP VIEW stage_changes")
    con.execute(
        f"CREATE TEMP TABLE stage_changes AS SELECT CAST(o.file_row_number AS INTEGER) AS opportunity_id, "
        f"CAST(s.stage AS {stage}) AS stage, s.entered_at "
        f"FROM read_parquet('{history}') s JOIN {numbered} o USING (opportunity_id)"
    )


def _enumeration(con: Any, column: str, source: str) -> str:
    """A type of the texts of a column; text itself where there are none."""
    values = con.execute(f"SELECT DISTINCT {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY 1").fetchall()
    if not values:
        return "VARCHAR"
    con.execute(f"CREATE TYPE kinds_of_{column} AS ENUM ({', '.join(_text(value) for (value,) in values)})")
    return f"kinds_of_{column}"


@contextmanager
def _tables(selects: Mapping[str, str]) -> Iterator[Any]:
    """A database in memory with these canonical tables; the others are empty."""
    con = connect()
    try:
        for name, table in BY_NAME.items():
            con.execute(f"CREATE TEMP VIEW {name} AS {selects.get(name, empty_select(table))}")
        yield con
    finally:
        con.close()
