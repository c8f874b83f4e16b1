"""Reading the rows of delimited text: block by block where every line is a row, row by row where it is not."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from headway.facts.csv_blocks import Columns, columns_of
from headway.facts.csv_files import Layout
from headway.facts.encodings_of_text import open_bytes

# A quote that is never closed swallows no more than this.
csv.field_size_limit(1 << 17)
FIRST_BLOCK, BLOCK = 1 << 15, 1 << 22
# Blocks that are read ahead of the one whose rows are taken, that one counted.
AHEAD = 3


@dataclass(frozen=True)
class Takers:
    """Who takes what was read.

    Args:
        row: a row's number (the header's row counts) and its cells, exactly as many as headers.
        block: many good rows at once.
        bad: a row's number, its text and how many cells it has.
    """

    row: Callable[[int, list[str]], None]
    block: Callable[[Columns], None]
    bad: Callable[[int, str, int], None]


class _Blocks:
    """A file in blocks of whole lines, in UTF-8; what is written so is not taken to text and back."""

    def __init__(self, raw: BinaryIO, layout: Layout) -> None:
        codec, errors = layout.encoding.codec, layout.encoding.errors
        head = cast(io.BufferedReader, raw).peek(1)
        # Lines that end with a carriage return alone are only found in text.
        as_it_is = (codec, errors) == ("utf-8", "strict") and b"\n" in head
        self.given, self._back = 0, io.BytesIO()
        # What was taken from text is not given back.
        self.ahead = AHEAD if as_it_is else 1
        self._raw = raw if as_it_is else None
        self._text = None if as_it_is else io.TextIOWrapper(raw, encoding=codec, errors=errors, newline="")

    def next(self, size: int) -> bytes:
        """The next block; empty at the end of the file."""
        block = self._back.read() or self._read(size)
        self.given += len(block)
        return block

    def _read(self, size: int) -> bytes:
        if self._raw is not None:
            block = self._raw.read(size)
            return block + self._raw.readline() if block else b""
        assert self._text is not None
        text = self._text.read(size)
        return (text + self._text.readline()).encode("utf-8", "surrogatepass")

    def line(self) -> str:
        """The next line as text; empty at the end of the file."""
        if line := self._back.readline() or (self._raw.readline() if self._raw is not None else b""):
            return line.decode("utf-8", "surrogatepass")
        return self._text.readline() if self._text is not None else ""

    def give_back(self, blocks: bytes) -> None:
        """Give back the blocks that came last."""
        self.given -= len(blocks)
        self._back = io.BytesIO(blocks + self._back.read())


@dataclass(frozen=True)
class _Ahead:
    """A block and its rows, as soon as they are read; None where it takes a closer look."""

    block: bytes
    columns: Future[Columns | None]


class _Lines:
    """Lines of a block, remembering those of the record under way, so that they can be given back.

    A record that is not finished at the block's end goes on in the file; a new one does not begin there.
    """

    def __init__(self, block: bytes, rest: _Blocks) -> None:
        text = block.decode("utf-8", "surrogatepass")
        self._lines, self._rest, self._back = io.StringIO(text, newline=""), rest, deque[str]()
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._lines.readline()
        if not line and self.record:
            line = self._rest.line()
        if not line:
            raise StopIteration
        self.record.append(line)
        return line.replace("\0", "")

    def give_back(self) -> None:
        """Give back all lines of this record but the first."""
        self._back.extendleft(reversed(self.record[1:]))


def read_rows(path: Path, layout: Layout, takers: Takers, *, progress: Callable[[float], None] | None = None) -> None:
    """Read the file.

    Args:
        path: the file.
        layout: from `layout_of`.
        takers: who takes the rows, in the order of the file.
        progress: called now and then with the share of the file that is read, 0 to 1.
    """
    size, number = max(path.stat().st_size, 1), 0
    with open_bytes(path) as raw, ThreadPoolExecutor(1) as helper:
        blocks = _Blocks(raw, layout)
        ahead: deque[_Ahead] = deque()
        while True:
            # While the rows of one block are taken, the helper reads the next ones.
            while len(ahead) < blocks.ahead and (block := blocks.next(BLOCK if number else FIRST_BLOCK)):
                ahead.append(_Ahead(block, helper.submit(columns_of, block, layout)))
            if not ahead:
                return
            one = ahead.popleft()
            found = one.columns.result() if number > layout.header_row else None
            if found is not None:
                number = _take(found.after(number), number, layout, takers)
            else:
                # A row may go on in the next block: what was read ahead is read again.
                for other in ahead:
                    other.columns.cancel()
                blocks.give_back(b"".join(other.block for other in ahead))
                ahead.clear()
                number = _read_slowly(_Lines(one.block, blocks), number, layout, takers)
            if progress:
                progress(min(1.0, blocks.given / size))


def _take(found: Columns, before: int, layout: Layout, takers: Takers) -> int:
    """Hand over a block's rows; the number of its last row."""
    if found.columns:
        takers.block(found)
    for at, line in found.odd:
        cells = next(csv.reader([line], delimiter=layout.delimiter), [])
        _sort_row(at, cells, len(layout.headers), line, takers)
    return before + found.lines


def _read_slowly(lines: _Lines, number: int, layout: Layout, takers: Takers) -> int:
    width, delimiter = len(layout.headers), layout.delimiter
    records = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.record = []
        try:
            row = next(records)
            open_quote = len(lines.record) > 1 and "".join(lines.record).count('"') % 2 == 1
        except StopIteration:
            return number
        except csv.Error:
            row, open_quote = [], True
        number += 1
        if open_quote or (len(lines.record) > 1 and len(row) != width):
            # A quote that is never closed swallowed the rows that follow: only this row is lost.
            lines.give_back()
            records = csv.reader(lines, delimiter=delimiter)
            first = lines.record[0].rstrip("\r\n")
            if number > layout.header_row + 1:
                takers.bad(number, first, first.count(delimiter) + 1)
        elif number > layout.header_row + 1:
            _sort_row(number, row, width, "".join(lines.record), takers)


def _sort_row(number: int, row: list[str], width: int, text: str, takers: Takers) -> None:
    if len(row) == width:
        if any(row):
            takers.row(number, row)
    elif not any(cell.strip() for cell in row):
        return
    elif len(row) > width and not any(cell.strip() for cell in row[width:]):
        takers.row(number, row[:width])
    else:
        takers.bad(number, text.rstrip("\r\n"), len(row))
