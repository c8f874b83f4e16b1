"""Files and folders in, relations of text out: every row with its number, every bad row with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.facts import csv_files
from headway.facts.csv_rows import Takers, read_rows
from headway.facts.encodings_of_text import open_bytes
from headway.facts.workbooks import sheets_of
from headway.facts.workspace import RelationWriter, Workspace

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".pq", ".gz")
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Source:
    """One table of text as it came: a file, or a sheet of a workbook.

    Args:
        name: file name, with the sheet's name where the workbook has several.
        path: the file.
        relation: name in the workspace: `_row`, `c0`, `c1`, …, all text.
        headers: the columns' names as they came.
        rows: rows that could be read.
        bad_rows: rows that could not.
        notes: what a person should know about how it was read.
    """

    name: str
    path: Path
    relation: str
    headers: tuple[str, ...]
    rows: int
    bad_rows: int = 0
    notes: tuple[str, ...] = field(default=())

    def column(self, header: str) -> str:
        """The relation's column for a header. Raises KeyError where the source has no such column."""
        try:
            return f"c{self.headers.index(header)}"
        except ValueError:
            raise KeyError(header) from None


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The data files that paths and folders (not their subfolders) name, in order.

    Raises:
        BadInput: a path does not exist, or nothing that can be read lies there.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise BadInput(_("There is no such file or folder"), value=path, todo=_("Check the path and try again."))
        found.extend(_inside(path) if path.is_dir() else [path])
    unique = list(dict.fromkeys(p.resolve() for p in found))
    if not unique:
        raise BadInput(_("No file was given"), todo=_("Give a CSV, Excel or Parquet file, or a folder of them."))
    return unique


def _inside(folder: Path) -> list[Path]:
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES and p.name[0] != ".")
    files = [p for p in files if not p.name.startswith("~$")]
    if files:
        return files
    inner = sorted(p.name for p in folder.iterdir() if p.is_dir())
    todo = _("Give a folder with CSV, Excel or Parquet files.")
    if inner:
        todo = _("Give one of the folders inside: %s.") % ", ".join(inner[:8])
    raise BadInput(_("The folder holds no data file"), value=folder.name, todo=todo)


def _format(path: Path) -> str:
    with open_bytes(path) as file:
        head = file.read(512)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or path.suffix.lower() in (
        ".xlsx",
        ".xlsm",
        ".xlsb",
        ".xls",
        ".ods",
    ):
        return "web page" if head.lstrip()[:1] == b"<" else "workbook"
    return "pdf" if head.startswith(b"%PDF") else "text"


def read_sources(
    paths: Sequence[Path], workspace: Workspace, progress: Callable[[float, str], None] | None = None
) -> tuple[list[Source], list[BadInput]]:
    """Read every file into the workspace. A file that cannot be read is an error in the second list."""
    sources: list[Source] = []
    troubles: list[BadInput] = []
    sizes = [max(p.stat().st_size, 1) for p in paths]
    done = 0
    for path, size in zip(paths, sizes, strict=True):
        before = done

        def told(share: float, path: Path = path, before: int = before, size: int = size) -> None:
            if progress:
                progress((before + share * size) / sum(sizes), path.name)

        told(0.0)
        try:
            sources.extend(_read(path, workspace, told))
        except BadInput as trouble:
            troubles.append(trouble)
        done += size
    return sources, troubles


def _read(path: Path, workspace: Workspace, progress: Progress) -> list[Source]:
    if path.stat().st_size == 0:
        raise BadInput(_("The file is empty"), value=path.name, todo=_("Export it again."))
    kind = _format(path)
    if kind == "parquet":
        return [_read_parquet(path, workspace)]
    if kind == "workbook":
        return _read_workbook(path, workspace)
    if kind == "text":
        return [_read_text(path, workspace, progress)]
    raise BadInput(
        _("The file is a %(kind)s, not a table") % {"kind": kind},
        value=path.name,
        todo=_("Export it as CSV, Excel or Parquet."),
    )


def _no_header(path: Path) -> BadInput:
    return BadInput(
        _("No row with column names was found"),
        value=path.name,
        todo=_("Put the names in the first row and load again."),
    )


def _read_text(path: Path, workspace: Workspace, progress: Progress) -> Source:
    layout = csv_files.layout_of(path)
    if layout is None:
        raise _no_header(path)
    width = len(layout.headers)
    writer = RelationWriter(workspace, workspace.new_name("src"), width)
    ragged: list[tuple[object, ...]] = []

    def bad(number: int, text: str, cells: int) -> None:
        reason = _("The row has %(cells)d cells where the header has %(width)d") % {"cells": cells, "width": width}
        todo = _("Mend the row: look for a stray separator, line break or quote.")
        ragged.append((path.name, number, "", "row", "", text[:500], reason, todo))

    read_rows(path, layout, Takers(writer.add, writer.add_block, bad), progress=progress)
    writer.flush()
    if ragged:
        workspace.con.executemany("INSERT INTO rejects VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ragged)
    notes = () if layout.encoding.words == "UTF-8" else (_("Read as %s.") % layout.encoding.words,)
    return Source(path.name, path, writer.name, layout.headers, writer.rows, len(ragged), notes)


def _read_workbook(path: Path, workspace: Workspace) -> list[Source]:
    sheets = sheets_of(path)
    if not sheets:
        raise BadInput(_("The workbook is empty"), value=path.name, todo=_("Export it again."))
    found = []
    for name, rows in sheets:
        table = list(rows)
        header = csv_files.find_header(table[:40])
        if header is None:
            continue
        headers = csv_files.tidy_headers(table[header])
        writer = RelationWriter(workspace, workspace.new_name("src"), len(headers))
        for number, row in enumerate(table[header + 1 :], start=header + 2):
            if any(row):
                writer.add(number, row)
        writer.flush()
        label = path.name if len(sheets) == 1 else f"{path.name} / {name}"
        found.append(Source(label, path, writer.name, headers, writer.rows))
    if not found:
        raise _no_header(path)
    return found


def _read_parquet(path: Path, workspace: Workspace) -> Source:
    name = workspace.new_name("src")
    file = str(path).replace("'", "''")
    try:
        described = workspace.con.execute(f"DESCRIBE SELECT * FROM read_parquet('{file}')").fetchall()
        columns = []
        for i, (column, kind, *_rest) in enumerate(described):
            quoted = '"' + column.replace('"', '""') + '"'
            nested = any(mark in kind for mark in ("STRUCT", "[]", "MAP"))
            text = f"to_json({quoted})" if nested else quoted
            columns.append(f"nullif(trim(CAST({text} AS VARCHAR)), '') AS c{i}")
        workspace.con.execute(
            f"CREATE TABLE {name} AS SELECT row_number() OVER () AS _row, {', '.join(columns)} "
            f"FROM read_parquet('{file}')"
        )
    except duckdb.Error as error:
        raise BadInput(_("The Parquet file is broken"), value=path.name, todo=_("Export it again.")) from error
    headers = csv_files.tidy_headers(column for column, *_rest in described)
    return Source(path.name, path, name, headers, workspace.count(name))
