"""Writing a version: aside under a hidden name, renamed when it is whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from headway.core.errors import StorageTrouble
from headway.facts.changes import describable, write_changes
from headway.facts.folder import (
    MANIFEST,
    Manifest,
    TableInfo,
    facts_folder,
    read_manifest,
    table_file,
    version_folder,
)
from headway.facts.merging import TableCounts, next_rows_sql
from headway.facts.row_files import write_rows
from headway.facts.tables import BY_NAME, EVENT_COLUMNS, Table
from headway.facts.workspace import NO_ROOM, Workspace, storage_trouble

MOST_SORTED = 500_000


def write_version(
    number: int,
    *,
    base: int | None,
    counts: dict[str, TableCounts],
    workspace: Workspace,
    replace: bool,
    today: date,
    progress: Callable[[float, str], None],
) -> Manifest:
    """Write the next version's folder; the caller makes it current.

    Args:
        number: of the new version.
        base: the version before, whose unchanged tables are linked, not copied.
        counts: what the load does to each table it touches.
        workspace: has `out_<table>` and `raw_<table>`.
        replace: tables that this load does not touch are left out.
        today: events after it do not count for the span of the facts.
        progress: called with the share that is written and the table's name.

    Raises:
        StorageTrouble: the disk is full; nothing is left behind.
    """
    facts_folder().mkdir(parents=True, exist_ok=True)
    aside = facts_folder() / f".v{number:06d}"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir()
        infos = _write_tables(aside, base, counts, workspace, replace, progress)
        described = None
        if base is not None and not replace and describable(counts, read_manifest(base).tables):
            write_changes(aside, counts, workspace)
            described = base
        manifest = _manifest(number, infos, aside, workspace, today, described)
        path = aside / MANIFEST
        path.write_text(manifest.as_json(), encoding="utf-8")
        _sync(path)
        os.rename(aside, version_folder(number))
        _sync(facts_folder())
        return manifest
    except (OSError, duckdb.Error) as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise _trouble(error) from error


def _trouble(error: BaseException) -> StorageTrouble:
    if isinstance(error, OSError) and error.errno not in (*NO_ROOM, None):
        return StorageTrouble("The facts could not be written", value=error.strerror, todo="Nothing was changed.")
    return storage_trouble(error)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_tables(
    aside: Path,
    base: int | None,
    counts: dict[str, TableCounts],
    workspace: Workspace,
    replace: bool,
    progress: Callable[[float, str], None],
) -> dict[str, TableInfo]:
    before = read_manifest(base).tables if base is not None else {}
    infos: dict[str, TableInfo] = {}
    for i, table in enumerate(BY_NAME.values()):
        progress(i / len(BY_NAME), table.name)
        touched = counts.get(table.name)
        if touched and (touched.changes or replace):
            size = touched.loaded + (before[table.name].rows if table.name in before else 0)
            info = _write_table(aside / f"{table.name}.parquet", table, workspace, size=size, replace=replace)
            if info.rows:
                infos[table.name] = info
        elif base is not None and table.name in before and not replace:
            _link(table_file(base, table.name), aside / f"{table.name}.parquet")
            kept = before[table.name]
            fresh = datetime.now(UTC).isoformat(timespec="seconds") if touched else kept.loaded_at
            infos[table.name] = TableInfo(kept.rows, kept.digest, kept.filled, fresh)
    return infos


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _write_table(path: Path, table: Table, workspace: Workspace, *, size: int, replace: bool) -> TableInfo:
    whole = workspace.whole(f"out_{table.name}")
    if size > MOST_SORTED and whole:
        # The rows lie there already; besides the table's columns the file has the rows' numbers, which nobody asks for.
        _link(whole, path)
    else:
        # A small table is sorted by its keys, which reads well; to sort a large one takes more than it gives.
        keys = ", ".join(f'"{k}"' for k in table.key)
        order = f" ORDER BY {keys}" if size <= MOST_SORTED else ""
        write_rows(
            workspace.con,
            f"SELECT * FROM ({next_rows_sql(table, replace=replace)}){order}",
            path,
            compression="zstd",
            dictionary=table.repeating,
        )
    return _info(path, table, workspace)


def _info(path: Path, table: Table, workspace: Workspace) -> TableInfo:
    columns = (*table.names, "attributes")
    filled = ", ".join(f'count("{c}")' for c in columns)
    # Hashed twice: the hash of several columns alone would not see cells of the last one that change places.
    row = ", ".join(f'"{c}"' for c in columns)
    file = str(path).replace("'", "''")
    found = workspace.con.execute(
        f"SELECT count(*), bit_xor(hash(hash({row}))), {filled} FROM read_parquet('{file}')"
    ).fetchone()
    assert found is not None
    return TableInfo(
        rows=int(found[0]),
        digest=f"{int(found[1] or 0):016x}",
        filled=tuple(c for c, n in zip(columns, found[2:], strict=True) if n),
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _manifest(
    number: int, infos: dict[str, TableInfo], folder: Path, workspace: Workspace, today: date, base: int | None
) -> Manifest:
    spans: list[date] = []
    for table, column in EVENT_COLUMNS:
        if table in infos and column in infos[table].filled:
            found = workspace.con.execute(
                f"SELECT CAST(min({column}) AS DATE), CAST(max({column}) AS DATE) "
                f"FROM read_parquet('{folder}/{table}.parquet') WHERE CAST({column} AS DATE) <= ?",
                [today],
            ).fetchone()
            spans.extend(day for day in found or () if day is not None)
    currencies: dict[str, int] = {}
    if "currency" in infos.get("opportunities", TableInfo(0, "", (), "")).filled:
        currencies = dict(
            workspace.con.execute(
                f"SELECT currency, count(*) FROM read_parquet('{folder}/opportunities.parquet') "
                "WHERE currency IS NOT NULL GROUP BY 1 ORDER BY 1"
            ).fetchall()
        )
    content = hashlib.sha256("\n".join(f"{n}:{i.rows}:{i.digest}" for n, i in sorted(infos.items())).encode())
    return Manifest(
        number=number,
        content_hash=content.hexdigest(),
        first_day=min(spans, default=None),
        last_day=max(spans, default=None),
        currencies=currencies,
        tables=infos,
        base=base,
    )
