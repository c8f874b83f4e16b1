"""Reading delimited text: delimiter, header row, ragged rows, quotes that are never closed."""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from headway.facts.encodings_of_text import SAMPLE, Encoding, detect, open_bytes

DELIMITERS = (",", ";", "\t", "|")
_HEAD_ROWS = 40
csv.field_size_limit(1 << 17)


@dataclass(frozen=True)
class Layout:
    """How a delimited file is written."""

    encoding: Encoding
    delimiter: str
    header_row: int
    headers: tuple[str, ...]


class _Lines:
    """Lines of a file, remembering those of the record under way, so that they can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._back = lines, deque[str]()
        self.record: list[str] = []
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        line = line.replace("\0", "")
        self.record.append(line)
        self.characters += len(line)
        return line

    def give_back(self) -> None:
        """Give back all lines of this record but the first."""
        self._back.extendleft(reversed(self.record[1:]))


def _parse(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _sample_lines(path: Path, encoding: Encoding) -> list[str]:
    with open_bytes(path) as file:
        text = file.read(SAMPLE).decode(encoding.codec, "replace")
    lines = io.StringIO(text.lstrip("\ufeff"), newline="").readlines()
    return lines[:-1] if len(text) >= SAMPLE // 4 and len(lines) > 1 else lines


def _delimiter(lines: list[str]) -> str:
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in _parse(lines[:200], delimiter) if row)
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = (times / sum(widths.values())) * (width > 1) * (1 + width / 100)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def looks_like_value(cell: str) -> bool:
    """Whether a cell is a number or a date, which a header never is."""
    bare = cell.strip().replace(".", "").replace(",", "").replace("-", "").replace("/", "").replace(":", "")
    return bare.replace(" ", "").isdigit()


def find_header(rows: list[list[str]]) -> int | None:
    """Index of the header among the first rows: the first one as wide as the table, made of words."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    if not any(filled):
        return None
    widths = Counter(len(row) for row, n in zip(rows, filled, strict=True) if n)
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    for i, row in enumerate(rows):
        named = [cell.strip() for cell in row if cell.strip()]
        wide_enough = len(row) >= usual and filled[i] >= max(1, 0.6 * usual)
        if wide_enough and not any(looks_like_value(c) for c in named) and len(set(named)) >= 0.8 * len(named):
            return i
    return None


def tidy_headers(cells: Iterable[str | None]) -> tuple[str, ...]:
    """Headers without blanks at the ends; empty and repeated ones get a name of their own."""
    seen: Counter[str] = Counter()
    names = []
    for i, cell in enumerate(cells):
        name = " ".join(str(cell or "").split()) or f"column {i + 1}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def layout_of(path: Path) -> Layout | None:
    """How the file is written, or None where no header row can be found."""
    encoding = detect(path)
    lines = _sample_lines(path, encoding)
    delimiter = _delimiter(lines)
    rows = _parse(lines, delimiter)[:_HEAD_ROWS]
    if not rows and lines:
        rows = _parse(lines[:1], delimiter)
    start = 1 if lines and lines[0].lower().startswith("sep=") else 0
    header = find_header(rows[start:])
    if header is None:
        return None
    header += start
    return Layout(encoding, delimiter, header, tidy_headers(rows[header]))


def read_rows(
    path: Path,
    layout: Layout,
    *,
    good: Callable[[int, list[str]], None],
    bad: Callable[[int, str, int], None],
    progress: Callable[[float], None] | None = None,
) -> None:
    """Read the file row by row.

    Args:
        path: the file.
        layout: from `layout_of`.
        good: called with the row's number (the header's row counts) and its cells, exactly as many as headers.
        bad: called with the row's number, its text and how many cells it has.
        progress: called now and then with the share of the file that is read, 0 to 1.
    """
    width, size = len(layout.headers), max(path.stat().st_size, 1)
    with open_bytes(path) as raw:
        text = io.TextIOWrapper(raw, encoding=layout.encoding.codec, errors=layout.encoding.errors, newline="")
        lines = _Lines(iter(text))
        records = csv.reader(lines, delimiter=layout.delimiter)
        number = 0
        while True:
            lines.record = []
            try:
                row = next(records)
                open_quote = len(lines.record) > 1 and "".join(lines.record).count('"') % 2 == 1
            except StopIteration:
                break
            except csv.Error:
                row, open_quote = [], True
            number += 1
            if progress and number % 20_000 == 0:
                progress(min(1.0, lines.characters / size))
            if open_quote or (len(lines.record) > 1 and len(row) != width):
                # A quote that is never closed swallowed the rows that follow: only this row is lost.
                lines.give_back()
                records = csv.reader(lines, delimiter=layout.delimiter)
                first = lines.record[0].rstrip("\r\n")
                if number > layout.header_row + 1:
                    bad(
                        number,
                        first,
                        len(next(csv.reader([first], delimiter=layout.delimiter, quoting=csv.QUOTE_NONE))),
                    )
                continue
            if number <= layout.header_row + 1:
                continue
            _sort_row(number, row, width, lines.record, good, bad)


def _sort_row(
    number: int,
    row: list[str],
    width: int,
    record: list[str],
    good: Callable[[int, list[str]], None],
    bad: Callable[[int, str, int], None],
) -> None:
    if len(row) == width:
        if any(row):
            good(number, row)
    elif not any(cell.strip() for cell in row):
        return
    elif len(row) > width and not any(cell.strip() for cell in row[width:]):
        good(number, row[:width])
    else:
        bad(number, "".join(record).rstrip("\r\n"), len(row))
