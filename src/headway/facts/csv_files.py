"""How delimited text is written: its delimiter, its header row."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from headway.facts.encodings_of_text import SAMPLE, Encoding, detect, open_bytes

DELIMITERS = (",", ";", "\t", "|")
_HEAD_ROWS = 40


@dataclass(frozen=True)
class Layout:
    """How a delimited file is written."""

    encoding: Encoding
    delimiter: str
    header_row: int
    headers: tuple[str, ...]


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
